package io.coppice.behaviours.statem;

import io.coppice.behaviours.From;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a state machine wants to happen with a transition, given with its result (semantics SM10).
 * Immutable; an action without variable parts can be kept in a constant.
 *
 * <p>Actions are taken in the order given. Replies are sent and modules changed as they are met,
 * events are inserted in that order, and of hibernate, postpone and each type of timeout the last
 * one given wins.
 */
public sealed interface Action
    permits EnterAction,
        Action.Postpone,
        Action.NextEvent,
        Action.ChangeModule,
        Action.PushModule,
        Action.PopModule {
  /**
   * Answers a call.
   *
   * @param from who asked
   * @param answer the answer
   */
  record Reply(Request from, @Nullable Object answer) implements EnterAction {
    /** Refuses null. */
    public Reply {
      Objects.requireNonNull(from, "from");
    }
  }

  /**
   * The machine rests until its next message.
   *
   * @param on false takes back an earlier one of the same transition
   */
  record Hibernate(boolean on) implements EnterAction {}

  /**
   * The event is handled again when the state has changed.
   *
   * @param on false takes back an earlier one of the same transition
   */
  record Postpone(boolean on) implements Action {}

  /**
   * An event is handled before all that wait.
   *
   * @param event the event
   */
  record NextEvent(Event<?> event) implements Action {
    /** Refuses null. */
    public NextEvent {
      Objects.requireNonNull(event, "event");
    }
  }

  /**
   * Other callbacks take over.
   *
   * @param module the callbacks
   */
  record ChangeModule(GenStatem<?, ?, ?> module) implements Action {
    /** Refuses null. */
    public ChangeModule {
      Objects.requireNonNull(module, "module");
    }
  }

  /**
   * Other callbacks take over for a while.
   *
   * @param module the callbacks
   */
  record PushModule(GenStatem<?, ?, ?> module) implements Action {
    /** Refuses null. */
    public PushModule {
      Objects.requireNonNull(module, "module");
    }
  }

  /** The callbacks from before the last {@link PushModule} take over again. */
  record PopModule() implements Action {}

  /**
   * Answers a call, of this event or of an earlier one.
   *
   * @param from who asked
   * @param answer the answer, of the type the request's {@code Call} names
   * @return the action
   */
  static Reply reply(Request from, @Nullable Object answer) {
    return new Reply(from, answer);
  }

  /**
   * Answers a call, with the type of its answer checked.
   *
   * @param from who asked
   * @param answer the answer
   * @param <R> the type of the answer
   * @return the action
   */
  static <R extends @Nullable Object> Reply reply(From<R> from, R answer) {
    return new Reply(from.request(), answer);
  }

  /**
   * Handles this event again, before all others, when the state has changed (SM12, SM13). It stays
   * in memory until then (SM43). Nothing happens where there is no event, as in {@code init}.
   *
   * @return the action
   */
  static Action postpone() {
    return new Postpone(true);
  }

  /**
   * As {@link #postpone()}, or not: the last one given wins.
   *
   * @param on whether to postpone
   * @return the action
   */
  static Action postpone(boolean on) {
    return new Postpone(on);
  }

  /**
   * Handles an event next, before any other that waits, and before any message (SM15, SM40). Of
   * several the first given comes first.
   *
   * @param event of any type; one that carries a request or a message must carry one of the
   *     machine's protocol, which the compiler cannot check here
   * @return the action
   */
  static Action nextEvent(Event<?> event) {
    return new NextEvent(event);
  }

  /**
   * Handles an {@link Event.Internal} next, as {@link #nextEvent} does.
   *
   * @param content what it carries
   * @return the action
   */
  static Action internal(Object content) {
    return new NextEvent(new Event.Internal<>(content));
  }

  /**
   * Rests until the next message, unless events wait to be handled (SM42). A machine has no stack
   * between messages, so this is a mark that tools show, and no more (P83).
   *
   * @return the action
   */
  static EnterAction hibernate() {
    return new Hibernate(true);
  }

  /**
   * As {@link #hibernate()}, or not: the last one given wins.
   *
   * @param on whether to hibernate
   * @return the action
   */
  static EnterAction hibernate(boolean on) {
    return new Hibernate(on);
  }

  /**
   * Asks for an {@link Event.EventTimeout} if no event at all is handled for some time (SM20).
   *
   * @param after zero or more, or null for never, which cancels it. With zero no timer is started:
   *     it comes after all events that wait, and before any message (SM24), unless one of those
   *     events cancels it.
   * @param content what the event carries
   * @return the action
   */
  static EnterAction eventTimeout(@Nullable Duration after, Object content) {
    return start(TimeoutType.EVENT, after, content);
  }

  /**
   * Asks for an {@link Event.EventTimeout} that carries the time itself (SM20).
   *
   * @param after zero or more
   * @return the action
   */
  static EnterAction eventTimeout(Duration after) {
    return start(TimeoutType.EVENT, after, after);
  }

  /**
   * Asks for an {@link Event.StateTimeout} if the state does not change for some time (SM21).
   *
   * @param after zero or more, or null for never, which cancels it; zero as in {@link
   *     #eventTimeout(Duration, Object)}
   * @param content what the event carries
   * @return the action
   */
  static EnterAction stateTimeout(@Nullable Duration after, Object content) {
    return start(TimeoutType.STATE, after, content);
  }

  /**
   * Asks for an {@link Event.Timeout} in some time, whatever happens until then (SM22).
   *
   * @param name an immutable value with a meaningful {@code equals}; there may be one timeout of
   *     each name
   * @param after zero or more, or null for never, which cancels it; zero as in {@link
   *     #eventTimeout(Duration, Object)}
   * @param content what the event carries
   * @return the action
   */
  static EnterAction timeout(Object name, @Nullable Duration after, Object content) {
    return start(TimeoutType.named(name), after, content);
  }

  /**
   * Sets a timeout of any type to a point in time (SM25).
   *
   * @param type which
   * @param monotonicNanos when, on the node's clock ({@code Processes.monotonicNanos}); what is
   *     past is at once, after the messages that wait
   * @param content what the event carries
   * @return the action
   */
  static EnterAction timeoutAt(TimeoutType type, long monotonicNanos, Object content) {
    return new TimeoutAction.StartAt(type, monotonicNanos, content);
  }

  /**
   * Cancels a timeout (SM23). It is not delivered after that, even if its time was over already
   * (SM26). Nothing happens if there is none.
   *
   * @param type which
   * @return the action
   */
  static EnterAction cancelTimeout(TimeoutType type) {
    return new TimeoutAction.Cancel(type);
  }

  /**
   * Changes what a timeout carries and keeps its time (SM23). If there is none, it comes at once,
   * as one with time zero.
   *
   * @param type which
   * @param content what the event carries
   * @return the action
   */
  static EnterAction updateTimeout(TimeoutType type, Object content) {
    return new TimeoutAction.Update(type, content);
  }

  /**
   * Gives the machine other callbacks, from the enter call of this transition on (SM41). Their
   * {@code init} is not called, their {@code callbackMode} is.
   *
   * @param module callbacks of the same protocol, states and data, which the compiler cannot check
   *     here
   * @return the action
   */
  static Action changeCallbackModule(GenStatem<?, ?, ?> module) {
    return new ChangeModule(module);
  }

  /**
   * As {@link #changeCallbackModule}, until {@link #popCallbackModule} (SM41).
   *
   * @param module as there
   * @return the action
   */
  static Action pushCallbackModule(GenStatem<?, ?, ?> module) {
    return new PushModule(module);
  }

  /**
   * Gives the machine back the callbacks from before the last {@link #pushCallbackModule} (SM41).
   * Without one it is a bad action.
   *
   * @return the action
   */
  static Action popCallbackModule() {
    return new PopModule();
  }

  private static EnterAction start(TimeoutType type, @Nullable Duration after, Object content) {
    return after == null
        ? new TimeoutAction.Cancel(type)
        : new TimeoutAction.Start(type, after, content);
  }
}
