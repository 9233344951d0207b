package io.coppice.supervisor;

import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.util.Objects;

/**
 * A supervisor started a child (semantics SU14). Level INFO; DEBUG for the children of a {@code
 * simple_one_for_one} supervisor, which may come by the thousands (PL8).
 *
 * @param supervisor who started it
 * @param started the child, with its pid
 * @param level INFO or DEBUG
 */
public record ProgressReport(SupervisorName supervisor, Offender started, Level level)
    implements Report {
  /** Refuses null. */
  public ProgressReport {
    Objects.requireNonNull(supervisor, "supervisor");
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(level, "level");
  }

  @Override
  public String text() {
    return "Supervisor "
        + supervisor
        + " started "
        + started.subject()
        + " ("
        + started.details()
        + ")";
  }
}
