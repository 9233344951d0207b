package io.coppice.kernel.process;

/** What a process is doing. */
public enum ProcessStatus {
  /** Has nothing to do: reactive, and no message waits. */
  IDLE,
  /** Ready to run, waits for a scheduler. */
  RUNNABLE,
  /** Its code runs, or blocks outside of the kernel. */
  RUNNING,
  /** Blocks in a kernel operation; see {@link WaitReason}. */
  WAITING,
  /** Is ending: gives back what it holds. */
  EXITING,
  /** Has ended. */
  DEAD
}
