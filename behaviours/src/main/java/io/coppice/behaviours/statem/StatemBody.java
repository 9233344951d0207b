package io.coppice.behaviours.statem;

import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.StatusView;
import io.coppice.behaviours.SystemRequest.ChangeCode;
import io.coppice.behaviours.generic.Cast;
import io.coppice.behaviours.generic.Initial;
import io.coppice.behaviours.statem.BadTransition.Problem;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The process of a {@link GenStatem}: its start, its messages and its end.
 *
 * <p>The types of events, states and data are those of the callbacks by construction, as in a
 * GenServer: only a {@link StatemRef} of the same protocol makes calls and casts, and only results
 * of the callbacks become states and data (or {@code Sys.replaceState}, inserted events and other
 * callback modules, at their user's risk). That is what the unchecked casts rely on.
 */
final class StatemBody<M, S, D> extends Machine<M, S, D> {
  private final Supplier<? extends GenStatem<M, S, D>> factory;
  private List<? extends Action> first = List.of();
  private String starting = "GenStatem";

  StatemBody(Supplier<? extends GenStatem<M, S, D>> factory, @Nullable Duration hibernateAfter) {
    super(hibernateAfter);
    this.factory = factory;
  }

  /** Becomes a machine without a start. */
  StatemBody<M, S, D> entering(Context self, StateAndData<S, D> initial, List<Action> actions) {
    enter(self);
    remember(initial.state(), initial.data());
    first = actions;
    return this;
  }

  // ---- life cycle

  @Override
  protected Initial init() throws Exception {
    try {
      GenStatem<M, S, D> module = factory.get();
      starting = module.getClass().getName();
      Object result;
      try {
        result = module.init(self());
      } catch (ControlThrow thrown) {
        result = thrown.result();
      }
      return begun(module, result);
    } catch (Throwable error) {
      reportFailedInit(reasonOf(error));
      throw error;
    }
  }

  private Initial begun(GenStatem<M, S, D> module, @Nullable Object result) throws Exception {
    return switch (result) {
      case Init.Up<?, ?> up -> {
        callbacks.replace(module);
        remember(trusted(up.state()), trusted(up.data()));
        first = up.actions();
        yield new Initial.Up();
      }
      case Init.Stop<?, ?>(ExitReason reason) -> new Initial.Failed(reason, reason);
      case Init.Failed<?, ?>(ExitReason reason) -> new Initial.Failed(reason, ExitReason.NORMAL);
      case Init.Ignore<?, ?>() -> new Initial.Ignored();
      case null, default -> {
        String callback = module.getClass().getName() + ".init";
        throw new ProcessExit(
            ExitReason.of(
                new BadTransition(Problem.BAD_RETURN_FROM_INIT, result, callback, null, null)));
      }
    };
  }

  private void reportFailedInit(ExitReason reason) {
    if (!reason.isClean()) {
      StatemStatus status = status(reason, List.of());
      ProcessInfo own = self().info(self().pid()).orElse(null);
      self().report(StatemTerminated.of(self().pid(), module(), status, null, own));
    }
  }

  @Override
  protected void started() throws Exception {
    if (callbacks.isEmpty()) {
      callbacks.replace(factory.get());
    }
    List<? extends Action> actions = first;
    first = List.of();
    begin(actions);
  }

  @Override
  protected void terminate(ExitReason reason) throws Exception {
    if (callbacks.isEmpty()) {
      return;
    }
    try {
      callbacks.current().terminate(reason, state(), data());
    } catch (ControlThrow ignored) {
      // What terminate returns does not matter, however it does so.
      return;
    }
  }

  // ---- messages

  @Override
  protected void handle(Object message) throws Exception {
    Event<M> event =
        switch (message) {
          case Request request -> new Event.Call<>(trusted(request.payload()), request);
          case Cast(Object sent) -> new Event.Cast<>(trusted(sent));
          case Object expiry when TimeoutTable.isExpiry(expiry) -> timeouts.expired(expiry);
          case Object tick when Rest.isTick(tick) -> null;
          default -> new Event.Info<>(message);
        };
    if (event != null) {
      rest.end(self());
      note(event);
      run(event);
    } else if (Rest.isTick(message)) {
      rest.due(self(), message);
    } else {
      rest.goOn(self()); // after a timeout that had been cancelled
    }
  }

  // ---- system messages

  @Override
  protected void interrupted(boolean suspended) {
    rest.interrupted(self(), suspended);
  }

  @Override
  protected void userState(@Nullable Object value) {
    if (!(value instanceof StateAndData<?, ?> both)) {
      throw new IllegalArgumentException(
          "the state of a GenStatem is a StateAndData, and cannot be replaced by " + value);
    }
    remember(trusted(both.state()), trusted(both.data()));
  }

  @Override
  protected void changeCode(ChangeCode change) throws Exception {
    GenStatem<M, S, D> next = change.code() == null ? callbacks.current() : trusted(change.code());
    Object migrated;
    try {
      migrated = next.codeChange(change.oldVersion(), state(), data(), change.extra());
    } catch (ControlThrow thrown) {
      migrated = thrown.result();
    }
    if (!(migrated instanceof StateAndData<?, ?> both)) {
      throw new IllegalStateException(
          next.getClass().getName() + ".codeChange must return a StateAndData, not " + migrated);
    }
    callbacks.replace(next);
    remember(trusted(both.state()), trusted(both.data()));
  }

  @Override
  protected StatusView formatStatus(StatusView view) throws Exception {
    StatemStatus raw = status(view.reason(), view.log());
    StatemStatus shown = callbacks.isEmpty() ? raw : callbacks.current().formatStatus(raw);
    return new StatusView(shown, shown.event(), shown.reason(), shown.log());
  }

  @Override
  protected boolean hibernating() {
    return rest.hibernating();
  }

  @Override
  protected Report terminated(StatusView view, @Nullable Pid caller, @Nullable ProcessInfo own) {
    StatemStatus status =
        view.state() instanceof StatemStatus shown
            ? shown
            : new StatemStatus( // formatStatus crashed, and nothing raw is shown
                view.state(),
                view.state(),
                view.message(),
                view.reason(),
                List.of(),
                List.of(),
                Map.of(),
                callbacks.mode(),
                callbacks.names(),
                view.log());
    return StatemTerminated.of(
        self().pid(), module(), status, StatemTerminated.client(self(), caller), own);
  }

  @Override
  protected String module() {
    return callbacks.isEmpty() ? starting : callbacks.name();
  }
}
