package io.coppice.kernel.scheduler;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Schedulers on platform threads, which mount runners: with the JDK's internals. */
final class Mounts implements Hosting {
  private final SchedulerPool pool;
  private final SchedulerConfig config;
  private final Extras extras;
  private volatile @Nullable CarrierThread afterlife;

  Mounts(SchedulerPool pool, SchedulerConfig config) {
    Pollers.ALL.prepare();
    this.pool = pool;
    this.config = config;
    this.extras = new Extras(pool, config);
  }

  @Override
  public Drive drive(Scheduler scheduler) {
    return new CarrierThread(scheduler, pool, scheduler::run);
  }

  @Override
  public MountedRunner newRunner(String name) {
    MountedRunner runner = new ContinuationRunner(pool, name);
    runner.start();
    return runner;
  }

  @Override
  public void aboutToBlock() {
    // its runner leaves the carrier
  }

  @Override
  public boolean worthYielding() {
    return true;
  }

  @Override
  public void sameTurn(Scheduler scheduler, long sinceNanos) {
    // it counts as stuck after a while
  }

  @Override
  public void adjust(List<Scheduler> stuck, long now) {
    Pollers.ALL.watch(pool); // first: the other may run out of memory for a thread
    extras.adjust(stuck, now);
  }

  @Override
  public boolean isQuiet() {
    return extras.isEmpty();
  }

  @Override
  public int extra() {
    return pool.schedulers().length - config.schedulers();
  }

  @Override
  public long runningSinceNanos(Object cell) {
    return Long.MIN_VALUE;
  }

  /**
   * Runners captured by code that did not end must go on, or the JVM would hang because of them.
   */
  @Override
  public void outlive(long deadlineNanos) {
    boolean over = pool.runnerCount() == 0 && !pool.hasWaiting();
    while (!over) {
      try {
        Afterlife after = new Afterlife(pool, config.threadName("afterlife"));
        CarrierThread thread = new CarrierThread(after, pool, after::run);
        afterlife = thread;
        pool.startThread(thread);
        over = true;
      } catch (OutOfMemoryError noThread) {
        pool.survived(noThread);
        over = pool.clock().nanoTime() - deadlineNanos >= 0;
        Thread.onSpinWait(); // until there is one
      }
    }
  }

  @Override
  public void injected() {
    LockSupport.unpark(afterlife);
  }

  @Override
  public boolean isOver() {
    return afterlife != null;
  }
}
