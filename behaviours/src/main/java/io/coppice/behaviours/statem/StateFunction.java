package io.coppice.behaviours.statem;

/**
 * How one state handles its events (semantics SM2, {@code state_functions}): what {@link
 * GenStatem#stateFunction} gives for each state, as a rule a method reference.
 *
 * @param <M> the protocol of the machine
 * @param <S> the states of the machine
 * @param <D> the data of the machine
 */
@FunctionalInterface
public interface StateFunction<M, S, D> {
  /**
   * What a state does when it is entered.
   *
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   */
  @FunctionalInterface
  interface Enter<S, D> {
    /**
     * Handles the enter call, as {@link GenStatem#handleEnter} does.
     *
     * @param oldState the state the machine comes from; the same state if it is repeated, or the
     *     first
     * @param data the data
     * @return what happens; the state cannot be changed here
     * @throws Exception to end the machine with that error
     */
    EnterResult<S, D> enter(S oldState, D data) throws Exception;
  }

  /**
   * Handles an event.
   *
   * @param event the event
   * @param data the data
   * @return what happens
   * @throws Exception to end the machine with that error
   */
  Transition<S, D> handle(Event<M> event, D data) throws Exception;

  /**
   * Handles the enter call of the state, if the machine has any. The default does nothing; see
   * {@link #onEnter}.
   *
   * @param oldState as for {@link Enter#enter}
   * @param data the data
   * @return what happens
   * @throws Exception to end the machine with that error
   */
  default EnterResult<S, D> enter(S oldState, D data) throws Exception {
    return EnterResult.keepStateAndData();
  }

  /**
   * A state function, to hang {@link #onEnter} on a method reference: {@code
   * StateFunction.of(this::open).onEnter(this::enterOpen)}.
   *
   * @param handler handles the events
   * @param <M> the protocol of the machine
   * @param <S> the states of the machine
   * @param <D> the data of the machine
   * @return the same
   */
  static <M, S, D> StateFunction<M, S, D> of(StateFunction<M, S, D> handler) {
    return handler;
  }

  /**
   * The same state function, with an enter call.
   *
   * @param enter handles the enter call
   * @return a changed copy
   */
  default StateFunction<M, S, D> onEnter(Enter<S, D> enter) {
    StateFunction<M, S, D> events = this;
    return new StateFunction<>() {
      @Override
      public Transition<S, D> handle(Event<M> event, D data) throws Exception {
        return events.handle(event, data);
      }

      @Override
      public EnterResult<S, D> enter(S oldState, D data) throws Exception {
        return enter.enter(oldState, data);
      }
    };
  }
}
