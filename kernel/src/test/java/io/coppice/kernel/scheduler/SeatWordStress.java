package io.coppice.kernel.scheduler;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The holder of a seat and the monitor that takes it from him.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class SeatWordStress {

  private SeatWordStress() {}

  /** The holder has finished his turn while the monitor takes the seat. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "he keeps it")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "it was taken")
  @Outcome(expect = FORBIDDEN, desc = "both have it, or nobody")
  @State
  public static class OneHasIt {
    final SeatWord<Object> word = new SeatWord<>();
    final Object holder = new Object();

    /** In a turn. */
    public OneHasIt() {
      word.beginRelease(holder);
    }

    /** The holder. */
    @Actor
    public void finishes(ZZ_Result r) {
      r.r1 = word.finish(holder);
    }

    /** The monitor. */
    @Actor
    public void seizes(ZZ_Result r) {
      r.r2 = word.seize(holder);
    }
  }

  /** The monitor takes the seat in the middle of a turn, and sees what the holder did before. */
  @JCStressTest
  @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "it was not taken")
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE_INTERESTING, desc = "it was taken, with its ticks")
  @Outcome(expect = FORBIDDEN, desc = "taken without what he did, or by both")
  @State
  public static class TakenWithAll {
    final SeatWord<Object> word = new SeatWord<>();
    final Object holder = new Object();
    int ticks;

    /** The holder: counts, runs a process, and has finished. */
    @Actor
    public void holds(III_Result r) {
      ticks = 1;
      word.beginRelease(holder);
      r.r3 = word.finish(holder) ? 1 : 0;
    }

    /** The monitor. */
    @Actor
    public void seizes(III_Result r) {
      if (word.seize(holder)) {
        r.r1 = 1;
        r.r2 = ticks;
      }
    }
  }
}
