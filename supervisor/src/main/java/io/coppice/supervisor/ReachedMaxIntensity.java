package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import java.time.Duration;

/**
 * The term of the reason in the report of a supervisor that gives up ({@code
 * reached_max_restart_intensity}, semantics SU33). The supervisor itself then ends with {@code
 * shutdown}.
 *
 * @param intensity the restarts it was allowed
 * @param period within which time
 */
public record ReachedMaxIntensity(int intensity, Duration period) {
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
