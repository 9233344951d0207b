package io.coppice.kernel.time;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

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
      r.r3 = expiries;
      r.r4 = wheel.size();
      wheel.checkInvariants();
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
      r.r3 = expiries;
      r.r4 = wheel.size();
      wheel.checkInvariants();
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
      r.r3 = expiries;
      r.r4 = wheel.size();
      wheel.checkInvariants();
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
      r.r3 = expiries;
      r.r4 = wheel.size();
      wheel.checkInvariants();
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
}
