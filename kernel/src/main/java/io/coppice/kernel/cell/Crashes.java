package io.coppice.kernel.cell;

import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of a process that crashes. */
final class Crashes {
  private Crashes() {}

  static CrashReport report(ProcessCell cell, @Nullable String name, ExitReason reason) {
    return new CrashReport(
        cell,
        name,
        cell.label(),
        cell.initialCall(),
        reason,
        ancestors(cell),
        cell.inboundSize(),
        cell.trapsExit());
  }

  static List<Pid> ancestors(ProcessCell cell) {
    List<Pid> all = new ArrayList<>();
    for (ProcessCell c = cell.parentCell(); c != null; c = c.parentCell()) {
      all.add(c);
    }
    Pid root = cell.kernel.root();
    if (all.isEmpty() || !all.getLast().equals(root)) {
      all.add(root); // an ancestor that has ended has forgotten its own
    }
    return all;
  }
}
