package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;

/** A pid of no process, for decisions that nobody performs. */
record FakePid(long number) implements Pid {
  @Override
  public String toString() {
    return "<" + number + ">";
  }
}
