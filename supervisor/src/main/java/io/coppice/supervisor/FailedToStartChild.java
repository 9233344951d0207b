package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import java.util.Objects;

/**
 * The detail of the reason a supervisor ends with when one of its first children cannot be started
 * ({@code {shutdown, {failed_to_start_child, Id, Reason}}}, semantics SU13).
 *
 * @param id the child
 * @param reason why it could not be started
 */
public record FailedToStartChild(String id, ExitReason reason) {
  /** Refuses null. */
  public FailedToStartChild {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * The exit reason with this detail; it is a clean one.
   *
   * @return {@link ExitReason.Shutdown}
   */
  public ExitReason asReason() {
    return ExitReason.shutdown(this);
  }

  @Override
  public String toString() {
    return "{failed_to_start_child, " + id + ", " + reason + "}";
  }
}
