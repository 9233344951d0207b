package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.coppice.kernel.cell.Occupancy.Entry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Senders that wait for room while the receiver makes some, or ends.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class OccupancyStress {

  private OccupancyStress() {}

  /** A mailbox with room for one message, which is in it. */
  static class Full extends Occupancy {
    Full() {
      super(1, Long.MAX_VALUE, Long.MIN_VALUE);
      boolean _ = tryAdmit();
    }

    @Override
    void crossed(boolean above, long count) {}
  }

  /** A waiter that counts how often it was woken. */
  static class Waiting extends Occupancy.Waiter {
    private final AtomicInteger woken = new AtomicInteger();

    @Override
    void wake() {
      woken.getAndIncrement();
    }

    final String outcome() {
      return (isAdmitted() ? "in" : isSettled() ? "told" : "waits") + woken.get();
    }
  }

  /** How the attempt began, how the wait ended, messages counted. */
  @JCStressTest
  @Outcome(id = "ADMITTED, waits0, 1", expect = ACCEPTABLE, desc = "there was room already")
  @Outcome(id = "QUEUED, in1, 1", expect = ACCEPTABLE, desc = "it waited and was let in")
  @Outcome(expect = FORBIDDEN, desc = "it waits although there is room, or is counted wrongly")
  @State
  public static class RoomIsMade extends Full {
    private final Waiting waiter = new Waiting();

    @Actor
    public void sender(LLL_Result r) {
      r.r1 = enqueue(waiter);
    }

    @Actor
    public void receiver() {
      release();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r2 = waiter.outcome();
      r.r3 = count();
    }
  }

  /** Whether the waiter could give up, how its wait ended, messages counted. */
  @JCStressTest
  @Outcome(id = "true, waits0, 0", expect = ACCEPTABLE, desc = "it left, then room was made")
  @Outcome(id = "false, in1, 1", expect = ACCEPTABLE, desc = "it has the place")
  @Outcome(expect = FORBIDDEN, desc = "the place is lost, or was given to nobody")
  @State
  public static class WaiterGivesUp extends Full {
    private final Waiting waiter = new Waiting();
    private final Entry entry = enqueue(waiter);

    @Actor
    public void sender(LLL_Result r) {
      assert entry == Entry.QUEUED;
      r.r1 = cancel(waiter);
    }

    @Actor
    public void receiver() {
      release();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r2 = waiter.outcome();
      r.r3 = count();
    }
  }

  /** How the attempt began, how the wait ended. */
  @JCStressTest
  @Outcome(id = "CLOSED, waits0", expect = ACCEPTABLE, desc = "the receiver had ended")
  @Outcome(id = "QUEUED, told1", expect = ACCEPTABLE, desc = "the receiver's end woke it")
  @Outcome(expect = FORBIDDEN, desc = "it waits for somebody who has ended")
  @State
  public static class ReceiverEnds extends Full {
    private final Waiting waiter = new Waiting();

    @Actor
    public void sender(LL_Result r) {
      r.r1 = enqueue(waiter);
    }

    @Actor
    public void receiver() {
      close();
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r2 = waiter.outcome();
    }
  }

  /** Two senders and room for one: who was let in. */
  @JCStressTest
  @Outcome(
      id = {"true, false, 2", "false, true, 2"},
      expect = ACCEPTABLE,
      desc = "one of the two")
  @Outcome(expect = FORBIDDEN, desc = "both or none: the limit does not hold")
  @State
  public static class LastPlace extends Occupancy {
    public LastPlace() {
      super(2, Long.MAX_VALUE, Long.MIN_VALUE);
      boolean _ = tryAdmit();
    }

    @Override
    void crossed(boolean above, long count) {}

    @Actor
    public void one(LLL_Result r) {
      r.r1 = tryAdmit();
    }

    @Actor
    public void two(LLL_Result r) {
      r.r2 = tryAdmit();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = count();
    }
  }

  /** A lesson: the count and the sign that somebody waits are two words, each read on its own. */
  static class TwoWords {
    private int count = 1; // plain on purpose, as is the sign
    private boolean waits;
    final AtomicBoolean letIn = new AtomicBoolean();

    final String waitOrEnter() {
      waits = true;
      if (count == 0) {
        count = 1;
        letIn.set(true);
        return "entered";
      }
      return "waits";
    }

    final void release() {
      count = 0;
      if (waits) {
        letIn.set(true);
      }
    }
  }

  /** What the sender did, whether it was let in. */
  @JCStressTest
  @Outcome(id = "entered, true", expect = ACCEPTABLE, desc = "there was room already")
  @Outcome(id = "waits, true", expect = ACCEPTABLE, desc = "it waited and was let in")
  @Outcome(
      id = "waits, false",
      expect = ACCEPTABLE_INTERESTING,
      desc = "lost wake-up: each wrote its word and read the old value of the other")
  @State
  public static class LessonTwoWords extends TwoWords {
    @Actor
    public void sender(LL_Result r) {
      r.r1 = waitOrEnter();
    }

    @Actor
    public void receiver() {
      release();
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r2 = letInNow();
    }

    private boolean letInNow() {
      return letIn.get();
    }
  }
}
