package io.coppice.behaviours.statem;

import io.coppice.behaviours.generic.StartOutcome;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Started;
import io.coppice.supervisor.StartResult;
import java.util.List;
import java.util.function.Supplier;

/** The ways to start a state machine. */
final class Starter {
  private Starter() {}

  static <M, S, D> StatemStart<M> start(
      Processes node,
      Supplier<? extends GenStatem<M, S, D>> code,
      StatemOptions options,
      SpawnOptions spawn) {
    return switch (outcome(node, code, options, spawn)) {
      case StartOutcome.Up(Started started) ->
          new StatemStart.Started<>(
              StatemRef.of(node, started.pid()), started.pid(), started.monitor());
      case StartOutcome.Ignored() -> new StatemStart.Ignored<>();
      case StartOutcome.Failed(ExitReason reason) -> new StatemStart.Failed<>(reason);
      case StartOutcome.Taken(Pid holder) -> new StatemStart.AlreadyStarted<>(holder);
    };
  }

  static <M, S, D> StartResult startChild(
      Context parent,
      Supplier<? extends GenStatem<M, S, D>> code,
      StatemOptions options,
      SpawnOptions spawn) {
    return outcome(parent, code, options, spawn).asChild();
  }

  private static <M, S, D> StartOutcome outcome(
      Processes node,
      Supplier<? extends GenStatem<M, S, D>> code,
      StatemOptions options,
      SpawnOptions spawn) {
    StatemBody<M, S, D> body = new StatemBody<>(code, options.hibernateAfter());
    return StartOutcome.start(node, body, spawn, options.initTimeout());
  }

  static <M, S, D> void enterLoop(
      Context self,
      GenStatem<M, S, D> code,
      StateAndData<S, D> first,
      StatemOptions options,
      List<Action> actions) {
    StartOutcome.checkNames(self, options.name(), options.spawn());
    StatemBody<M, S, D> body = new StatemBody<>(() -> code, options.hibernateAfter());
    self.become(body.entering(self, first, actions));
  }
}
