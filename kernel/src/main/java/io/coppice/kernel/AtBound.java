package io.coppice.kernel;

/**
 * What happens when more schedulers are stuck in long turns than {@link
 * NodeOptions#extraSchedulers} may be replaced (design 2.4). That is reported in either case, as a
 * {@link io.coppice.kernel.process.CompensationReport}; as long as some scheduler is left the node
 * goes on, more slowly.
 */
public enum AtBound {
  /**
   * When no scheduler is left and something waits, the process whose turn has lasted longest is
   * killed: its code is interrupted, and cut off if it does not return within the grace time; then
   * the next. Processes of {@link io.coppice.kernel.process.KillPolicy#AWAIT_TERMINATION} are left
   * alone. What is cut off keeps its scheduler until it returns, so this helps where code minds
   * interrupts or ends some day, and tells those who watch the process.
   */
  FENCE_LONGEST,
  /** Nobody is killed; the node goes on with what schedulers are left, perhaps with none. */
  ALARM_ONLY
}
