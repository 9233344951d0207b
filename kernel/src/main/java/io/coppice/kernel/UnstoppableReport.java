package io.coppice.kernel;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.util.List;

/** A node was closed while code of its processes still ran. */
record UnstoppableReport(String node, List<Pid> left) implements Report {
  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return "Node "
        + node
        + " was closed, but the code of "
        + left
        + " did not end when told to; it goes on, cut off, on threads of its own";
  }
}
