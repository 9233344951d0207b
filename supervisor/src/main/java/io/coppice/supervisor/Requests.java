package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor decides about requests. Each is refused, done at once, or put on the agenda:
 * then its answer comes with that of the start or stop.
 */
final class Requests {
  private final ChildTable children;
  private final Agenda agenda;

  Requests(ChildTable children, Agenda agenda) {
    this.children = children;
    this.agenda = agenda;
  }

  /** Decides about a request for what a supervisor was told. */
  void decide(Event.Asked asked, SupervisorSpec spec, List<Decision> out) {
    Object answer =
        switch (asked) {
          case Event.StartChild(ChildSpec child) -> startChild(child, spec);
          case Event.StartDynamic wanted -> startDynamic(wanted, spec);
          case Event.RestartChild(String id) -> restart(id);
          case Event.RestartPid(Pid pid) -> restart(pid, spec);
          case Event.TerminateChild(String id) -> terminate(id, spec, out);
          case Event.TerminatePid(Pid pid) ->
              terminate(spec.isSimple() ? children.withPid(pid) : null, out);
          case Event.DeleteChild(String id) -> delete(id, out);
        };
    if (answer != null) {
      out.add(new Decision.Reply(answer));
    }
  }

  private @Nullable Object startChild(ChildSpec wanted, SupervisorSpec spec) {
    Refusal refusal = spec.unlessTakes(wanted);
    if (refusal != null) {
      return new StartOutcome.Refused(refusal);
    }
    if (spec.isDynamic()) {
      return startDynamic(new Event.StartDynamic(new DynamicTemplate.Wanted(wanted, null)), spec);
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

  private @Nullable Object startDynamic(Event.StartDynamic wanted, SupervisorSpec spec) {
    Refusal refusal = spec.unlessStarts(wanted, children.size());
    if (refusal != null) {
      return new StartOutcome.Refused(refusal);
    }
    return start(Child.dynamic(spec.template(), wanted), true);
  }

  private @Nullable Object start(Child child, boolean isNew) {
    agenda.begin(new Work.Starting(isNew));
    agenda.start(child);
    return null;
  }

  private @Nullable Object restart(String id) {
    Refusal refusal = children.unlessStopped(id);
    return refusal != null
        ? new StartOutcome.Refused(refusal)
        : start(Objects.requireNonNull(children.withId(id)), false);
  }

  private @Nullable Object restart(Pid pid, SupervisorSpec spec) {
    Child child = spec.isSimple() ? children.withPid(pid) : null;
    Refusal refusal = child == null ? Refusal.NOT_FOUND : child.unlessStopped();
    return refusal != null
        ? new StartOutcome.Refused(refusal)
        : start(Objects.requireNonNull(child), false);
  }

  private Object delete(String id, List<Decision> out) {
    Refusal refusal = children.unlessStopped(id);
    if (refusal != null) {
      return Outcome.refused(refusal);
    }
    Child child = Objects.requireNonNull(children.withId(id));
    child.cancelRetry(out);
    children.remove(child);
    return Outcome.done();
  }

  private @Nullable Object terminate(String id, SupervisorSpec spec, List<Decision> out) {
    if (spec.isSimple()) {
      return Outcome.refused(Refusal.SIMPLE_ONE_FOR_ONE);
    }
    return terminate(children.withId(id), out);
  }

  private @Nullable Object terminate(@Nullable Child child, List<Decision> out) {
    if (child == null) {
      return Outcome.refused(Refusal.NOT_FOUND);
    }
    if (child.isRunning()) {
      agenda.begin(new Work.Terminating());
      agenda.stop(child);
      return null;
    }
    child.cancelRetry(out);
    children.gone(child);
    return Outcome.done();
  }
}
