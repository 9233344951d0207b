package io.coppice.kernel.scheduler;

import io.coppice.kernel.time.MonotonicClock;
import org.jspecify.annotations.Nullable;

/**
 * What runners need of whoever hosts them: the scheduler pool of a node, or a simulated scheduler.
 */
interface RunnerPool {
  /**
   * A captured runner can go on. It is QUEUED: it has left its carrier, and nobody else enqueues
   * it. Any thread; never blocks and never throws.
   */
  void resumed(MountedRunner runner);

  /**
   * The JDK says that a runner can go on, which had blocked outside of the kernel; called before
   * {@link #resumed}, if that follows. Any thread; never blocks and never throws.
   */
  default void unparked(MountedRunner runner) {}

  /** A thread goes on after something that should never be thrown there; never throws itself. */
  void survived(Throwable thrown);

  /** A new runner, which is ready to be mounted. */
  MountedRunner newRunner(String name);

  /** A runner has been made. */
  void runnerMade();

  /** A runner's code is about to return. On the runner. */
  void runnerEnded(Runner runner);

  /** The node's clock. */
  MonotonicClock clock();

  /** The class loader that processes find on their thread. */
  @Nullable ClassLoader contextClassLoader();
}
