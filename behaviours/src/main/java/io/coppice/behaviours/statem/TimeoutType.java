package io.coppice.behaviours.statem;

import java.util.Objects;

/**
 * Which of its timeouts a state machine means (semantics 5.3). Of each there is at most one at a
 * time: setting it again replaces it. Immutable, compared by value.
 */
public sealed interface TimeoutType {
  /** The type of {@link #EVENT}. */
  record OfEvent() implements TimeoutType {
    @Override
    public String toString() {
      return "timeout";
    }
  }

  /** The type of {@link #STATE}. */
  record OfState() implements TimeoutType {
    @Override
    public String toString() {
      return "state_timeout";
    }
  }

  /**
   * The type of {@link #named}.
   *
   * @param name the name
   */
  record Named(Object name) implements TimeoutType {
    /** Refuses null. */
    public Named {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return "{timeout, " + name + "}";
    }
  }

  /** The event timeout: any event that is handled cancels it (SM14, SM20). */
  TimeoutType EVENT = new OfEvent();

  /** The state timeout: a change of state cancels it (SM13, SM21). */
  TimeoutType STATE = new OfState();

  /**
   * A generic timeout: nothing cancels it but an action (SM22).
   *
   * @param name an immutable value with a meaningful {@code equals}
   * @return the timeout of that name
   */
  static TimeoutType named(Object name) {
    return new Named(name);
  }
}
