package io.coppice.kernel.scheduler;

import java.util.function.Consumer;

/** What lends a scheduler its thread: a {@link CarrierThread}, or a {@link Seat}. */
interface Drive {
  /**
   * Begins to run the scheduler.
   *
   * @param starter starts a platform thread, if one is needed
   */
  void start(Consumer<? super Thread> starter);

  /** Wakes whoever runs the scheduler and has parked. Any thread. */
  void unpark();

  /** Whether somebody runs it still. Any thread. */
  boolean isRunning();

  /**
   * Waits until nobody runs it any more.
   *
   * @param nanos for at most so long
   */
  void awaitEnd(long nanos) throws InterruptedException;

  /** How often the scheduler looks for work before it parks, with a {@link #pause} between. */
  int looks();

  /** Between two looks for work. */
  void pause();

  /** Whether nobody else pushes what comes from the process that runs. */
  boolean isExclusive();
}
