package io.coppice.kernel.process;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process ended abnormally by its own doing (semantics PL5). Level ERROR.
 *
 * @param pid the process
 * @param name its registered name at the time, or null
 * @param label its label, or null
 * @param initialCall what it was started as
 * @param reason its exit reason
 * @param ancestors its parent, that one's parent, and so on
 * @param queueLength messages it had not taken
 * @param trapExit whether it trapped exits
 */
public record CrashReport(
    Pid pid,
    @Nullable String name,
    @Nullable Object label,
    String initialCall,
    ExitReason reason,
    List<Pid> ancestors,
    int queueLength,
    boolean trapExit)
    implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    StringWriter out = new StringWriter();
    out.append("Process ").append(pid.toString());
    if (name != null) {
      out.append(" (").append(name).append(')');
    }
    out.append(" crashed: ").append(reason.describe());
    out.append("\n  started as: ").append(initialCall);
    if (label != null) {
      out.append("\n  label:      ").append(label.toString());
    }
    out.append("\n  ancestors:  ").append(ancestors.toString());
    out.append("\n  mailbox:    ").append(Integer.toString(queueLength)).append(" messages left");
    if (trapExit) {
      out.append("\n  trapped exits");
    }
    if (reason instanceof ExitReason.Crashed(Throwable error)) {
      out.append('\n');
      error.printStackTrace(new PrintWriter(out, true));
    }
    return out.toString().stripTrailing();
  }
}
