package io.coppice.supervisor;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a supervisor waits before it restarts a child that has failed; without one it restarts
 * at once, as OTP does.
 *
 * {@snippet class="io.coppice.supervisor.SupervisorSnippets" region="recovery"}
 *
 * <p>The first failure waits for {@code min}, each further one in a row twice as long as the one
 * before, up to {@code max}. A child that has lived for {@code resetAfter} ends the row: its next
 * failure waits for {@code min} again. A start that fails is a failure, too. Immutable; each method
 * with an argument returns a changed copy.
 *
 * @param min the first delay, longer than zero
 * @param max the longest delay, at least {@code min}
 * @param jitter the share of each delay that is taken off at random, 0 to 1, so that children which
 *     failed together do not come back together; drawn from the node's randomness, in a test node
 *     from its seed
 * @param resetAfter how long a child must have lived for its next failure to be a first one again,
 *     longer than zero
 */
public record Backoff(Duration min, Duration max, double jitter, Duration resetAfter) {
  private static final double STANDARD_JITTER = 0.2;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one of them is out of range
   */
  public Backoff {
    Objects.requireNonNull(min, "min");
    Objects.requireNonNull(max, "max");
    Objects.requireNonNull(resetAfter, "resetAfter");
    if (!min.isPositive()) {
      throw new IllegalArgumentException(
          "invalid_backoff: the first delay is "
              + min
              + ", but it must be longer than zero; leave the back-off away to restart at once");
    }
    if (max.compareTo(min) < 0) {
      throw new IllegalArgumentException(
          "invalid_backoff: the longest delay is "
              + Times.text(max)
              + ", but the first one is "
              + Times.text(min)
              + " already");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException(
          "invalid_backoff: the jitter is "
              + jitter
              + ", but it is a share of the delay, from 0 to 1");
    }
    if (!resetAfter.isPositive()) {
      throw new IllegalArgumentException(
          "invalid_backoff: resetAfter is " + resetAfter + ", but it must be longer than zero");
    }
  }

  /**
   * Delays that double, with a jitter of 0.2, and start again with the first one after the child
   * has lived for the longest.
   *
   * @param min the first delay, longer than zero
   * @param max the longest delay, at least {@code min}
   * @return the back-off
   * @throws IllegalArgumentException if one of them is out of range
   */
  public static Backoff exponential(Duration min, Duration max) {
    return new Backoff(min, max, STANDARD_JITTER, max);
  }

  /**
   * The same delay each time, without jitter.
   *
   * @param delay longer than zero
   * @return the back-off
   * @throws IllegalArgumentException if it is out of range
   */
  public static Backoff fixed(Duration delay) {
    return new Backoff(delay, delay, 0, delay);
  }

  /**
   * How much of each delay is left to chance.
   *
   * @param share from 0, each delay is exact, to 1, it is anything from nothing to all of it
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Backoff jitter(double share) {
    return new Backoff(min, max, share, resetAfter);
  }

  /**
   * How long a child must live for its next failure to be a first one again.
   *
   * @param life longer than zero
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Backoff resetAfter(Duration life) {
    return new Backoff(min, max, jitter, life);
  }

  /**
   * The delay after so many failures in a row.
   *
   * @param failures 1 or more
   * @param chance from 0, inclusive, to 1, exclusive
   * @return nanoseconds, 1 or more
   */
  long delayNanos(int failures, double chance) {
    long most = Times.saturatedNanos(max);
    long delay = Times.saturatedNanos(min);
    for (int i = 1; i < failures && delay < most; i++) {
      delay = delay > most / 2 ? most : delay * 2;
    }
    return Math.max(1, delay - (long) (delay * jitter * chance));
  }

  @Override
  public String toString() {
    String delays = min.equals(max) ? Times.text(min) : Times.text(min) + " to " + Times.text(max);
    return delays + (jitter == 0 ? "" : ", jitter " + jitter);
  }
}
