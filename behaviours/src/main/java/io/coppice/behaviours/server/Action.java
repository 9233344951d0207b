package io.coppice.behaviours.server;

import java.time.Duration;
import java.util.Objects;

/**
 * What a server wants to happen next, given with the result of a callback (semantics 4.1, 4.2).
 *
 * <p>An action without variable parts can be kept in a constant.
 */
public sealed interface Action {
  /**
   * {@code handleContinue} runs at once, before any message.
   *
   * @param term what it gets
   */
  record Continue(Object term) implements Action {}

  /**
   * {@code handleInfo} gets {@link Idle} if no message at all arrives for that long.
   *
   * @param after zero or more
   */
  record IdleTimeout(Duration after) implements Action {
    /** Refuses a negative time. */
    public IdleTimeout {
      checkTime(after);
    }
  }

  /**
   * {@code handleInfo} gets a message after some time, unless another message comes first.
   *
   * @param nanos how long from now, or with {@code absolute} when on the node's clock
   * @param absolute whether {@code nanos} is a point in time
   * @param message what {@code handleInfo} gets
   * @param hibernate whether the server rests until then
   */
  record MessageTimeout(long nanos, boolean absolute, Object message, boolean hibernate)
      implements Action {
    /** Refuses null. */
    public MessageTimeout {
      Objects.requireNonNull(message, "message");
    }
  }

  /** The server rests until its next message. */
  record Hibernate() implements Action {}

  /**
   * Goes on with {@code handleContinue}, before any message, system messages included (GS5). The
   * reply given together with it is sent before.
   *
   * @param term what {@code handleContinue} gets
   * @return the action
   */
  static Action continueWith(Object term) {
    return new Continue(Objects.requireNonNull(term, "term"));
  }

  /**
   * Asks for {@link Idle} if no message at all arrives for some time (GS10). Any message cancels
   * it; it must be asked for again each time. A system message restarts it from the full time
   * (GS11). With zero a message that is already waiting wins.
   *
   * @param after zero or more
   * @return the action
   */
  static Action timeout(Duration after) {
    return new IdleTimeout(after);
  }

  /**
   * Sends a message to {@code handleInfo} after some time (GS12). Cancelled by any message but not
   * by system messages. With zero it is handled at once, before any waiting message.
   *
   * @param after zero or more
   * @param message what {@code handleInfo} gets
   * @return the action
   */
  static Action timeout(Duration after, Object message) {
    checkTime(after);
    return new MessageTimeout(after.toNanos(), false, message, false);
  }

  /**
   * As {@link #timeout(Duration, Object)}, at a point in time.
   *
   * @param monotonicNanos when, on the node's clock; what is past is at once
   * @param message what {@code handleInfo} gets
   * @return the action
   */
  static Action timeoutAt(long monotonicNanos, Object message) {
    return new MessageTimeout(monotonicNanos, true, message, false);
  }

  /**
   * Rests until the next message. A server has no stack between messages, so this is a mark that
   * tools show, and no more (P83).
   *
   * @return the action
   */
  static Action hibernate() {
    return new Hibernate();
  }

  /**
   * Rests until the next message, and asks for one as {@link #timeout(Duration, Object)}.
   *
   * @param after zero or more
   * @param message what {@code handleInfo} gets
   * @return the action
   */
  static Action hibernate(Duration after, Object message) {
    checkTime(after);
    return new MessageTimeout(after.toNanos(), false, message, true);
  }

  /**
   * Rests until the next message, and asks for one as {@link #timeoutAt}.
   *
   * @param monotonicNanos when, on the node's clock; what is past is at once
   * @param message what {@code handleInfo} gets
   * @return the action
   */
  static Action hibernateUntil(long monotonicNanos, Object message) {
    return new MessageTimeout(monotonicNanos, true, message, true);
  }

  private static void checkTime(Duration after) {
    if (after.isNegative()) {
      throw new IllegalArgumentException("the timeout is " + after + ", it must not be negative");
    }
  }
}
