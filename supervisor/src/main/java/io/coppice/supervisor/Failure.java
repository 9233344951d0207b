package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One failure of a child, and what its supervisor did about it: the answer to "why did it restart?"
 * ({@link SupervisorRef#history(String)}).
 *
 * @param child the id of the child; under {@code simple_one_for_one} that of the template
 * @param pid the process that ended, or null if the child could not be started and never had run
 * @param atNanos when, on the node's clock ({@code Processes.monotonicNanos()})
 * @param cause the exit reason as text, at most {@value #CAUSE_MAX} characters: what children leave
 *     behind is not kept alive
 * @param handling the class of the message that it was at, or null if it was at none, or could not
 *     be started
 * @param lived how long it had lived, or null if it could not be started
 * @param verdict what the supervisor decided
 * @param delay how long it decided to wait; zero if it did not
 * @param down how long it took until the child ran again, or null if it has not done so yet
 */
public record Failure(
    String child,
    @Nullable Pid pid,
    long atNanos,
    String cause,
    @Nullable String handling,
    @Nullable Duration lived,
    Verdict verdict,
    Duration delay,
    @Nullable Duration down) {
  /** The most characters of a cause that are kept. */
  public static final int CAUSE_MAX = 200;

  /** Refuses null, and shortens the cause. */
  public Failure {
    Objects.requireNonNull(child, "child");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(delay, "delay");
    if (cause.length() > CAUSE_MAX) {
      cause = cause.substring(0, CAUSE_MAX - 1) + "…";
    }
  }

  Failure decided(Verdict value, Duration wait) {
    return new Failure(child, pid, atNanos, cause, handling, lived, value, wait, down);
  }

  Failure runsAgain(long nowNanos) {
    Duration time = Duration.ofNanos(nowNanos - atNanos);
    return new Failure(child, pid, atNanos, cause, handling, lived, verdict, delay, time);
  }

  /**
   * Cause and decision in one line, such as {@code crashed: java.lang.IllegalStateException: boom,
   * at Order, after 1.2 s; restarted, up after 3 ms}.
   *
   * @return without the child and the time
   */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    if (lived == null) {
      out.append("could not be started: ");
    }
    out.append(cause);
    if (handling != null) {
      out.append(", at ").append(handling.substring(handling.lastIndexOf('.') + 1));
    }
    if (lived != null) {
      out.append(", after ").append(Times.rough(lived.toNanos()));
    }
    out.append("; ").append(verdict);
    if (!delay.isZero()) {
      out.append(" (").append(Times.rough(delay.toNanos())).append(')');
    }
    if (down != null) {
      out.append(", up after ").append(Times.rough(down.toNanos()));
    }
    return out.toString();
  }
}
