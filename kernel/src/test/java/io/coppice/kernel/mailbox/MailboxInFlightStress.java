package io.coppice.kernel.mailbox;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The owner sends to itself and then polls, while another sender is at work. Null must never be
 * taken for empty: the owner's own message is in there.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class MailboxInFlightStress {

  private MailboxInFlightStress() {}

  private static Mailbox withRing(int capacity) {
    Mailbox mailbox = new Mailbox(StressedQueue::create, capacity);
    mailbox.offer("one");
    mailbox.offer("two");
    while (!mailbox.isEmpty()) {
      mailbox.poll();
    }
    return mailbox;
  }

  private static String receipt(@Nullable Object message, boolean empty) {
    return message != null ? (String) message : empty ? "EMPTY" : "IN_FLIGHT";
  }

  /** As a process uses it: from its first message on. */
  @JCStressTest
  @Outcome(id = "own|other", expect = ACCEPTABLE, desc = "One of the two messages.")
  @Outcome(id = "IN_FLIGHT", expect = ACCEPTABLE, desc = "The other sender is about to publish.")
  @Outcome(id = "EMPTY", expect = FORBIDDEN, desc = "The owner's message was overlooked.")
  @State
  public static class FromFirstSlot {
    private final Mailbox mailbox = new Mailbox(StressedQueue::create, 2);

    @Actor
    public void sender() {
      mailbox.offer("other");
    }

    @Actor
    public void owner(L_Result result) {
      mailbox.offer("own");
      Object message = mailbox.poll();
      result.r1 = receipt(message, mailbox.isEmpty());
    }
  }

  /** With a ring that has been used before. */
  @JCStressTest
  @Outcome(id = "own|other", expect = ACCEPTABLE, desc = "One of the two messages.")
  @Outcome(
      id = "IN_FLIGHT",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The other sender claimed the first slot and has not filled it.")
  @Outcome(id = "EMPTY", expect = FORBIDDEN, desc = "The owner's message was overlooked.")
  @State
  public static class FromRing {
    private final Mailbox mailbox = withRing(2);

    @Actor
    public void sender() {
      mailbox.offer("other");
    }

    @Actor
    public void owner(L_Result result) {
      mailbox.offer("own");
      Object message = mailbox.poll();
      result.r1 = receipt(message, mailbox.isEmpty());
    }
  }

  /** The lesson: the bare ring, whose null looks like empty. */
  @JCStressTest
  @Outcome(id = "own|other", expect = ACCEPTABLE, desc = "One of the two messages.")
  @Outcome(
      id = "null",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The owner's own completed offer is hidden behind the other's unfilled slot.")
  @State
  public static class BareNull {
    private final MessageQueue queue = StressedQueue.create(2);

    @Actor
    public void sender() {
      queue.offer("other");
    }

    @Actor
    public void owner(L_Result result) {
      queue.offer("own");
      result.r1 = queue.poll();
    }
  }
}
