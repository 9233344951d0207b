package io.coppice.kernel.process;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The code of a process has been at one message for longer than its {@link HandlerLimit} allows:
 * computing, blocked, or waiting for another process. Level WARNING; ERROR when it is made to fail.
 *
 * @param pid the process
 * @param initialCall what it was started as
 * @param handling the class of the message, or null if it is not known
 * @param time for how long, as far as was seen
 * @param limit what it may take
 * @param fails whether the process is made to fail now
 * @param stack where its code is
 */
public record LongHandlerReport(
    Pid pid,
    String initialCall,
    @Nullable String handling,
    Duration time,
    HandlerLimit limit,
    boolean fails,
    List<StackTraceElement> stack)
    implements Report {
  /** Copies the stack. */
  public LongHandlerReport {
    Objects.requireNonNull(pid, "pid");
    Objects.requireNonNull(initialCall, "initialCall");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(limit, "limit");
    stack = List.copyOf(stack);
  }

  @Override
  public Level level() {
    return fails ? Level.ERROR : Level.WARNING;
  }

  @Override
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append("Process ").append(pid).append(" (").append(initialCall).append(") has been at ");
    out.append(handling == null ? "one message" : "a message of class " + handling);
    out.append(" for ").append(time.toMillis()).append(" ms, allowed are ");
    out.append(limit.time().toMillis()).append(" ms; ").append(next());
    for (StackTraceElement frame : stack) {
      out.append("\n    at ").append(frame);
    }
    return out.toString();
  }

  private String next() {
    if (fails) {
      return "it counts as hung and is made to fail";
    }
    return limit.failAt() == 0
        ? "it goes on"
        : "it will be made to fail after " + limit.time().toMillis() * limit.failAt() + " ms";
  }
}
