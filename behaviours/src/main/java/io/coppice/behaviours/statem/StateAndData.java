package io.coppice.behaviours.statem;

import java.util.Objects;

/**
 * The two halves of what a state machine remembers: what {@code Sys.getState} gives, {@code
 * Sys.replaceState} changes (semantics SY4), and {@link GenStatem#codeChange} returns.
 *
 * @param state the state, which decides how events are handled
 * @param data everything else
 * @param <S> the states of the machine
 * @param <D> the data of the machine
 */
public record StateAndData<S, D>(S state, D data) {
  /** Refuses null. */
  public StateAndData {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(data, "data");
  }
}
