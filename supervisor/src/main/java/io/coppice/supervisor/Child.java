package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One child in its supervisor's books. Owned by the supervisor.
 *
 * <p>{@code pid} is the running child's, or the last one it had: under simple_one_for_one a child
 * that waits for its restart is still known by its old pid (SU54). {@code retry} is there while the
 * status is RESTARTING, and while it is PARKED for a time; a try that was announced with another
 * reference has been cancelled (SU52).
 */
final class Child {
  private @Nullable Object argument;
  private @Nullable Restart ownRestart;
  private boolean ownSpec; // it brought its specification along
  private ChildSpec spec;
  private ChildStatus status = ChildStatus.STOPPED;
  private @Nullable Pid pid;
  private @Nullable Ref retry;
  private boolean retriesLater; // a timer runs for it
  private long startedNanos;
  private @Nullable Troubles troubles; // once it has failed

  Child(ChildSpec spec, @Nullable Object argument) {
    this.spec = spec;
    this.argument = argument;
  }

  /** A child of a template, which it may have been asked for with another kind of restart. */
  static Child dynamic(ChildSpec template, Event.StartDynamic wanted) {
    if (template.start() instanceof DynamicTemplate all
        && wanted.argument() instanceof DynamicTemplate.Wanted(ChildSpec own, var argument)) {
      Child child = new Child(all.extend(own), argument);
      child.ownSpec = true;
      return child;
    }
    Child child = new Child(template, wanted.argument());
    child.ownRestart = wanted.restart();
    child.spec = child.asAskedFor(template);
    return child;
  }

  /** A specification with what this child alone was asked for. */
  ChildSpec asAskedFor(ChildSpec template) {
    if (ownSpec) {
      return template.start() instanceof DynamicTemplate all ? all.extend(spec) : spec;
    }
    return ownRestart == null ? template : template.restart(ownRestart);
  }

  ChildSpec spec() {
    return spec;
  }

  void spec(ChildSpec value) {
    spec = value;
  }

  /**
   * What a dynamic child was started with, kept for its restarts; null if nothing, or not needed.
   */
  @Nullable Object argument() {
    return argument;
  }

  /**
   * A temporary child is never started again, so nothing that its start needs is kept (SU7, SU93).
   *
   * @param shared whether its specification is the template of others
   */
  void forgetStart(boolean shared) {
    argument = null;
    if (!shared || ownSpec) {
      spec = spec.withoutStart();
    }
  }

  ChildStatus status() {
    return status;
  }

  boolean isRunning() {
    return status == ChildStatus.RUNNING;
  }

  boolean isTemporary() {
    return spec.restart() == Restart.TEMPORARY;
  }

  /** The pid of a running child. */
  Pid runningPid() {
    assert isRunning() : this;
    return Objects.requireNonNull(pid);
  }

  /** The pid it has, or had last. */
  @Nullable Pid lastPid() {
    return pid;
  }

  void running(Pid newPid, long nowNanos) {
    if (troubles != null) {
      troubles.runsAgain(nowNanos);
    }
    status = ChildStatus.RUNNING;
    pid = newPid;
    retry = null;
    startedNanos = nowNanos;
  }

  void stopped() {
    status = ChildStatus.STOPPED;
    retry = null;
  }

  /**
   * Waits for the try that is announced with the reference returned.
   *
   * @param delayNanos how long, zero for a try that is next
   */
  Ref restarting(long delayNanos) {
    status = ChildStatus.RESTARTING;
    return announce(delayNanos > 0);
  }

  /** Is set aside until somebody wants it back. */
  void parked() {
    status = ChildStatus.PARKED;
    retry = null;
  }

  /** Is set aside until the try that is announced with the reference returned. */
  Ref parkedForTime() {
    status = ChildStatus.PARKED;
    return announce(true);
  }

  private Ref announce(boolean later) {
    Ref token = Ref.create();
    retry = token;
    retriesLater = later;
    return token;
  }

  /** The try that was announced has come. */
  void retried() {
    retriesLater = false;
  }

  /** A timer that is left of a wait is of no use any more. */
  void cancelRetry(List<Decision> out) {
    Ref token = retry;
    if (token != null && retriesLater) {
      out.add(new Decision.CancelRetry(token));
    }
    retriesLater = false;
  }

  /** Why it cannot be restarted or deleted on request (SU71, SU72); null if it can. */
  @Nullable Refusal unlessStopped() {
    return switch (status) {
      case RUNNING -> Refusal.RUNNING;
      case RESTARTING -> Refusal.RESTARTING;
      case STOPPED, PARKED -> null;
    };
  }

  /** How long it has lived, if it runs. */
  long livedNanos(long nowNanos) {
    return nowNanos - startedNanos;
  }

  /** What is remembered of its failures, or null if it has never failed. */
  @Nullable Troubles troublesIfAny() {
    return troubles;
  }

  Troubles troubles() {
    Troubles known = troubles;
    if (known == null) {
      known = new Troubles();
      troubles = known;
    }
    return known;
  }

  boolean awaits(Ref token) {
    return token.equals(retry);
  }

  Offender asOffender() {
    return Offender.one(pid, spec);
  }

  ChildInfo info(boolean withId) {
    return new ChildInfo(withId ? spec.id() : null, status, isRunning() ? pid : null, spec.type());
  }

  @Override
  public String toString() {
    return spec.id() + " " + status + " " + pid;
  }
}
