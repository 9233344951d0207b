package io.coppice.bench.measure;

/**
 * How long a workload is run.
 *
 * @param divisor 1 for the whole work; else the figures say nothing
 * @param warmUpNanos the least time of the runs that do not count
 * @param warmUpRuns the least number of runs that do not count
 * @param runs those that count
 * @param slowRuns those that count when one takes over two seconds
 */
public record Effort(int divisor, long warmUpNanos, int warmUpRuns, int runs, int slowRuns) {
  /**
   * As all JVM peers are measured: 4 s and 20 runs of warm-up (on two cores the compiler is still
   * at work after 2 s), then 15 runs.
   */
  public static final Effort FULL = new Effort(1, 4_000_000_000L, 20, 15, 7);

  /** The whole work, hardly warmed up: to see that a comparison works. */
  public static final Effort TRIAL = new Effort(1, 0, 1, 1, 1);

  /** To see that everything works. */
  public static final Effort QUICK = new Effort(100, 0, 1, 3, 3);

  /** Once, in tiny. */
  public static final Effort ONCE = new Effort(500, 0, 0, 1, 1);

  /**
   * Whether the figures mean anything.
   *
   * @return true if the work is that of the specification
   */
  public boolean isWhole() {
    return divisor == 1;
  }
}
