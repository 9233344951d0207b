package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A child as its supervisor sees it (semantics SU73).
 *
 * @param id its id, or null under {@code simple_one_for_one}, where children have none
 * @param status what it is doing
 * @param pid its pid if it is running, otherwise null
 * @param type worker or supervisor
 */
public record ChildInfo(
    @Nullable String id, ChildStatus status, @Nullable Pid pid, ChildType type) {
  /** Checks that exactly the running child has a pid. */
  public ChildInfo {
    Objects.requireNonNull(type, "type");
    if ((status == ChildStatus.RUNNING) != (pid != null)) {
      throw new IllegalArgumentException("A child is " + status + ", but its pid is " + pid);
    }
  }
}
