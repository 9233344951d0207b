package io.coppice.behaviours.server;

import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * What {@link GenServer#init} returns (semantics G6).
 *
 * @param <S> the state of the server
 */
public sealed interface Init<S> {
  /**
   * The server is up.
   *
   * @param state its first state
   * @param action what happens next, or null
   * @param <S> the state of the server
   */
  record Up<S>(S state, @Nullable Action action) implements Init<S> {}

  /**
   * The start fails, and the process ends with the reason.
   *
   * @param reason why
   * @param <S> the state of the server
   */
  record Stop<S>(ExitReason reason) implements Init<S> {}

  /**
   * The start fails, and the process ends normally.
   *
   * @param reason why
   * @param <S> the state of the server
   */
  record Failed<S>(ExitReason reason) implements Init<S> {}

  /**
   * There is nothing to do here, and the process ends normally.
   *
   * @param <S> the state of the server
   */
  record Ignore<S>() implements Init<S> {}

  /**
   * The server is up.
   *
   * @param state its first state
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Init<S> state(S state) {
    return new Up<>(state, null);
  }

  /**
   * The server is up and goes on with an action, once its starter has been told.
   *
   * @param state its first state
   * @param action what happens next
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Init<S> state(S state, Action action) {
    return new Up<>(state, action);
  }

  /**
   * The start fails: the starter gets the reason, and the process ends with it. There is a crash
   * report if it is abnormal.
   *
   * @param reason why
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Init<S> stop(ExitReason reason) {
    return new Stop<>(reason);
  }

  /**
   * The start fails quietly: the starter gets the reason, and the process ends normally, without
   * any report.
   *
   * @param reason why
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Init<S> error(ExitReason reason) {
    return new Failed<>(reason);
  }

  /**
   * The server is not wanted here: the starter is told so, which is no failure.
   *
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Init<S> ignore() {
    return new Ignore<>();
  }
}
