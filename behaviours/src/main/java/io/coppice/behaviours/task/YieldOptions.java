package io.coppice.behaviours.task;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to wait for several tasks with {@link Task#yieldMany} (semantics TK4). Immutable; each method
 * returns a changed copy.
 *
 * @param timeout how long to wait for all together, zero or more, or null for ever; default 5 s
 * @param limit how many outcomes are enough, 1 or more; default: all. When they are there the wait
 *     is over, and nothing happens to the other tasks.
 * @param onTimeout what happens to those that are open when the time is over; default {@link
 *     OnTimeout#NOTHING}
 */
public record YieldOptions(@Nullable Duration timeout, int limit, OnTimeout onTimeout) {
  /** Five seconds, all tasks, and those that are late go on. */
  public static final YieldOptions DEFAULT =
      new YieldOptions(Task.DEFAULT_TIMEOUT, Integer.MAX_VALUE, OnTimeout.NOTHING);

  /** What happens to a task that is late. */
  public enum OnTimeout {
    /** It goes on and can be waited for again. */
    NOTHING,
    /** It goes on, and its outcome is dropped ({@link Task#ignore}). */
    IGNORE,
    /** It is killed ({@link Task#shutdown}). */
    KILL_TASK
  }

  /** Checks the values. */
  public YieldOptions {
    Waits.checkTimeout(timeout);
    if (limit < 1) {
      throw new IllegalArgumentException("the limit is " + limit + ", the least allowed is 1");
    }
    Objects.requireNonNull(onTimeout, "onTimeout");
  }

  /**
   * Limits the time.
   *
   * @param value zero or more, or null for ever
   * @return a changed copy
   */
  public YieldOptions timeout(@Nullable Duration value) {
    return new YieldOptions(value, limit, onTimeout);
  }

  /**
   * Limits the outcomes that are waited for.
   *
   * @param value 1 or more
   * @return a changed copy
   */
  public YieldOptions limit(int value) {
    return new YieldOptions(timeout, value, onTimeout);
  }

  /**
   * What happens to those that are late.
   *
   * @param value the policy
   * @return a changed copy
   */
  public YieldOptions onTimeout(OnTimeout value) {
    return new YieldOptions(timeout, limit, value);
  }
}
