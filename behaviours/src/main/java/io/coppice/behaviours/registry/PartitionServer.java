package io.coppice.behaviours.registry;

import io.coppice.behaviours.registry.Life.Abandon;
import io.coppice.behaviours.registry.Life.Adopt;
import io.coppice.behaviours.registry.Life.Count;
import io.coppice.behaviours.registry.Life.Message;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.Step;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The process that monitors the registered processes of a partition and clears away after them; why
 * it is so stands in {@link Life}. Calls and messages of strangers it refuses or drops: its end
 * would take the registered processes with it.
 */
final class PartitionServer<K, V> implements GenServer<Object, Map<Pid, PartitionServer.Watched>> {
  /**
   * What a process ends with that had been registered, and not linked yet, when the server ended.
   */
  static final ExitReason LOST = ExitReason.of("the registry has lost its registration");

  private final Life<K, V> life;
  private final int index;
  private @Nullable Context self;
  private @Nullable Partition<K, V> partition;

  PartitionServer(Life<K, V> life, int index) {
    this.life = life;
    this.index = index;
  }

  /**
   * A process that is registered.
   *
   * @param count how many registrations have been announced; negative while one that is no more is
   *     known of before it is known that it was
   * @param monitor while there are some
   */
  record Watched(int count, @Nullable Ref monitor) {}

  @Override
  public Init<Map<Pid, Watched>> init(Context context) {
    self = context;
    context.trapExit(true); // registered processes are linked
    partition = life.open(index, context.pid());
    return Init.state(new HashMap<>());
  }

  @Override
  public Result<Map<Pid, Watched>> handleCall(
      Object request, Request from, Map<Pid, Watched> watched) {
    from.fail(ExitReason.of("unknown_call: a partition of a registry answers no calls"));
    return Step.next(watched);
  }

  @Override
  public Step<Map<Pid, Watched>> handleCast(Object cast, Map<Pid, Watched> watched) {
    if (!(cast instanceof Message message)) {
      return Step.unhandled(watched);
    }
    switch (message) {
      case Count(Pid pid, int change) -> count(watched, pid, change);
      case Adopt(Pid pid) -> adopt(pid);
      case Abandon(Pid pid) -> {
        if (!partition().holds(pid)) {
          self().unlink(pid);
          adopt(pid);
        }
      }
    }
    return Step.next(watched);
  }

  @Override
  public Step<Map<Pid, Watched>> handleInfo(Object message, Map<Pid, Watched> watched) {
    return switch (message) {
      case Down(Ref monitor, Pid pid, _) when isOurs(watched.get(pid), monitor) -> {
        watched.remove(pid);
        VarHandle.fullFence(); // pairs with that in Life.register
        life.clear(partition(), pid);
        yield Step.next(watched);
      }
      case Down _ -> Step.next(watched); // it ended when it was watched no more
      case Exit _ -> Step.next(watched); // of a link: the monitor tells the same
      default -> Step.unhandled(watched);
    };
  }

  private static boolean isOurs(@Nullable Watched known, Ref monitor) {
    return known != null && monitor.equals(known.monitor());
  }

  private void count(Map<Pid, Watched> watched, Pid pid, int change) {
    Watched known = watched.getOrDefault(pid, new Watched(0, null));
    int count = known.count() + change;
    Ref monitor = known.monitor();
    if (count > 0) {
      watched.put(pid, new Watched(count, monitor == null ? self().monitor(pid) : monitor));
      return;
    }
    if (monitor != null) {
      self().demonitor(monitor); // not flushed, which would look through all that waits
    }
    if (count == 0 || self().hasEnded(pid)) {
      watched.remove(pid);
    } else {
      watched.put(pid, new Watched(count, null));
    }
  }

  /** Links a process, if it is registered. */
  private void adopt(Pid pid) {
    if (partition().holds(pid)) {
      self().link(pid);
      partition().linked(pid);
    }
  }

  private Context self() {
    return Objects.requireNonNull(self, "init has not run");
  }

  private Partition<K, V> partition() {
    return Objects.requireNonNull(partition, "init has not run");
  }
}
