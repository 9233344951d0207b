package io.coppice.kernel.scheduler;

import java.util.SplittableRandom;

/**
 * The random choices of one simulation, and a record of what was chosen. Used by whoever has
 * control of the simulation.
 */
final class Choices {
  static final long TIMERS = -1;
  static final long OUTSIDE = -2;

  private static final int REMEMBERED = 16; // a power of two
  private static final int SLICE_ODDS = 8;
  private static final int PREEMPTION_ODDS = 4;

  private final SplittableRandom random;
  private final SplittableRandom values; // asking for some does not change the order of processes
  private final long[] numbers = new long[REMEMBERED];
  private final long[] times = new long[REMEMBERED];
  private long count;
  private long hash;

  Choices(long seed) {
    this.random = new SplittableRandom(seed);
    this.values = new SplittableRandom(mix(seed));
  }

  /** One of {@code bound} alternatives. */
  int pick(int bound) {
    return bound == 1 ? 0 : random.nextInt(bound);
  }

  /** Whether the running turn has used up its time slice. */
  boolean sliceUsed() {
    return random.nextInt(SLICE_ODDS) == 0;
  }

  /** Whether the running process lets others run before its next operation. */
  boolean preempts() {
    return random.nextInt(PREEMPTION_ODDS) == 0;
  }

  /** A number for the code of a process. */
  long value() {
    return values.nextLong();
  }

  /** Records what runs now: the number of a process, or one of the constants. */
  void record(long number, long nowNanos) {
    int place = (int) count++ & REMEMBERED - 1;
    numbers[place] = number;
    times[place] = nowNanos;
    hash = mix(mix(hash + number) + nowNanos);
  }

  /** The finisher of SplitMix64: every bit of the result depends on every bit of the value. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  long count() {
    return count;
  }

  long hash() {
    return hash;
  }

  /** The last steps, oldest first. */
  String lastSteps() {
    StringBuilder out = new StringBuilder();
    long time = -1;
    for (long step = Math.max(0, count - REMEMBERED); step < count; step++) {
      int place = (int) step & REMEMBERED - 1;
      if (times[place] != time) {
        time = times[place];
        out.append(" at ").append(time).append(" ns:");
      }
      out.append(' ').append(describe(numbers[place]));
    }
    return out.toString().strip();
  }

  private static String describe(long number) {
    if (number == TIMERS) {
      return "timers";
    }
    return number == OUTSIDE ? "test" : "<" + number + ">";
  }
}
