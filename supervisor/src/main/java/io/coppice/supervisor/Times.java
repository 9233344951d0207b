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

  /** A time to read at a glance: three digits, rounded. */
  static String rough(long nanos) {
    if (nanos < 1_000_000) {
      return (nanos + 500) / 1_000 + " us";
    }
    if (nanos < 1_000_000_000) {
      return (nanos + 500_000) / 1_000_000 + " ms";
    }
    long tenths = (nanos + 50_000_000) / 100_000_000;
    if (tenths < 1_000) {
      return tenths / 10 + "." + tenths % 10 + " s";
    }
    long seconds = tenths / 10;
    return seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
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
