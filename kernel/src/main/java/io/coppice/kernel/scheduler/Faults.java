package io.coppice.kernel.scheduler;

import io.coppice.kernel.process.KernelFaultReport;
import io.coppice.kernel.process.NoThreadReport;
import io.coppice.kernel.time.MonotonicClock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of a node have survived: told the first time, then once per interval. Any
 * thread; nothing here throws or blocks.
 */
final class Faults {
  /* Whoever survives something counts it and tells it, if it is time. While it is not, or there is no memory to
   * tell it, the monitor does so with one of its next pulses: it wakes with every scheduler that does.
   */
  private static final long INTERVAL_NANOS = 10_000_000_000L; // 10 s

  private final SchedulerConfig config;
  private final MonotonicClock clock;
  private final AtomicLong untold = new AtomicLong();
  private final AtomicBoolean telling = new AtomicBoolean();
  private volatile long quietUntilNanos;
  private volatile @Nullable Throwable lastError;
  private volatile String lastThread = "";

  Faults(SchedulerConfig config, MonotonicClock clock) {
    this.config = config;
    this.clock = clock;
    this.quietUntilNanos = clock.nanoTime();
  }

  /** There was no thread for something, which has to do without. */
  void noThread(String what, Throwable why) {
    try {
      config.reporter().report(new NoThreadReport(config.node(), what, why));
    } catch (Throwable thrown) {
      survived(thrown);
    }
  }

  /** The calling thread goes on after this. */
  void survived(Throwable thrown) {
    lastError = thrown;
    lastThread = Thread.currentThread().getName();
    untold.getAndIncrement();
    tell();
  }

  /** Tells what has not been told, if there is anything and it is time. */
  void tell() {
    Throwable error = lastError;
    if (untold.get() == 0
        || error == null
        || clock.nanoTime() - quietUntilNanos < 0
        || !telling.compareAndSet(false, true)) {
      return;
    }
    long count = untold.getAndSet(0);
    try {
      if (count > 0) {
        quietUntilNanos = clock.nanoTime() + INTERVAL_NANOS;
        config
            .reporter()
            .report(new KernelFaultReport(config.node(), lastThread, error, count - 1));
      }
    } catch (OutOfMemoryError noMemory) {
      untold.getAndAdd(count);
      quietUntilNanos = clock.nanoTime(); // again with the next pulse
    } catch (Throwable thrown) {
      untold.getAndAdd(count); // the reporter's own: again when it is time
    } finally {
      telling.set(false);
    }
  }
}
