package io.coppice.kernel.process;

/**
 * What {@link Timers} has started: a process that keeps the time. It is seen like any other process
 * and ends with the node; killing it is another way to cancel. Safe to share between threads.
 */
public final class RunningTimer {
  private final Processes node;
  private final Pid pid;

  RunningTimer(Processes node, Pid pid) {
    this.node = node;
    this.pid = pid;
  }

  /**
   * The process that keeps the time.
   *
   * @return its pid; it has ended when there is nothing left to do
   */
  public Pid pid() {
    return pid;
  }

  /**
   * Ends it. After this returned it sends nothing more and begins no further run; what it has begun
   * goes on. Any thread or process may cancel, a run of its own as well.
   *
   * @return whether it was still going
   */
  public boolean cancel() {
    try {
      return Boolean.TRUE.equals(node.call(pid, Timekeeper.CANCEL, null));
    } catch (CallFailed over) {
      return false;
    }
  }
}
