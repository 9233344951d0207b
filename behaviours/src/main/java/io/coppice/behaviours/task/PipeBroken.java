package io.coppice.behaviours.task;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;

/**
 * A future was completed, and the message that {@link Pipe} was to send about it could not be made,
 * or was refused: the process it was for learns nothing.
 *
 * @param process the process
 * @param error what the function for the message threw; or {@link
 *     io.coppice.kernel.process.MailboxFull}
 */
public record PipeBroken(Pid process, Throwable error) implements Report {
  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return "Process "
        + process
        + " is not told what came of a future, because its message could not be made or delivered: "
        + error;
  }
}
