package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import java.util.ArrayList;
import java.util.List;

/**
 * The schedulers that run in place of stuck ones. Confined to the monitor, which once per pulse
 * says how many are stuck; as many extra ones are wanted.
 */
final class Extras {
  /* Too few: more are started at once. Too many, and for a while: some are told to end after their current
   * turn; at once would start and end threads all the time where turns are often a little too long.
   *
   * At the bound more are stuck than are replaced (AtBoundPolicy).
   */
  private static final long NO_THREAD_NANOS = 100_000_000; // 0.1 s until the next attempt

  private final SchedulerPool pool;
  private final SchedulerConfig config;
  private final List<Scheduler> running = new ArrayList<>(); // and not told to end
  private int made;
  private long pausedUntilNanos;
  private boolean excess;
  private long excessSinceNanos;
  private final AtBoundPolicy bound;

  Extras(SchedulerPool pool, SchedulerConfig config) {
    this.pool = pool;
    this.config = config;
    this.bound = new AtBoundPolicy(config);
    this.pausedUntilNanos = pool.clock().nanoTime();
  }

  /** Once per pulse: the schedulers that are stuck, whose turn is longest first. */
  void adjust(List<Scheduler> stuck, long now) {
    int wanted = Math.min(stuck.size(), config.extraSchedulersMax());
    if (running.size() > wanted) {
      tooMany(running.size() - wanted, stuck, now);
    } else {
      excess = false;
      while (running.size() < wanted && now - pausedUntilNanos >= 0 && startOne(now)) {
        // as many as are stuck
      }
    }
    if (stuck.size() > config.extraSchedulersMax()) {
      atBound(stuck);
    } else {
      bound.notReached();
    }
  }

  boolean isEmpty() {
    return running.isEmpty();
  }

  private boolean startOne(long now) {
    if (pool.extraSchedulers() >= config.extraSchedulersMax()) {
      return false; // one that was told to end is still in its turn
    }
    String name = config.threadName("extra-" + made);
    Scheduler extra = new Scheduler(pool, name, pool.wheelOf(made), true);
    made++;
    running.add(extra); // first: what is not known here never ends
    boolean added = false;
    try {
      added = pool.add(extra);
    } finally {
      if (!added) {
        pausedUntilNanos = now + NO_THREAD_NANOS;
        running.removeLast();
      }
    }
    return added;
  }

  private void tooMany(int count, List<Scheduler> stuck, long now) {
    if (!excess) {
      excess = true;
      excessSinceNanos = now;
    } else if (now - excessSinceNanos >= config.extraIdleNanos()) {
      excess = false;
      int left = count;
      for (int i = running.size() - 1; i >= 0 && left > 0; i--) {
        if (!stuck.contains(running.get(i))) { // there is always one: no more are stuck than wanted
          running.remove(i).retire();
          left--;
        }
      }
    }
  }

  private void atBound(List<Scheduler> stuck) {
    boolean nobodyLeft = stuck.size() >= pool.schedulers().length;
    List<ProcessCell> longestFirst = new ArrayList<>();
    for (Scheduler scheduler : stuck) {
      Host host = scheduler.host();
      ProcessCell cell = host == null ? null : host.current();
      if (cell != null) {
        longestFirst.add(cell);
      }
    }
    bound.reached(stuck.size(), nobodyLeft && pool.hasWaiting(), longestFirst);
  }
}
