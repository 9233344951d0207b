package io.coppice.supervisor;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a running dynamic supervisor: what it can be asked (semantics DS2–DS7).
 *
 * <p>All that is said about {@link SupervisorRef} holds here, too: made by name it follows
 * restarts, requests wait for ever by default and throw {@link CallFailed} if the supervisor is not
 * there, and neither the supervisor nor a child that is starting or stopping may use it. Immutable;
 * any other thread or process may.
 */
public final class DynamicSupervisorRef {
  private final SupervisorRef supervisor;

  DynamicSupervisorRef(SupervisorRef supervisor) {
    this.supervisor = supervisor;
  }

  /**
   * One supervisor for all its life.
   *
   * @param processes the node, or the context of the process that will make the requests
   * @param pid the supervisor
   * @return a handle
   */
  public static DynamicSupervisorRef of(Processes processes, Pid pid) {
    return new DynamicSupervisorRef(SupervisorRef.of(processes, pid));
  }

  /**
   * Whichever supervisor has the name.
   *
   * @param processes the node, or the context of the process that will make the requests
   * @param name its registered name; it need not exist yet
   * @return a handle that follows restarts
   */
  public static DynamicSupervisorRef named(Processes processes, String name) {
    return new DynamicSupervisorRef(SupervisorRef.named(processes, name));
  }

  /**
   * Whichever supervisor has a name in a registry of one's own: also the one that a key stands for
   * in a {@link PartitionSupervisor} of dynamic supervisors.
   *
   * @param processes the node, or the context of the process that will make the requests
   * @param name the registry and the name there; it need not exist yet
   * @return a handle that follows restarts
   */
  public static DynamicSupervisorRef via(Processes processes, ViaName name) {
    return new DynamicSupervisorRef(SupervisorRef.via(processes, name));
  }

  /**
   * The same supervisor, asked with less patience.
   *
   * @param value how long each request waits, zero or more
   * @return another handle
   */
  public DynamicSupervisorRef timeout(Duration value) {
    return new DynamicSupervisorRef(supervisor.timeout(value));
  }

  /**
   * The supervisor's process.
   *
   * @return the pid it was made with, or the one that has the name now
   * @throws CallFailed with {@code noproc} if nobody has the name
   */
  public Pid pid() {
    return supervisor.pid();
  }

  /**
   * Whether the supervisor is alive.
   *
   * @return false if it has ended, or nobody has the name
   */
  public boolean isAlive() {
    return supervisor.isAlive();
  }

  /**
   * Starts a child (DS2).
   *
   * @param spec the child; its id is only what reports call it, so others may have the same
   * @return {@link StartOutcome.Started}; {@link StartOutcome.Ignored}, and nothing is kept; {@link
   *     Refusal#MAX_CHILDREN}; {@link Refusal#BAD_COMBINATION} for a significant child; or what the
   *     start function led to
   */
  public StartOutcome startChild(ChildSpec spec) {
    return (StartOutcome)
        supervisor.ask(new Event.StartChild(Objects.requireNonNull(spec, "spec")));
  }

  /**
   * Starts a child with an argument of its own (DS1). A restart uses the same argument, so it is
   * kept as long as the child may be restarted.
   *
   * @param spec the child, made by {@link ChildSpec#taking(String, Class, ArgumentStart)}, or, if
   *     the supervisor has an extra argument, by {@link ChildSpec#taking(String, Class, Class,
   *     ExtendedStart)}
   * @param argument for its start function, immutable
   * @return as {@link #startChild}
   */
  public StartOutcome startChildWith(ChildSpec spec, Object argument) {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(argument, "argument");
    return (StartOutcome)
        supervisor.ask(new Event.StartDynamic(new DynamicTemplate.Wanted(spec, argument)));
  }

  /**
   * Stops a child as its specification says; it is not restarted, and nothing is kept of it (DS4).
   *
   * @param child its pid; if it waits for its restart, its last one
   * @return done, or {@link Refusal#NOT_FOUND}, also for a child that has ended
   */
  public Outcome terminateChild(Pid child) {
    return supervisor.terminateChild(child);
  }

  /**
   * Starts a child that is {@linkplain ChildStatus#PARKED parked}. Does not count as a restart
   * (SU32).
   *
   * @param child the last pid it had
   * @return what the start function led to, and it stays parked if it failed; {@link
   *     Refusal#RUNNING}, {@link Refusal#RESTARTING}, {@link Refusal#NOT_FOUND}
   */
  public StartOutcome restartChild(Pid child) {
    return supervisor.restartChild(child);
  }

  /**
   * All children, in no particular order (DS7).
   *
   * @return a snapshot, without ids
   */
  public List<ChildInfo> whichChildren() {
    return supervisor.whichChildren();
  }

  /**
   * One child.
   *
   * @param child its pid, or the last one it had if it waits for its restart
   * @return what it is doing, or empty if it is no child
   */
  public Optional<ChildInfo> whichChild(Pid child) {
    return supervisor.whichChild(child);
  }

  /**
   * How many children there are (DS7): {@code specs} as many as children, {@code active} without
   * those that wait for their restart.
   *
   * @return the counts now
   */
  public ChildCounts countChildren() {
    return supervisor.countChildren();
  }

  /**
   * A child's specification. That of a temporary child has no usable start function any more.
   *
   * @param child its pid
   * @return the specification, or empty if it is no child
   */
  public Optional<ChildSpec> childSpec(Pid child) {
    return supervisor.childSpec(child);
  }

  /**
   * Why a child was restarted: its last failures, with what was decided about each.
   *
   * @param child its pid, or the last one it had if it is not running
   * @return as {@link SupervisorRef#history(Pid)}
   */
  public List<Failure> history(Pid child) {
    return supervisor.history(child);
  }

  /**
   * The last failures of all children, those that are gone for good included.
   *
   * @return the last 20 at most, oldest first
   */
  public List<Failure> history() {
    return supervisor.history();
  }

  /**
   * Gives the running supervisor another description. Limits apply at once, another extra argument
   * from the next start of each child. The name does not change.
   *
   * @param description the new one
   * @return done, or {@link Refusal#SIMPLE_ONE_FOR_ONE} if this is no dynamic supervisor
   */
  public Outcome upgrade(DynamicSupervisor description) {
    return supervisor.upgrade(description.description());
  }

  /**
   * Stops the supervisor with {@code normal} and waits until it has ended (SU77).
   *
   * @throws CallFailed as {@link SupervisorRef#stop()}
   */
  public void stop() {
    supervisor.stop();
  }

  /**
   * Stops the supervisor: its children, all at once (DS6), then itself.
   *
   * @param reason what it ends with
   * @param limit how long to wait, zero or more, or null for ever; the supervisor stops also if
   *     this is too short
   * @throws CallFailed as {@link SupervisorRef#stop(ExitReason, Duration)}
   */
  public void stop(ExitReason reason, @Nullable Duration limit) {
    supervisor.stop(reason, limit);
  }

  @Override
  public String toString() {
    return "dynamic " + supervisor;
  }
}
