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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a running supervisor: what it can be asked (semantics SU70–SU77).
 *
 * <p>Made {@linkplain #named by name} it means whoever has the name at the time of each request,
 * and so follows restarts; made {@linkplain #of by pid} it means that process only. Immutable; any
 * thread or process may use it, except the supervisor itself and, while it is being started or
 * stopped, its children: the supervisor serves one request at a time, and waits for its child
 * meanwhile, so both would wait for ever (SU75).
 *
 * <p>A request waits for ever by default ({@link #timeout} for less). Each throws {@link
 * CallFailed}: {@code noproc} if there is no such supervisor, {@code timeout}, or the reason the
 * supervisor ended with before it answered.
 */
public final class SupervisorRef {
  private final Processes processes;
  private final Supplier<Optional<Pid>> lookup;
  private final String shown;
  private final @Nullable Duration timeout;

  private SupervisorRef(
      Processes processes,
      Supplier<Optional<Pid>> lookup,
      String shown,
      @Nullable Duration timeout) {
    this.processes = Objects.requireNonNull(processes, "processes");
    this.lookup = lookup;
    this.shown = shown;
    this.timeout = timeout;
  }

  /**
   * One supervisor for all its life.
   *
   * @param processes the node, or the context of the process that will make the requests
   * @param pid the supervisor
   * @return a handle
   */
  public static SupervisorRef of(Processes processes, Pid pid) {
    Optional<Pid> found = Optional.of(pid);
    return new SupervisorRef(processes, () -> found, pid.toString(), null);
  }

  /**
   * Whichever supervisor has the name.
   *
   * @param processes the node, or the context of the process that will make the requests
   * @param name its registered name; it need not exist yet
   * @return a handle that follows restarts
   */
  public static SupervisorRef named(Processes processes, String name) {
    Objects.requireNonNull(name, "name");
    return new SupervisorRef(processes, () -> processes.whereis(name), name, null);
  }

  /**
   * Whichever supervisor has a name in a registry of one's own (P62).
   *
   * @param processes the node, or the context of the process that will make the requests
   * @param name the registry and the name there; it need not exist yet
   * @return a handle that follows restarts
   */
  public static SupervisorRef via(Processes processes, ViaName name) {
    return new SupervisorRef(processes, name::whereis, name.toString(), null);
  }

  /**
   * The same supervisor, asked with less patience.
   *
   * @param value how long each request waits, zero or more
   * @return another handle
   */
  public SupervisorRef timeout(Duration value) {
    Objects.requireNonNull(value, "timeout");
    return new SupervisorRef(processes, lookup, shown, value);
  }

  /**
   * The supervisor's process.
   *
   * @return the pid it was made with, or the one that has the name now
   * @throws CallFailed with {@code noproc} if nobody has the name
   */
  public Pid pid() {
    return resolve("pid");
  }

  /**
   * Whether the supervisor is alive.
   *
   * @return false if it has ended, or nobody has the name
   */
  public boolean isAlive() {
    return lookup.get().map(processes::isAlive).orElse(false);
  }

  /**
   * Adds a child at the end and starts it (SU15). If the start fails the child is discarded.
   *
   * @param spec the child
   * @return {@link StartOutcome.Started}; {@link StartOutcome.Running} if that child runs already;
   *     {@link Refusal#ALREADY_PRESENT} if it is there but not running; {@link
   *     Refusal#SIMPLE_ONE_FOR_ONE}; {@link Refusal#BAD_COMBINATION}; or what the start function
   *     led to
   */
  public StartOutcome startChild(ChildSpec spec) {
    return (StartOutcome) ask(new Event.StartChild(Objects.requireNonNull(spec, "spec")));
  }

  /**
   * Starts a child of a {@code simple_one_for_one} supervisor whose template takes no argument
   * (SU15).
   *
   * @return what the start function led to, {@link Refusal#MAX_CHILDREN}, or {@link
   *     Refusal#INVALID_CHILD_SPEC} under another strategy
   */
  public StartOutcome startChild() {
    return (StartOutcome) ask(new Event.StartDynamic(null));
  }

  /**
   * Starts a child of a {@code simple_one_for_one} supervisor (SU15). A restart uses the same
   * argument, so it is kept as long as the child may be restarted.
   *
   * @param argument for the template's start function, immutable
   * @return what the start function led to, {@link Refusal#MAX_CHILDREN}, or {@link
   *     Refusal#INVALID_CHILD_SPEC} under another strategy
   */
  public StartOutcome startChildWith(Object argument) {
    return (StartOutcome) ask(new Event.StartDynamic(Objects.requireNonNull(argument, "argument")));
  }

  /**
   * Starts a child of a {@code simple_one_for_one} supervisor with a kind of restart of its own.
   *
   * @param argument as for {@link #startChildWith(Object)}
   * @param restart in place of what the template says; an upgrade leaves it as it is
   * @return as {@link #startChildWith(Object)}
   */
  public StartOutcome startChildWith(Object argument, Restart restart) {
    Objects.requireNonNull(argument, "argument");
    return (StartOutcome)
        ask(new Event.StartDynamic(argument, Objects.requireNonNull(restart, "restart")));
  }

  /**
   * Stops a child as its specification says; it is not restarted (SU70). The specification stays,
   * unless the child is temporary. A child that waits for its restart waits no longer (SU52).
   *
   * @param id the child
   * @return done, also if it was not running; {@link Refusal#NOT_FOUND}; {@link
   *     Refusal#SIMPLE_ONE_FOR_ONE}
   */
  public Outcome terminateChild(String id) {
    return (Outcome) ask(new Event.TerminateChild(Objects.requireNonNull(id, "id")));
  }

  /**
   * Stops a child of a {@code simple_one_for_one} supervisor (SU70, SU54).
   *
   * @param child its pid; if it waits for its restart, its last one
   * @return done, also if that process is dead; {@link Refusal#NOT_FOUND} for a living process that
   *     is no child, and under other strategies
   */
  public Outcome terminateChild(Pid child) {
    return (Outcome) ask(new Event.TerminatePid(Objects.requireNonNull(child, "child")));
  }

  /**
   * Starts a child that is not running, or is {@linkplain ChildStatus#PARKED parked} (SU71). Does
   * not count as a restart (SU32).
   *
   * @param id the child
   * @return what the start function led to; {@link Refusal#RUNNING}, {@link Refusal#RESTARTING},
   *     {@link Refusal#NOT_FOUND}, {@link Refusal#SIMPLE_ONE_FOR_ONE}
   */
  public StartOutcome restartChild(String id) {
    return (StartOutcome) ask(new Event.RestartChild(Objects.requireNonNull(id, "id")));
  }

  /**
   * Starts a child of a {@code simple_one_for_one} supervisor that is {@linkplain
   * ChildStatus#PARKED parked}. Does not count as a restart (SU32).
   *
   * @param child the last pid it had
   * @return what the start function led to; {@link Refusal#RUNNING}, {@link Refusal#RESTARTING},
   *     {@link Refusal#NOT_FOUND}, also under other strategies
   */
  public StartOutcome restartChild(Pid child) {
    return (StartOutcome) ask(new Event.RestartPid(Objects.requireNonNull(child, "child")));
  }

  /**
   * Forgets a child that is not running (SU72).
   *
   * @param id the child
   * @return done, or {@link Refusal#RUNNING}, {@link Refusal#RESTARTING}, {@link
   *     Refusal#NOT_FOUND}, {@link Refusal#SIMPLE_ONE_FOR_ONE}
   */
  public Outcome deleteChild(String id) {
    return (Outcome) ask(new Event.DeleteChild(Objects.requireNonNull(id, "id")));
  }

  /**
   * All children, newest first (SU73); under {@code simple_one_for_one} in no particular order.
   *
   * @return a snapshot
   */
  @SuppressWarnings("unchecked")
  public List<ChildInfo> whichChildren() {
    return (List<ChildInfo>) ask(new Query.WhichChildren());
  }

  /**
   * One child (SU73).
   *
   * @param id its id
   * @return what it is doing, or empty if there is none; always empty under {@code
   *     simple_one_for_one}
   */
  @SuppressWarnings("unchecked")
  public Optional<ChildInfo> whichChild(String id) {
    return (Optional<ChildInfo>) ask(new Query.WhichChild(Objects.requireNonNull(id, "id")));
  }

  /**
   * One child (SU73).
   *
   * @param child its pid, or the last one it had if it waits for its restart
   * @return what it is doing, or empty if it is no child
   */
  @SuppressWarnings("unchecked")
  public Optional<ChildInfo> whichChild(Pid child) {
    return (Optional<ChildInfo>) ask(new Query.WhichPid(Objects.requireNonNull(child, "child")));
  }

  /**
   * How many children there are (SU74).
   *
   * @return the counts now
   */
  public ChildCounts countChildren() {
    return (ChildCounts) ask(new Query.CountChildren());
  }

  /**
   * A child's specification, with all defaults (SU7). That of a temporary child that was added
   * later has no usable start function any more.
   *
   * @param id its id; under {@code simple_one_for_one} that of the template
   * @return the specification, or empty if there is no such child
   */
  @SuppressWarnings("unchecked")
  public Optional<ChildSpec> childSpec(String id) {
    return (Optional<ChildSpec>) ask(new Query.SpecOf(Objects.requireNonNull(id, "id")));
  }

  /**
   * A child's specification (SU7).
   *
   * @param child its pid
   * @return the specification, or empty if it is no child
   */
  @SuppressWarnings("unchecked")
  public Optional<ChildSpec> childSpec(Pid child) {
    return (Optional<ChildSpec>) ask(new Query.SpecOfPid(Objects.requireNonNull(child, "child")));
  }

  /**
   * Why a child was restarted: its last failures, with what was decided about each.
   *
   * @param id the child
   * @return the last 20 at most, oldest first, fewer if very many children of the supervisor fail;
   *     empty if it has never failed, there is no such child, or under {@code simple_one_for_one}
   */
  @SuppressWarnings("unchecked")
  public List<Failure> history(String id) {
    return (List<Failure>) ask(new Query.HistoryOf(Objects.requireNonNull(id, "id")));
  }

  /**
   * The same for one process.
   *
   * @param child its pid, or the last one it had if it is not running
   * @return as {@link #history(String)}; its failures as earlier processes are among them
   */
  @SuppressWarnings("unchecked")
  public List<Failure> history(Pid child) {
    return (List<Failure>) ask(new Query.HistoryOfPid(Objects.requireNonNull(child, "child")));
  }

  /**
   * The last failures of all children, those that are gone for good included.
   *
   * @return the last 20 at most, oldest first
   */
  @SuppressWarnings("unchecked")
  public List<Failure> history() {
    return (List<Failure>) ask(new Query.History());
  }

  /**
   * Gives the running supervisor another description (SU90, OTP's {@code code_change}). Flags apply
   * at once, specifications of known ids from the next start of the child; children with new ids
   * are added and not started; those with ids that are gone stay, after the others. The name does
   * not change.
   *
   * @param description the new one
   * @return done, or {@link Refusal#SIMPLE_ONE_FOR_ONE} if one of the two is of that strategy and
   *     the other is not; nothing has changed then
   * @throws IllegalArgumentException if significant children and automatic shutdown do not fit
   *     (SU4)
   */
  public Outcome upgrade(Supervisor description) {
    return (Outcome) ask(new Event.Upgrade(description.checkedSpec()));
  }

  /**
   * Stops the supervisor with {@code normal} and waits until it has ended (SU77).
   *
   * @throws CallFailed with {@code noproc} if it is not there, or the reason it ended with if that
   *     is another one
   */
  public void stop() {
    stop(ExitReason.NORMAL, null);
  }

  /**
   * Stops the supervisor: its children in reverse order, then itself (SU64, SU77).
   *
   * @param reason what it ends with
   * @param limit how long to wait, zero or more, or null for ever; the supervisor stops also if
   *     this is too short (G42)
   * @throws CallFailed with {@code noproc} if it is not there, {@code timeout}, or the reason it
   *     ended with if that is another one
   */
  public void stop(ExitReason reason, @Nullable Duration limit) {
    Event.Stop stop = new Event.Stop(Objects.requireNonNull(reason, "reason"));
    try {
      processes.call(resolve(stop), stop, limit);
    } catch (CallFailed ended) {
      if (!ended.reason().equals(reason)) {
        throw ended;
      }
    }
  }

  /** Asks for anything; the answer is never null. */
  Object ask(Object payload) {
    return Objects.requireNonNull(processes.call(resolve(payload), payload, timeout));
  }

  private Pid resolve(Object payload) {
    return lookup
        .get()
        .orElseThrow(
            () -> new CallFailed(ExitReason.NO_PROCESS, "call(" + this + ", " + payload + ")"));
  }

  @Override
  public String toString() {
    return "supervisor " + shown;
  }
}
