package io.coppice.supervisor;

import org.jspecify.annotations.Nullable;

/**
 * What {@link SupervisorCode#init} returns (semantics SU2): a description, or that there is nothing
 * to supervise. Immutable.
 */
public final class SupervisorInit {
  private static final SupervisorInit IGNORED = new SupervisorInit(null);
  private final @Nullable SupervisorSpec spec;

  private SupervisorInit(@Nullable SupervisorSpec spec) {
    this.spec = spec;
  }

  /**
   * Supervise these children in this way.
   *
   * @param description a supervisor without a name: the one that runs this has its name, or none
   *     ({@link SupervisorCode#start})
   * @return the result
   * @throws IllegalArgumentException if significant children and automatic shutdown do not fit
   *     (SU4), or it has a name
   */
  public static SupervisorInit of(Supervisor description) {
    if (description.isNamed()) {
      throw new IllegalArgumentException(
          "The supervisor that init describes has a name of its own, but it is the one that runs"
              + " already; give the name to whoever starts it, in the spawn options.");
    }
    return of(description.checkedSpec());
  }

  static SupervisorInit of(SupervisorSpec spec) {
    return new SupervisorInit(spec);
  }

  /**
   * There is nothing to supervise, and that is no failure ({@code ignore}): the process ends with
   * {@code normal}.
   *
   * @return the result
   */
  public static SupervisorInit ignored() {
    return IGNORED;
  }

  /** The description, or null if there is none. */
  @Nullable SupervisorSpec spec() {
    return spec;
  }

  @Override
  public String toString() {
    return spec == null ? "ignore" : spec.kind() + " " + spec.children();
  }
}
