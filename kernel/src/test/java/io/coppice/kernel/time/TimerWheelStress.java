package io.coppice.kernel.time;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * jcstress: races for one timer, and the owner's way to sleep. A race of three is told in races of
 * two, which run on any machine, and once more for the larger ones.
 */
public final class TimerWheelStress {
  private TimerWheelStress() {}

  /** One timer in a wheel of its own. */
  static class OneTimer extends TimerNode {
    final TimerWheel wheel =
        new TimerWheel(
            0,
            (node, thrown) -> {
              throw new AssertionError(thrown);
            });
    int expiries;

    @Override
    protected void onExpiry(long nowNanos) {
      expiries++;
    }

    int cancelled() {
      return cancel() ? 1 : 0;
    }

    /** What is left of it: how often it fired, and whether it is in the wheel. */
    void outcome(IIII_Result r) {
      r.r3 = expiries;
      r.r4 = wheel.size();
      wheel.checkInvariants();
    }
  }

  /** Two cancels, one after the other, and the expiry of a timer that is due. */
  @JCStressTest
  @Outcome(id = "1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "The first cancel won.")
  @Outcome(id = "0, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The second cancel won.")
  @Outcome(id = "0, 0, 1, 0", expect = Expect.ACCEPTABLE, desc = "It fired.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "None or two of them won, or the size is wrong.")
  @State
  public static class CancelAndFire extends OneTimer {
    public CancelAndFire() {
      wheel.start(this, 0);
    }

    @Actor
    public void canceller(IIII_Result r) {
      r.r1 = cancelled();
      r.r2 = cancelled();
    }

    @Actor
    public void owner() {
      wheel.advance(1);
    }

    @Arbiter
    public void after(IIII_Result r) {
      outcome(r);
    }
  }

  /** Two cancels at once; a timer that is due fires after one of them, if at all. */
  @JCStressTest
  @Outcome(id = "1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "The first cancel won.")
  @Outcome(id = "0, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The second cancel won.")
  @Outcome(id = "0, 0, 1, 0", expect = Expect.ACCEPTABLE, desc = "It fired.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "None or two of them won, or the size is wrong.")
  @State
  public static class TwoCancel extends OneTimer {
    public TwoCancel() {
      wheel.start(this, 0);
    }

    @Actor
    public void canceller(IIII_Result r) {
      r.r1 = cancelled();
    }

    @Actor
    public void otherCanceller(IIII_Result r) {
      r.r2 = cancelled();
      wheel.advance(1);
    }

    @Arbiter
    public void after(IIII_Result r) {
      outcome(r);
    }
  }

  /** The expiry comes before one of the cancels, and beside the other. */
  @JCStressTest
  @Outcome(id = "1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "The first cancel won.")
  @Outcome(id = "0, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The second cancel won.")
  @Outcome(id = "0, 0, 1, 0", expect = Expect.ACCEPTABLE, desc = "It fired.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "None or two of them won, or the size is wrong.")
  @State
  public static class FireBeforeCancel extends OneTimer {
    public FireBeforeCancel() {
      wheel.start(this, 0);
    }

    @Actor
    public void canceller(IIII_Result r) {
      r.r1 = cancelled();
    }

    @Actor
    public void ownerAndCanceller(IIII_Result r) {
      wheel.advance(1);
      r.r2 = cancelled();
    }

    @Arbiter
    public void after(IIII_Result r) {
      outcome(r);
    }
  }

  /** All of them in any order. */
  @JCStressTest
  @Outcome(id = "1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "The first cancel won.")
  @Outcome(id = "0, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The second cancel won.")
  @Outcome(id = "0, 0, 1, 0", expect = Expect.ACCEPTABLE, desc = "It fired.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "None or two of them won, or the size is wrong.")
  @State
  public static class CancelAndFireOnThreeCpus extends OneTimer {
    public CancelAndFireOnThreeCpus() {
      wheel.start(this, 0);
    }

    @Actor
    public void canceller(IIII_Result r) {
      r.r1 = cancelled();
    }

    @Actor
    public void otherCanceller(IIII_Result r) {
      r.r2 = cancelled();
    }

    @Actor
    public void owner() {
      wheel.advance(1);
    }

    @Arbiter
    public void after(IIII_Result r) {
      outcome(r);
    }
  }

  /** A timer that was cancelled and started for later must not fire in the advance under way. */
  @JCStressTest
  @Outcome(id = "1, 0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Moved: it is still armed.")
  @Outcome(id = "0, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "It had fired.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "It fired early, or twice, or was lost.")
  @State
  public static class MoveAndFire extends OneTimer {
    public MoveAndFire() {
      wheel.start(this, 0);
    }

    @Actor
    public void mover(IIII_Result r) {
      if (cancel()) {
        r.r1 = 1;
        wheel.start(this, 1L << 40);
      }
    }

    @Actor
    public void owner() {
      wheel.advance(1);
    }

    @Arbiter
    public void after(IIII_Result r) {
      r.r2 = expiries;
      r.r3 = wheel.size();
      wheel.checkInvariants();
    }
  }

  /**
   * The essay's steps: the owner says he sleeps and looks once more, the other starts and looks.
   */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The owner saw the timer.")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The starter saw the sleeper.")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Both.")
  @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "A lost wake-up.")
  @State
  public static class SleepAndStart extends OneTimer {
    volatile boolean asleep;

    @Actor
    public void owner(II_Result r) {
      asleep = true;
      r.r1 = wheel.nanosToNext(0) == Long.MAX_VALUE ? 0 : 1;
    }

    @Actor
    public void starter(II_Result r) {
      r.r2 = wheel.start(this, 5) && asleep ? 1 : 0;
    }
  }

  /** A timer without a deadline is given one, and fired, while it is cancelled. */
  @JCStressTest
  @Outcome(id = "1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "The first cancel won.")
  @Outcome(id = "0, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The second cancel won.")
  @Outcome(id = "0, 0, 1, 0", expect = Expect.ACCEPTABLE, desc = "It fired.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "None or two of them won, or the size is wrong.")
  @State
  public static class CancelUndated extends OneTimer {
    public CancelUndated() {
      wheel.startUndated(this, 0);
    }

    @Actor
    public void canceller(IIII_Result r) {
      r.r1 = cancelled();
      r.r2 = cancelled();
    }

    @Actor
    public void monitor() {
      wheel.setDeadlines(() -> 0);
      wheel.advance(1);
    }

    @Arbiter
    public void after(IIII_Result r) {
      outcome(r);
    }
  }

  /** The clock is read by somebody else while the owner starts a timer. */
  @JCStressTest
  @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "It has its delay from the start on.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "It would fire early.")
  @State
  public static class StartAndSetDeadlines extends OneTimer {
    private static final int DELAY = 100;
    private final AtomicLong clock = new AtomicLong();
    private long begun;

    @Actor
    public void owner() {
      begun = clock.incrementAndGet();
      wheel.startUndated(this, DELAY);
    }

    @Actor
    public void monitor() {
      wheel.trySetDeadlines(clock::incrementAndGet);
    }

    @Arbiter
    public void after(I_Result r) {
      wheel.setDeadlines(clock::incrementAndGet);
      r.r1 = (int) Math.max(0, begun + DELAY - deadlineNanos());
      wheel.checkInvariants();
    }
  }

  /** A group is closed while its first timer is started. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Refused, or cancelled.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "It outlives its group.")
  @State
  public static class CloseAndStart {
    final TimerWheel wheel =
        new TimerWheel(
            0,
            (node, thrown) -> {
              throw new AssertionError(thrown);
            });
    final TimerGroup group = new TimerGroup();
    final GroupedTimer timer =
        new GroupedTimer(group) {
          @Override
          protected void onExpiry(long nowNanos) {}
        };

    @Actor
    public void starter() {
      wheel.start(timer, 1L << 40);
    }

    @Actor
    public void closer() {
      group.close();
    }

    @Arbiter
    public void after(II_Result r) {
      r.r1 = timer.isArmed() ? 1 : 0;
      r.r2 = wheel.size();
      wheel.checkInvariants();
    }
  }
}
