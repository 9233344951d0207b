package io.coppice.kernel.process;

import java.lang.System.Logger.Level;
import java.util.List;

/**
 * A process was declared dead while its code still ran, or that code has now returned
 * (semantics-gaps 1). Level WARNING, INFO when it is over.
 *
 * @param pid the process
 * @param initialCall what it was started as
 * @param stack where its code was; empty when it is over
 * @param ended whether its code has returned
 * @param refused when it is over: operations of the node that its code tried meanwhile, sends and
 *     replies among them, all of which were refused
 */
public record ZombieReport(
    Pid pid, String initialCall, List<StackTraceElement> stack, boolean ended, long refused)
    implements Report {
  @Override
  public Level level() {
    return ended ? Level.INFO : Level.WARNING;
  }

  @Override
  public String text() {
    if (ended) {
      String tried =
          refused == 0
              ? ""
              : "; of what it tried meanwhile (sends, replies and other operations) "
                  + refused
                  + (refused == 1 ? " was refused" : " were refused");
      return "The code of process "
          + pid
          + " ("
          + initialCall
          + "), cut off earlier, has returned"
          + tried;
    }
    StringBuilder out = new StringBuilder();
    out.append("Process ").append(pid).append(" (").append(initialCall);
    out.append(
        ") was told to die but its code did not return in time; it is cut off, and may still run");
    for (StackTraceElement frame : stack) {
      out.append("\n    at ").append(frame);
    }
    return out.toString();
  }
}
