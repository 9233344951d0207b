package io.coppice.bench.latency;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/**
 * The calls of one phase: when each is due, when its answer came.
 *
 * <p>A latency runs from when the call was <em>due</em>, whatever kept it from being made: a queue,
 * a client that waits for an earlier answer, a thread that was late. So calls that a stall has held
 * up are not left out of the figures (coordinated omission). A call that has no answer yet counts
 * with the time it has waited.
 *
 * <p>Threads: {@link #made} on the thread that makes the calls, {@link #answered} on any.
 */
final class Calls {
  private final int rate;
  private final int count;
  private final long startNanos;
  private final AtomicLongArray answeredAt;
  private final Histogram lateness = new Histogram(3);
  private final AtomicInteger missing;
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicInteger highest = new AtomicInteger();

  /**
   * Calls that are due evenly over some seconds.
   *
   * @param rate calls a second
   * @param seconds how long
   * @param startNanos when the first is due
   */
  Calls(int rate, int seconds, long startNanos) {
    this.rate = rate;
    this.count = Math.multiplyExact(rate, seconds);
    this.startNanos = startNanos;
    this.answeredAt = new AtomicLongArray(count);
    this.missing = new AtomicInteger(count);
  }

  int count() {
    return count;
  }

  /** Worked out anew for each call, so that what is rounded does not add up. */
  long dueNanos(int call) {
    return startNanos + TimeUnit.SECONDS.toNanos(call) / rate;
  }

  /** When the phase is over: when the next call would be due. */
  long endNanos() {
    return dueNanos(count);
  }

  /** A call was made now. */
  void made(int call, long nowNanos) {
    lateness.recordValue(Math.max(0, nowNanos - dueNanos(call)));
  }

  /**
   * The answer has come.
   *
   * @param call which
   * @param value what the server has counted up to, with this call
   * @param nowNanos the time
   */
  void answered(int call, int value, long nowNanos) {
    // Never 0, which stands for "no answer": a latency of 1 ns at least.
    long sinceDue = Math.max(1, nowNanos - dueNanos(call));
    if (answeredAt.compareAndSet(call, 0, sinceDue)) {
      highest.accumulateAndGet(value, Math::max);
      missing.decrementAndGet();
    } else {
      repeated.incrementAndGet();
    }
  }

  boolean allAnswered() {
    return missing.get() == 0;
  }

  /** What came of it, as it is to be seen now. */
  Outcome outcome(long nowNanos) {
    Histogram latencies = new Histogram(3);
    int late = 0;
    int answers = 0;
    for (int call = 0; call < count; call++) {
      long latency = answeredAt.get(call);
      long due = dueNanos(call);
      if (latency == 0 || due + latency > endNanos()) {
        late++;
      }
      if (latency == 0) {
        latency = Math.max(1, nowNanos - due);
      } else {
        answers++;
      }
      latencies.recordValue(latency);
    }
    return new Outcome(latencies, lateness, count, answers, late, repeated.get(), highest.get());
  }

  /**
   * What came of the calls of a phase.
   *
   * @param latencies in nanoseconds, one of each call
   * @param lateness how late the calls were made, in nanoseconds
   * @param made how many
   * @param answered how many have their answer
   * @param late how many had none when the phase was over
   * @param repeated answers to calls that had one already
   * @param highest what the server had counted, as the answers say
   */
  record Outcome(
      Histogram latencies,
      Histogram lateness,
      int made,
      int answered,
      int late,
      int repeated,
      int highest) {
    /** Whether not one call was answered while the phase lasted. */
    boolean silent() {
      return late == made;
    }

    double micros(double percentile) {
      return latencies.getValueAtPercentile(percentile) / 1e3;
    }
  }
}
