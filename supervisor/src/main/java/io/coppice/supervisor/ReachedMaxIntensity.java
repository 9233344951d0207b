package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Why a supervisor gives up ({@code reached_max_restart_intensity}, semantics SU33): the term of
 * the reason in its report, and, if it is told so by {@link GivingUp}, of what it ends with.
 *
 * @param intensity the restarts that were allowed
 * @param period within which time
 * @param child the child that needed one too many
 * @param history the last failures of that child, oldest first, at most 20
 */
public record ReachedMaxIntensity(
    int intensity, Duration period, String child, List<Failure> history) {
  /** Copies the list. */
  public ReachedMaxIntensity {
    Objects.requireNonNull(period, "period");
    Objects.requireNonNull(child, "child");
    history = List.copyOf(history);
  }

  /**
   * The exit reason with this term.
   *
   * @return {@link ExitReason.Custom}
   */
  public ExitReason asReason() {
    return ExitReason.of(this);
  }

  @Override
  public String toString() {
    return "reached_max_restart_intensity";
  }
}
