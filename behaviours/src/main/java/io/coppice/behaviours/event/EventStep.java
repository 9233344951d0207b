package io.coppice.behaviours.event;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a handler returns when it has handled something (semantics GE5). Immutable.
 *
 * @param <S> the state of the handler
 */
public sealed interface EventStep<S> {
  /**
   * Goes on.
   *
   * @param state the new state
   * @param hibernate whether the event manager rests until its next message
   * @param <S> the state of the handler
   */
  record Next<S>(S state, boolean hibernate) implements EventStep<S> {
    /** Refuses null. */
    public Next {
      Objects.requireNonNull(state, "the state of a handler is never null");
    }
  }

  /**
   * Drops a message with a warning.
   *
   * @param state the state
   * @param <S> the state of the handler
   */
  record Unhandled<S>(S state) implements EventStep<S> {
    /** Refuses null. */
    public Unhandled {
      Objects.requireNonNull(state, "the state of a handler is never null");
    }
  }

  /**
   * Leaves.
   *
   * @param <S> the state of the handler
   */
  record Remove<S>() implements EventStep<S> {}

  /**
   * Makes room for another handler.
   *
   * @param args what {@code terminate} gets
   * @param state the last state
   * @param id the id of the other handler
   * @param code makes its callbacks
   * @param <S> the state of the handler
   */
  record Swap<S>(
      @Nullable Object args,
      S state,
      HandlerId<?> id,
      Supplier<? extends EventHandler<?, ?, ?>> code)
      implements EventStep<S> {
    /** Refuses null, but for the arguments. */
    public Swap {
      Objects.requireNonNull(state, "the state of a handler is never null");
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(code, "code");
    }
  }

  /**
   * Goes on.
   *
   * @param state the new state
   * @param <S> the state of the handler
   * @return the result
   */
  static <S> EventStep<S> next(S state) {
    return new Next<>(state, false);
  }

  /**
   * Goes on, and has the event manager rest until its next message. It has no stack between
   * messages, so this is a mark that tools show, and no more (P83).
   *
   * @param state the new state
   * @param <S> the state of the handler
   * @return the result
   */
  static <S> EventStep<S> hibernate(S state) {
    return new Next<>(state, true);
  }

  /**
   * Drops the message with a warning in the log, and stays (GE11).
   *
   * @param state the state
   * @param <S> the state of the handler
   * @return the result
   */
  static <S> EventStep<S> unhandled(S state) {
    return new Unhandled<>(state);
  }

  /**
   * Leaves the event manager: {@code terminate} gets {@link Removal.Removed} and the state from
   * before.
   *
   * @param <S> the state of the handler
   * @return the result
   */
  static <S> EventStep<S> remove() {
    return new Remove<>();
  }

  /**
   * Makes room for another handler, which takes this one's place in the order and its owner. It
   * gets what this one's {@code terminate} returns, and not the event that is being handled (GE10).
   *
   * @param args what this one's {@code terminate} gets, in {@link Removal.Swapped}
   * @param state the last state of this one
   * @param id the id of the other one
   * @param code makes the callbacks of the other one, for the events of this event manager
   * @param <S> the state of the handler
   * @param <Q> what the other one can be asked
   * @return the result
   */
  static <S, Q> EventStep<S> swap(
      @Nullable Object args,
      S state,
      HandlerId<Q> id,
      Supplier<? extends EventHandler<?, Q, ?>> code) {
    return new Swap<>(args, state, id, code);
  }
}
