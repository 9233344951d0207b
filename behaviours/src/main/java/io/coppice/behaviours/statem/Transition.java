package io.coppice.behaviours.statem;

import io.coppice.kernel.process.ExitReason;
import java.util.List;
import java.util.Objects;

/**
 * What the handling of an event leads to (semantics SM5): a result of {@link GenStatem#handleEvent}
 * or of a {@link StateFunction}. Immutable.
 *
 * <p>A machine goes from one state to another only by {@link #nextState} with a state that is not
 * equal to the present one. Then its postponed events are handled again and its state timeout is
 * cancelled (SM13); all other results do neither, {@code nextState} with the same state included.
 *
 * @param <S> the states of the machine
 * @param <D> the data of the machine
 */
public sealed interface Transition<S, D> permits EnterResult, Transition.NextState {
  /**
   * Goes to a state.
   *
   * @param state the next state
   * @param data the new data
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record NextState<S, D>(S state, D data, List<? extends Action> actions)
      implements Transition<S, D> {
    /** Refuses null. */
    public NextState {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(data, "data");
      Objects.requireNonNull(actions, "actions");
    }
  }

  /**
   * Goes to a state, or stays in it if it is the same.
   *
   * @param state the next state
   * @param data the new data
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> Transition<S, D> nextState(S state, D data, Action... actions) {
    return new NextState<>(state, data, Plan.listOf(actions));
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
  static <S, D> Transition<S, D> keepState(D data, Action... actions) {
    return new EnterResult.KeepState<>(Objects.requireNonNull(data, "data"), Plan.listOf(actions));
  }

  /**
   * Stays in the state, with the data as they are.
   *
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> Transition<S, D> keepStateAndData(Action... actions) {
    return new EnterResult.KeepState<>(null, Plan.listOf(actions));
  }

  /**
   * Stays in the state and enters it again: its enter call is made, if the machine has any (SM32).
   *
   * @param data the new data
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> Transition<S, D> repeatState(D data, Action... actions) {
    return new EnterResult.RepeatState<>(
        Objects.requireNonNull(data, "data"), Plan.listOf(actions));
  }

  /**
   * Stays in the state and enters it again, with the data as they are (SM32).
   *
   * @param actions what else happens
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> Transition<S, D> repeatStateAndData(Action... actions) {
    return new EnterResult.RepeatState<>(null, Plan.listOf(actions));
  }

  /**
   * Ends the machine normally. Calls it has not answered fail with the reason.
   *
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> stop() {
    return new EnterResult.Stop<>(ExitReason.NORMAL, null);
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
    return new EnterResult.Stop<>(reason, null);
  }

  /**
   * Ends the machine.
   *
   * @param reason what it ends with
   * @param data the last data, for {@code terminate}
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> stop(ExitReason reason, D data) {
    return new EnterResult.Stop<>(reason, Objects.requireNonNull(data, "data"));
  }

  /**
   * Ends the machine and answers calls: the answers are sent before {@code terminate} runs (SM52).
   *
   * @param reason what it ends with
   * @param replies the answers, in order
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> stopAndReply(ExitReason reason, Action.Reply... replies) {
    return new EnterResult.StopAndReply<>(reason, null, Plan.listOf(replies));
  }

  /**
   * Ends the machine and answers calls: the answers are sent before {@code terminate} runs (SM52).
   *
   * @param reason what it ends with
   * @param data the last data, for {@code terminate}
   * @param replies the answers, in order
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> EnterResult<S, D> stopAndReply(ExitReason reason, D data, Action.Reply... replies) {
    return new EnterResult.StopAndReply<>(
        reason, Objects.requireNonNull(data, "data"), Plan.listOf(replies));
  }
}
