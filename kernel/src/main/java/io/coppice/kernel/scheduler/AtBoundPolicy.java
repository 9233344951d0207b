package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.process.CompensationReport;
import org.jspecify.annotations.Nullable;

/**
 * What happens when more processes keep a thread than may be replaced. Confined to the monitor.
 *
 * <p>That is reported, once until it is over. While somebody is left the rest goes on, more slowly;
 * once nobody is left and something waits, the policy may have the longest turn killed: its code is
 * interrupted, and cut off after the grace time, one process after another, each when the one
 * before has been announced as dead.
 */
final class AtBoundPolicy {
  private final SchedulerConfig config;
  private boolean alarmed;
  private @Nullable ProcessCell victim;

  AtBoundPolicy(SchedulerConfig config) {
    this.config = config;
  }

  void notReached() {
    alarmed = false;
  }

  /**
   * The bound is reached.
   *
   * @param stuck how many are stuck
   * @param nothingRuns whether something waits and nobody is left to run it
   * @param longestFirst who keeps threads
   */
  void reached(int stuck, boolean nothingRuns, Iterable<ProcessCell> longestFirst) {
    if (!alarmed) {
      alarmed = true;
      report(stuck, null);
    }
    boolean underWay = victim != null && !victim.hasEnded();
    if (!config.killsAtBound() || !nothingRuns || underWay) {
      return;
    }
    victim = null;
    for (ProcessCell cell : longestFirst) {
      if (cell.kill()) {
        victim = cell;
        report(stuck, cell);
        return;
      }
    }
  }

  private void report(int stuck, @Nullable ProcessCell killed) {
    int bound = config.extraSchedulersMax();
    config.reporter().report(new CompensationReport(config.node(), stuck, bound, killed));
  }
}
