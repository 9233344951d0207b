package io.coppice.kernel.process;

import java.time.Duration;
import java.util.Objects;

/**
 * How long the code of a process may be at one message; see {@link Processes#watchHandlers}.
 * Immutable; each method returns a changed copy.
 *
 * @param time after which it is reported, with its stack; 1 ms or more
 * @param failAt after how many times that it is made to fail, 2 or more; 0: never
 */
public record HandlerLimit(Duration time, int failAt) {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final int STANDARD = 3;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one of them is out of range
   */
  public HandlerLimit {
    Objects.requireNonNull(time, "time");
    if (time.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException(
          "invalid_handler_limit: a handler may take " + time + ", but less than 1 ms is not seen");
    }
    if (failAt != 0 && failAt < 2) {
      throw new IllegalArgumentException(
          "invalid_handler_limit: a handler fails at "
              + failAt
              + " times its limit, allowed are 2 or more, since it is warned at 1, or 0 for never");
    }
  }

  /**
   * A limit that makes a process fail at three times the time.
   *
   * @param time after which it is reported; 1 ms or more
   * @return the limit
   * @throws IllegalArgumentException if it is shorter
   */
  public static HandlerLimit of(Duration time) {
    return new HandlerLimit(time, STANDARD);
  }

  /**
   * When a process fails.
   *
   * @param times how many times the time, 2 or more
   * @return a changed copy
   * @throws IllegalArgumentException if it is less
   */
  public HandlerLimit failAt(int times) {
    if (times == 0) {
      throw new IllegalArgumentException(
          "invalid_handler_limit: a handler cannot fail at 0 times its limit; use warnOnly()");
    }
    return new HandlerLimit(time, times);
  }

  /**
   * A limit that is only told.
   *
   * @return a changed copy
   */
  public HandlerLimit warnOnly() {
    return new HandlerLimit(time, 0);
  }
}
