package io.coppice.behaviours.server;

import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * What the callbacks of a {@link GenServer} return when there is nobody to answer (semantics 4.1).
 * Immutable.
 *
 * @param <S> the state of the server
 */
public sealed interface Step<S> extends Result<S> {
  /**
   * Goes on.
   *
   * @param state the new state
   * @param action what happens next, or null
   * @param <S> the state of the server
   */
  record Next<S>(S state, @Nullable Action action) implements Step<S> {}

  /**
   * Ends the server.
   *
   * @param reason what it ends with
   * @param state the last state
   * @param <S> the state of the server
   */
  record Stop<S>(ExitReason reason, S state) implements Step<S> {}

  /**
   * Drops a message with a warning.
   *
   * @param state the state
   * @param <S> the state of the server
   */
  record Unhandled<S>(S state) implements Step<S> {}

  /**
   * Goes on.
   *
   * @param state the new state
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Step<S> next(S state) {
    return new Next<>(state, null);
  }

  /**
   * Goes on with an action.
   *
   * @param state the new state
   * @param action what happens next
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Step<S> next(S state, Action action) {
    return new Next<>(state, action);
  }

  /**
   * Ends the server.
   *
   * @param reason what it ends with; {@link ExitReason#NORMAL} for an ordinary end
   * @param state the last state, for {@code terminate}
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Step<S> stop(ExitReason reason, S state) {
    return new Stop<>(reason, state);
  }

  /**
   * Drops the message with a warning in the log: what a server does with a message it did not
   * expect (GS4).
   *
   * @param state the state
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Step<S> unhandled(S state) {
    return new Unhandled<>(state);
  }
}
