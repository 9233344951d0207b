package io.coppice.kernel.scheduler;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Carries what could not be stopped when its node was closed: runners captured by code that blocks
 * in the JDK must go on when the JDK says so, else whatever they hold would hang the JVM; and what
 * was queued at schedulers that were stuck. Ends with the last of them.
 */
final class Afterlife extends Carrier {
  private static final long LOOK_AGAIN_NANOS = 100_000_000; // 0.1 s: a runner may end elsewhere

  private final SchedulerPool pool;

  Afterlife(SchedulerPool pool, String name) {
    super(name);
    this.pool = pool;
  }

  void run(CarrierThread thread) {
    while (pool.runnerCount() > 0 || pool.hasWaiting()) {
      try {
        if (!thread.runNext()) {
          thread.endSpares();
          if (pool.runnerCount() > 0 && !pool.hasWaiting()) {
            LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
          }
        }
      } catch (Throwable thrown) {
        thread.survive(thrown);
      }
    }
  }

  @Override
  @Nullable Object next() {
    Object item = pool.pollInjected();
    for (Scheduler stuck : pool.schedulers()) {
      item = item != null ? item : stuck.pollShared();
    }
    return item;
  }
}
