package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Signals come while the process ends, and afterwards. The result is the number of signals that
 * were handled or answered, each by whoever had the token. As {@link SignalStress} otherwise.
 */
final class SignalToTheDeadStress {

  private SignalToTheDeadStress() {}

  /** The process ends. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal to the dead was left without an answer.")
  @State
  public static class OwnerEnds extends SignalStress.Busy {
    @Actor
    public void owner() {
      end();
    }

    @Actor
    public void senders() {
      sendToTheDying();
      sendToTheDying();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** The process ends; one of the signals comes right behind its end. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal to the dead was left without an answer.")
  @State
  public static class OwnerEndsFirst extends SignalStress.Busy {
    @Actor
    public void ownerAndSender() {
      end();
      sendToTheDying();
    }

    @Actor
    public void otherSender() {
      sendToTheDying();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** Nobody but the senders is there: the process is dead. */
  @JCStressTest
  @Outcome(id = "3", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal to the dead was left without an answer.")
  @State
  public static class OwnerHasEnded extends SignalStress.Busy {
    public OwnerHasEnded() {
      end();
    }

    @Actor
    public void first() {
      sendToTheDying();
      sendToTheDying();
    }

    @Actor
    public void second() {
      sendToTheDying();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** The process ends; all in any order. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal to the dead was left without an answer.")
  @State
  public static class OwnerEndsOnThreeCpus extends SignalStress.Busy {
    @Actor
    public void owner() {
      end();
    }

    @Actor
    public void sender() {
      sendToTheDying();
    }

    @Actor
    public void otherSender() {
      sendToTheDying();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }
}
