package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.process.LongTurnReport;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches that no process keeps the others from running (design 2.4).
 *
 * <p>Once per slice it looks at each scheduler. One that is still in the same turn as last time is
 * told that the slice is used up; what waits in its slot is moved to where others look, and its
 * wheel is advanced for it. If the turn goes on it counts as stuck: the process is reported, once,
 * with its stack, and an extra scheduler runs in its place until the turn ends. While all
 * schedulers sleep, this thread sleeps too.
 */
final class Monitor extends Thread {
  private static final int QUIET_PULSES = 100; // pulses with nobody awake before the monitor sleeps

  private final SchedulerPool pool;
  private final SchedulerConfig config;
  private volatile boolean asleep;
  private volatile boolean halted;

  Monitor(SchedulerPool pool, SchedulerConfig config) {
    super(null, null, config.threadName("monitor"), 0, false);
    this.pool = pool;
    this.config = config;
    setDaemon(true);
    setPriority(MAX_PRIORITY);
  }

  @Override
  public void run() {
    int quiet = 0;
    while (!halted) {
      if (pool.allParked()) {
        quiet++;
      } else {
        quiet = 0;
        watch();
      }
      if (quiet > QUIET_PULSES) {
        sleep();
        quiet = 0;
      } else {
        LockSupport.parkNanos(this, config.sliceNanos());
      }
    }
  }

  /**
   * 1. says that it sleeps, 2. looks once more, 3. parks. A scheduler that wakes looks after it
   * woke.
   */
  private void sleep() {
    asleep = true;
    if (pool.allParked() && !halted) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  /** By a scheduler that has just woken up. */
  void wake() {
    if (asleep) {
      LockSupport.unpark(this);
    }
  }

  void halt() {
    halted = true;
    LockSupport.unpark(this);
  }

  private void watch() {
    long now = pool.clock().nanoTime();
    for (Scheduler scheduler : pool.schedulers()) {
      long turns = scheduler.turnsOpaque();
      if (scheduler.inTurnOpaque() && turns == scheduler.seenTurns) {
        sameTurn(scheduler, now);
      } else {
        if (scheduler.compensated) {
          scheduler.compensated = false;
          pool.compensated();
        }
        scheduler.reported = false;
        scheduler.seenTurns = turns;
        scheduler.seenSinceNanos = now;
      }
    }
  }

  private void sameTurn(Scheduler scheduler, long now) {
    scheduler.expireSlice();
    Object waiting = scheduler.takeSlot();
    if (waiting != null) {
      pool.inject(waiting);
    }
    if (scheduler.wheel().nanosToNext(now) == 0) {
      scheduler.wheel().advance(now);
    }
    if (pool.hasWaiting()) {
      pool.wakeOne();
    }
    if (now - scheduler.seenSinceNanos < config.stuckNanos()) {
      return;
    }
    if (!scheduler.compensated) {
      scheduler.compensated = true;
      pool.compensate();
    }
    if (!scheduler.reported && now - scheduler.seenSinceNanos >= config.reportNanos()) {
      scheduler.reported = true;
      report(scheduler, now);
    }
  }

  private void report(Scheduler scheduler, long now) {
    Host host = scheduler.host();
    ProcessCell cell = host == null ? null : host.current();
    if (cell == null) {
      return;
    }
    config.reporter().report(new LongTurnReport(cell, now - scheduler.seenSinceNanos, stack(host)));
  }

  private static List<StackTraceElement> stack(@Nullable Host host) {
    return host == null ? List.of() : List.of(host.thread().getStackTrace());
  }
}
