package io.coppice.behaviours.pool;

import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * A job of a {@link WorkerPool} that has no result: its worker ended over it, or it was never run.
 */
public final class JobFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient ExitReason reason;

  /** Whether a worker had begun with it. */
  private final boolean run;

  JobFailed(String message, ExitReason reason, boolean run) {
    super(message, reason instanceof ExitReason.Crashed(Throwable error) ? error : null);
    this.reason = reason;
    this.run = run;
  }

  static JobFailed inWorker(Object job, Object worker, ExitReason reason) {
    return new JobFailed(
        "The worker " + worker + " ended over the job " + job + " (" + reason + ")", reason, true);
  }

  static JobFailed neverRun(@Nullable Object job, String why, ExitReason reason) {
    String what = job == null ? "A job" : "The job " + job;
    return new JobFailed(what + " was not run: " + why, reason, false);
  }

  /**
   * Why.
   *
   * @return the reason the worker ended with; {@code shutdown} if the pool takes no more jobs,
   *     {@code timeout} if the job's time was over
   */
  public ExitReason reason() {
    return reason;
  }

  /**
   * Whether a worker has begun with it.
   *
   * @return false if it is safe to try again: nothing has been done
   */
  public boolean wasRun() {
    return run;
  }
}
