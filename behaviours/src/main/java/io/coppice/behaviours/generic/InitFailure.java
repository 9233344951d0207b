package io.coppice.behaviours.generic;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;

/**
 * The crash report of an {@code init} that asked for an abnormal end (semantics G6, PL5). One that
 * threw is reported by the kernel.
 */
final class InitFailure {
  private InitFailure() {}

  static void report(Context self, ExitReason reason) {
    if (reason.isClean() || reason instanceof ExitReason.Crashed) {
      return;
    }
    self.info(self.pid())
        .map(
            own ->
                new CrashReport(
                    own.pid(),
                    own.name(),
                    own.label(),
                    own.initialCall(),
                    reason,
                    self.ancestors(),
                    own.queueLength(),
                    own.trapExit()))
        .ifPresent(self::report);
  }
}
