package io.coppice.behaviours.server;

import io.coppice.behaviours.BadReturnValue;
import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.StatusView;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest.ChangeCode;
import io.coppice.behaviours.generic.Behaviour;
import io.coppice.behaviours.generic.Cast;
import io.coppice.behaviours.generic.Initial;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The process of a {@link GenServer}: takes a message to its callback and acts on the result.
 *
 * <p>The types of messages and state are those of the callbacks by construction: only a {@link
 * ServerRef} of the same protocol makes calls and casts, and only results of the callbacks become
 * states (or {@code Sys.replaceState}, at its user's risk). That is what the unchecked casts rely
 * on.
 */
final class ServerBody<M, S> extends Behaviour {
  private final Supplier<? extends GenServer<M, S>> factory;
  private final Pause pause;
  private @Nullable GenServer<M, S> code;
  private @Nullable S state;
  private @Nullable Action first;

  ServerBody(Supplier<? extends GenServer<M, S>> factory, @Nullable Duration hibernateAfter) {
    this.factory = factory;
    this.pause = new Pause(hibernateAfter);
  }

  /** Becomes a server without a start. */
  ServerBody<M, S> entering(
      Context self, GenServer<M, S> callbacks, S initial, @Nullable Action action) {
    enter(self);
    code = callbacks;
    state = initial;
    first = action;
    return this;
  }

  // ---- life cycle

  @Override
  protected Initial init() throws Exception {
    GenServer<M, S> callbacks = factory.get();
    code = callbacks;
    Object result;
    try {
      result = callbacks.init(self());
    } catch (ControlThrow thrown) {
      result = thrown.result();
    }
    return switch (result) {
      case Init.Up<?> up -> {
        state = trusted(up.state());
        first = up.action();
        yield new Initial.Up();
      }
      case Init.Stop<?>(ExitReason reason) -> new Initial.Failed(reason, reason);
      case Init.Failed<?>(ExitReason reason) -> new Initial.Failed(reason, ExitReason.NORMAL);
      case Init.Ignore<?>() -> new Initial.Ignored();
      case null, default -> {
        ExitReason bad = badReturn("init", result);
        yield new Initial.Failed(bad, bad);
      }
    };
  }

  @Override
  protected void started() throws Exception {
    Action action = first;
    first = null;
    follow(action, null);
  }

  @Override
  protected void terminate(ExitReason reason) throws Exception {
    pause.cancel(self());
    try {
      code().terminate(reason, state());
    } catch (ControlThrow ignored) {
      // What terminate returns does not matter, however it does so.
      return;
    }
  }

  // ---- messages

  @Override
  protected void handle(Object message) throws Exception {
    if (message instanceof Request request) {
      pause.cancel(self());
      noteIn(request.payload(), request.caller());
      follow(settle(call(request), message, request, "handleCall"), message);
    } else if (message instanceof Cast(Object sent)) {
      pause.cancel(self());
      noteIn(sent, null);
      follow(settle(cast(sent), message, null, "handleCast"), message);
    } else {
      Object info = pause.isTick(message) ? pause.due(self(), message) : message;
      if (info != null) {
        pause.cancel(self());
        noteIn(info, null);
        follow(settle(info(info), info, null, "handleInfo"), info);
      }
    }
  }

  /** Does what is to be done before the next message, and prepares to wait for it. */
  private void follow(@Nullable Action action, @Nullable Object message) throws Exception {
    Action next = action;
    while (next != null && !ended()) {
      if (next instanceof Action.Continue(Object term)) {
        next = settle(proceed(term), message, null, "handleContinue");
      } else if (next instanceof Action.MessageTimeout timeout && pause.isDue(self(), timeout)) {
        next = settle(info(timeout.message()), timeout.message(), null, "handleInfo");
      } else {
        break;
      }
      self().checkpoint();
    }
    if (!ended()) {
      pause.begin(self(), next);
    }
  }

  private @Nullable Object call(Request request) throws Exception {
    try {
      return code().handleCall(trusted(request.payload()), request, state());
    } catch (ControlThrow thrown) {
      return thrown.result();
    }
  }

  private @Nullable Object cast(Object message) throws Exception {
    try {
      return code().handleCast(trusted(message), state());
    } catch (ControlThrow thrown) {
      return thrown.result();
    }
  }

  private @Nullable Object info(Object message) throws Exception {
    try {
      return code().handleInfo(message, state());
    } catch (ControlThrow thrown) {
      return thrown.result();
    }
  }

  private @Nullable Object proceed(Object term) throws Exception {
    try {
      return code().handleContinue(term, state());
    } catch (ControlThrow thrown) {
      return thrown.result();
    }
  }

  /**
   * Acts on a result.
   *
   * @param message what was handled
   * @param request who is to be answered, or null if only a step is allowed
   * @return what happens next, if anything
   */
  private @Nullable Action settle(
      @Nullable Object result,
      @Nullable Object message,
      @Nullable Request request,
      String callback) {
    return switch (result) {
      case Result.Reply<?> reply when request != null -> {
        state = trusted(reply.state());
        answer(request, reply.answer());
        yield reply.action();
      }
      case Step.Next<?> next -> {
        if (request != null) {
          request.defer(); // for what else it does before the next message
        }
        state = trusted(next.state());
        yield next.action();
      }
      case Step.Stop<?> stop -> {
        state = trusted(stop.state());
        end(stop.reason(), message);
        yield null;
      }
      case Result.StopAndReply<?> stop when request != null -> {
        state = trusted(stop.state());
        try {
          end(stop.reason(), message);
        } finally {
          answer(request, stop.answer());
        }
        yield null;
      }
      case Step.Unhandled<?> unhandled -> {
        state = trusted(unhandled.state());
        self().report(new UnhandledMessage(self().pid(), module(), message));
        yield null;
      }
      case null, default -> {
        end(badReturn(callback, result), message);
        yield null;
      }
    };
  }

  private void answer(Request request, @Nullable Object answer) {
    request.reply(answer);
    if (noting()) {
      note(new SystemEvent(SystemEvent.Kind.OUT, answer, request.caller()));
    }
  }

  private void noteIn(Object message, @Nullable Pid from) {
    if (noting()) {
      note(new SystemEvent(SystemEvent.Kind.IN, message, from));
    }
  }

  // ---- system messages

  @Override
  protected void interrupted(boolean suspended) {
    pause.restart(self(), suspended);
  }

  @Override
  protected @Nullable Object userState() {
    return state;
  }

  @Override
  protected void userState(@Nullable Object value) {
    state = trusted(Objects.requireNonNull(value, "the state of a GenServer is never null"));
  }

  @Override
  protected void changeCode(ChangeCode change) throws Exception {
    GenServer<M, S> next = change.code() == null ? code() : trusted(change.code());
    S migrated;
    try {
      migrated = next.codeChange(change.oldVersion(), state(), change.extra());
    } catch (ControlThrow thrown) {
      migrated = trusted(thrown.result());
    }
    state = Objects.requireNonNull(migrated, "codeChange returned null");
    code = next;
  }

  @Override
  protected StatusView formatStatus(StatusView view) throws Exception {
    return code().formatStatus(view);
  }

  @Override
  protected boolean hibernating() {
    return pause.hibernating();
  }

  @Override
  protected Report terminated(StatusView view, @Nullable Pid caller, @Nullable ProcessInfo own) {
    return ServerTerminated.of(self(), module(), view, caller, own);
  }

  @Override
  protected String module() {
    GenServer<M, S> callbacks = code;
    return callbacks == null ? "GenServer" : callbacks.getClass().getName();
  }

  private ExitReason badReturn(String callback, @Nullable Object value) {
    return ExitReason.of(new BadReturnValue(module() + "." + callback, value));
  }

  private GenServer<M, S> code() {
    return Objects.requireNonNull(code, "init has not run");
  }

  private S state() {
    return Objects.requireNonNull(state, "the state of a GenServer is never null");
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // see the class comment
  private static <T> T trusted(Object value) {
    return (T) value;
  }
}
