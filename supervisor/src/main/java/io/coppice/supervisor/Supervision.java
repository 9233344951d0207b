package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.HandlerLimit;
import io.coppice.kernel.process.Pid;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor decides: events in, decisions out. It knows no clock and no process, so the
 * same events at the same instants lead to the same decisions, whoever performs them.
 */
final class Supervision {
  /*
   * All procedures of a supervisor are the same three steps: stop some children, then start some,
   * then finish. So the state between two events is the Agenda:
   *
   *   work     what it is in the middle of: decides what a failed start means, and how to finish
   *   toStop   children still to be stopped, in that order
   *   toStart  children still to be started, in that order; touched only when toStop is empty
   *
   * and `proceed` asks for the next step. A question (Start, Stop) ends a list of decisions, its
   * answer is the next event: OTP's supervisor does one thing at a time too (SU75).
   *
   *   event                      work         toStop             toStart
   *   Boot                       Booting                         all specs
   *   - a start fails            Ending       started, reversed  cleared                 SU13
   *   Exited, to be restarted    Restarting   group, reversed    group                   SU40-43
   *   - after a delay            Restarting   group, reversed    none, child RESTARTING
   *   - one restart too many     Ending       running, reversed  cleared                 SU33
   *   - too many, and parks      Idle, child PARKED              the others stay
   *   - a start fails            Idle, child RESTARTING          cleared (others stay)   SU53
   *   Retry                      as Exited, through the same intensity check             SU51
   *   - counted already          Restarting   group, reversed    group
   *   - of a parked child        Returning                       the child
   *   StartChild, RestartChild   Starting                        the child
   *   TerminateChild             Terminating  the child
   *   Stop, automatic shutdown   Ending       running, reversed                          SU64, SU80
   *
   * Rejected: an immutable state that is passed in and out. With 100 000 children (SU93) it needs
   * persistent maps, and nobody needs the old value.
   */

  private final SupervisorName self;
  private final ChildTable children;
  private final Agenda agenda = new Agenda();
  private final Requests requests;
  private final Restarts restarts;
  private SupervisorSpec spec;

  /**
   * Knows of no child yet.
   *
   * @param chance gives numbers from 0, inclusive, to 1, exclusive, for the jitter of delays
   */
  Supervision(SupervisorName self, SupervisorSpec spec, DoubleSupplier chance) {
    this.self = self;
    this.spec = spec;
    this.children = new ChildTable(spec.isSimple());
    this.requests = new Requests(children, agenda);
    this.restarts = new Restarts(self, spec, children, agenda, chance);
  }

  /** What to do about an event; empty if nothing. */
  List<Decision> decide(Event event, long nowNanos) {
    List<Decision> out = new ArrayList<>(4);
    switch (event) {
      case Event.Boot() -> boot();
      case Event.Started(StartResult result) -> started(agenda.started(), result, nowNanos, out);
      case Event.Stopped(List<ExitReason> reasons) -> stopped(reasons, out);
      case Event.Exited exited -> exited(exited, nowNanos, out);
      case Event.Retry retry -> restarts.retry(retry, nowNanos, out);
      case Event.Stop(ExitReason reason) -> agenda.end(reason, children);
      case Event.Asked asked -> requests.decide(asked, spec, out);
      case Event.Upgrade(SupervisorSpec newSpec) -> out.add(new Decision.Reply(upgrade(newSpec)));
    }
    agenda.proceed(spec.isSimple(), out);
    return out;
  }

  private void boot() {
    if (!spec.isSimple()) {
      for (ChildSpec child : spec.children()) {
        children.add(new Child(child, null));
      }
      children.inStartOrder().forEach(agenda::start);
    }
    agenda.begin(new Work.Booting());
  }

  // ---- a child was started, or not

  private void started(Child child, StartResult result, long nowNanos, List<Decision> out) {
    switch (result) {
      case StartResult.Ok(Pid pid) -> {
        runs(child, pid, nowNanos, out);
        startedFor(child, pid, null, out);
      }
      case StartResult.OkInfo(Pid pid, Object info) -> {
        runs(child, pid, nowNanos, out);
        startedFor(child, pid, info, out);
      }
      case StartResult.Ignored() -> {
        child.cancelRetry(out);
        children.gone(child);
        if (agenda.work() instanceof Work.Starting) {
          out.add(new Decision.Reply(new StartOutcome.Ignored()));
        }
      }
      case StartResult.Failed(ExitReason reason) -> failed(child, reason, nowNanos, out);
    }
  }

  private void runs(Child child, Pid pid, long nowNanos, List<Decision> out) {
    child.cancelRetry(out);
    children.running(child, pid, nowNanos);
    HandlerLimit limit = child.spec().recovery().handlerLimit();
    if (limit != null) {
      out.add(new Decision.Watch(pid, limit));
    }
    Level level = spec.isSimple() ? Level.DEBUG : Level.INFO;
    out.add(new Decision.Emit(new ProgressReport(self, child.asOffender(), level)));
  }

  private void startedFor(Child child, Pid pid, @Nullable Object info, List<Decision> out) {
    if (agenda.work() instanceof Work.Starting(boolean isNew)) {
      if (isNew && child.isTemporary()) {
        child.forgetStart(spec.isSimple());
      }
      out.add(new Decision.Reply(new StartOutcome.Started(pid, info)));
    }
  }

  private void failed(Child child, ExitReason reason, long nowNanos, List<Decision> out) {
    if (!(agenda.work() instanceof Work.Starting)) {
      report(ErrorContext.START_ERROR, reason, Offender.one(null, child.spec()), out);
    }
    switch (agenda.work()) {
      case Work.Booting() ->
          agenda.end(new FailedToStartChild(child.spec().id(), reason).asReason(), children);
      case Work.Restarting(), Work.Returning() ->
          restarts.afterFailedStart(child, reason, nowNanos, out);
      case Work.Starting(boolean isNew) -> {
        if (isNew) {
          children.remove(child);
        }
        StartOutcome outcome =
            reason instanceof ExitReason.Custom(AlreadyStarted(Pid holder))
                ? new StartOutcome.Running(holder)
                : new StartOutcome.Failed(reason);
        out.add(new Decision.Reply(outcome));
      }
      case Work.Idle(), Work.Terminating(), Work.Ending(_) ->
          throw new AssertionError("a start was answered while " + agenda.work());
    }
  }

  // ---- children were stopped

  private void stopped(List<ExitReason> reasons, List<Decision> out) {
    ShutdownErrors errors = new ShutdownErrors(spec);
    for (ExitReason reason : reasons) {
      Child child = agenda.stopped();
      errors.note(child, reason);
      children.gone(child);
    }
    errors.report(self, out);
  }

  // ---- a child ended by itself

  private void exited(Event.Exited exited, long nowNanos, List<Decision> out) {
    ExitReason reason = exited.reason();
    Child child = children.withPid(exited.pid());
    if (child == null || !child.isRunning()) {
      return;
    }
    boolean again = child.spec().restart().restartsAfter(reason);
    if (again || !reason.isClean()) {
      report(ErrorContext.CHILD_TERMINATED, reason, child.asOffender(), out);
    }
    if (again) {
      child.stopped();
      restarts.afterEnd(child, exited, nowNanos, out);
    } else {
      if (!reason.isClean()) {
        restarts.goneForGood(child, exited, nowNanos, out);
      }
      children.gone(child);
      if (child.spec().significant() && endsSupervisor()) {
        agenda.end(ExitReason.SHUTDOWN, children);
      }
    }
  }

  /** Whether the end of a significant child is the supervisor's (SU80, SU81). */
  private boolean endsSupervisor() {
    return switch (spec.autoShutdown()) {
      case NEVER -> false;
      case ANY_SIGNIFICANT -> true;
      case ALL_SIGNIFICANT ->
          children.inStartOrder().stream()
              .noneMatch(
                  child -> child.spec().significant() && child.status() != ChildStatus.STOPPED);
    };
  }

  // ---- the whole

  /** New flags at once, new specifications for the next start; starts and stops nothing (SU90). */
  private Object upgrade(SupervisorSpec newSpec) {
    if (!newSpec.isLike(spec)) {
      return Outcome.refused(Refusal.SIMPLE_ONE_FOR_ONE);
    }
    spec = newSpec;
    restarts.upgrade(newSpec);
    children.update(spec.children());
    return Outcome.done();
  }

  /** The view for questions that change nothing. */
  Inspection inspect() {
    return new Inspection(spec, children, restarts.chronicle());
  }

  /** A few words for the inspection tools; any thread, momentary values. */
  String summary() {
    return agenda.work().summary() + children.summary() + ", " + restarts.summary();
  }

  private void report(
      ErrorContext context, ExitReason reason, Offender offender, List<Decision> out) {
    out.add(new Decision.Emit(new SupervisorReport(self, context, reason, offender)));
  }
}
