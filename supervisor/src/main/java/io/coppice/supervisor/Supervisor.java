package io.coppice.supervisor;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.NameRegistry;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
 * <p>Children that come at run time with specifications of their own have a {@link
 * DynamicSupervisor}; several copies of one child, among which keys are divided, a {@link
 * PartitionSupervisor}. What is to be described only when it starts is {@link SupervisorCode}, and
 * what was not built for a tree gets into one by a {@link SupervisorBridge}.
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
 *   <li>{@link #name}, none: its registered name; or {@link #via} a registry of one's own.
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
  private final @Nullable ViaName via;

  private Supervisor(SupervisorSpec spec, @Nullable ViaName via) {
    this.spec = spec;
    this.via = via;
  }

  private static Supervisor of(Strategy strategy, List<ChildSpec> children) {
    return new Supervisor(SupervisorSpec.of(strategy, children), null);
  }

  private Supervisor with(SupervisorSpec changed) {
    return new Supervisor(changed, via);
  }

  /**
   * Restarts a failed child alone (SU40).
   *
   * @return a supervisor without children
   */
  public static Supervisor oneForOne() {
    return of(Strategy.ONE_FOR_ONE, List.of());
  }

  /**
   * Restarts all children when one fails (SU41).
   *
   * @return a supervisor without children
   */
  public static Supervisor oneForAll() {
    return of(Strategy.ONE_FOR_ALL, List.of());
  }

  /**
   * Restarts a failed child and those started after it (SU42).
   *
   * @return a supervisor without children
   */
  public static Supervisor restForOne() {
    return of(Strategy.REST_FOR_ONE, List.of());
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
    return of(Strategy.SIMPLE_ONE_FOR_ONE, List.of(template));
  }

  /**
   * Checks specifications that come from elsewhere, without starting anything (SU6): whether a
   * supervisor could have these children.
   *
   * @param children the specifications, in start order
   * @param autoShutdown the automatic shutdown of the supervisor that is to have them
   * @throws IllegalArgumentException if two have the same id, or one is significant and there is no
   *     automatic shutdown (SU4)
   */
  public static void checkChildSpecs(Iterable<ChildSpec> children, AutoShutdown autoShutdown) {
    Supervisor supervisor = oneForOne().autoShutdown(autoShutdown);
    for (ChildSpec child : children) {
      supervisor = supervisor.child(child);
    }
    SupervisorSpec _ = supervisor.checkedSpec();
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
    return with(spec.intensity(restartsMax, within));
  }

  /**
   * Allows 3 restarts within 5 seconds, as the supervisors of Elixir do by default (DS10).
   *
   * @return a changed copy
   */
  public Supervisor elixirIntensity() {
    return intensity(3, Duration.ofSeconds(5));
  }

  /**
   * Whether the supervisor ends with its significant children (SU80–SU83).
   *
   * @param value default {@link AutoShutdown#NEVER}; nothing else under {@code simple_one_for_one}
   * @return a changed copy
   */
  public Supervisor autoShutdown(AutoShutdown value) {
    return with(spec.autoShutdown(Objects.requireNonNull(value, "autoShutdown")));
  }

  /**
   * What the supervisor ends with when more restarts would be needed than are allowed (SU33).
   *
   * @param value default {@link GivingUp#SHUTDOWN}
   * @return a changed copy
   */
  public Supervisor onGivingUp(GivingUp value) {
    return with(spec.givingUp(Objects.requireNonNull(value, "onGivingUp")));
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
    return with(spec.childrenMax(value));
  }

  /**
   * Registers the supervisor under a name, while it lives.
   *
   * @param value the name, not blank
   * @return a changed copy
   */
  public Supervisor name(String value) {
    return with(spec.name(Objects.requireNonNull(value, "name")));
  }

  /**
   * Registers the supervisor in a registry of one's own, while it lives (P62): under a global name,
   * for instance.
   *
   * @param registry the registry
   * @param key the name there
   * @return a changed copy
   */
  public Supervisor via(NameRegistry registry, Object key) {
    return new Supervisor(spec, new ViaName(registry, key));
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
    return with(spec.child(child));
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
    SpawnOptions linked = options().link();
    return ChildSpec.starting(id, parent -> StartResult.ok(launch(parent, checked, linked)))
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
    SpawnOptions options = options();
    boolean inside = processes instanceof Context;
    try {
      return SupervisorRef.of(
          inside ? ((Context) processes).node() : processes,
          launch(processes, checked, inside ? options.link() : options));
    } catch (CallFailed failed) {
      String shown = CodeStart.shownName(options);
      String who = shown == null ? "The supervisor" : "The supervisor " + shown;
      throw new StartFailed(who, failed.reason());
    }
  }

  private static Pid launch(Processes processes, SupervisorSpec spec, SpawnOptions options) {
    SupervisorBody body = new SupervisorBody(spec, CodeStart.shownName(options));
    return processes.start(body, options, new Event.Boot(), null).pid();
  }

  private SpawnOptions options() {
    SpawnOptions options = SpawnOptions.DEFAULT.initialCall("supervisor " + spec.kind());
    String name = spec.name();
    options = name == null ? options : options.name(name);
    return via == null ? options : options.via(via.registry(), via.key());
  }

  boolean isNamed() {
    return via != null || spec.name() != null;
  }

  /** Another template for the same simple_one_for_one supervisor. */
  Supervisor template(ChildSpec template) {
    return with(spec.template(template));
  }

  /** What it was told, for {@link SupervisorRef#upgrade}. */
  SupervisorSpec checkedSpec() {
    return spec.checked();
  }
}
