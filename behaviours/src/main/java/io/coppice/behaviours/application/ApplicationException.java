package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/** Something could not be done with an application; its message is one sentence that says why. */
public final class ApplicationException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient ApplicationProblem problem;

  ApplicationException(ApplicationProblem problem) {
    super("Not done: " + problem.describe(), cause(problem));
    this.problem = problem;
  }

  /**
   * What the problem is.
   *
   * @return the problem, as data
   */
  public ApplicationProblem problem() {
    return problem;
  }

  private static @Nullable Throwable cause(ApplicationProblem problem) {
    return switch (problem) {
      case ApplicationProblem.Crashed(_, _, ExitReason.Crashed(Throwable error)) -> error;
      case ApplicationProblem.Refused(_, ExitReason.Crashed(Throwable error)) -> error;
      case ApplicationProblem.NotAllStarted(_, ApplicationProblem inner) -> cause(inner);
      default -> null;
    };
  }
}
