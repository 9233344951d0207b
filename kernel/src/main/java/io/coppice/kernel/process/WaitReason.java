package io.coppice.kernel.process;

/** The kernel operation a process waits in: one constant for each place that waits. */
public enum WaitReason {
  /** Does not wait. */
  NONE,
  /** {@link Context#receive}. */
  RECEIVE,
  /** {@link Processes#call}: for the answer. */
  CALL,
  /** {@link Processes#send} and other sends: for room in the mailbox of the receiver. */
  ROOM,
  /** {@link Handoff#await}: for somebody to hand over a value, for instance through a channel. */
  HANDOFF,
  /** {@link Processes#start}: for the new process to answer. */
  START,
  /** {@link Context#sleep}. */
  SLEEP,
  /** {@link Context#blocking}: for the section to end. */
  BLOCKING_SECTION,
  /** {@link Context#cpuBound}: for the computation to end. */
  COMPUTATION,
  /** {@link Context#hibernate}: for a message; or reactive and hibernating. */
  HIBERNATE,
  /** {@link Processes#messages}: for a process to list them. */
  MESSAGES,
  /** {@link Processes#isAlive}, or a start that failed: for a process to be gone. */
  PROCESS_END
}
