package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The process of a {@link SupervisorBridge} (semantics SU94). */
final class BridgeBody<S> implements CodeStart.Body {
  private final SupervisorBridge<S> code;
  private final @Nullable String shownName;
  private volatile boolean ignored;
  private SupervisorBridge.Init.@Nullable Ok<S> bridged;

  BridgeBody(SupervisorBridge<S> code, @Nullable String shownName) {
    this.code = code;
    this.shownName = shownName;
  }

  @Override
  public boolean ignored() {
    return ignored;
  }

  @Override
  public void onStart(Context self) {
    self.trapExit(true);
  }

  @Override
  public void onMessage(Context self, Object message) throws Exception {
    switch (message) {
      case Request request -> answer(self, request);
      case Exit(Pid from, ExitReason reason) when SupervisorBody.isOrder(self, from) ->
          stop(self, reason);
      case Exit(Pid from, ExitReason reason) when bridged != null && from.equals(bridged.pid()) -> {
        if (!reason.isClean()) {
          self.report(
              new SupervisorReport(name(self), ErrorContext.CHILD_TERMINATED, reason, offender()));
        }
        self.stop(reason);
      }
      case Exit _ -> {}
      default -> self.report(new UnexpectedMessage(name(self), String.valueOf(message)));
    }
  }

  private void answer(Context self, Request request) throws Exception {
    switch (request.payload()) {
      case Event.Boot() -> boot(self, request);
      case Event.Stop(ExitReason reason) -> stop(self, reason);
      default -> request.fail(ExitReason.of("badcall"));
    }
  }

  /** A start that fails is not answered: the starter is told when the process is gone (G5). */
  private void boot(Context self, Request request) throws Exception {
    switch (code.init(self)) {
      case SupervisorBridge.Init.Ok<S> ok -> {
        bridged = ok;
        self.link(ok.pid());
        self.report(new ProgressReport(name(self), offender(), Level.INFO));
        request.reply(self.pid());
      }
      case SupervisorBridge.Init.Ignored<S>() -> {
        ignored = true;
        self.stop(ExitReason.NORMAL);
      }
      case SupervisorBridge.Init.Failed<S>(ExitReason reason) -> self.stop(reason);
      case null -> self.stop(ExitReason.of(new BadReturn(code.getClass().getName(), "init")));
    }
  }

  private void stop(Context self, ExitReason reason) throws Exception {
    if (bridged != null) {
      code.terminate(reason, bridged.state());
    }
    self.stop(reason);
  }

  private SupervisorName name(Context self) {
    return new SupervisorName(self.pid(), shownName);
  }

  /** The process at the top of the subsystem, of which nothing is known but its pid. */
  private Offender offender() {
    return new Offender(
        Objects.requireNonNull(bridged).pid(),
        1,
        code.getClass().getName(),
        Restart.TEMPORARY,
        false,
        Shutdown.unlimited(),
        ChildType.SUPERVISOR);
  }

  @Override
  public String describe() {
    return "bridge " + code.getClass().getName();
  }
}
