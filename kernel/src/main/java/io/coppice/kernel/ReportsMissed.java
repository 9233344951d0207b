package io.coppice.kernel;

import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;

/** Reports came faster than the reporter took them. */
record ReportsMissed(String node, long count, int capacity) implements Report {
  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return count
        + " reports of node "
        + node
        + " were dropped: its reporter is slower than they come, and "
        + capacity
        + " were waiting for it; make it faster, or raise "
        + Knob.REPORT_QUEUE.key();
  }
}
