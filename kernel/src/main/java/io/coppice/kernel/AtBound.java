package io.coppice.kernel;

/**
 * What happens when more schedulers are stuck in long turns than {@link
 * NodeOptions#extraSchedulers} may be replaced (design 2.4). A report is made in either case.
 */
public enum AtBound {
  /**
   * The process whose turn has lasted longest is killed: its code is interrupted, and cut off if it
   * does not return within the grace time; then the next. Processes of {@link
   * io.coppice.kernel.process.KillPolicy#AWAIT_TERMINATION} are left alone.
   */
  FENCE_LONGEST,
  /** Nobody is killed; the node goes on with what schedulers are left, perhaps with none. */
  ALARM_ONLY
}
