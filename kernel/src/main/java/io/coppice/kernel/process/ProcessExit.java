package io.coppice.kernel.process;

/**
 * Thrown inside a process to end it: by {@link Context#exit(ExitReason)}, and by every kernel
 * operation of a process that an exit signal has told to die (semantics-gaps 1a).
 *
 * <p>Not meant to be caught: a process that is dying gets it again from its next kernel operation.
 * It has no stack trace. It is an {@link Error} so that {@code catch (Exception e)} leaves it
 * alone.
 */
public final class ProcessExit extends Error {
  private static final long serialVersionUID = 1L;
  private final transient ExitReason reason;

  /**
   * Made by the kernel and the behaviours.
   *
   * @param reason what the process ends with
   */
  public ProcessExit(ExitReason reason) {
    super(reason.toString(), null, false, false);
    this.reason = reason;
  }

  /**
   * What the process ends with.
   *
   * @return the exit reason
   */
  public ExitReason reason() {
    return reason;
  }
}
