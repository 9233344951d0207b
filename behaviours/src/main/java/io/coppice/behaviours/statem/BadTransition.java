package io.coppice.behaviours.statem;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The term of the exit reason of a state machine whose callback returned what it must not
 * (semantics SM1, SM4, SM6, SM30).
 *
 * @param problem what is wrong
 * @param value the bad value: a result, or one of its actions
 * @param callback where it came from, e.g. {@code Door.handleEvent}
 * @param state the state the machine was in, or null if it had none yet
 * @param event the event that was being handled, or null if there was none
 */
public record BadTransition(
    Problem problem,
    @Nullable Object value,
    String callback,
    @Nullable Object state,
    @Nullable Event<?> event) {
  /** Kinds of bad values, under their names in OTP. */
  public enum Problem {
    /** {@code init} did not return an {@link Init}. */
    BAD_RETURN_FROM_INIT("init must return an Init"),
    /** {@code callbackMode} did not return a {@link CallbackMode}. */
    BAD_RETURN_FROM_CALLBACK_MODE("callbackMode must return a CallbackMode"),
    /** The handler of an event did not return a {@link Transition}. */
    BAD_RETURN_FROM_STATE_FUNCTION("the handler of an event must return a Transition"),
    /** The handler of an event gave null as an action, or popped the only module. */
    BAD_ACTION_FROM_STATE_FUNCTION(
        "an action is never null, and the last callback module cannot be popped"),
    /** {@code stopAndReply} was given what is no reply. */
    BAD_REPLY_ACTION_FROM_STATE_FUNCTION("stopAndReply takes nothing but replies"),
    /** An enter call wanted to change the state, or did not return an {@link EnterResult}. */
    BAD_STATE_ENTER_RETURN_FROM_STATE_FUNCTION(
        "an enter call must return an EnterResult, and cannot change the state"),
    /** An enter call wanted to postpone, to insert an event, or to change the module. */
    BAD_STATE_ENTER_ACTION_FROM_STATE_FUNCTION(
        "an enter call cannot postpone, insert events or change the callback module");

    private final String rule;

    Problem(String rule) {
      this.rule = rule;
    }
  }

  /** The tuple of OTP, and a sentence for humans. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("{");
    out.append(problem.name().toLowerCase(Locale.ROOT)).append(", ").append(value);
    out.append("}: ").append(callback).append(" gave ").append(value);
    if (event != null) {
      out.append(" for the event ").append(event);
    }
    if (state != null) {
      out.append(" in the state ").append(state);
    }
    return out.append(", but ").append(problem.rule).toString();
  }
}
