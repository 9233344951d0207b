package io.coppice.behaviours.event;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;

/**
 * A handler got a message it has no use for; it stays (semantics GE11). Level WARNING.
 *
 * @param pid the event manager
 * @param handler which handler
 * @param message the message
 */
public record UnhandledInfo(Pid pid, HandlerId<?> handler, Object message) implements Report {
  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return "Event manager "
        + pid
        + ": its handler "
        + handler
        + " dropped a message that it does not expect: "
        + message;
  }
}
