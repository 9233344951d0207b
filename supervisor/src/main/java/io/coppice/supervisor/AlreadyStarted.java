package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.Objects;

/**
 * The term of the reason a start fails with when the child's name is taken ({@code
 * {already_started, Pid}}, semantics G4, SU15).
 *
 * @param pid the process that holds the name
 */
public record AlreadyStarted(Pid pid) {
  /** Refuses null. */
  public AlreadyStarted {
    Objects.requireNonNull(pid, "pid");
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
    return "{already_started, " + pid + "}";
  }
}
