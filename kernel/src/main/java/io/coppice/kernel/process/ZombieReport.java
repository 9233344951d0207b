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
 */
public record ZombieReport(
    Pid pid, String initialCall, List<StackTraceElement> stack, boolean ended) implements Report {
  @Override
  public Level level() {
    return ended ? Level.INFO : Level.WARNING;
  }

  @Override
  public String text() {
    if (ended) {
      return "The code of process " + pid + " (" + initialCall + "), cut off earlier, has returned";
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
