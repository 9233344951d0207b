package io.coppice.behaviours;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;

/**
 * Something that watched a behaviour failed and was removed; the behaviour goes on (semantics
 * SY10). Level WARNING.
 *
 * @param pid the process that was watched
 * @param what what has failed: {@code function ID} or {@code log to file PATH}
 * @param error why
 */
public record DebugStopped(Pid pid, String what, Throwable error) implements Report {
  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return "Process " + pid + " is no longer watched by " + what + ", which failed: " + error;
  }
}
