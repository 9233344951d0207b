package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.process.LongTurnReport;
import io.coppice.kernel.process.NoMemoryReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches that no process keeps the others from running (design 2.4).
 *
 * <p>Once per slice it looks at each scheduler. One that is still in the same turn as last time is
 * told that the slice is used up; what waits in its slot is moved to where others look, and its
 * wheel is advanced for it. If the turn goes on it counts as stuck, and an extra scheduler runs in
 * its place until the turn ends ({@link Extras}); then the process is reported, once, with its
 * stack. While all schedulers sleep, this thread sleeps too.
 *
 * <p>Whatever is thrown here, the next pulse comes: without this thread a node looks well until the
 * first endless loop.
 */
final class Monitor extends Thread {
  private static final int QUIET_PULSES = 100; // pulses with nobody awake before the monitor sleeps

  private final SchedulerPool pool;
  private final SchedulerConfig config;
  private final Hosting hosting;
  private final List<Scheduler> stuck = new ArrayList<>(); // seen in this pulse
  private volatile boolean asleep;
  private volatile boolean halted;

  Monitor(SchedulerPool pool, SchedulerConfig config) {
    super(null, null, config.threadName("monitor"), 0, false);
    this.pool = pool;
    this.config = config;
    this.hosting = pool.hosting();
    setDaemon(true);
    setPriority(MAX_PRIORITY);
  }

  @Override
  public void run() {
    int quiet = 0;
    while (!halted) {
      try {
        quiet = pool.allParked() ? quiet + 1 : 0;
        watch();
        pool.faults().tell();
      } catch (Throwable thrown) {
        quiet = 0; // all is seen again at the next pulse
        pool.survived(thrown);
      }
      if (quiet > QUIET_PULSES && hosting.isQuiet()) {
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
    if (pool.allParked() && hosting.isQuiet() && !halted) {
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
    stuck.clear();
    for (Scheduler scheduler : pool.schedulers()) {
      try {
        look(scheduler, now);
      } catch (Throwable thrown) {
        pool.survived(thrown); // the others are looked at all the same
      }
    }
    if (stuck.size() > 1) {
      stuck.sort((a, b) -> Long.signum(a.seenSinceNanos - b.seenSinceNanos));
    }
    hosting.adjust(stuck, now);
    int squeezed = pool.takeSqueezed();
    if (squeezed > 0) {
      config.reporter().report(new NoMemoryReport(config.node(), squeezed));
    }
  }

  private void look(Scheduler scheduler, long now) {
    scheduler.noteRunning(now);
    scheduler.wheel().trySetDeadlines(pool.clock());
    long turns = scheduler.turnsOpaque();
    if (scheduler.inTurnOpaque() && turns == scheduler.seenTurns) {
      sameTurn(scheduler, now);
    } else {
      scheduler.reported = false;
      scheduler.seenTurns = turns;
      scheduler.seenSinceNanos = now;
    }
  }

  private void sameTurn(Scheduler scheduler, long now) {
    scheduler.expireSlice();
    hosting.sameTurn(scheduler, scheduler.seenSinceNanos);
    Object waiting = scheduler.takeSlot();
    if (waiting != null) {
      pool.inject(waiting);
    }
    if (pool.hasWaiting()) {
      pool.wakeOne();
    }
    long nanos = now - scheduler.seenSinceNanos;
    if (nanos >= config.stuckNanos()) {
      stuck.add(scheduler);
    }
    if (!scheduler.reported && nanos >= config.reportNanos()) {
      scheduler.reported = true;
      report(scheduler, now);
    }
    if (scheduler.wheel().nanosToNext(now) == 0) {
      scheduler.wheel().advance(now); // last: it runs what others have put there
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
