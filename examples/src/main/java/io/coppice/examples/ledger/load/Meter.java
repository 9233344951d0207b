package io.coppice.examples.ledger.load;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * What clients experience. The time of a request runs from its first attempt to its answer, with
 * all attempts and pauses between: a crash is to be seen in it.
 */
public final class Meter {
  private static final int DIGITS = 3;
  private final Recorder micros = new Recorder(DIGITS);
  private final Histogram all = new Histogram(DIGITS);
  private final LongAdder retries = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder replays = new LongAdder();
  private final LongAdder broken = new LongAdder();

  /** A meter at zero. */
  public Meter() {}

  void answered(long nanos) {
    micros.recordValue(nanos / 1000);
  }

  void retried() {
    retries.increment();
  }

  void refused() {
    refused.increment();
  }

  void replayed() {
    replays.increment();
  }

  void promiseBroken() {
    broken.increment();
  }

  /**
   * Latencies since the last call; one thread only.
   *
   * @return microseconds
   */
  public Histogram interval() {
    Histogram interval = micros.getIntervalHistogram();
    all.add(interval);
    return interval;
  }

  /**
   * Latencies of all intervals that were taken; one thread only.
   *
   * @return microseconds
   */
  public Histogram total() {
    interval();
    return all;
  }

  /**
   * Attempts that failed and were made again.
   *
   * @return a count
   */
  public long retries() {
    return retries.sum();
  }

  /**
   * Transfers refused because the account had too little.
   *
   * @return a count
   */
  public long overdrafts() {
    return refused.sum();
  }

  /**
   * Transfers sent a second time on purpose, and answered as the first time.
   *
   * @return a count
   */
  public long replays() {
    return replays.sum();
  }

  /**
   * Requests with a wrong answer, or none for too long.
   *
   * @return a count, which should be 0
   */
  public long broken() {
    return broken.sum();
  }
}
