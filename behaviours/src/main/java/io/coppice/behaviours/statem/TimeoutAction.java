package io.coppice.behaviours.statem;

import java.time.Duration;
import java.util.Objects;

/**
 * An {@link Action} on one of the timeouts of a machine (semantics SM20–SM25). Made by the methods
 * of {@link Action}.
 */
public sealed interface TimeoutAction extends EnterAction {
  /**
   * The timeout it is about.
   *
   * @return the type
   */
  TimeoutType type();

  /**
   * Sets a timeout, and replaces one of the same type.
   *
   * @param type which
   * @param after zero or more
   * @param content what its event carries
   */
  record Start(TimeoutType type, Duration after, Object content) implements TimeoutAction {
    /** Refuses null and a negative time. */
    public Start {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(content, "content");
      if (after.isNegative()) {
        throw new IllegalArgumentException(
            "the " + type + " is " + after + ", it must not be negative");
      }
    }
  }

  /**
   * Sets a timeout to a point in time, and replaces one of the same type.
   *
   * @param type which
   * @param monotonicNanos when, on the node's clock; what is past is at once
   * @param content what its event carries
   */
  record StartAt(TimeoutType type, long monotonicNanos, Object content) implements TimeoutAction {
    /** Refuses null. */
    public StartAt {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(content, "content");
    }
  }

  /**
   * Cancels a timeout if there is one.
   *
   * @param type which
   */
  record Cancel(TimeoutType type) implements TimeoutAction {
    /** Refuses null. */
    public Cancel {
      Objects.requireNonNull(type, "type");
    }
  }

  /**
   * Changes the content of a timeout.
   *
   * @param type which
   * @param content what its event carries from now on
   */
  record Update(TimeoutType type, Object content) implements TimeoutAction {
    /** Refuses null. */
    public Update {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(content, "content");
    }
  }
}
