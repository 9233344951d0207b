package io.coppice.kernel.scheduler;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two schedulers change the number of those that are parked at once. Were one of the changes lost,
 * nobody would be woken for an item, or the monitor would never sleep.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class ParkedStress {

  private ParkedStress() {}

  /** Two schedulers. */
  static class Two {
    final Sleepers all = new Sleepers();
    final Sleepers.Sleeper first = new Sleepers.Sleeper(all);
    final Sleepers.Sleeper second = new Sleepers.Sleeper(all);
  }

  /** Both go to sleep. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "both are counted")
  @State
  public static class BothPark extends Two {
    /** A scheduler. */
    @Actor
    public void first() {
      first.park();
    }

    /** Another. */
    @Actor
    public void second() {
      second.park();
    }

    /** Afterwards. */
    @Arbiter
    public void after(I_Result r) {
      r.r1 = all.parked();
    }
  }

  /** One goes to sleep, the other wakes up. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "one is counted")
  @State
  public static class OneParksOneWakes extends Two {
    /** The second sleeps. */
    public OneParksOneWakes() {
      second.park();
    }

    /** A scheduler. */
    @Actor
    public void parks() {
      first.park();
    }

    /** Another. */
    @Actor
    public void wakes() {
      second.unparked();
    }

    /** Afterwards. */
    @Arbiter
    public void after(I_Result r) {
      r.r1 = all.parked();
    }
  }
}
