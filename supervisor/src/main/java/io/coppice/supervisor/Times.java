package io.coppice.supervisor;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Durations as the supervisor computes with them and as people read them. */
final class Times {
  private Times() {}

  /** Nanoseconds, at most {@link Long#MAX_VALUE} (292 years): a {@code Duration} can be longer. */
  static long saturatedNanos(Duration time) {
    try {
      return time.toNanos();
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE;
    }
  }

  /** {@code 5 s}, {@code 250 ms}; anything odder in ISO form. */
  static String text(Duration time) {
    if (time.equals(time.truncatedTo(ChronoUnit.SECONDS))) {
      return time.toSeconds() + " s";
    }
    if (time.equals(time.truncatedTo(ChronoUnit.MILLIS)) && time.toHours() == 0) {
      return time.toMillis() + " ms";
    }
    return time.toString();
  }
}
