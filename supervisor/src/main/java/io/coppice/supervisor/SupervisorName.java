package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which supervisor a report is about (semantics SU91).
 *
 * @param pid its pid
 * @param name its registered name, or null
 */
public record SupervisorName(Pid pid, @Nullable String name) {
  /** Refuses a null pid. */
  public SupervisorName {
    Objects.requireNonNull(pid, "pid");
  }

  @Override
  public String toString() {
    return name == null ? pid.toString() : name + " " + pid;
  }
}
