package io.coppice.behaviours.event;

import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.StatusView;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest.ChangeCode;
import io.coppice.behaviours.event.EventCommand.Add;
import io.coppice.behaviours.event.EventCommand.Ask;
import io.coppice.behaviours.event.EventCommand.Delete;
import io.coppice.behaviours.event.EventCommand.Swap;
import io.coppice.behaviours.event.EventCommand.SyncNotify;
import io.coppice.behaviours.event.EventCommand.Which;
import io.coppice.behaviours.event.Handlers.Outcome;
import io.coppice.behaviours.generic.Behaviour;
import io.coppice.behaviours.generic.Cast;
import io.coppice.behaviours.generic.Initial;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The process of an event manager: takes messages to its {@link Handlers}. */
final class EventBody extends Behaviour {
  private static final ExitReason STRANGER =
      ExitReason.of(
          "a handler can be supervised only by the process whose code adds it: use the context of"
              + " the process that is running");

  private final EventOptions options;
  private final Handlers handlers = new Handlers(new Inside());
  private @Nullable Ref idleTimer;
  private boolean hibernating;

  /** What the idle timer delivers. */
  private enum Tick {
    IDLE
  }

  /** What the handlers may know of the process. */
  private final class Inside implements Handlers.Manager {
    @Override
    public Context self() {
      return EventBody.this.self();
    }

    @Override
    public @Nullable Pid parent() {
      return EventBody.this.parent();
    }

    @Override
    public ExitReason why(Throwable error) {
      return reasonOf(error);
    }

    @Override
    public List<?> log() {
      return EventBody.this.log();
    }
  }

  EventBody(EventOptions options) {
    this.options = options;
  }

  // ---- life cycle

  @Override
  protected Initial init() {
    self().trapExit(true);
    keepLog(options.logSize());
    return new Initial.Up();
  }

  @Override
  protected void started() {
    rest();
  }

  @Override
  protected void terminate(ExitReason reason) {
    wake();
    handlers.stop(reason);
  }

  // ---- messages

  @Override
  protected void handle(Object message) {
    if (message instanceof Timeout tick && tick.message() == Tick.IDLE) {
      if (tick.ref().equals(idleTimer)) {
        idleTimer = null;
        hibernate();
      }
      return;
    }
    wake();
    switch (message) {
      case Cast(Object event) -> {
        noteIn(event, null);
        handlers.event(event);
      }
      case Request request when request.payload() instanceof EventCommand command ->
          command(request, command);
      default -> {
        noteIn(message, message instanceof Request request ? request.caller() : null);
        if (message instanceof Exit(Pid from, ExitReason reason)) {
          handlers.ownerEnded(from, reason);
        }
        handlers.info(message);
      }
    }
    rest();
  }

  private void command(Request request, EventCommand command) {
    noteIn(command, request.caller());
    switch (command) {
      case SyncNotify(Object event) -> {
        handlers.event(event);
        reply(request, null);
      }
      case Add add -> settle(request, isCaller(request, add) ? handlers.add(add) : STRANGER);
      case Swap swap ->
          settle(request, isCaller(request, swap.next()) ? handlers.swap(swap) : STRANGER);
      case Delete(var id, var args) -> answer(request, handlers.delete(id, args));
      case Ask(var id, var question) -> answer(request, handlers.call(id, question));
      case Which() -> reply(request, handlers.slots().stream().map(Slot::id).toList());
    }
  }

  private static boolean isCaller(Request request, Add add) {
    return add.owner() == null || add.owner().equals(request.caller());
  }

  private void answer(Request request, Outcome outcome) {
    switch (outcome) {
      case Outcome.Answer answer -> reply(request, answer.value());
      case Outcome.Failed(ExitReason reason) -> settle(request, reason);
    }
  }

  private void settle(Request request, @Nullable ExitReason failure) {
    if (failure == null) {
      reply(request, null);
    } else {
      request.fail(failure);
      noteOut(failure, request.caller());
    }
  }

  private void reply(Request request, @Nullable Object value) {
    request.reply(value);
    noteOut(value, request.caller());
  }

  private void noteIn(Object what, @Nullable Pid from) {
    if (noting()) {
      note(new SystemEvent(SystemEvent.Kind.IN, what, from));
    }
  }

  private void noteOut(@Nullable Object what, @Nullable Pid to) {
    if (noting()) {
      note(new SystemEvent(SystemEvent.Kind.OUT, what, to));
    }
  }

  // ---- rest

  private void wake() {
    hibernating = false;
    if (idleTimer != null) {
      self().cancelTimer(idleTimer);
      idleTimer = null;
    }
  }

  private void rest() {
    Duration limit = options.hibernateAfter();
    if (handlers.takeRest()) {
      hibernate();
    } else if (limit != null) {
      idleTimer = self().startTimer(limit, self().pid(), Tick.IDLE);
    }
  }

  private void hibernate() {
    hibernating = true;
    self().hibernate();
  }

  @Override
  protected void interrupted(boolean suspended) {
    if (hibernating) {
      hibernate(); // a system message woke it for a moment (SY12)
      return;
    }
    wake();
    if (!suspended) {
      rest();
    }
  }

  @Override
  protected boolean hibernating() {
    return hibernating;
  }

  // ---- system messages

  @Override
  protected Object userState() {
    return handlers.slots().stream()
        .map(slot -> new HandlerState(slot.id(), slot.state()))
        .toList();
  }

  @Override
  protected void userState(@Nullable Object state) {
    throw new AssertionError("each handler has a state of its own: " + state);
  }

  /** Where the change fails, or makes nothing of use, the handler keeps its state (GE13). */
  @Override
  protected Object changeState(UnaryOperator<@Nullable Object> change) {
    for (Slot slot : handlers.slots()) {
      try {
        if (change.apply(new HandlerState(slot.id(), slot.state())) instanceof HandlerState next
            && next.id().equals(slot.id())) {
          slot.state(next.state());
        }
      } catch (Throwable error) {
        self().checkpoint();
      }
    }
    return userState();
  }

  @Override
  protected void changeCode(ChangeCode change) throws Exception {
    NewCode wanted =
        switch (change.code()) {
          case null -> null;
          case NewCode code -> code;
          case Object other ->
              throw new IllegalArgumentException("an event manager takes NewCode, not " + other);
        };
    EventHandler<?, ?, ?> code = wanted == null ? null : wanted.code();
    List<Runnable> changes = new ArrayList<>();
    for (Slot slot : handlers.slots()) {
      if (wanted == null || wanted.handler().equals(slot.id())) {
        Object state;
        try {
          state = slot.codeChange(code, change.oldVersion(), change.extra());
        } catch (ControlThrow thrown) {
          state = thrown.result();
        }
        Object migrated = Objects.requireNonNull(state, "codeChange returned null");
        changes.add(() -> slot.migrate(code, migrated));
      }
    }
    changes.forEach(Runnable::run); // all, or none if one of them refused
  }

  /** Each handler formats its own state, and what the newer ones have left of the log. */
  @Override
  protected StatusView formatStatus(StatusView view) {
    List<HandlerState> states = new ArrayList<>();
    List<? extends @Nullable Object> log = view.log();
    for (Slot slot : handlers.slots()) {
      StatusView shown =
          handlers.shown(slot, new StatusView(slot.state(), null, view.reason(), log));
      states.add(new HandlerState(slot.id(), Objects.requireNonNullElse(shown.state(), "null")));
      log = shown.log();
    }
    return view.withState(states).withLog(log);
  }

  @Override
  protected @Nullable Report terminated(
      StatusView view, @Nullable Pid caller, @Nullable ProcessInfo own) {
    return null; // it has no code of its own that could fail: the crash report says all
  }

  @Override
  protected String module() {
    return "GenEvent";
  }
}
