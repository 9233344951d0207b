package io.coppice.behaviours.server;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A server got a message it has no use for, and dropped it (semantics GS4). Level WARNING.
 *
 * @param pid the server
 * @param module the class of its callbacks
 * @param message the message
 */
public record UnhandledMessage(Pid pid, String module, @Nullable Object message) implements Report {
  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return "GenServer "
        + pid
        + " ("
        + module
        + ") dropped an unexpected message, its handleInfo does not handle it: "
        + message;
  }
}
