package io.coppice.behaviours.statem;

import io.coppice.kernel.process.ExitReason;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an enter call leads to (semantics SM30): a {@link Transition} that changes no state,
 * postpones nothing and inserts no events. The compiler refuses those; one that gets through, by a
 * {@code ControlThrow} for instance, ends the machine with {@link BadTransition}.
 *
 * @param <S> the states of the machine
 * @param <D> the data of the machine
 */
public sealed interface EnterResult<S, D> extends Transition<S, D> {
  /**
   * Stays in the state.
   *
   * @param data the new data, or null if they stay
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record KeepState<S, D>(@Nullable D data, List<? extends Action> actions)
      implements EnterResult<S, D> {
    /** Refuses null actions. */
    public KeepState {
      Objects.requireNonNull(actions, "actions");
    }
  }

  /**
   * Stays in the state and enters it again.
   *
   * @param data the new data, or null if they stay
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record RepeatState<S, D>(@Nullable D data, List<? extends Action> actions)
      implements EnterResult<S, D> {
    /** Refuses null actions. */
    public RepeatState {
      Objects.requireNonNull(actions, "actions");
    }
  }

  /**
   * Ends the machine.
   *
   * @param reason what it ends with
   * @param data the last data, or null if they stay
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record Stop<S, D>(ExitReason reason, @Nullable D data) implements EnterResult<S, D> {
    /** Refuses a null reason. */
    public Stop {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * Answers calls, then ends the machine.
   *
   * @param reason what it ends with
   * @param data the last data, or null if they stay
   * @param replies the answers, in order
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record StopAndReply<S, D>(ExitReason reason, @Nullable D data, List<Action.Reply> replies)
      implements EnterResult<S, D> {
    /** Refuses a null reason and null replies. */
    public StopAndReply {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(replies, "replies");
    }
  }

  /**
   * Stays in the state, with new data.
   *
   * @param data the new data
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> keepState(D data, EnterAction... actions) {
    return new KeepState<>(Objects.requireNonNull(data, "data"), Plan.listOf(actions));
  }

  /**
   * Stays in the state, with the data as they are.
   *
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> keepStateAndData(EnterAction... actions) {
    return new KeepState<>(null, Plan.listOf(actions));
  }

  /**
   * Makes the enter call again, with new data.
   *
   * @param data the new data
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> repeatState(D data, EnterAction... actions) {
    return new RepeatState<>(Objects.requireNonNull(data, "data"), Plan.listOf(actions));
  }

  /**
   * Makes the enter call again, with the data as they are.
   *
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> repeatStateAndData(EnterAction... actions) {
    return new RepeatState<>(null, Plan.listOf(actions));
  }

  /**
   * Ends the machine.
   *
   * @param reason what it ends with
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> stop(ExitReason reason) {
    return Transition.stop(reason);
  }
}
