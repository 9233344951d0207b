package io.coppice.behaviours.event;

import io.coppice.kernel.process.ExitReason;
import java.util.Objects;

/**
 * What {@link EventHandler#init} returns (semantics GE3). Immutable.
 *
 * @param <S> the state of the handler
 */
public sealed interface EventInit<S> {
  /**
   * The handler is installed.
   *
   * @param state its first state
   * @param hibernate whether the event manager rests until its next message
   * @param <S> the state of the handler
   */
  record Up<S>(S state, boolean hibernate) implements EventInit<S> {
    /** Refuses null. */
    public Up {
      Objects.requireNonNull(state, "the state of a handler is never null");
    }
  }

  /**
   * The handler is not installed.
   *
   * @param reason why
   * @param <S> the state of the handler
   */
  record Refused<S>(ExitReason reason) implements EventInit<S> {}

  /**
   * The handler is installed.
   *
   * @param state its first state
   * @param <S> the state of the handler
   * @return the result
   */
  static <S> EventInit<S> state(S state) {
    return new Up<>(state, false);
  }

  /**
   * The handler is installed, and the event manager rests until its next message.
   *
   * @param state its first state
   * @param <S> the state of the handler
   * @return the result
   */
  static <S> EventInit<S> hibernate(S state) {
    return new Up<>(state, true);
  }

  /**
   * The handler is not installed; who wanted to add it is told why. Nothing is reported.
   *
   * @param reason why
   * @param <S> the state of the handler
   * @return the result
   */
  static <S> EventInit<S> refuse(ExitReason reason) {
    return new Refused<>(reason);
  }
}
