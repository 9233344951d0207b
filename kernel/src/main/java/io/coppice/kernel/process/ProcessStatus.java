package io.coppice.kernel.process;

/** What a process is doing. */
public enum ProcessStatus {
  /** Has nothing to do: reactive, and no message waits. */
  IDLE,
  /** Ready to run, waits for a scheduler. */
  RUNNABLE,
  /** Its code runs. */
  RUNNING,
  /** Its code blocks outside of the kernel: in a lock, a socket, a {@code Thread.sleep}. */
  BLOCKED,
  /** Waits in a kernel operation; see {@link WaitReason}. */
  WAITING,
  /** Has been told to die, and its code still runs or blocks. */
  DYING,
  /** Is ending: gives back what it holds. */
  EXITING,
  /** Has ended, but its code still runs. */
  ZOMBIE,
  /** Has ended. */
  DEAD
}
