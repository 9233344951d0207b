package io.coppice.behaviours.event;

import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.StatusView;
import io.coppice.kernel.process.Context;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of one handler in an event manager (semantics section 6).
 *
 * {@snippet class="io.coppice.behaviours.event.Tally" region="handler"}
 *
 * <p>Each callback gets the handler's state and returns the next one; keep it immutable. All run in
 * the process of the event manager, on one event at a time, handler after handler, newest first
 * (GE1); one that blocks holds up the others. A handler that throws, or returns null, is removed
 * and reported; the event manager and the other handlers go on (GE6). To return from deep inside,
 * throw {@link ControlThrow}.
 *
 * @param <E> the events: a sealed interface of records, or any of its supertypes
 * @param <Q> what the handler can be asked: a sealed interface of records that implement {@code
 *     Call<Q, R>}; {@code Void} if nothing
 * @param <S> the state, never null
 */
public interface EventHandler<E, Q, S> {
  /**
   * Makes the first state (GE3).
   *
   * @param self the operations of the event manager's process; keep it in a field if the other
   *     callbacks need it
   * @return the state, or that the handler does not want to be installed
   * @throws Exception to not be installed, with that error
   */
  EventInit<S> init(Context self) throws Exception;

  /**
   * Makes the first state of a handler that takes the place of another one (GE10). The default does
   * as {@link #init(Context)}.
   *
   * @param self as for {@link #init(Context)}
   * @param from what the other one left
   * @return as for {@link #init(Context)}
   * @throws Exception as for {@link #init(Context)}; the other one is gone nevertheless
   */
  default EventInit<S> init(Context self, Handover from) throws Exception {
    return init(self);
  }

  /**
   * Handles an event.
   *
   * @param event what {@code notify} or {@code syncNotify} was given
   * @param state the state
   * @return how to go on
   * @throws Exception to be removed with that error
   */
  EventStep<S> handleEvent(E event, S state) throws Exception;

  /**
   * Answers a call to this handler.
   *
   * @param request what is asked, a {@code Call}
   * @param state the state
   * @return the answer, and how to go on
   * @throws Exception to be removed with that error, which fails the call, too
   */
  default EventResult<S> handleCall(Q request, S state) throws Exception {
    throw undefined("handleCall", request);
  }

  /**
   * Handles any other message: {@code Exit}, {@code Down}, {@code Timeout}, and what others merely
   * sent. Every handler gets it. The default stays, with a warning in the log (GE11).
   *
   * @param message any message
   * @param state the state
   * @return how to go on
   * @throws Exception to be removed with that error
   */
  default EventStep<S> handleInfo(Object message, S state) throws Exception {
    return EventStep.unhandled(state);
  }

  /**
   * Cleans up. Runs last, whatever the handler goes for, unless the event manager is killed (GE7).
   *
   * @param why why it goes
   * @param state the last state
   * @return the result of {@code delete}, or what the next handler of a {@code swap} gets; of no
   *     account otherwise
   * @throws Exception to say so instead; the handler is gone nevertheless
   */
  default @Nullable Object terminate(Removal why, S state) throws Exception {
    return null;
  }

  /**
   * Turns a state of other code into one of this code (SY6).
   *
   * @param oldVersion the version, as {@code Sys.changeCode} was given it
   * @param oldState the state, perhaps of another class
   * @param extra anything, as {@code Sys.changeCode} was given it
   * @return the state for this code
   * @throws Exception to refuse; all handlers go on with their old code and state
   */
  default S codeChange(@Nullable Object oldVersion, Object oldState, @Nullable Object extra)
      throws Exception {
    throw undefined("codeChange", extra);
  }

  /**
   * Shortens or blackens what a status, or the report that this handler failed, shows (GS25). If it
   * throws, they show that instead of the state.
   *
   * @param view what would be shown: the state is this handler's, the log is the event manager's
   * @return what is shown
   * @throws Exception to show nothing
   */
  default StatusView formatStatus(StatusView view) throws Exception {
    return view;
  }

  private UnsupportedOperationException undefined(String callback, @Nullable Object argument) {
    return new UnsupportedOperationException(
        getClass().getName() + " has no " + callback + ", which was asked for " + argument);
  }
}
