package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;

/** What the runner tells its master, and the master the controller. */
sealed interface Note {
  /** The application runs. */
  record Up(Pid top) implements Note {}

  /** It did not start, and nothing of it is left. */
  record Failed(ApplicationProblem problem) implements Note {}

  /** It has ended, and nothing of it is left. */
  record Ended(ExitReason reason) implements Note {}

  /** From the master to the controller. */
  record Of(Pid master, Pid runner, Note note) {}
}
