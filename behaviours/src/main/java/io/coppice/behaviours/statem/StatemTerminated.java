package io.coppice.behaviours.statem;

import io.coppice.behaviours.Client;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state machine ended abnormally (semantics SM51), or its {@code init} failed with an error
 * (SM55). Level ERROR.
 *
 * @param pid the machine
 * @param name its registered name, or null
 * @param label its label, or null
 * @param module the class of its callbacks
 * @param status what there is to see of it, after {@code formatStatus}: state, data, event, reason,
 *     queues, timeouts, callback mode and modules
 * @param client who made the call it was handling, or null
 */
public record StatemTerminated(
    Pid pid,
    @Nullable String name,
    @Nullable Object label,
    String module,
    StatemStatus status,
    @Nullable Client client)
    implements Report {
  static StatemTerminated of(
      Pid pid,
      String module,
      StatemStatus status,
      @Nullable Client client,
      @Nullable ProcessInfo own) {
    return new StatemTerminated(
        pid,
        own == null ? null : own.name(),
        own == null ? null : own.label(),
        module,
        status,
        client);
  }

  static @Nullable Client client(Processes node, @Nullable Pid caller) {
    return caller == null ? null : Client.of(node, caller);
  }

  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    StringBuilder out = new StringBuilder("GenStatem ");
    out.append(name == null ? pid : name + " " + pid).append(" (").append(module);
    out.append(") is terminating: ");
    out.append(status.reason() instanceof ExitReason why ? why.describe() : status.reason());
    line(out, "label", label);
    line(out, "state", status.state());
    line(out, "data", status.data());
    line(out, "event", status.event());
    line(out, "queue", status.queue());
    line(out, "postponed", status.postponed());
    line(out, "timeouts", status.timeouts());
    line(out, "callback mode", status.callbackMode());
    line(out, "modules", status.modules());
    line(out, "log", status.log());
    if (client != null) {
      line(out, "client", client.name() == null ? client.pid() : client.name() + client.pid());
      out.append(client.alive() ? ", waiting at" : ", which is dead");
      client.stack().forEach(frame -> out.append("\n      at ").append(frame));
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String title, @Nullable Object value) {
    boolean nothing =
        value == null
            || (value instanceof Collection<?> all && all.isEmpty())
            || (value instanceof Map<?, ?> map && map.isEmpty());
    if (!nothing) {
      out.append("\n  ").append(title).append(": ").append(value);
    }
  }
}
