package io.coppice.behaviours;

/**
 * Carries the result of a callback out of deeply nested code: a callback that throws it has
 * returned that result (semantics GS1).
 *
 * <p>In OTP any thrown term counts as the return value. Here exceptions mean errors, so it takes
 * this class to say that a throw is none: {@code throw new ControlThrow(Result.reply(found,
 * state))}. It has no stack trace. A result that the callback could not have returned is a {@link
 * BadReturnValue}.
 */
public final class ControlThrow extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Object result;

  /**
   * A result on its way.
   *
   * @param result what the callback would have returned
   */
  public ControlThrow(Object result) {
    super("the result of a callback: " + result, null, false, false);
    this.result = result;
  }

  /**
   * What the callback would have returned.
   *
   * @return the result
   */
  public Object result() {
    return result;
  }
}
