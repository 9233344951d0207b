package io.coppice.supervisor;

import java.time.Duration;
import java.util.Objects;

/** How a supervisor stops a child (semantics SU60). */
public sealed interface Shutdown {
  /** It is killed at once, without a chance to clean up. */
  record Brutal() implements Shutdown {
    @Override
    public String toString() {
      return "brutal_kill";
    }
  }

  /**
   * It is told {@code shutdown}, and killed if it has not ended in time.
   *
   * @param time zero or more
   */
  record Within(Duration time) implements Shutdown {
    /** Refuses negative times. */
    public Within {
      Objects.requireNonNull(time, "time");
      if (time.isNegative()) {
        throw new IllegalArgumentException(
            "invalid_shutdown: the time to stop is " + time + ", but it cannot be negative");
      }
    }

    @Override
    public String toString() {
      return "within " + Times.text(time);
    }
  }

  /** It is told {@code shutdown} and waited for as long as it takes. */
  record Unlimited() implements Shutdown {
    @Override
    public String toString() {
      return "infinity";
    }
  }

  /**
   * Kills at once ({@code brutal_kill}).
   *
   * @return the form
   */
  static Shutdown brutal() {
    return new Brutal();
  }

  /**
   * Asks, waits, then kills. Zero asks and kills in one go.
   *
   * @param time how long to wait, zero or more
   * @return the form
   * @throws IllegalArgumentException if the time is negative
   */
  static Shutdown within(Duration time) {
    return new Within(time);
  }

  /**
   * Asks and waits for ever ({@code infinity}). For supervisors; a worker that never stops then
   * holds up its whole tree.
   *
   * @return the form
   */
  static Shutdown unlimited() {
    return new Unlimited();
  }
}
