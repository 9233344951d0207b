package io.coppice.behaviours.statem;

import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.generic.Behaviour;
import io.coppice.behaviours.statem.BadTransition.Problem;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The transitions of a state machine (semantics 5.2). Used by its process only. */
abstract class Machine<M, S, D> extends Behaviour {
  /*
   * What happens when (semantics SM10–SM16)
   *
   *   a message --> event --> callback --> actions --> enter call --> queues and timeouts --.
   *                   ^        (Plan)      (Plan)      again while      (settle)            |
   *                   |                                it repeats                           |
   *                   `---- next inserted, retried or due event, as long as there is one <--'
   *                                  none: rest until the next message
   *
   * All of it happens inside one call of onMessage. So there are three places where an event can be,
   * and they are looked at in this order:
   *
   *   EventQueue.next      inserted events in front of retried ones in front of what was left of both.
   *                        A transition puts the retried ones in front first and the inserted ones
   *                        after that, so the order needs no further rule.
   *   TimeoutTable.due     timeouts of time zero, in the order in which they were set.
   *   the mailbox          everything else, system messages too; and what was held while suspended.
   *
   * Only the mailbox is the kernel's; a machine that keeps inserting events answers nobody, as in
   * OTP, but gives way to other processes between two events (checkpoint).
   *
   * A transition is added up in a Plan before any of it is done, since of most actions the last one
   * wins and the enter call, whose actions belong to the same transition, runs in between. What
   * cannot wait: replies are sent and callback modules changed as they are met.
   *
   * Every event that is handled cancels the event timeout, inserted ones and timeouts included. So
   * `settle` cancels it before it sets the timeouts of the plan, and not when an event arrives: the
   * order of these two is what lets a machine set it anew each time.
   *
   * A bad result or action is thrown like an error of the callback: the state and the data are those
   * from before that callback (SM50), unless the transition got as far as the enter call.
   */
  final Callbacks<M, S, D> callbacks = new Callbacks<>();
  final TimeoutTable timeouts = new TimeoutTable();
  final Rest rest;
  private final EventQueue<M> queue = new EventQueue<>();
  private final Plan plan = new Plan();
  private @Nullable S state;
  private @Nullable D data;
  private @Nullable Event<M> current;

  Machine(@Nullable Duration hibernateAfter) {
    rest = new Rest(hibernateAfter);
  }

  /** Begins in the state it has, with its enter call. */
  final void begin(List<? extends Action> actions) throws Exception {
    plan.clear();
    take(actions, false);
    settle(null, false, state());
    if (!ended()) {
      run(next());
    }
  }

  /** Handles an event and what it leads to, and prepares to wait for the next message. */
  final void run(@Nullable Event<M> event) {
    try {
      Event<M> next = event;
      while (next != null) {
        current = next;
        transition(next);
        if (ended()) {
          return;
        }
        next = next();
        if (next != null) {
          self().checkpoint();
        }
      }
    } catch (Throwable error) {
      failed(error, last());
      return;
    }
    current = null;
    rest.begin(self(), plan.hibernate());
  }

  /** What is to be handled before any message, or null. */
  private @Nullable Event<M> next() {
    EventQueue.Next<M> waiting = queue.poll();
    while (waiting != null && waiting.retried() && !takesUp(waiting.event())) {
      waiting = queue.poll();
    }
    if (waiting != null) {
      return waiting.event();
    }
    Event<M> due = timeouts.poll();
    if (due != null) {
      note(due);
    }
    return due;
  }

  /** Whether somebody waits for what was postponed, if that matters to this process. */
  private boolean takesUp(Event<M> event) {
    return self().takeUp(event instanceof Event.Call<M>(_, Request from) ? from : null);
  }

  /** What is being handled, as the report of the end wants it. */
  private @Nullable Object last() {
    return current instanceof Event.Call<M>(_, Request from) ? from : current;
  }

  // ---- transitions

  private void transition(Event<M> event) throws Exception {
    plan.clear();
    Object result = callbacks.event(event, state(), data());
    switch (result) {
      case Transition.NextState<?, ?> next -> {
        take(next.actions(), false);
        S old = state();
        boolean changed = !old.equals(next.state());
        state = trusted(next.state());
        data = trusted(next.data());
        settle(event, changed, changed ? old : null);
      }
      case EnterResult.KeepState<?, ?> keep -> {
        take(keep.actions(), false);
        update(keep.data());
        settle(event, false, null);
      }
      case EnterResult.RepeatState<?, ?> repeat -> {
        take(repeat.actions(), false);
        update(repeat.data());
        settle(event, false, state());
      }
      case EnterResult.Stop<?, ?> stop -> stop(stop.reason(), stop.data(), List.of());
      case EnterResult.StopAndReply<?, ?> stop -> stop(stop.reason(), stop.data(), stop.replies());
      case null, default -> throw refused(Problem.BAD_RETURN_FROM_STATE_FUNCTION, result, false);
    }
  }

  /**
   * Completes a transition, whose actions have been taken.
   *
   * @param event the event, or null at the start
   * @param changed whether the state has changed
   * @param oldState what the enter call is to be told, or null if there is none to be made
   */
  private void settle(@Nullable Event<M> event, boolean changed, @Nullable S oldState)
      throws Exception {
    if (event instanceof Event.Call<M>(_, Request from)) {
      from.defer(); // unless it was answered; for what else is done before the next message
    }
    if (oldState != null && callbacks.stateEnter() && !entered(oldState)) {
      return;
    }
    if (event != null) {
      if (plan.postpone()) {
        queue.postpone(event);
      }
      if (changed) {
        queue.retry();
        timeouts.cancel(self(), TimeoutType.STATE);
      }
      timeouts.cancel(self(), TimeoutType.EVENT);
    }
    for (TimeoutAction action : plan.timeouts()) {
      timeouts.apply(self(), action);
    }
    queue.insert(plan.inserted());
    if (noting()) {
      for (Event<?> inserted : plan.inserted()) {
        note(inserted);
      }
    }
  }

  /** Makes the enter call until it no longer repeats; false if that ended the machine. */
  private boolean entered(S oldState) throws Exception {
    S from = oldState;
    while (true) {
      Object result = callbacks.enter(from, state(), data());
      switch (result) {
        case EnterResult.KeepState<?, ?> keep -> {
          take(keep.actions(), true);
          update(keep.data());
          return true;
        }
        case EnterResult.RepeatState<?, ?> repeat -> {
          take(repeat.actions(), true);
          update(repeat.data());
          from = state();
          self().checkpoint();
        }
        case EnterResult.Stop<?, ?> stop -> {
          stop(stop.reason(), stop.data(), List.of());
          return false;
        }
        case EnterResult.StopAndReply<?, ?> stop -> {
          stop(stop.reason(), stop.data(), stop.replies());
          return false;
        }
        case null, default ->
            throw refused(Problem.BAD_STATE_ENTER_RETURN_FROM_STATE_FUNCTION, result, true);
      }
    }
  }

  private void take(List<? extends Action> actions, boolean entering) throws Exception {
    for (Action action : actions) {
      switch (action) {
        case Action.Reply reply -> answer(reply);
        case TimeoutAction timeout -> plan.timeout(timeout);
        case Action.Hibernate(boolean on) -> plan.hibernate(on);
        case Action.Postpone(boolean on) when !on || !entering -> plan.postpone(on);
        case Action.NextEvent(Event<?> event) when !entering -> plan.insert(event);
        case Action.ChangeModule(var module) when !entering -> callbacks.replace(trusted(module));
        case Action.PushModule(var module) when !entering -> callbacks.push(trusted(module));
        case Action.PopModule() when !entering && callbacks.isPushed() -> callbacks.pop();
        case null, default ->
            throw refused(
                entering
                    ? Problem.BAD_STATE_ENTER_ACTION_FROM_STATE_FUNCTION
                    : Problem.BAD_ACTION_FROM_STATE_FUNCTION,
                action,
                entering);
      }
    }
  }

  private void stop(ExitReason reason, @Nullable Object lastData, List<Action.Reply> replies) {
    for (Action.Reply reply : replies) {
      if (reply == null) {
        throw refused(Problem.BAD_REPLY_ACTION_FROM_STATE_FUNCTION, null, false);
      }
      answer(reply);
    }
    update(lastData);
    end(reason, last());
  }

  private void answer(Action.Reply reply) {
    boolean _ = reply.from().reply(reply.answer());
    if (noting()) {
      note(new SystemEvent(SystemEvent.Kind.OUT, reply.answer(), reply.from().caller()));
    }
  }

  private void update(@Nullable Object next) {
    if (next != null) {
      data = trusted(next);
    }
  }

  private ProcessExit refused(Problem problem, @Nullable Object value, boolean entering) {
    String callback = callbacks.handler(entering);
    return new ProcessExit(
        ExitReason.of(new BadTransition(problem, value, callback, state, current)));
  }

  /** Tells the log of an event, once: retried ones have been told of. */
  final void note(Event<?> event) {
    if (noting()) {
      note(
          switch (event) {
            case Event.Call<?>(Object request, Request from) ->
                new SystemEvent(SystemEvent.Kind.IN, request, from.caller());
            case Event.Cast<?>(Object message) ->
                new SystemEvent(SystemEvent.Kind.IN, message, null);
            case Event.Info<?>(Object message) ->
                new SystemEvent(SystemEvent.Kind.IN, message, null);
            default -> new SystemEvent(SystemEvent.Kind.IN, event, null);
          });
    }
  }

  // ---- what it remembers

  final void remember(S nextState, D nextData) {
    state = nextState;
    data = nextData;
  }

  final S state() {
    return Objects.requireNonNull(state, "the state of a GenStatem is never null");
  }

  final D data() {
    return Objects.requireNonNull(data, "the data of a GenStatem are never null");
  }

  @Override
  protected final @Nullable Object userState() {
    return state == null || data == null ? null : new StateAndData<>(state, data);
  }

  /** What there is to see of it, nothing hidden. */
  final StatemStatus status(@Nullable Object reason, List<? extends @Nullable Object> log) {
    return new StatemStatus(
        state,
        data,
        current,
        reason,
        queue.next(),
        queue.postponed(),
        timeouts.contents(),
        callbacks.mode(),
        callbacks.names(),
        log);
  }

  /** See the comment of {@link StatemBody}. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // see there
  static <T> T trusted(Object value) {
    return (T) value;
  }
}
