package io.coppice.kernel.time;

/**
 * A clock that never goes back. Safe for any thread.
 *
 * <p>The origin is arbitrary and readings may be negative or wrap, as with {@link System#nanoTime}:
 * compare two readings by their difference only.
 */
@FunctionalInterface
public interface MonotonicClock {
  /** The current reading, in nanoseconds since an arbitrary origin. */
  long nanoTime();
}
