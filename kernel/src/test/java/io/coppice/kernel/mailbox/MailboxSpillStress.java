package io.coppice.kernel.mailbox;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A sender sends 1, 2, 3, 4 into a ring with one slot while the owner polls: some go into the ring,
 * some are spilled, and the sender returns to the ring when the owner has taken the stack.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class MailboxSpillStress {

  private static final int POLLS = 5;

  private MailboxSpillStress() {}

  @JCStressTest
  @Outcome(id = "1234", expect = ACCEPTABLE, desc = "The order sent.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, doubled or overtaken.")
  @State
  public static class RingTrulyEmpty {
    private final Mailbox mailbox = new Mailbox(StressedQueue::create, 1);
    private final StringBuilder inbox = new StringBuilder();

    public RingTrulyEmpty() {
      mailbox.offer("");
      mailbox.offer("");
      mailbox.poll();
      mailbox.poll();
    }

    @Actor
    public void sender() {
      for (int number = 1; number <= 4; number++) {
        mailbox.offer(number);
      }
    }

    @Actor
    public void owner() {
      for (int i = 0; i < POLLS; i++) {
        receive();
      }
    }

    private void receive() {
      Object message = mailbox.poll();
      if (message != null) {
        inbox.append(message);
      }
    }

    @Arbiter
    public void rest(L_Result result) {
      while (!mailbox.isEmpty()) {
        receive();
      }
      result.r1 = inbox.toString();
    }
  }

  /** The lesson: the stack is taken after a null poll, without asking whether the ring is empty. */
  @JCStressTest
  @Outcome(id = "1234", expect = ACCEPTABLE, desc = "The order sent.")
  @Outcome(
      id = "[1-4]{4}",
      expect = ACCEPTABLE_INTERESTING,
      desc = "A spilled message overtook one in the ring.")
  @Outcome(expect = FORBIDDEN, desc = "Lost or doubled.")
  @State
  public static class BareNull {
    private record Spilled(Object message, @Nullable Spilled below) {}

    private final MessageQueue ring = StressedQueue.create(1);
    private final AtomicReference<@Nullable Spilled> stack = new AtomicReference<>();
    private final ArrayDeque<Object> batch = new ArrayDeque<>();
    private final StringBuilder inbox = new StringBuilder();

    private void offer(Object message) {
      if (stack.get() == null && ring.offer(message)) {
        return;
      }
      Spilled top;
      do {
        top = stack.get();
      } while (!stack.compareAndSet(top, new Spilled(message, top)));
    }

    private boolean receive() {
      Object message = batch.poll();
      if (message == null) {
        message = ring.poll();
      }
      if (message == null) {
        for (Spilled node = stack.getAndSet(null); node != null; node = node.below()) {
          batch.push(node.message());
        }
        message = batch.poll();
      }
      if (message != null) {
        inbox.append(message);
      }
      return message != null;
    }

    @Actor
    public void sender() {
      for (int number = 1; number <= 4; number++) {
        offer(number);
      }
    }

    @Actor
    public void owner() {
      for (int i = 0; i < POLLS; i++) {
        receive();
      }
    }

    @Arbiter
    public void rest(L_Result result) {
      while (receive()) {}
      result.r1 = inbox.toString();
    }
  }
}
