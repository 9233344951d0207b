package io.coppice.supervisor;

import io.coppice.kernel.process.NameRegistry;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Processes;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a supervisor that starts without children and gets them at run time, each with a
 * specification of its own (semantics DS1–DS7, Elixir's {@code DynamicSupervisor}): sessions,
 * connections, jobs of any kind side by side.
 *
 * {@snippet class="io.coppice.supervisor.SupervisorSnippets" region="dynamic"}
 *
 * <p>A child that fails is restarted alone, as its specification says. Children have no ids: there
 * may be any number with the same specification, and they are named by their pids. Starting, ending
 * and finding one costs the same however many there are; 100 000 take a few seconds to stop. When
 * the supervisor stops, all are told at once, and each has its own time.
 *
 * <h2>Options, with their defaults</h2>
 *
 * <ul>
 *   <li>{@link #intensity}, 3 restarts within 5 seconds, over all children.
 *   <li>{@link #maxChildren}, any number.
 *   <li>{@link #extraArgument}, none: what every child gets before its own argument.
 *   <li>{@link #name}, none: its registered name; or {@link #via} a registry of one's own.
 * </ul>
 *
 * <p>Where all children are made in the same way, {@link Supervisor#simpleOneForOne} keeps that in
 * one place. Several of these side by side, so that not all children are started by one process,
 * are a {@link PartitionSupervisor}.
 *
 * <p>Immutable; each method returns a changed copy, so one description may start many supervisors,
 * from any thread.
 */
public final class DynamicSupervisor {
  /*
   * To the machinery this is a simple_one_for_one supervisor whose template says nothing: each child
   * brings along what the template would say. What OTP and Elixir do differently stands where it is
   * decided: see SupervisorSpec.isDynamic.
   */
  private final Supervisor supervisor;

  private DynamicSupervisor(Supervisor supervisor) {
    this.supervisor = supervisor;
  }

  private static Supervisor taking(@Nullable Object extra) {
    return Supervisor.simpleOneForOne(
        ChildSpec.starting(DynamicTemplate.ID, new DynamicTemplate(extra)));
  }

  /**
   * With all defaults.
   *
   * @return a supervisor without a name
   */
  public static DynamicSupervisor create() {
    return new DynamicSupervisor(taking(null).elixirIntensity());
  }

  /**
   * How many restarts are too many, over all children (DS5, SU30–SU33).
   *
   * @param restartsMax restarts allowed within the period, 0 or more; default 3
   * @param within the period, longer than zero; default 5 seconds
   * @return a changed copy
   * @throws IllegalArgumentException if one of them is out of range
   */
  public DynamicSupervisor intensity(int restartsMax, Duration within) {
    return new DynamicSupervisor(supervisor.intensity(restartsMax, within));
  }

  /**
   * How many children there may be (DS3). One more is refused with {@link Refusal#MAX_CHILDREN};
   * those that wait for a restart count.
   *
   * @param value zero or more; default: any number
   * @return a changed copy
   * @throws IllegalArgumentException if the value is negative
   */
  public DynamicSupervisor maxChildren(int value) {
    return new DynamicSupervisor(supervisor.maxChildren(value));
  }

  /**
   * What every child is given before its own argument, also for a restart (DS1): a pool of
   * connections, for instance. All children are then to be made by {@link ChildSpec#taking(String,
   * Class, ArgumentStart)}, or, if they have an argument of their own, by {@link
   * ChildSpec#taking(String, Class, Class, ExtendedStart)}; another start fails.
   *
   * @param value an immutable object
   * @return a changed copy
   */
  public DynamicSupervisor extraArgument(Object value) {
    ChildSpec template = supervisor.checkedSpec().template();
    DynamicTemplate changed = new DynamicTemplate(Objects.requireNonNull(value, "value"));
    return new DynamicSupervisor(supervisor.template(template.withStart(changed)));
  }

  /**
   * Registers the supervisor under a name, while it lives.
   *
   * @param value the name, not blank
   * @return a changed copy
   */
  public DynamicSupervisor name(String value) {
    return new DynamicSupervisor(supervisor.name(value));
  }

  /**
   * Registers the supervisor in a registry of one's own, while it lives (P62).
   *
   * @param registry the registry
   * @param key the name there
   * @return a changed copy
   */
  public DynamicSupervisor via(NameRegistry registry, Object key) {
    return new DynamicSupervisor(supervisor.via(registry, key));
  }

  /**
   * This supervisor as a child of another: permanent, of type supervisor, with unlimited time to
   * stop.
   *
   * @param id its id there
   * @return the specification
   */
  public ChildSpec childSpec(String id) {
    return supervisor.childSpec(id);
  }

  /**
   * This supervisor as a child of another, with its name as the id.
   *
   * @return the specification
   * @throws IllegalStateException if it has no name
   */
  public ChildSpec childSpec() {
    return supervisor.childSpec();
  }

  /**
   * Starts the supervisor. Given the {@code Context} of a process it is linked with that process,
   * its parent; given a node, with nobody.
   *
   * @param processes a node, or the context of the process that calls
   * @return the supervisor, by pid
   * @throws NameTaken if its name is taken; nothing was started
   */
  public DynamicSupervisorRef start(Processes processes) {
    return new DynamicSupervisorRef(supervisor.start(processes));
  }

  /** What it was told, for {@link DynamicSupervisorRef#upgrade}. */
  Supervisor description() {
    return supervisor;
  }
}
