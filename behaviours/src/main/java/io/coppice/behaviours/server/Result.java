package io.coppice.behaviours.server;

import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * What {@link GenServer#handleCall} returns: a {@link Step}, or one that answers the caller
 * (semantics 4.1). Immutable.
 *
 * @param <S> the state of the server
 */
public sealed interface Result<S> permits Result.Reply, Result.StopAndReply, Step {
  /**
   * Answers and goes on.
   *
   * @param answer the answer
   * @param state the new state
   * @param action what happens next, or null
   * @param <S> the state of the server
   */
  record Reply<S>(@Nullable Object answer, S state, @Nullable Action action) implements Result<S> {}

  /**
   * Ends the server, then answers.
   *
   * @param reason what it ends with
   * @param answer the answer
   * @param state the last state
   * @param <S> the state of the server
   */
  record StopAndReply<S>(ExitReason reason, @Nullable Object answer, S state)
      implements Result<S> {}

  /**
   * Answers and goes on.
   *
   * @param answer the answer, of the type the request's {@code Call} names
   * @param state the new state
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Result<S> reply(@Nullable Object answer, S state) {
    return new Reply<>(answer, state, null);
  }

  /**
   * Answers and goes on with an action.
   *
   * @param answer the answer
   * @param state the new state
   * @param action what happens next
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Result<S> reply(@Nullable Object answer, S state, Action action) {
    return new Reply<>(answer, state, action);
  }

  /**
   * Goes on without an answer: the caller waits until somebody replies to the request (GS8).
   *
   * @param state the new state
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Step<S> noReply(S state) {
    return Step.next(state);
  }

  /**
   * Goes on without an answer, with an action.
   *
   * @param state the new state
   * @param action what happens next
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Step<S> noReply(S state, Action action) {
    return Step.next(state, action);
  }

  /**
   * Ends the server without an answer: the caller's call fails with the reason, also if that is
   * {@code normal} (GS7).
   *
   * @param reason what the server ends with
   * @param state the last state, for {@code terminate}
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Step<S> stop(ExitReason reason, S state) {
    return Step.stop(reason, state);
  }

  /**
   * Ends the server and answers: {@code terminate} runs first, then the answer is sent (GS6).
   *
   * @param reason what the server ends with
   * @param answer the answer
   * @param state the last state, for {@code terminate}
   * @param <S> the state of the server
   * @return the result
   */
  static <S> Result<S> stopAndReply(ExitReason reason, @Nullable Object answer, S state) {
    return new StopAndReply<>(reason, answer, state);
  }
}
