package io.coppice.behaviours.server;

import io.coppice.behaviours.Client;
import io.coppice.behaviours.StatusView;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server ended abnormally (semantics GS23, GS24). Level ERROR. What it shows of the server has
 * been through {@code formatStatus}.
 *
 * @param pid the server
 * @param name its registered name, or null
 * @param label its label, or null
 * @param module the class of its callbacks
 * @param lastMessage what it was handling: the request of a call or cast, or the message; null if
 *     it was told to stop
 * @param state its last state
 * @param reason why it ended, an {@link ExitReason} unless {@code formatStatus} changed it
 * @param client who made the call it was handling, or null
 * @param log the events of {@code Sys.log}, oldest first
 */
public record ServerTerminated(
    Pid pid,
    @Nullable String name,
    @Nullable Object label,
    String module,
    @Nullable Object lastMessage,
    @Nullable Object state,
    @Nullable Object reason,
    @Nullable Client client,
    List<? extends @Nullable Object> log)
    implements Report {
  static ServerTerminated of(
      Context self,
      String module,
      StatusView view,
      @Nullable Pid caller,
      @Nullable ProcessInfo own) {
    return new ServerTerminated(
        self.pid(),
        own == null ? null : own.name(),
        own == null ? null : own.label(),
        module,
        view.message(),
        view.state(),
        view.reason(),
        caller == null ? null : Client.of(self, caller),
        view.log());
  }

  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    StringBuilder out = new StringBuilder("GenServer ");
    out.append(name == null ? pid : name + " " + pid).append(" (").append(module);
    out.append(") is terminating: ");
    out.append(reason instanceof ExitReason why ? why.describe() : reason);
    line(out, "label", label);
    line(out, "last message", lastMessage);
    line(out, "state", state);
    if (!log.isEmpty()) {
      line(out, "log", log);
    }
    if (client != null) {
      line(out, "client", client.name() == null ? client.pid() : client.name() + client.pid());
      out.append(client.alive() ? ", waiting at" : ", which is dead");
      client.stack().forEach(frame -> out.append("\n      at ").append(frame));
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String title, @Nullable Object value) {
    if (value != null) {
      out.append("\n  ").append(title).append(": ").append(value);
    }
  }
}
