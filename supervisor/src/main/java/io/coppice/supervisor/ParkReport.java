package io.coppice.supervisor;

import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor sets a child aside, because it needs more restarts than its {@link Budget} has, or
 * could not be started when it was to come back. Level ERROR.
 *
 * @param supervisor whose child it is
 * @param child the child, with the pid it had last
 * @param retryAfter when it is tried again, or null: not before somebody restarts it
 */
public record ParkReport(SupervisorName supervisor, Offender child, @Nullable Duration retryAfter)
    implements Report {
  /** Refuses null. */
  public ParkReport {
    Objects.requireNonNull(supervisor, "supervisor");
    Objects.requireNonNull(child, "child");
  }

  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    String until =
        retryAfter == null
            ? "until it is restarted by hand; nobody does its work meanwhile"
            : "for " + Times.text(retryAfter) + "; nobody does its work meanwhile";
    return "Supervisor " + supervisor + " parks " + child.subject() + ' ' + until;
  }
}
