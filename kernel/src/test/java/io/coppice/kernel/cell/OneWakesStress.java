package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.coppice.kernel.cell.StateWord.Notify;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Three events meet at a process that sleeps or is about to: exactly one of them makes it go on.
 *
 * <p>The races are between two: a test of more actors than the machine has processors does not run.
 * Two of the three events are one actor's, in either order; the tests named {@code OnThreeCpus} are
 * for the larger machines.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class OneWakesStress {

  private OneWakesStress() {}

  /** A process that is idle. */
  static class Idle extends StateWordStress.Cell {
    Idle() {
      run();
      tryIdle();
    }

    final Notify message() {
      return notifyMessage();
    }

    final Notify signal() {
      addSignalsPending(1);
      return notifySignal();
    }
  }

  /** A process that waits for an answer or a time-out. */
  static class Awaiting extends StateWordStress.Cell {
    Awaiting() {
      run();
      tryWait(AWAITING);
    }

    final Notify signal() {
      addSignalsPending(1);
      return notifySignal();
    }
  }

  /** A process that goes idle, and how often it was enqueued. */
  static class GoingIdle extends StateWordStress.Cell {
    private int byMessage; // each of the two has its own, for the tests of three
    private int bySignal;

    GoingIdle() {
      run();
    }

    final void message() {
      byMessage += notifyMessage() == Notify.SCHEDULE ? 1 : 0;
    }

    final void signal() {
      addSignalsPending(1);
      bySignal += notifySignal() == Notify.SCHEDULE ? 1 : 0;
    }

    final int enqueued() {
      return byMessage + bySignal;
    }
  }

  /** At an idle process: one sends a message and a signal, the other a message. */
  @JCStressTest
  @Outcome(id = "SCHEDULE, NOTHING, NOTHING", expect = ACCEPTABLE, desc = "The first one.")
  @Outcome(id = "NOTHING, NOTHING, SCHEDULE", expect = ACCEPTABLE, desc = "The other one.")
  @Outcome(expect = FORBIDDEN, desc = "Enqueued twice, or not at all.")
  @State
  public static class MessageThenSignal extends Idle {
    @Actor
    public void one(LLL_Result result) {
      result.r1 = message();
      result.r2 = signal();
    }

    @Actor
    public void other(LLL_Result result) {
      result.r3 = message();
    }
  }

  /** At an idle process: one sends two messages, the other a signal. */
  @JCStressTest
  @Outcome(id = "SCHEDULE, NOTHING, NOTHING", expect = ACCEPTABLE, desc = "The first one.")
  @Outcome(id = "NOTHING, NOTHING, SCHEDULE", expect = ACCEPTABLE, desc = "The other one.")
  @Outcome(expect = FORBIDDEN, desc = "Enqueued twice, or not at all.")
  @State
  public static class TwoMessages extends Idle {
    @Actor
    public void one(LLL_Result result) {
      result.r1 = message();
      result.r2 = message();
    }

    @Actor
    public void other(LLL_Result result) {
      result.r3 = signal();
    }
  }

  /** The same wait ends by a time-out and a signal, and by an answer. */
  @JCStressTest
  @Outcome(id = "RESUME, NOTHING, NOTHING", expect = ACCEPTABLE, desc = "The first one.")
  @Outcome(id = "NOTHING, NOTHING, RESUME", expect = ACCEPTABLE, desc = "The other one.")
  @Outcome(expect = FORBIDDEN, desc = "Resumed twice, or not at all.")
  @State
  public static class TimerThenSignal extends Awaiting {
    @Actor
    public void one(LLL_Result result) {
      result.r1 = wake();
      result.r2 = signal();
    }

    @Actor
    public void server(LLL_Result result) {
      result.r3 = wake();
    }
  }

  /** The same wait ends by a time-out and an answer, and by a signal. */
  @JCStressTest
  @Outcome(id = "RESUME, NOTHING, NOTHING", expect = ACCEPTABLE, desc = "The first one.")
  @Outcome(id = "NOTHING, NOTHING, RESUME", expect = ACCEPTABLE, desc = "The other one.")
  @Outcome(expect = FORBIDDEN, desc = "Resumed twice, or not at all.")
  @State
  public static class TimerThenAnswer extends Awaiting {
    @Actor
    public void one(LLL_Result result) {
      result.r1 = wake();
      result.r2 = wake();
    }

    @Actor
    public void signaller(LLL_Result result) {
      result.r3 = signal();
    }
  }

  /** The same wait ends by a signal and a time-out, and by an answer. */
  @JCStressTest
  @Outcome(id = "RESUME, NOTHING, NOTHING", expect = ACCEPTABLE, desc = "The first one.")
  @Outcome(id = "NOTHING, NOTHING, RESUME", expect = ACCEPTABLE, desc = "The other one.")
  @Outcome(expect = FORBIDDEN, desc = "Resumed twice, or not at all.")
  @State
  public static class SignalThenTimer extends Awaiting {
    @Actor
    public void one(LLL_Result result) {
      result.r1 = signal();
      result.r2 = wake();
    }

    @Actor
    public void server(LLL_Result result) {
      result.r3 = wake();
    }
  }

  /**
   * A message and a signal come while the process goes idle. The results are how its leaving ended,
   * and how often it was enqueued.
   */
  @JCStressTest
  @Outcome(id = "NOTIFIED, 0", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "LEFT, 1", expect = ACCEPTABLE, desc = "One of them enqueues it.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, enqueued twice, or enqueued while it runs.")
  @State
  public static class OneSchedulePerIdle extends GoingIdle {
    @Actor
    public void owner(LL_Result result) {
      result.r1 = tryIdle();
    }

    @Actor
    public void sender() {
      message();
      signal();
    }

    @Arbiter
    public void count(LL_Result result) {
      result.r2 = enqueued();
    }
  }

  /**
   * The same; the signal comes first. The results are how its leaving ended, and how often it was
   * enqueued.
   */
  @JCStressTest
  @Outcome(id = "NOTIFIED, 0", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "LEFT, 1", expect = ACCEPTABLE, desc = "One of them enqueues it.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, enqueued twice, or enqueued while it runs.")
  @State
  public static class OneScheduleSignalFirst extends GoingIdle {
    @Actor
    public void owner(LL_Result result) {
      result.r1 = tryIdle();
    }

    @Actor
    public void sender() {
      signal();
      message();
    }

    @Arbiter
    public void count(LL_Result result) {
      result.r2 = enqueued();
    }
  }

  /**
   * The same; in any order. The results are how its leaving ended, and how often it was enqueued.
   */
  @JCStressTest
  @Outcome(id = "NOTIFIED, 0", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "LEFT, 1", expect = ACCEPTABLE, desc = "One of them enqueues it.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, enqueued twice, or enqueued while it runs.")
  @State
  public static class OneScheduleOnThreeCpus extends GoingIdle {
    @Actor
    public void owner(LL_Result result) {
      result.r1 = tryIdle();
    }

    @Actor
    public void sender() {
      message();
    }

    @Actor
    public void signaller() {
      signal();
    }

    @Arbiter
    public void count(LL_Result result) {
      result.r2 = enqueued();
    }
  }
}
