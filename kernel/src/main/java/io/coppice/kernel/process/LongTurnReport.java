package io.coppice.kernel.process;

import java.lang.System.Logger.Level;
import java.util.List;

/**
 * A process keeps a scheduler for long, by computing or by blocking in a native frame; another
 * scheduler runs in its place meanwhile (design 2.4). Level WARNING, once for each such turn.
 *
 * @param pid the process
 * @param nanos how long its turn has lasted so far, in nanoseconds
 * @param stack where its code is
 */
public record LongTurnReport(Pid pid, long nanos, List<StackTraceElement> stack) implements Report {
  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append("Process ")
        .append(pid)
        .append(" has kept a scheduler for ")
        .append(nanos / 1_000_000);
    out.append(" ms; add checkpoint() to its loop, or move the work into blocking(...)");
    for (StackTraceElement frame : stack) {
      out.append("\n    at ").append(frame);
    }
    return out.toString();
  }
}
