package io.coppice.kernel;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.util.List;

/** A node was closed while code of its processes still ran. */
record UnstoppableReport(String node, List<Pid> left) implements Report {
  private static final int NAMED = 10;

  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return "Node "
        + node
        + " was closed, but the code of "
        + named()
        + " did not end when told to; it goes on, cut off, on threads of its own";
  }

  /** There may be a hundred thousand: the first ones, and how many more. */
  private String named() {
    int more = left.size() - NAMED;
    return more <= 0 ? left.toString() : left.subList(0, NAMED) + " and " + more + " more";
  }
}
