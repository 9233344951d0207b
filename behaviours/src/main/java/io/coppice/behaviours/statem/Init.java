package io.coppice.behaviours.statem;

import io.coppice.kernel.process.ExitReason;
import java.util.List;
import java.util.Objects;

/**
 * What {@link GenStatem#init} returns (semantics SM4, G6).
 *
 * @param <S> the states of the machine
 * @param <D> the data of the machine
 */
public sealed interface Init<S, D> {
  /**
   * The machine is up.
   *
   * @param state its first state
   * @param data its first data
   * @param actions what happens next, before any message
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record Up<S, D>(S state, D data, List<? extends Action> actions) implements Init<S, D> {
    /** Refuses null. */
    public Up {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(data, "data");
      Objects.requireNonNull(actions, "actions");
    }
  }

  /**
   * The start fails, and the process ends with the reason.
   *
   * @param reason why
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record Stop<S, D>(ExitReason reason) implements Init<S, D> {}

  /**
   * The start fails, and the process ends normally.
   *
   * @param reason why
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record Failed<S, D>(ExitReason reason) implements Init<S, D> {}

  /**
   * There is nothing to do here, and the process ends normally.
   *
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  record Ignore<S, D>() implements Init<S, D> {}

  /**
   * The machine is up. Once its starter has been told, the actions are taken and the enter call of
   * the first state is made.
   *
   * @param state its first state
   * @param data its first data
   * @param actions what happens next, before any message
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> Init<S, D> state(S state, D data, Action... actions) {
    return new Up<>(state, data, Plan.listOf(actions));
  }

  /**
   * The start fails: the starter gets the reason, and the process ends with it. There is a crash
   * report if it is abnormal.
   *
   * @param reason why
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> Init<S, D> stop(ExitReason reason) {
    return new Stop<>(reason);
  }

  /**
   * The start fails quietly: the starter gets the reason, and the process ends normally, without
   * any report.
   *
   * @param reason why
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> Init<S, D> error(ExitReason reason) {
    return new Failed<>(reason);
  }

  /**
   * The machine is not wanted here: the starter is told so, which is no failure.
   *
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the result
   */
  static <S, D> Init<S, D> ignore() {
    return new Ignore<>();
  }
}
