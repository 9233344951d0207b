package io.coppice.supervisor;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Describes a supervisor: a process that starts other processes, its children, and starts them
 * again when they fail. Trees of supervisors are how a program survives the failure of any of its
 * parts.
 *
 * {@snippet class="io.coppice.supervisor.SupervisorSnippets" region="first"}
 *
 * <p>The children are started in the order given, each when the one before it is ready, and stopped
 * in the reverse order. If one of them cannot be started at first, those before it are stopped
 * again and {@link #start} throws {@link StartFailed}. From then on the supervisor waits for ends
 * of children and for requests ({@link SupervisorRef}).
 *
 * <h2>Strategies: who is restarted when a child fails</h2>
 *
 * <ul>
 *   <li>{@link #oneForOne()}: that child alone. For children that do not depend on each other.
 *   <li>{@link #oneForAll()}: all children; the others are stopped first. For children that are
 *       useless without each other.
 *   <li>{@link #restForOne()}: that child and those started after it. For children of which each
 *       depends on earlier ones.
 *   <li>{@link #simpleOneForOne(ChildSpec)}: that child alone; all children are made from one
 *       template, at run time, and have no ids. For sessions, connections, accounts.
 * </ul>
 *
 * <h2>Options, with their defaults</h2>
 *
 * <ul>
 *   <li>{@link #intensity}, 1 restart within 5 seconds: if more would be needed, the supervisor
 *       stops its children and ends with {@code shutdown}, which its own supervisor sees. One
 *       failure that restarts ten siblings counts once, a restart that fails counts again, and
 *       restarts on request do not count.
 *   <li>{@link #autoShutdown}, never: whether the supervisor ends with its significant children.
 *   <li>{@link #onGivingUp}, {@code shutdown}: whether its own supervisor sees an abnormal end.
 *   <li>{@link #name}, none: its registered name.
 *   <li>For each child see {@link ChildSpec}: permanent, 5 seconds to stop.
 * </ul>
 *
 * <p>A restart that fails is tried again at once, but by a message to itself, so that requests are
 * served in between; each try counts. A child may have a {@link Backoff} instead, and a {@link
 * Budget} of restarts of its own, so that one which keeps failing does not take the others along. A
 * supervisor ends when its parent does, whatever the reason; an exit signal of anybody else is
 * ignored, unless it is {@code kill}.
 *
 * <h2>When not to use it</h2>
 *
 * <p>A failure that is expected, such as bad input or a refused payment, is an answer and no reason
 * to restart anything. A resource that comes and goes for minutes, such as a database, belongs into
 * a child with a {@link Backoff}, or one that starts without it and tries again on its own clock:
 * without one a supervisor tries at once and then gives up. For work that should run once and give
 * a result there are tasks (module behaviours).
 *
 * <p>Immutable; each method returns a changed copy, so one description may start many supervisors,
 * from any thread. Modelled on OTP's {@code supervisor} (semantics SU1–SU93); restart instants are
 * nanoseconds instead of whole seconds.
 */
public final class Supervisor {
  private final SupervisorSpec spec;

  private Supervisor(SupervisorSpec spec) {
    this.spec = spec;
  }

  /**
   * Restarts a failed child alone (SU40).
   *
   * @return a supervisor without children
   */
  public static Supervisor oneForOne() {
    return new Supervisor(SupervisorSpec.of(Strategy.ONE_FOR_ONE, List.of()));
  }

  /**
   * Restarts all children when one fails (SU41).
   *
   * @return a supervisor without children
   */
  public static Supervisor oneForAll() {
    return new Supervisor(SupervisorSpec.of(Strategy.ONE_FOR_ALL, List.of()));
  }

  /**
   * Restarts a failed child and those started after it (SU42).
   *
   * @return a supervisor without children
   */
  public static Supervisor restForOne() {
    return new Supervisor(SupervisorSpec.of(Strategy.REST_FOR_ONE, List.of()));
  }

  /**
   * Starts children from one template, on request only, and restarts a failed one alone (SU5,
   * SU45).
   *
   * @param template how each child is started, usually made by {@link ChildSpec#taking}; its id is
   *     what reports call such a child
   * @return a supervisor that will start without children
   */
  public static Supervisor simpleOneForOne(ChildSpec template) {
    return new Supervisor(SupervisorSpec.of(Strategy.SIMPLE_ONE_FOR_ONE, List.of(template)));
  }

  /**
   * How many restarts are too many (SU30–SU33).
   *
   * @param restartsMax restarts allowed within the period, 0 or more; default 1
   * @param within the period, longer than zero; default 5 seconds. A restart that is exactly one
   *     period old still counts.
   * @return a changed copy
   * @throws IllegalArgumentException if one of them is out of range
   */
  public Supervisor intensity(int restartsMax, Duration within) {
    return new Supervisor(spec.intensity(restartsMax, within));
  }

  /**
   * Whether the supervisor ends with its significant children (SU80–SU83).
   *
   * @param value default {@link AutoShutdown#NEVER}; nothing else under {@code simple_one_for_one}
   * @return a changed copy
   */
  public Supervisor autoShutdown(AutoShutdown value) {
    return new Supervisor(spec.autoShutdown(Objects.requireNonNull(value, "autoShutdown")));
  }

  /**
   * What the supervisor ends with when more restarts would be needed than are allowed (SU33).
   *
   * @param value default {@link GivingUp#SHUTDOWN}
   * @return a changed copy
   */
  public Supervisor onGivingUp(GivingUp value) {
    return new Supervisor(spec.givingUp(Objects.requireNonNull(value, "onGivingUp")));
  }

  /**
   * How many children a {@code simple_one_for_one} supervisor may have (DS3). One more is refused
   * with {@link Refusal#MAX_CHILDREN}; those that wait for a restart count.
   *
   * @param value zero or more; default: any number
   * @return a changed copy
   * @throws IllegalArgumentException if the value is negative; by {@link #start} under another
   *     strategy
   */
  public Supervisor maxChildren(int value) {
    return new Supervisor(spec.childrenMax(value));
  }

  /**
   * Registers the supervisor under a name, while it lives.
   *
   * @param value the name, not blank
   * @return a changed copy
   */
  public Supervisor name(String value) {
    return new Supervisor(spec.name(Objects.requireNonNull(value, "name")));
  }

  /**
   * Adds a child at the end.
   *
   * @param child how it is started, restarted and stopped
   * @return a changed copy
   * @throws IllegalArgumentException if there is a child with that id, or this is a {@code
   *     simple_one_for_one} supervisor
   */
  public Supervisor child(ChildSpec child) {
    return new Supervisor(spec.child(child));
  }

  /**
   * Adds a child that a behaviour starts, such as a GenServer, with all defaults; its id is also
   * its registered name ({@link ChildSpec#of}).
   *
   * @param id its id and name
   * @param code makes the code for one life of the child
   * @return a changed copy
   * @throws IllegalArgumentException as {@link #child(ChildSpec)}
   */
  public Supervisor child(String id, Supplier<? extends Startable> code) {
    return child(ChildSpec.of(id, code));
  }

  /**
   * Adds a supervisor as a permanent child, which has as long as it needs to stop.
   *
   * @param id its id; its name, if it is to have one, is the nested supervisor's
   * @param nested the supervisor
   * @return a changed copy
   * @throws IllegalArgumentException as {@link #child(ChildSpec)}
   */
  public Supervisor supervisor(String id, Supervisor nested) {
    return child(nested.childSpec(id));
  }

  /**
   * This supervisor as a child of another: permanent, of type supervisor, with unlimited time to
   * stop.
   *
   * @param id its id there
   * @return the specification
   * @throws IllegalArgumentException if significant children and automatic shutdown do not fit
   *     (SU4)
   */
  public ChildSpec childSpec(String id) {
    SupervisorSpec checked = spec.checked();
    return ChildSpec.starting(
            id, parent -> StartResult.ok(launch(parent, checked, options(checked).link())))
        .type(ChildType.SUPERVISOR);
  }

  /**
   * This supervisor as a child of another, with its name as the id.
   *
   * @return the specification
   * @throws IllegalStateException if it has no name
   */
  public ChildSpec childSpec() {
    String name = spec.name();
    if (name == null) {
      throw new IllegalStateException(
          "A supervisor without a name needs an id to be a child; use childSpec(id).");
    }
    return childSpec(name);
  }

  /**
   * Starts the supervisor and its children, and waits until all run (SU10, SU13).
   *
   * <p>Given the {@link Context} of a process, the supervisor is linked with that process, its
   * parent: it ends with it. If the start fails and the parent does not trap exits, the parent ends
   * too (G7). Given a node, the supervisor is linked with nobody and runs until it is stopped or
   * the node closes.
   *
   * @param processes a node, or the context of the process that calls
   * @return the supervisor, by pid
   * @throws StartFailed if a child could not be started; nothing is left running
   * @throws NameTaken if the supervisor's name is taken; nothing was started
   * @throws IllegalArgumentException if significant children and automatic shutdown do not fit
   *     (SU4)
   */
  public SupervisorRef start(Processes processes) {
    SupervisorSpec checked = spec.checked();
    SpawnOptions options = options(checked);
    boolean inside = processes instanceof Context;
    try {
      return SupervisorRef.of(
          inside ? ((Context) processes).node() : processes,
          launch(processes, checked, inside ? options.link() : options));
    } catch (CallFailed failed) {
      String who = checked.name() == null ? "The supervisor" : "The supervisor " + checked.name();
      throw new StartFailed(who, failed.reason());
    }
  }

  private static Pid launch(Processes processes, SupervisorSpec spec, SpawnOptions options) {
    return processes.start(new SupervisorBody(spec), options, new Event.Boot(), null).pid();
  }

  private static SpawnOptions options(SupervisorSpec spec) {
    SpawnOptions options = SpawnOptions.DEFAULT.initialCall("supervisor " + spec.strategy());
    String name = spec.name();
    return name == null ? options : options.name(name);
  }

  /** What it was told, for {@link SupervisorRef#upgrade}. */
  SupervisorSpec checkedSpec() {
    return spec.checked();
  }
}
