package io.coppice.kernel.scheduler;

import io.coppice.kernel.jdk.JdkInternals;
import java.util.List;

/**
 * Where the processes of a node get their threads: the one seam between the schedulers and the JDK.
 *
 * <p>With the JDK's internals open, from platform threads that mount runners ({@link Mounts}); else
 * from the JDK's own scheduler of virtual threads ({@link Seats}).
 */
sealed interface Hosting permits Mounts, Seats {
  /** The one that this JVM allows. */
  static Hosting of(SchedulerPool pool, SchedulerConfig config) {
    return JdkInternals.isOpen() ? new Mounts(pool, config) : new Seats(pool, config);
  }

  /** What will run a scheduler. */
  Drive drive(Scheduler scheduler);

  /** A runner for a carrier thread. */
  MountedRunner newRunner(String name);

  /** Before the code that runs on the calling thread waits for another thread. */
  void aboutToBlock();

  /**
   * Whether anybody else may have to run where the calling process does, which has no scheduler.
   */
  boolean worthYielding();

  /** By the monitor: a scheduler is still in the same turn as last time, which began then. */
  void sameTurn(Scheduler scheduler, long sinceNanos);

  /** By the monitor, once per pulse: the schedulers that are stuck, the longest turn first. */
  void adjust(List<Scheduler> stuck, long now);

  /** By the monitor: whether it may sleep while all schedulers do. */
  boolean isQuiet();

  /** Threads that run in place of stuck ones: their number now. */
  int extra();

  /** Since when a process has been seen in a turn that no scheduler knows of. */
  long runningSinceNanos(Object cell);

  /** After the schedulers have ended: what could not be stopped goes on. */
  void outlive(long deadlineNanos);

  /** After that: something was injected. Any thread; never blocks and never throws. */
  void injected();

  /** Whether {@link #outlive} has been called, and {@link #injected} is to be told. */
  boolean isOver();
}
