package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import org.jspecify.annotations.Nullable;

/**
 * The child, or the children, a report is about (semantics SU91).
 *
 * @param pid the child's pid, or null if it has none or there are several
 * @param count how many children it was, 1 or more
 * @param id the child's id; under {@code simple_one_for_one} that of the template
 * @param restart which ends lead to a restart
 * @param significant whether its end may end the supervisor
 * @param shutdown how it is stopped
 * @param type worker or supervisor
 */
public record Offender(
    @Nullable Pid pid,
    int count,
    String id,
    Restart restart,
    boolean significant,
    Shutdown shutdown,
    ChildType type) {
  static Offender one(@Nullable Pid pid, ChildSpec spec) {
    return several(pid, 1, spec);
  }

  static Offender several(@Nullable Pid pid, int count, ChildSpec spec) {
    return new Offender(
        pid, count, spec.id(), spec.restart(), spec.significant(), spec.shutdown(), spec.type());
  }

  /** {@code its child cart <7>}, or {@code 12 of its cart children}. */
  String subject() {
    if (count > 1) {
      return count + " of its " + id + " children";
    }
    return "its child " + id + (pid == null ? "" : " " + pid);
  }

  /** {@code permanent worker, shutdown within 5 s}. */
  String details() {
    return restart + (significant ? ", significant " : " ") + type + ", shutdown " + shutdown;
  }
}
