package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;

/** A process that is to be stopped, and how. */
record Dismissal(Pid pid, Shutdown how) {
  static Dismissal of(Child child) {
    return new Dismissal(child.runningPid(), child.spec().shutdown());
  }
}
