package io.coppice.behaviours.task;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/** How the end of a task reaches those who needed its result (semantics TK2). */
final class TaskFailure {
  private TaskFailure() {}

  /** Nobody who catches it needs to look for the stack trace of the task: it is the cause. */
  static CallFailed of(ExitReason reason, String call) {
    return withCause(new CallFailed(reason, call), reason);
  }

  static CallFailed of(ExitReason reason, String call, String hint) {
    return withCause(new CallFailed(reason, call, hint), reason);
  }

  private static CallFailed withCause(CallFailed failed, ExitReason reason) {
    Throwable cause = cause(reason);
    if (cause != null) {
      failed.initCause(cause);
    }
    return failed;
  }

  private static @Nullable Throwable cause(ExitReason reason) {
    return switch (reason) {
      case ExitReason.Crashed(Throwable error) -> error;
      case ExitReason.CallFailure(ExitReason inner, _) -> cause(inner);
      default -> null;
    };
  }
}
