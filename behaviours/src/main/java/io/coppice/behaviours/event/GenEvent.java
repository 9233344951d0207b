package io.coppice.behaviours.event;

import io.coppice.behaviours.generic.StartCommand;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Started;
import io.coppice.supervisor.AlreadyStarted;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.StartResult;

/**
 * Event managers: processes that hand each event to all of their handlers (semantics section 6).
 *
 * {@snippet class="io.coppice.behaviours.event.EventExampleTest" region="use"}
 *
 * <p>An event manager starts without handlers and has no code of its own; {@link EventHandler}s are
 * added while it runs. It traps exits (GE1), and stops when its parent does (GE11).
 */
public final class GenEvent {
  private GenEvent() {}

  /**
   * Starts an event manager that nobody is linked with (G1).
   *
   * @param node where
   * @param <E> the events
   * @return what came of it
   */
  public static <E> EventStart<E> start(Processes node) {
    return start(node, EventOptions.DEFAULT);
  }

  /**
   * Starts an event manager that nobody is linked with (G1).
   *
   * @param node where
   * @param options how
   * @param <E> the events
   * @return what came of it
   */
  public static <E> EventStart<E> start(Processes node, EventOptions options) {
    return start(node, options, options.toSpawn());
  }

  /**
   * Starts an event manager linked with the calling process, which becomes its parent (G2).
   *
   * @param self the calling process
   * @param options how
   * @param <E> the events
   * @return what came of it
   */
  public static <E> EventStart<E> startLink(Context self, EventOptions options) {
    return start(self, options, options.toSpawn().link());
  }

  /**
   * Starts an event manager monitored by the calling process. If the start fails, no {@code Down}
   * is left (G9).
   *
   * @param self the calling process
   * @param options how
   * @param <E> the events
   * @return what came of it; {@link EventStart.Started} has the monitor
   */
  public static <E> EventStart<E> startMonitor(Context self, EventOptions options) {
    return start(self, options, options.toSpawn().monitor());
  }

  /**
   * An event manager as the child of a supervisor. A restarted one has no handlers; those who add
   * handlers supervised learn of it by {@link HandlerGone} or {@code Exit} and add them again.
   *
   * @param id its id within the supervisor
   * @param options how to start it
   * @return a permanent worker
   */
  public static ChildSpec child(String id, EventOptions options) {
    return ChildSpec.starting(id, supervisor -> asChild(startLink(supervisor, options)));
  }

  private static <E> EventStart<E> start(Processes node, EventOptions options, SpawnOptions spawn) {
    EventBody body = new EventBody(options);
    try {
      Started started =
          node.start(body, spawn, new StartCommand(spawn.linked()), options.startTimeout());
      return new EventStart.Started<>(
          EventRef.of(node, started.pid()), started.pid(), started.monitor());
    } catch (NameTaken taken) {
      return new EventStart.AlreadyStarted<>(taken.holder());
    } catch (CallFailed failed) {
      return new EventStart.Failed<>(failed.reason());
    }
  }

  private static StartResult asChild(EventStart<?> start) {
    return switch (start) {
      case EventStart.Started<?> started -> StartResult.ok(started.pid());
      case EventStart.Failed<?>(ExitReason reason) -> StartResult.failed(reason);
      case EventStart.AlreadyStarted<?>(Pid holder) ->
          StartResult.failed(new AlreadyStarted(holder).asReason());
    };
  }
}
