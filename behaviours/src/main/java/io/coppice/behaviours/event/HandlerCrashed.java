package io.coppice.behaviours.event;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A handler failed and was removed; the event manager goes on (semantics GE6). Level ERROR. What it
 * shows has been through the handler's {@code formatStatus}.
 *
 * @param pid the event manager
 * @param name its registered name, or null
 * @param handler which handler
 * @param lastMessage what it was handling: the event, the request of a call, or the message; null
 *     if it failed in {@code terminate}, or as the successor of another one
 * @param state its last state; null if it had none yet
 * @param reason why, an {@link ExitReason} unless {@code formatStatus} changed it
 * @param log the events of {@code Sys.log}, oldest first
 */
public record HandlerCrashed(
    Pid pid,
    @Nullable String name,
    HandlerId<?> handler,
    @Nullable Object lastMessage,
    @Nullable Object state,
    @Nullable Object reason,
    List<? extends @Nullable Object> log)
    implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    StringBuilder out = new StringBuilder("Event manager ");
    out.append(name == null ? pid : name + " " + pid).append(" removed its handler ");
    out.append(handler).append(": ");
    out.append(reason instanceof ExitReason why ? why.describe() : reason);
    line(out, "last message", lastMessage);
    line(out, "state", state);
    if (!log.isEmpty()) {
      line(out, "log", log);
    }
    if (reason instanceof ExitReason.Crashed(Throwable error)) {
      for (StackTraceElement frame : error.getStackTrace()) {
        out.append("\n    at ").append(frame);
      }
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String title, @Nullable Object value) {
    if (value != null) {
      out.append("\n  ").append(title).append(": ").append(value);
    }
  }
}
