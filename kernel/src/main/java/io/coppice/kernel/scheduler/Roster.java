package io.coppice.kernel.scheduler;

import io.coppice.kernel.time.MonotonicClock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/** Which schedulers run now, the regular ones first. Any thread; the array is not to be changed. */
final class Roster {
  private final AtomicReference<Scheduler[]> all;

  Roster(Scheduler[] regular) {
    this.all = new AtomicReference<>(regular.clone());
  }

  Scheduler[] all() {
    return all.getAcquire();
  }

  void add(Scheduler extra) {
    Scheduler[] old;
    Scheduler[] more;
    do {
      old = all.get();
      more = Arrays.copyOf(old, old.length + 1);
      more[old.length] = extra;
    } while (!all.compareAndSet(old, more));
  }

  /** Waits until all have ended, but not beyond the deadline. */
  void awaitEnd(MonotonicClock clock, long deadlineNanos) {
    boolean interrupted = false;
    for (Scheduler scheduler : all()) {
      long left = deadlineNanos - clock.nanoTime();
      while (scheduler.drive().isRunning() && left > 0) {
        try {
          scheduler.drive().awaitEnd(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = deadlineNanos - clock.nanoTime();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for memory: what others leave to a scheduler that has ended would be lost. */
  void remove(Scheduler extra) {
    boolean removed = false;
    while (!removed) {
      try {
        Scheduler[] old = all.get();
        Scheduler[] fewer = Arrays.stream(old).filter(s -> s != extra).toArray(Scheduler[]::new);
        removed = all.compareAndSet(old, fewer);
      } catch (OutOfMemoryError noMemory) {
        Thread.onSpinWait();
      }
    }
  }
}
