package io.coppice.behaviours.server;

import io.coppice.behaviours.generic.Initial;
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
import io.coppice.supervisor.StartResult;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways to start a server. */
final class Starter {
  private Starter() {}

  static <M, S> ServerStart<M> start(
      Processes node,
      Supplier<? extends GenServer<M, S>> code,
      ServerOptions options,
      SpawnOptions spawn) {
    StartCommand command = new StartCommand(spawn.linked());
    ServerBody<M, S> body = new ServerBody<>(code, options.hibernateAfter());
    try {
      Started started = node.start(body, spawn, command, options.initTimeout());
      return new ServerStart.Started<>(
          ServerRef.of(node, started.pid()), started.pid(), started.monitor());
    } catch (NameTaken taken) {
      return new ServerStart.AlreadyStarted<>(taken.holder());
    } catch (CallFailed failed) {
      return switch (command.outcome()) {
        case Initial.Ignored() -> new ServerStart.Ignored<>();
        case Initial.Failed(ExitReason told, var exit) -> new ServerStart.Failed<>(told);
        case Initial.Up() -> new ServerStart.Failed<>(failed.reason());
        case null -> new ServerStart.Failed<>(failed.reason());
      };
    }
  }

  /** The same for a supervisor. */
  static StartResult asChild(ServerStart<?> start) {
    return switch (start) {
      case ServerStart.Started<?> started -> StartResult.ok(started.pid());
      case ServerStart.Ignored<?>() -> StartResult.ignored();
      case ServerStart.Failed<?>(ExitReason reason) -> StartResult.failed(reason);
      case ServerStart.AlreadyStarted<?>(Pid holder) ->
          StartResult.failed(new AlreadyStarted(holder).asReason());
    };
  }

  static <M, S> void enterLoop(
      Context self, GenServer<M, S> code, S state, ServerOptions options, @Nullable Action action) {
    String name = options.name();
    Pid holder = name == null ? self.pid() : self.whereis(name).orElse(null);
    if (!self.pid().equals(holder)) {
      throw self.exit(ExitReason.of("process_not_registered: " + name));
    }
    ServerBody<M, S> body = new ServerBody<>(() -> code, options.hibernateAfter());
    self.become(body.entering(self, code, state, action));
  }
}
