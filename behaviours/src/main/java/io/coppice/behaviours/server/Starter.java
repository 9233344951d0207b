package io.coppice.behaviours.server;

import io.coppice.behaviours.generic.StartOutcome;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Started;
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
    return switch (outcome(node, code, options, spawn)) {
      case StartOutcome.Up(Started started) ->
          new ServerStart.Started<>(
              ServerRef.of(node, started.pid()), started.pid(), started.monitor());
      case StartOutcome.Ignored() -> new ServerStart.Ignored<>();
      case StartOutcome.Failed(ExitReason reason) -> new ServerStart.Failed<>(reason);
      case StartOutcome.Taken(Pid holder) -> new ServerStart.AlreadyStarted<>(holder);
    };
  }

  static <M, S> StartResult startChild(
      Context parent,
      Supplier<? extends GenServer<M, S>> code,
      ServerOptions options,
      SpawnOptions spawn) {
    return outcome(parent, code, options, spawn).asChild();
  }

  private static <M, S> StartOutcome outcome(
      Processes node,
      Supplier<? extends GenServer<M, S>> code,
      ServerOptions options,
      SpawnOptions spawn) {
    ServerBody<M, S> body = new ServerBody<>(code, options.hibernateAfter());
    return StartOutcome.start(node, body, spawn, options.initTimeout());
  }

  static <M, S> void enterLoop(
      Context self, GenServer<M, S> code, S state, ServerOptions options, @Nullable Action action) {
    StartOutcome.checkNames(self, options.name(), options.spawn());
    ServerBody<M, S> body = new ServerBody<>(() -> code, options.hibernateAfter());
    self.become(body.entering(self, code, state, action));
  }
}
