package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor decides: events in, decisions out. It knows no clock and no process, so the
 * same events at the same instants lead to the same decisions, whoever performs them.
 */
final class Supervision {
  /*
   * All procedures of a supervisor are the same three steps: stop some children, then start some,
   * then finish. So the state between two events is
   *
   *   work     what it is in the middle of: decides what a failed start means, and how to finish
   *   toStop   children still to be stopped, in that order
   *   toStart  children still to be started, in that order; touched only when toStop is empty
   *
   * and `proceed` asks for the next step. A question (Start, Stop) ends a list of decisions, its
   * answer is the next event: OTP's supervisor does one thing at a time too (SU75). The child asked
   * about stays at the head of its queue until the answer is there.
   *
   *   event                      work         toStop             toStart
   *   Boot                       Booting                         all specs
   *   - a start fails            Ending       started, reversed  cleared                 SU13
   *   Exited, to be restarted    Restarting   group, reversed    group                   SU40-43
   *   - one restart too many     Ending       running, reversed  cleared                 SU33
   *   - a start fails            Idle, child RESTARTING          cleared (others stay)   SU53
   *   Retry                      as Exited, through the same intensity check             SU51
   *   StartChild, RestartChild   Starting                        the child
   *   TerminateChild             Terminating  the child
   *   Stop, automatic shutdown   Ending       running, reversed                          SU64, SU80
   *
   * Rejected: an immutable state that is passed in and out. With 100 000 children (SU93) it needs
   * persistent maps, and nobody needs the old value.
   */

  private static final Work IDLE = new Work.Idle();

  private final SupervisorName self;
  private final RestartWindow window;
  private final ChildTable children;
  private final Deque<Child> toStop = new ArrayDeque<>();
  private final Deque<Child> toStart = new ArrayDeque<>();
  private SupervisorSpec spec;
  private Work work = IDLE;

  Supervision(SupervisorName self, SupervisorSpec spec) {
    this.self = self;
    this.spec = spec;
    this.window = new RestartWindow(spec.intensity(), Times.saturatedNanos(spec.period()));
    this.children = new ChildTable(spec.isSimple());
  }

  /** What to do about an event; empty if nothing. */
  List<Decision> decide(Event event, long nowNanos) {
    List<Decision> out = new ArrayList<>(4);
    switch (event) {
      case Event.Boot() -> boot();
      case Event.Started(StartResult result) -> started(toStart.removeFirst(), result, out);
      case Event.Stopped(List<ExitReason> reasons) -> stopped(reasons, out);
      case Event.Exited(Pid pid, ExitReason reason) -> exited(pid, reason, nowNanos, out);
      case Event.Retry(Child child, Ref token) -> {
        if (child.awaits(token)) {
          restart(child, nowNanos, out);
        }
      }
      case Event.Stop(ExitReason reason) -> end(reason);
      case Event.Asked asked -> asked(asked, out);
    }
    proceed(out);
    return out;
  }

  // ---- the three steps

  private void proceed(List<Decision> out) {
    Child stop = toStop.peekFirst();
    Child start = toStart.peekFirst();
    if (stop != null) {
      List<Pid> pids =
          spec.isSimple()
              ? toStop.stream().map(Child::runningPid).toList()
              : List.of(stop.runningPid());
      out.add(new Decision.Stop(pids, stop.spec().shutdown()));
    } else if (start != null) {
      out.add(new Decision.Start(start.spec().start(), start.argument()));
    } else {
      finish(out);
    }
  }

  private void finish(List<Decision> out) {
    Work finished = work;
    work = IDLE;
    switch (finished) {
      case Work.Booting() -> out.add(new Decision.Ready());
      case Work.Terminating() -> out.add(new Decision.Reply(Outcome.done()));
      case Work.Ending(ExitReason reason) -> out.add(new Decision.GiveUp(reason));
      case Work.Idle(), Work.Restarting(), Work.Starting(_) -> {}
    }
  }

  private void boot() {
    if (!spec.isSimple()) {
      for (ChildSpec child : spec.children()) {
        children.add(new Child(child, null));
      }
      toStart.addAll(children.inStartOrder());
    }
    work = new Work.Booting();
  }

  private void end(ExitReason reason) {
    toStart.clear();
    toStop.clear();
    for (Child child : children.newestFirst()) {
      if (child.isRunning()) {
        toStop.addLast(child);
      }
    }
    work = new Work.Ending(reason);
  }

  // ---- a child was started, or not

  private void started(Child child, StartResult result, List<Decision> out) {
    switch (result) {
      case StartResult.Ok(Pid pid) -> runs(child, pid, null, out);
      case StartResult.OkInfo(Pid pid, Object info) -> runs(child, pid, info, out);
      case StartResult.Ignored() -> {
        children.gone(child);
        if (work instanceof Work.Starting) {
          out.add(new Decision.Reply(new StartOutcome.Ignored()));
        }
      }
      case StartResult.Failed(ExitReason reason) -> failed(child, reason, out);
    }
  }

  private void runs(Child child, Pid pid, @Nullable Object info, List<Decision> out) {
    children.running(child, pid);
    Level level = spec.isSimple() ? Level.DEBUG : Level.INFO;
    out.add(new Decision.Emit(new ProgressReport(self, child.asOffender(), level)));
    if (work instanceof Work.Starting(boolean isNew)) {
      if (isNew && child.isTemporary()) {
        forgetStart(child);
      }
      out.add(new Decision.Reply(new StartOutcome.Started(pid, info)));
    }
  }

  /**
   * A temporary child is never started again, so nothing that its start needs is kept (SU7, SU93).
   */
  private void forgetStart(Child child) {
    child.forgetArgument();
    if (!spec.isSimple()) {
      child.spec(child.spec().withoutStart());
    }
  }

  private void failed(Child child, ExitReason reason, List<Decision> out) {
    switch (work) {
      case Work.Booting() -> {
        report(ErrorContext.START_ERROR, reason, Offender.one(null, child.spec()), out);
        end(new FailedToStartChild(child.spec().id(), reason).asReason());
      }
      case Work.Restarting() -> {
        report(ErrorContext.START_ERROR, reason, Offender.one(null, child.spec()), out);
        toStart.clear();
        out.add(new Decision.RetryLater(new Event.Retry(child, child.restarting())));
      }
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
          throw new AssertionError("a start was answered while " + work);
    }
  }

  // ---- children were stopped

  private void stopped(List<ExitReason> reasons, List<Decision> out) {
    Map<ExitReason, List<Child>> odd = new LinkedHashMap<>();
    for (ExitReason reason : reasons) {
      Child child = toStop.removeFirst();
      if (!child.spec().isOrderlyEnd(reason)) {
        odd.computeIfAbsent(reason, _ -> new ArrayList<>()).add(child);
      }
      children.gone(child);
    }
    odd.forEach(
        (reason, group) -> {
          Child first = group.getFirst();
          Pid pid = group.size() == 1 ? first.lastPid() : null;
          Offender offender = Offender.several(pid, group.size(), first.spec());
          report(ErrorContext.SHUTDOWN_ERROR, reason, offender, out);
        });
  }

  // ---- a child ended by itself

  private void exited(Pid pid, ExitReason reason, long nowNanos, List<Decision> out) {
    Child child = children.withPid(pid);
    if (child == null || !child.isRunning()) {
      return;
    }
    boolean restarts = child.spec().restart().restartsAfter(reason);
    if (restarts || !reason.isClean()) {
      report(ErrorContext.CHILD_TERMINATED, reason, child.asOffender(), out);
    }
    if (restarts) {
      child.stopped();
      restart(child, nowNanos, out);
    } else {
      children.gone(child);
      if (child.spec().significant() && endsSupervisor()) {
        end(ExitReason.SHUTDOWN);
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

  private void restart(Child child, long nowNanos, List<Decision> out) {
    if (window.exceededBy(nowNanos)) {
      ExitReason tooMany = new ReachedMaxIntensity(spec.intensity(), spec.period()).asReason();
      report(ErrorContext.SHUTDOWN, tooMany, child.asOffender(), out);
      end(ExitReason.SHUTDOWN);
      return;
    }
    work = new Work.Restarting();
    switch (spec.strategy()) {
      case ONE_FOR_ONE, SIMPLE_ONE_FOR_ONE -> toStart.addLast(child);
      case ONE_FOR_ALL -> restartAll(children.inStartOrder());
      case REST_FOR_ONE -> restartAll(children.from(child));
    }
  }

  /** Stops what runs, newest first, and starts all that are not temporary (SU41–SU43). */
  private void restartAll(Collection<Child> inStartOrder) {
    for (Child child : inStartOrder) {
      if (child.isRunning()) {
        toStop.addFirst(child);
      } else {
        child.stopped();
      }
      if (!child.isTemporary()) {
        toStart.addLast(child);
      }
    }
  }

  // ---- requests

  private void asked(Event.Asked asked, List<Decision> out) {
    Object refusal =
        switch (asked) {
          case Event.StartChild(ChildSpec child) -> startChild(child);
          case Event.StartDynamic wanted -> startDynamic(wanted);
          case Event.RestartChild(String id) -> restartChild(id);
          case Event.TerminateChild(String id) -> terminate(id);
          case Event.TerminatePid(Pid pid) -> terminate(pid);
          case Event.DeleteChild(String id) -> delete(id);
          case Event.Upgrade(SupervisorSpec newSpec) -> upgrade(newSpec);
        };
    if (refusal != null) {
      out.add(new Decision.Reply(refusal));
    }
  }

  private @Nullable Object startChild(ChildSpec wanted) {
    if (spec.isSimple()) {
      return new StartOutcome.Refused(Refusal.SIMPLE_ONE_FOR_ONE);
    }
    if (!spec.allows(wanted)) {
      return new StartOutcome.Refused(Refusal.BAD_COMBINATION);
    }
    Child present = children.withId(wanted.id());
    if (present != null) {
      return present.isRunning()
          ? new StartOutcome.Running(present.runningPid())
          : new StartOutcome.Refused(Refusal.ALREADY_PRESENT);
    }
    Child child = new Child(wanted, null);
    children.add(child);
    return start(child, true);
  }

  private @Nullable Object startDynamic(Event.StartDynamic wanted) {
    Refusal refusal = spec.unlessRoomAfter(children.size());
    if (refusal != null) {
      return new StartOutcome.Refused(refusal);
    }
    return start(Child.dynamic(spec.template(), wanted), true);
  }

  private @Nullable Object start(Child child, boolean isNew) {
    work = new Work.Starting(isNew);
    toStart.addLast(child);
    return null;
  }

  private @Nullable Object restartChild(String id) {
    Refusal refusal = children.unlessStopped(id);
    if (refusal != null) {
      return new StartOutcome.Refused(refusal);
    }
    return start(Objects.requireNonNull(children.withId(id)), false);
  }

  private @Nullable Object delete(String id) {
    Refusal refusal = children.unlessStopped(id);
    if (refusal != null) {
      return Outcome.refused(refusal);
    }
    children.remove(Objects.requireNonNull(children.withId(id)));
    return Outcome.done();
  }

  private @Nullable Object terminate(String id) {
    if (spec.isSimple()) {
      return Outcome.refused(Refusal.SIMPLE_ONE_FOR_ONE);
    }
    return terminate(children.withId(id));
  }

  private @Nullable Object terminate(Pid pid) {
    return terminate(spec.isSimple() ? children.withPid(pid) : null);
  }

  private @Nullable Object terminate(@Nullable Child child) {
    if (child == null) {
      return Outcome.refused(Refusal.NOT_FOUND);
    }
    if (child.isRunning()) {
      work = new Work.Terminating();
      toStop.addLast(child);
      return null;
    }
    children.gone(child);
    return Outcome.done();
  }

  /** New flags at once, new specifications for the next start; starts and stops nothing (SU90). */
  private Object upgrade(SupervisorSpec newSpec) {
    if (newSpec.isSimple() != spec.isSimple()) {
      return Outcome.refused(Refusal.SIMPLE_ONE_FOR_ONE);
    }
    spec = newSpec;
    window.limit(spec.intensity(), Times.saturatedNanos(spec.period()));
    children.update(spec.children());
    return Outcome.done();
  }

  /** The view for questions that change nothing. */
  Inspection inspect() {
    return new Inspection(spec, children);
  }

  /** A few words for the inspection tools; any thread, momentary values. */
  String summary() {
    return work.summary() + children.summary() + ", " + window.summary(spec);
  }

  private void report(
      ErrorContext context, ExitReason reason, Offender offender, List<Decision> out) {
    out.add(new Decision.Emit(new SupervisorReport(self, context, reason, offender)));
  }
}
