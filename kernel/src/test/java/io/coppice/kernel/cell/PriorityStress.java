package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A helper puts a priority message aside while the owner works on its batch. The results are
 * whether the helper could, and how many messages of the batch the owner still took before it.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class PriorityStress {

  private PriorityStress() {}

  /** A process that runs, with a batch of two. */
  @JCStressTest
  @Outcome(id = "put, 0", expect = ACCEPTABLE, desc = "before the batch")
  @Outcome(id = "put, 1", expect = ACCEPTABLE, desc = "between the two")
  @Outcome(
      id = "put, 2",
      expect = ACCEPTABLE,
      desc = "came after the last look; the next one sees it")
  @Outcome(
      id = "left, none",
      expect = ACCEPTABLE,
      desc = "the owner held the token: it looks itself")
  @Outcome(id = "put, none", expect = FORBIDDEN, desc = "never seen")
  @State
  public static class WhileTheOwnerIsBusy extends StateWord {
    private boolean waiting; // guarded by the token: the priority message
    private boolean put;
    private int handled;
    private int seenAfter = -1;

    /** Runs. */
    public WhileTheOwnerIsBusy() {
      beginTurn();
      releaseToken();
    }

    private void look() {
      if (!isUndisturbed() && takeToken()) {
        if (waiting) {
          waiting = false;
          seenAfter = handled;
        }
        releaseToken();
      }
    }

    /** As in handleMessages. */
    @Actor
    public void owner() {
      look();
      handled++;
      look();
      handled++;
    }

    /** As in help. */
    @Actor
    public void helper() {
      if (tryTakeTokenToHelp()) {
        waiting = true;
        setPriority();
        releaseTokenNotified();
        put = true;
      }
    }

    /** The owner's next look. */
    @Arbiter
    public void after(LL_Result r) {
      look();
      r.r1 = put ? "put" : "left";
      r.r2 = seenAfter < 0 ? "none" : (Object) seenAfter;
    }
  }
}
