package io.coppice.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Supervisor} was told, and the one place where the defaults and checks stand
 * (semantics SU1–SU5). Children in start order; under simple_one_for_one the template alone.
 */
record SupervisorSpec(
    Strategy strategy,
    int intensity,
    Duration period,
    AutoShutdown autoShutdown,
    List<ChildSpec> children,
    int childrenMax,
    @Nullable String name,
    GivingUp givingUp) {
  private static final int DEFAULT_INTENSITY = 1;
  private static final Duration DEFAULT_PERIOD = Duration.ofSeconds(5);
  private static final int UNLIMITED = Integer.MAX_VALUE;

  SupervisorSpec {
    if (intensity < 0) {
      throw new IllegalArgumentException(
          "invalid_intensity: " + intensity + " restarts, but the number cannot be negative");
    }
    if (!period.isPositive()) {
      throw new IllegalArgumentException(
          "invalid_period: the period is " + period + ", but it must be longer than zero");
    }
    if (childrenMax < 0) {
      throw new IllegalArgumentException(
          "invalid_max_children: " + childrenMax + ", but the number cannot be negative");
    }
    if (name != null && name.isBlank()) {
      throw new IllegalArgumentException("The name of a supervisor cannot be blank.");
    }
    children = List.copyOf(children);
  }

  static SupervisorSpec of(Strategy strategy, List<ChildSpec> children) {
    return new SupervisorSpec(
        strategy,
        DEFAULT_INTENSITY,
        DEFAULT_PERIOD,
        AutoShutdown.NEVER,
        children,
        UNLIMITED,
        null,
        GivingUp.SHUTDOWN);
  }

  boolean isSimple() {
    return strategy == Strategy.SIMPLE_ONE_FOR_ONE;
  }

  /** Whether it is a {@link DynamicSupervisor}, whose children bring their specifications along. */
  boolean isDynamic() {
    return isSimple() && template().start() instanceof DynamicTemplate;
  }

  /** The strategy, in words; {@code dynamic} for a {@link DynamicSupervisor}. */
  String kind() {
    return isDynamic() ? "dynamic" : strategy.toString();
  }

  /** Whether a supervisor can be changed into the other one (SU90). */
  boolean isLike(SupervisorSpec other) {
    return isSimple() == other.isSimple() && isDynamic() == other.isDynamic();
  }

  /** The template of a simple_one_for_one supervisor. */
  ChildSpec template() {
    return children.getFirst();
  }

  SupervisorSpec intensity(int restartsMax, Duration within) {
    return new SupervisorSpec(
        strategy, restartsMax, within, autoShutdown, children, childrenMax, name, givingUp);
  }

  SupervisorSpec autoShutdown(AutoShutdown value) {
    return new SupervisorSpec(
        strategy, intensity, period, value, children, childrenMax, name, givingUp);
  }

  SupervisorSpec name(String value) {
    return new SupervisorSpec(
        strategy, intensity, period, autoShutdown, children, childrenMax, value, givingUp);
  }

  SupervisorSpec childrenMax(int value) {
    return new SupervisorSpec(
        strategy, intensity, period, autoShutdown, children, value, name, givingUp);
  }

  SupervisorSpec givingUp(GivingUp value) {
    return new SupervisorSpec(
        strategy, intensity, period, autoShutdown, children, childrenMax, name, value);
  }

  SupervisorSpec child(ChildSpec spec) {
    if (isSimple()) {
      throw new IllegalArgumentException(
          "bad_start_spec: a simple_one_for_one supervisor has its template as the only child"
              + " specification, so "
              + spec.id()
              + " cannot be added");
    }
    if (children.stream().anyMatch(other -> other.id().equals(spec.id()))) {
      throw new IllegalArgumentException(
          "duplicate_child_name: the supervisor has a child "
              + spec.id()
              + " already; give one of the two another id, with ChildSpec.id(…)");
    }
    List<ChildSpec> more = new ArrayList<>(children);
    more.add(spec);
    return new SupervisorSpec(
        strategy, intensity, period, autoShutdown, more, childrenMax, name, givingUp);
  }

  /** Another template for a simple_one_for_one supervisor. */
  SupervisorSpec template(ChildSpec template) {
    return new SupervisorSpec(
        strategy, intensity, period, autoShutdown, List.of(template), childrenMax, name, givingUp);
  }

  /** Checks what cannot be checked before all is said: the combinations (SU4, SU5). */
  SupervisorSpec checked() {
    if (isSimple() && autoShutdown != AutoShutdown.NEVER) {
      throw new IllegalArgumentException(
          "bad_combination: a simple_one_for_one supervisor has no automatic shutdown, but "
              + autoShutdown
              + " was asked for");
    }
    if (!isSimple() && childrenMax != UNLIMITED) {
      throw new IllegalArgumentException(
          "bad_combination: only a simple_one_for_one supervisor limits the number of its children,"
              + " but this is "
              + strategy
              + " and was told "
              + childrenMax);
    }
    for (ChildSpec child : children) {
      if (!allows(child)) {
        throw new IllegalArgumentException(
            "bad_combination: the child "
                + child.id()
                + " is significant, but the supervisor's automatic shutdown is never; call"
                + " autoShutdown(…)");
      }
    }
    return this;
  }

  /** Why no dynamic child can be added to so many, those that wait for a restart included (DS3). */
  @Nullable Refusal unlessStarts(Event.StartDynamic wanted, int count) {
    if (!isSimple()) {
      return Refusal.INVALID_CHILD_SPEC;
    }
    if (wanted.argument() instanceof DynamicTemplate.Wanted(ChildSpec child, _)) {
      Refusal refusal = unlessTakes(child);
      if (refusal != null) {
        return refusal;
      }
    }
    return count < childrenMax ? null : Refusal.MAX_CHILDREN;
  }

  /** Why no child with that specification can be added; null if it can. */
  @Nullable Refusal unlessTakes(ChildSpec child) {
    if (isSimple() && !isDynamic()) {
      return Refusal.SIMPLE_ONE_FOR_ONE;
    }
    return allows(child) ? null : Refusal.BAD_COMBINATION;
  }

  /** Whether a child fits the automatic shutdown (SU4). */
  boolean allows(ChildSpec child) {
    return !child.significant() || autoShutdown != AutoShutdown.NEVER;
  }
}
