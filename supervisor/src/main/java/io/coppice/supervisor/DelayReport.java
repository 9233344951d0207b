package io.coppice.supervisor;

import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;

/**
 * A supervisor waits before it restarts a child that has failed ({@link Backoff}). Level INFO;
 * DEBUG for the children of a {@code simple_one_for_one} supervisor.
 *
 * @param supervisor who waits
 * @param child the child, with the pid it had last
 * @param delay how long
 * @param level INFO or DEBUG
 */
public record DelayReport(SupervisorName supervisor, Offender child, Duration delay, Level level)
    implements Report {
  /** Refuses null. */
  public DelayReport {
    Objects.requireNonNull(supervisor, "supervisor");
    Objects.requireNonNull(child, "child");
    Objects.requireNonNull(delay, "delay");
    Objects.requireNonNull(level, "level");
  }

  @Override
  public String text() {
    return "Supervisor "
        + supervisor
        + " waits "
        + Times.rough(delay.toNanos())
        + " before it restarts "
        + child.subject();
  }
}
