package io.coppice.kernel.mailbox;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A sender sends 1 and 2 while the mailbox goes from its first slot to a ring, which the owner
 * causes by sending to itself. The result is the sender's messages as received.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class MailboxFirstSlotStress {

  private MailboxFirstSlotStress() {}

  /** Collects the digits among the messages. */
  private static final class Inbox {
    private final StringBuilder received = new StringBuilder();

    boolean add(@Nullable Object message) {
      if (message instanceof Integer number) {
        received.append(number);
      }
      return message != null;
    }

    @Override
    public String toString() {
      return received.toString();
    }
  }

  @JCStressTest
  @Outcome(id = "12", expect = ACCEPTABLE, desc = "The order sent.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, doubled or overtaken.")
  @State
  public static class Closed {
    private final Mailbox mailbox = new Mailbox(StressedQueue::create, 4);
    private final Inbox inbox = new Inbox();

    @Actor
    public void sender() {
      mailbox.offer(1);
      mailbox.offer(2);
    }

    @Actor
    public void owner() {
      mailbox.offer("into the first slot");
      mailbox.offer("into the ring");
      for (int i = 0; i < 4; i++) {
        inbox.add(mailbox.poll());
      }
    }

    @Arbiter
    public void rest(L_Result result) {
      while (!mailbox.isEmpty()) {
        inbox.add(mailbox.poll());
      }
      result.r1 = inbox.toString();
    }
  }

  /** The ring is released and created anew while the sender is at work. */
  @JCStressTest
  @Outcome(id = "12", expect = ACCEPTABLE, desc = "The order sent.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, doubled or overtaken.")
  @State
  public static class Released {
    private final Mailbox mailbox = new Mailbox(StressedQueue::create, 2);
    private final Inbox inbox = new Inbox();

    @Actor
    public void sender() {
      mailbox.offer(1);
      mailbox.offer(2);
    }

    @Actor
    public void owner() {
      for (int round = 0; round < 2; round++) {
        mailbox.offer("into the first slot");
        mailbox.offer("into the ring");
        while (inbox.add(mailbox.poll())) {}
        mailbox.releaseRing();
      }
    }

    @Arbiter
    public void rest(L_Result result) {
      while (!mailbox.isEmpty()) {
        inbox.add(mailbox.poll());
      }
      result.r1 = inbox.toString();
    }
  }

  /**
   * The lesson: a consumer that only looks at the first slot before it polls the ring. Both sides
   * pause in the middle, as if the operating system had stopped them there; without the pauses the
   * error did not show in 16 million samples.
   */
  @JCStressTest
  @Outcome(id = "12", expect = ACCEPTABLE, desc = "The order sent.")
  @Outcome(id = "21", expect = ACCEPTABLE_INTERESTING, desc = "2, in the ring, overtook 1.")
  @Outcome(expect = FORBIDDEN, desc = "Lost or doubled.")
  @State
  public static class OnlyLookedAt {
    private final AtomicReference<@Nullable Object> first = new AtomicReference<>();
    private final AtomicReference<@Nullable MessageQueue> ring = new AtomicReference<>();
    private final Inbox inbox = new Inbox();

    private void offer(Object message) {
      MessageQueue queue = ring.get();
      if (queue == null) {
        pause();
        if (first.get() == null && first.compareAndSet(null, message)) {
          return;
        }
        MessageQueue created = StressedQueue.create(4);
        queue = ring.compareAndSet(null, created) ? created : ring.get();
      }
      if (queue != null) {
        queue.offer(message);
      }
    }

    private @Nullable Object poll() {
      Object message = first.get();
      if (message != null) {
        first.set(null);
        return message;
      }
      MessageQueue queue = ring.get();
      pause();
      return queue == null ? null : queue.poll();
    }

    private static void pause() {
      for (int spins = ThreadLocalRandom.current().nextInt(16); spins > 0; spins--) {
        Thread.onSpinWait();
      }
    }

    @Actor
    public void sender() {
      offer(1);
      offer(2);
    }

    @Actor
    public void owner() {
      offer("into the first slot");
      offer("into the ring");
      for (int i = 0; i < 4; i++) {
        inbox.add(poll());
      }
    }

    @Arbiter
    public void rest(L_Result result) {
      while (inbox.add(poll())) {}
      result.r1 = inbox.toString();
    }
  }
}
