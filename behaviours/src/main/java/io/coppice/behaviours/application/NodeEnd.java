package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * Why a node is to end: an application it cannot do without has ended, or has not started
 * (semantics AP8, AP9). All other applications have been stopped.
 *
 * @param application the application
 * @param type permanent or transient
 * @param reason what its top supervisor ended with; {@code shutdown} if it did not start
 * @param startProblem why it did not start, or null if it had
 */
public record NodeEnd(
    String application,
    StartType type,
    ExitReason reason,
    @Nullable ApplicationProblem startProblem) {
  /**
   * What happened, in one sentence.
   *
   * @return a sentence without line breaks of its own
   */
  public String text() {
    String what =
        startProblem == null
            ? "The " + type + " application " + application + " ended: " + reason.describe()
            : "A " + type + " application did not start: " + startProblem.describe();
    return what + "; the node cannot do without it, so all other applications were stopped";
  }
}
