package io.coppice.kernel.scheduler;

/** How a drive of a {@link SimulatedScheduler} ended. */
public enum End {
  /** What was waited for has happened. */
  DONE,
  /** Nothing can run, and no timer is left. */
  IDLE,
  /** Nothing can run before the time that was asked for, which it is now. */
  TIME_REACHED,
  /** A process or a foreign thread acted in real time. */
  REAL_TIME,
  /** A rule of the simulation that has nothing to do with time was broken. */
  RULE_BROKEN,
  /** The real-time limit is over; the processes were stopped between two turns. */
  OVERTIME,
  /** The real-time limit is over, and the carrier does not come back. */
  STUCK,
  /** The scheduler itself threw. */
  BROKEN
}
