package io.coppice.behaviours.statem;

import java.util.Objects;

/**
 * How a state machine hands its events to the callbacks (semantics SM1, SM2). Immutable.
 *
 * @param style which callbacks get the events
 * @param stateEnter whether each state is told that it is entered (SM11)
 */
public record CallbackMode(Style style, boolean stateEnter) {
  /** Ways to hand over an event. */
  public enum Style {
    /** All go to {@link GenStatem#handleEvent}. */
    HANDLE_EVENT,
    /** Each goes to the {@link GenStatem#stateFunction} of the state. */
    STATE_FUNCTIONS
  }

  /** One callback for all events: {@link GenStatem#handleEvent}. No enter calls. */
  public static final CallbackMode HANDLE_EVENT = new CallbackMode(Style.HANDLE_EVENT, false);

  /** One callback per state: {@link GenStatem#stateFunction}. No enter calls. */
  public static final CallbackMode STATE_FUNCTIONS = new CallbackMode(Style.STATE_FUNCTIONS, false);

  /** Refuses null. */
  public CallbackMode {
    Objects.requireNonNull(style, "style");
  }

  /**
   * Has each state told that it is entered: {@link GenStatem#handleEnter}, or {@link
   * StateFunction#enter}.
   *
   * @return a changed copy
   */
  public CallbackMode withStateEnter() {
    return new CallbackMode(style, true);
  }
}
