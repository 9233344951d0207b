package io.coppice.kernel.scheduler;

import io.coppice.kernel.time.SystemClock;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The strict alternation of a simulation's carrier and the thread outside: one of them has control,
 * the other is parked. Each method says who calls it.
 */
final class Handover {
  private static final long ABORT_NANOS = 1_000_000_000; // 1 s to end the current turn
  private static final long LOOK_NANOS = 10_000_000; // 10 ms between two looks at the carrier

  private final long limitNanos;
  private final Semaphore carrierMayRun = new Semaphore(0);
  private final Semaphore outsideMayRun = new Semaphore(0);
  private final AtomicReference<@Nullable Thread> driver = new AtomicReference<>();
  private volatile Thread outside = Thread.currentThread();
  private volatile boolean aborting;
  private volatile boolean stopping;
  private volatile boolean lost;

  Handover(long limitNanos) {
    this.limitNanos = limitNanos;
  }

  // ---- the thread outside

  /** Becomes the one thread that drives; false if there is another. */
  boolean begin() {
    if (!driver.compareAndSet(null, Thread.currentThread())) {
      return false;
    }
    outside = Thread.currentThread();
    aborting = false;
    return true;
  }

  /**
   * Gives control to the carrier and waits until it comes back; false if it does not, within the
   * limit and the time to abort.
   *
   * @param blocked asked now and then: whether the carrier will not come back by itself
   */
  boolean exchange(BooleanSupplier blocked) {
    if (lost) {
      return false;
    }
    carrierMayRun.release();
    boolean interrupted = false;
    long limit = SystemClock.INSTANCE.nanoTime() + limitNanos;
    try {
      while (true) {
        try {
          long left = limit - SystemClock.INSTANCE.nanoTime();
          if (outsideMayRun.tryAcquire(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
            return true;
          }
          left = limit - SystemClock.INSTANCE.nanoTime();
          if (left > 0 && (aborting || !blocked.getAsBoolean())) {
            continue;
          }
          if (aborting) {
            lost = true;
            return false;
          }
          aborting = true;
          limit += ABORT_NANOS - Math.max(0, left);
        } catch (InterruptedException e) {
          interrupted = true; // the carrier runs: there is no way out but its own
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void end() {
    driver.set(null);
  }

  /** Tells the carrier to end, and waits until it has, unless it is lost. */
  void stop() {
    stopping = true;
    carrierMayRun.release();
    if (!lost) {
      outsideMayRun.acquireUninterruptibly();
    }
  }

  // ---- the carrier

  /** Waits for control; false if the carrier is to end. */
  boolean awaitControl() {
    carrierMayRun.acquireUninterruptibly();
    return !stopping;
  }

  void giveControlBack() {
    outsideMayRun.release();
  }

  // ---- any thread

  /** Whether the limit is over and the carrier is to come back as soon as it can. */
  boolean isAborting() {
    return aborting;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Whether the carrier has control. */
  boolean isDriven() {
    return driver.get() != null;
  }

  /** Whether the calling thread is the one outside, and has control. */
  boolean isOutside() {
    return !isDriven() && Thread.currentThread().equals(outside);
  }
}
