package io.coppice.kernel.mailbox;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The queue grows while it is used.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class GrowingQueueStress {

  private GrowingQueueStress() {}

  /** Polls, collecting what comes. */
  private static final class Inbox {
    private final GrowingQueue queue;
    private final StringBuilder received = new StringBuilder();

    Inbox(GrowingQueue queue) {
      this.queue = queue;
    }

    void poll(int times) {
      for (int i = 0; i < times; i++) {
        Object message = queue.poll();
        if (message != null) {
          received.append(message);
        }
      }
    }

    String all() {
      while (!queue.isEmpty()) {
        poll(1);
      }
      return received.toString();
    }
  }

  /** Rings of one, two and four slots, while the consumer follows. */
  @JCStressTest
  @Outcome(id = "12345", expect = ACCEPTABLE, desc = "The order offered.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, doubled or overtaken.")
  @State
  public static class Order {
    private final GrowingQueue queue = new GrowingQueue(1, 8);
    private final Inbox inbox = new Inbox(queue);

    @Actor
    public void producer() {
      for (int number = 1; number <= 5; number++) {
        queue.offer(number);
      }
    }

    @Actor
    public void consumer() {
      inbox.poll(6);
    }

    @Arbiter
    public void rest(L_Result result) {
      result.r1 = inbox.all();
    }
  }

  /** Both find the same rings full. */
  @JCStressTest
  @Outcome(
      id = {"12ab", "1a2b", "1ab2", "a12b", "a1b2", "ab12"},
      expect = ACCEPTABLE,
      desc = "The order of each.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, doubled or overtaken.")
  @State
  public static class TwoProducers {
    private final GrowingQueue queue = new GrowingQueue(1, 8);

    @Actor
    public void one() {
      queue.offer(1);
      queue.offer(2);
    }

    @Actor
    public void other() {
      queue.offer("a");
      queue.offer("b");
    }

    @Arbiter
    public void rest(L_Result result) {
      result.r1 = new Inbox(queue).all();
    }
  }

  /** The consumer offers, too, while the other one may have claimed the only slot. */
  @JCStressTest
  @Outcome(id = "own|other", expect = ACCEPTABLE, desc = "One of the two messages.")
  @Outcome(
      id = "IN_FLIGHT",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The other one's slot is not filled, and hides a newer ring.")
  @Outcome(id = "EMPTY", expect = FORBIDDEN, desc = "The consumer's message was overlooked.")
  @State
  public static class InFlight {
    private final GrowingQueue queue = new GrowingQueue(1, 8);

    @Actor
    public void producer() {
      queue.offer("other");
    }

    @Actor
    public void consumer(L_Result result) {
      queue.offer("own");
      Object message = queue.poll();
      result.r1 = message != null ? message : queue.isEmpty() ? "EMPTY" : "IN_FLIGHT";
    }
  }

  /** The ring is full when the producer looks, or drained just then, and closed. */
  @JCStressTest
  @Outcome(id = "true, false, old new", expect = ACCEPTABLE, desc = "The offer came first.")
  @Outcome(id = "false, true, old", expect = ACCEPTABLE, desc = "The closing came first.")
  @Outcome(expect = FORBIDDEN, desc = "A message in a closed queue, or lost, or neither succeeds.")
  @State
  public static class CloseWhileGrowing {
    private final GrowingQueue queue = new GrowingQueue(1, 8);
    private final StringBuilder received = new StringBuilder();

    public CloseWhileGrowing() {
      queue.offer("old");
    }

    @Actor
    public void producer(ZZL_Result result) {
      result.r1 = queue.offer(" new");
    }

    @Actor
    public void consumer(ZZL_Result result) {
      received.append(queue.poll());
      result.r2 = queue.closeIfEmpty();
    }

    @Arbiter
    public void rest(ZZL_Result result) {
      Object left = queue.poll();
      result.r3 = received + (left == null ? "" : left.toString());
    }
  }

  /** The same, with a ring behind the full one already, and one message in it that comes late. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "An offer came before the closing.")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The closing came before both.")
  @Outcome(expect = FORBIDDEN, desc = "A message in a closed queue, or neither succeeds.")
  @State
  public static class CloseGrown {
    private final GrowingQueue queue = new GrowingQueue(1, 2);

    public CloseGrown() {
      queue.offer("1");
      queue.offer("2");
      queue.poll(); // the consumer has not gone on to the next ring
    }

    @Actor
    public void producer(ZZ_Result result) {
      result.r1 = queue.offer("3");
    }

    @Actor
    public void consumer(ZZ_Result result) {
      queue.poll();
      result.r2 = queue.closeIfEmpty();
    }
  }

  /** Another thread than the consumer asks, after two offers of its own. */
  @JCStressTest
  @Outcome(id = "false, .", expect = ACCEPTABLE, desc = "Not all have been taken.")
  @Outcome(id = "true, 2", expect = ACCEPTABLE, desc = "Both have been asked for.")
  @Outcome(expect = FORBIDDEN, desc = "Empty, though a message was not yet asked for.")
  @State
  public static class EmptyForOthers {
    private final GrowingQueue queue = new GrowingQueue(1, 8);
    private volatile int polls;

    @Actor
    public void producer(ZI_Result result) {
      queue.offer("1");
      queue.offer("2");
      result.r1 = queue.isEmpty();
      result.r2 = polls;
    }

    @Actor
    public void consumer() {
      polls = 1;
      while (queue.poll() == null) {}
      polls = 2;
      while (queue.poll() == null) {}
    }
  }
}
