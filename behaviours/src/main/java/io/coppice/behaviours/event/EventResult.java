package io.coppice.behaviours.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@link EventHandler#handleCall} returns: the answer, and how the handler goes on (semantics
 * GE5). A handler always answers at once. Immutable.
 *
 * @param answer the answer, of the type the request's {@code Call} names
 * @param step how the handler goes on
 * @param <S> the state of the handler
 */
public record EventResult<S>(@Nullable Object answer, EventStep<S> step) {
  /** Refuses to answer without a step. */
  public EventResult {
    Objects.requireNonNull(step, "step");
  }

  /**
   * Answers and goes on.
   *
   * @param answer the answer
   * @param state the new state
   * @param <S> the state of the handler
   * @return the result
   */
  public static <S> EventResult<S> reply(@Nullable Object answer, S state) {
    return new EventResult<>(answer, EventStep.next(state));
  }

  /**
   * Answers when the step has been taken: to rest, to leave, or to make room for another handler.
   *
   * @param answer the answer
   * @param step the step
   * @param <S> the state of the handler
   * @return the result
   */
  public static <S> EventResult<S> replyAnd(@Nullable Object answer, EventStep<S> step) {
    return new EventResult<>(answer, step);
  }
}
