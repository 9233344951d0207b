package io.coppice.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a workload is run. A warm-up lasts for a time and a number of runs, whichever is longer;
 * but where runs are so slow that this takes over fifteen seconds, three of them will do.
 */
public enum Effort {
  /**
   * As all peers on a JVM are measured: 4 s and 20 runs of warm-up (on two cores the compiler is
   * still at work after 2 s), then 15 runs.
   */
  FULL(1, 4_000_000_000L, 20, 15, 7),

  /** The whole work in about half the time, and noisier. */
  BRIEF(1, 1_000_000_000L, 10, 9, 3),

  /** The whole work, hardly warmed up: to see that a comparison works. */
  TRIAL(1, 0, 1, 1, 1),

  /** To see that everything works. */
  QUICK(100, 0, 1, 3, 3),

  /** Once, in tiny. */
  ONCE(500, 0, 0, 1, 1);

  private static final long WARM_UP_LIMIT = 15_000_000_000L;
  private static final int WARM_UP_LEAST = 3;
  private static final double SLOW_NANOS = 2e9;

  private final int divisor;
  private final long warmUpNanos;
  private final int warmUpRuns;
  private final int runs;
  private final int slowRuns;

  Effort(int divisor, long warmUpNanos, int warmUpRuns, int runs, int slowRuns) {
    this.divisor = divisor;
    this.warmUpNanos = warmUpNanos;
    this.warmUpRuns = warmUpRuns;
    this.runs = runs;
    this.slowRuns = slowRuns;
  }

  /**
   * One run of some work.
   *
   * @param <T> what comes of it
   * @param <E> how it fails
   */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    /**
     * Does it once.
     *
     * @return what was measured
     * @throws E if it fails
     */
    T once() throws E;
  }

  /**
   * Warms up, then measures.
   *
   * @param <T> what comes of a run
   * @param <E> how a run fails
   * @param work the work
   * @return what came of the measured runs
   * @throws E if a run fails
   */
  public <T, E extends Exception> List<T> measure(Work<T, E> work) throws E {
    long start = System.nanoTime();
    int warmUp = 0;
    while (!isWarm(warmUp, System.nanoTime() - start)) {
      work.once();
      warmUp++;
    }
    double each = (double) (System.nanoTime() - start) / Math.max(1, warmUp);
    List<T> measured = new ArrayList<>();
    for (int i = runs(each); i > 0; i--) {
      measured.add(work.once());
    }
    return measured;
  }

  /**
   * Whether the warm-up is over.
   *
   * @param made runs until now
   * @param nanos the time they took
   * @return true if what follows counts
   */
  boolean isWarm(int made, long nanos) {
    return (made >= warmUpRuns && nanos >= warmUpNanos)
        || (made >= WARM_UP_LEAST && nanos >= WARM_UP_LIMIT);
  }

  private int runs(double nanosEach) {
    return nanosEach > SLOW_NANOS ? slowRuns : runs;
  }

  /**
   * About how long a sample takes, once its JVM has started.
   *
   * @param micros of one run of the whole work
   * @return seconds
   */
  double seconds(double micros) {
    double nanos = 1_000 * micros / divisor;
    double warmUp = Math.max((double) warmUpNanos, warmUpRuns * nanos);
    double limit = Math.max((double) WARM_UP_LIMIT, WARM_UP_LEAST * nanos);
    return (Math.min(warmUp, limit) + runs(nanos) * nanos) / 1e9;
  }

  /**
   * What the sizes of the work are divided by.
   *
   * @return 1 for the whole work
   */
  public int divisor() {
    return divisor;
  }

  /**
   * Whether the figures mean anything.
   *
   * @return true if the work is that of the specification
   */
  public boolean isWhole() {
    return divisor == 1;
  }

  /**
   * Its name on a command line and in a file.
   *
   * @return in small letters
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
