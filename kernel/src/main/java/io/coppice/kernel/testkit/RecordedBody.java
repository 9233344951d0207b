package io.coppice.kernel.testkit;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/** The code of a process, and how it ended. To be asked when the process has ended. */
final class RecordedBody implements ProcessBody {
  private final ProcessBody body;
  private @Nullable Throwable thrown; // by the process, read by the test: control was handed over

  RecordedBody(ProcessBody body) {
    this.body = body;
  }

  @Override
  public void run(Context self) throws Exception {
    try {
      body.run(self);
    } catch (Throwable e) {
      thrown = e;
      throw e;
    }
  }

  /** What went wrong, for humans; null if nothing did. */
  @Nullable String failure() {
    if (thrown instanceof ProcessExit exit) {
      return exit.reason().isClean() ? null : "the process ended: " + exit.reason().describe();
    }
    return thrown == null ? null : "the process threw " + thrown;
  }

  /** What was thrown, by this process or by the one whose end ended it. */
  @Nullable Throwable cause() {
    return thrown instanceof ProcessExit exit
            && exit.reason() instanceof ExitReason.Crashed(Throwable error)
        ? error
        : thrown;
  }
}
