package io.coppice.kernel.process;

/**
 * A call got no answer (semantics G21).
 *
 * <p>If nobody catches it, the calling process ends with {@link ExitReason.CallFailure}. Thrown
 * without a stack trace of the callee; the message names the callee and the likely cause.
 */
public final class CallFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient ExitReason reason;

  /** What was called, for the message. */
  private final String call;

  /**
   * Made by the kernel and the behaviours.
   *
   * @param reason why: {@code noproc}, {@code timeout}, {@code calling_self}, {@link
   *     ExitReason.CallCycle}, or the exit reason of the process that was called
   * @param call what was called, for humans, e.g. {@code call(<12>, Add[2], 5s)}
   */
  public CallFailed(ExitReason reason, String call) {
    super(call + " failed (" + reason + "): " + reason.describe());
    this.reason = reason;
    this.call = call;
  }

  /**
   * Made by the kernel when time is over.
   *
   * @param reason why
   * @param call what was called, for humans
   * @param callee what the process that was called is doing, for humans; a part of the message only
   */
  public CallFailed(ExitReason reason, String call, String callee) {
    super(call + " failed (" + reason + "): " + reason.describe() + "; " + callee);
    this.reason = reason;
    this.call = call;
  }

  /**
   * Why the call failed.
   *
   * @return the OTP reason
   */
  public ExitReason reason() {
    return reason;
  }

  /**
   * What was called.
   *
   * @return a text for humans
   */
  public String call() {
    return call;
  }
}
