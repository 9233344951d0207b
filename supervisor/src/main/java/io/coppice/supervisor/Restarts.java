package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** What becomes of a child that has failed and is to be restarted. */
final class Restarts {
  /*
   * When a restart counts: in OTP at each attempt, so a failed start counts at its next try, and
   * not at all if somebody terminates the child before that. With a Recovery it counts when the
   * failure happens, of a start, too. Else a supervisor that is to give up, or to park the child,
   * would wait for the delay first.
   *
   * What runs during a delay: the group is stopped first and started after the delay of the child
   * that failed, since its members are useless without it; those that are started before it, under
   * rest_for_one, run on. A start that fails in a restart of the group is no other case: with a
   * delay those that have been started already are stopped again. A group waits for one child only:
   * if another one fails meanwhile, its delay, or none, takes the place of the first. That starts
   * the first one early, and for a reason: what it depends on is new.
   *
   * What a parked child means for its group: nothing, see Budget.
   */

  private final SupervisorName self;
  private final RestartWindow window;
  private final ChildTable children;
  private final Agenda agenda;
  private final DoubleSupplier chance;
  private final Chronicle chronicle = new Chronicle();
  private SupervisorSpec spec;

  Restarts(
      SupervisorName self,
      SupervisorSpec spec,
      ChildTable children,
      Agenda agenda,
      DoubleSupplier chance) {
    this.self = self;
    this.spec = spec;
    this.window = new RestartWindow(spec.intensity(), Times.saturatedNanos(spec.period()));
    this.children = children;
    this.agenda = agenda;
    this.chance = chance;
  }

  /** New flags; the restarts so far still count (SU90). */
  void upgrade(SupervisorSpec newSpec) {
    spec = newSpec;
    window.limit(newSpec.intensity(), Times.saturatedNanos(newSpec.period()));
  }

  /** How many there were, and what for, in words; any thread. */
  String summary() {
    return window.summary(spec) + chronicle.summary();
  }

  Chronicle chronicle() {
    return chronicle;
  }

  /** It ended by itself. */
  void afterEnd(Child child, Event.Exited end, long nowNanos, List<Decision> out) {
    long lived = child.livedNanos(nowNanos);
    Chronicle.Entry failure = chronicle.enter(child, end.reason(), end.handling(), lived, nowNanos);
    Recovery recovery = child.spec().recovery();
    if (!recovery.isPlain()) {
      recover(child, failure, lived, nowNanos, out);
    } else if (countsTooMany(nowNanos)) {
      giveUp(child, failure, null, out);
    } else {
      restart(child, failure, out);
    }
  }

  /** It ended by itself, and badly, but is not to be restarted. */
  void goneForGood(Child child, Event.Exited end, long nowNanos, List<Decision> out) {
    long lived = child.livedNanos(nowNanos);
    Chronicle.Entry failure = chronicle.enter(child, end.reason(), end.handling(), lived, nowNanos);
    out.add(chronicle.decided(failure, Verdict.NOT_RESTARTED, 0));
  }

  /** It could not be started again (SU50). */
  void afterFailedStart(Child child, ExitReason reason, long nowNanos, List<Decision> out) {
    Chronicle.Entry failure = chronicle.enter(child, reason, null, -1, nowNanos);
    Recovery recovery = child.spec().recovery();
    if (agenda.work() instanceof Work.Returning) {
      park(child, failure, out);
    } else if (recovery.isPlain()) {
      tryAgain(child, failure, false, out);
    } else {
      recover(child, failure, -1, nowNanos, out);
    }
  }

  /** The time has come that was announced, unless it is not waited for any more. */
  void retry(Event.Retry retry, long nowNanos, List<Decision> out) {
    Child child = retry.child();
    if (!child.awaits(retry.token())) {
      return;
    }
    child.retried();
    if (child.status() == ChildStatus.PARKED) {
      agenda.begin(new Work.Returning());
      agenda.start(child);
    } else if (!retry.counted() && countsTooMany(nowNanos)) {
      giveUp(child, child.troubles().latest(), null, out);
    } else {
      begin(child, out);
    }
  }

  // ---- decisions

  private boolean countsTooMany(long nowNanos) {
    return window.exceededBy(nowNanos);
  }

  /**
   * By its own rules.
   *
   * @param livedNanos how long it has lived; negative if it could not be started
   */
  private void recover(
      Child child, Chronicle.Entry failure, long livedNanos, long nowNanos, List<Decision> out) {
    Recovery recovery = child.spec().recovery();
    Troubles troubles = child.troubles();
    troubles.failed(recovery, livedNanos);
    Budget budget = recovery.budget();
    if (budget == null ? countsTooMany(nowNanos) : overBudget(troubles, budget, nowNanos)) {
      if (budget != null && budget.overflow() == OverBudget.PARK) {
        park(child, failure, out);
      } else {
        giveUp(child, failure, budget, out);
      }
      return;
    }
    long delay = troubles.delayNanos(recovery, chance);
    if (delay > 0) {
      restartLater(child, failure, delay, out);
    } else if (livedNanos < 0) {
      tryAgain(child, failure, true, out);
    } else {
      restart(child, failure, out);
    }
  }

  private boolean overBudget(Troubles troubles, Budget budget, long nowNanos) {
    window.countElsewhere();
    return troubles.exceeds(budget, nowNanos);
  }

  /**
   * Gives up.
   *
   * @param failure the last straw; null if it is not known any more
   * @param budget the child's own that is exceeded, or null if it is the supervisor's
   */
  private void giveUp(
      Child child, Chronicle.@Nullable Entry failure, @Nullable Budget budget, List<Decision> out) {
    if (failure != null) {
      out.add(chronicle.decided(failure, Verdict.ESCALATED, 0));
    }
    ReachedMaxIntensity tooMany =
        new ReachedMaxIntensity(
            budget == null ? spec.intensity() : budget.restartsMax(),
            budget == null ? spec.period() : budget.within(),
            child.spec().id(),
            child.troubles().history());
    report(
        new SupervisorReport(self, ErrorContext.SHUTDOWN, tooMany.asReason(), child.asOffender()),
        out);
    agenda.end(spec.givingUp().reason(tooMany), children);
  }

  // ---- performance

  private void restart(Child child, Chronicle.Entry failure, List<Decision> out) {
    out.add(chronicle.decided(failure, Verdict.RESTARTED, 0));
    begin(child, out);
  }

  private void begin(Child child, List<Decision> out) {
    agenda.begin(new Work.Restarting());
    if (spec.strategy().isGroup()) {
      regroup(child, true, out);
    } else {
      agenda.start(child);
    }
  }

  /** Behind the messages that wait; what has been started stays up (SU53). */
  private void tryAgain(Child child, Chronicle.Entry failure, boolean counted, List<Decision> out) {
    out.add(chronicle.decided(failure, Verdict.RESTARTED, 0));
    agenda.startNoMore();
    await(child, 0, counted, out);
  }

  private void restartLater(
      Child child, Chronicle.Entry failure, long delayNanos, List<Decision> out) {
    out.add(chronicle.decided(failure, Verdict.DELAYED, delayNanos));
    agenda.begin(new Work.Restarting());
    agenda.startNoMore();
    if (spec.strategy().isGroup()) {
      regroup(child, false, out);
    }
    await(child, delayNanos, true, out);
    Level level = spec.isSimple() ? Level.DEBUG : Level.INFO;
    report(new DelayReport(self, child.asOffender(), Duration.ofNanos(delayNanos), level), out);
  }

  private static void await(Child child, long delayNanos, boolean counted, List<Decision> out) {
    Event.Retry retry = new Event.Retry(child, child.restarting(delayNanos), counted);
    out.add(new Decision.RetryLater(retry, delayNanos));
  }

  /**
   * Stops what runs of a child's group, newest first, and starts all that are not temporary, if it
   * is time to (SU41–SU43).
   */
  private void regroup(Child pivot, boolean starts, List<Decision> out) {
    boolean all = spec.strategy() == Strategy.ONE_FOR_ALL;
    for (Child child : all ? children.inStartOrder() : children.from(pivot)) {
      if (child.status() == ChildStatus.PARKED) {
        continue;
      }
      if (child.isRunning()) {
        agenda.stopBefore(child);
      } else {
        child.cancelRetry(out);
        child.stopped();
      }
      if (starts && !child.isTemporary()) {
        agenda.start(child);
      }
    }
  }

  /** Sets a child aside; whatever else is to be started is. */
  private void park(Child child, Chronicle.Entry failure, List<Decision> out) {
    out.add(chronicle.decided(failure, Verdict.PARKED, 0));
    Budget budget = child.spec().recovery().budget();
    Duration time = budget == null ? null : budget.retryAfter(); // gone by an upgrade
    if (time == null) {
      children.park(child);
    } else {
      Event.Retry retry = new Event.Retry(child, children.parkForTime(child), true);
      out.add(new Decision.RetryLater(retry, Times.saturatedNanos(time)));
    }
    report(new ParkReport(self, child.asOffender(), time), out);
  }

  private static void report(Report report, List<Decision> out) {
    out.add(new Decision.Emit(report));
  }
}
