package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * An inspector looks at what the token guards, while the owner begins its turn, or a signal comes.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class LookStress {
  private LookStress() {}

  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Looked before the turn.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Looked after the batch was drained.")
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "The owner held the token.")
  @Outcome(expect = FORBIDDEN, desc = "Looked while the owner was changing it.")
  @State
  public static class BeginningTurn extends StateWordStress.Cell {
    private int first;
    private int second;

    @Actor
    public void owner() {
      beginTurn();
      first = 1;
      second = 1;
      releaseToken();
    }

    @Actor
    public void inspector(II_Result result) {
      if (tryTakeTokenToLook() == Look.TAKEN) {
        result.r1 = first;
        result.r2 = second;
        releaseToken();
      } else {
        result.r1 = -1;
        result.r2 = -1;
      }
    }
  }

  @JCStressTest
  @Outcome(id = "HELP, false", expect = ACCEPTABLE, desc = "The sender handles the signal.")
  @Outcome(id = "NOTHING, true", expect = ACCEPTABLE, desc = "It was left to the inspector.")
  @Outcome(id = "NOTHING, false", expect = FORBIDDEN, desc = "Nobody handles the signal.")
  @Outcome(expect = FORBIDDEN, desc = "Both, or something else.")
  @State
  public static class Signalled extends StateWordStress.Cell {
    public Signalled() {
      run();
    }

    @Actor
    public void sender(LL_Result result) {
      addSignalsPending(1);
      publish();
      result.r1 = notifySignal();
    }

    @Actor
    public void inspector(LL_Result result) {
      result.r2 = tryTakeTokenToLook() == Look.TAKEN && releaseToken();
    }
  }
}
