package io.coppice.supervisor;

import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.util.Objects;

/**
 * A supervisor got a message that means nothing to it and ignored it (semantics SU76). Level
 * WARNING.
 *
 * @param supervisor who got it
 * @param message what it was, as text, shortened to 200 characters
 */
public record UnexpectedMessage(SupervisorName supervisor, String message) implements Report {
  private static final int LENGTH_MAX = 200;

  /** Shortens the message. */
  public UnexpectedMessage {
    Objects.requireNonNull(supervisor, "supervisor");
    if (message.length() > LENGTH_MAX) {
      message = message.substring(0, LENGTH_MAX) + "…";
    }
  }

  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return "Supervisor "
        + supervisor
        + " ignored a message it does not know: "
        + message
        + "\n"
        + "  likely cause: it was meant for a child, or for the process that had this name before";
  }
}
