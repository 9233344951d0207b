package io.coppice.kernel.cell;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.time.MonotonicClock;
import io.coppice.kernel.time.TimerNode;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What processes need of whoever runs them: the port that the scheduler pool of a node and the
 * simulated scheduler of a test node implement. Any thread may call any method; none blocks, apart
 * from {@link #blocking} and {@link #parkOutside}.
 */
public interface Dispatcher {
  /**
   * Runs a process that is SCHEDULED: for the first time, again, or by resuming its captured host.
   *
   * @param cell the process
   */
  void ready(ProcessCell cell);

  /**
   * Runs a process after all others that are ready: it has used up its turn.
   *
   * @param cell the process
   */
  void readyLast(ProcessCell cell);

  /**
   * Whether a yield of the running process could do anything: somebody is ready, or a timer may be
   * due.
   *
   * @return false if it can simply go on
   */
  boolean worthYielding();

  /**
   * Gives a process that is SCHEDULED a platform thread of its own and runs it there.
   *
   * @param cell the process
   */
  void startDedicated(ProcessCell cell);

  /**
   * Starts a timer.
   *
   * @param timer a timer that is not running
   * @param deadlineNanos on {@link #clock}
   */
  void startTimer(TimerNode timer, long deadlineNanos);

  /**
   * Starts a timer whose time begins now.
   *
   * @param timer one that is not armed
   * @param delayNanos zero or more
   */
  default void startTimerAfter(TimerNode timer, long delayNanos) {
    startTimer(timer, clock().nanoTime() + delayNanos);
  }

  /**
   * A reading of the clock for the code of a process: the time of the timers that it has started
   * has begun.
   *
   * @return nanoseconds on the clock
   */
  default long nanoTime() {
    return clock().nanoTime();
  }

  /**
   * A random number for the code of a process.
   *
   * @return any number; in a simulation the next of those that belong to its seed
   */
  default long randomLong() {
    return ThreadLocalRandom.current().nextLong();
  }

  /**
   * The clock of all timers.
   *
   * @return the clock
   */
  MonotonicClock clock();

  /**
   * Runs code outside of the schedulers and waits for it, blocking only the current process.
   *
   * @param code what to run
   * @param <T> its result
   * @return its result
   * @throws Exception what the code threw
   */
  <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception;

  /**
   * Computes outside of the schedulers, on as many threads as there are processors, and waits for
   * the result, blocking only the current process. If its thread is interrupted meanwhile the code
   * is given up: not begun, or interrupted and left to itself.
   *
   * @param code what to compute
   * @param <T> its result
   * @return its result
   * @throws Exception what the code threw
   */
  <T extends @Nullable Object> T cpuBound(Callable<T> code) throws Exception;

  /**
   * Whether this simulates, and wants to be asked before each operation. A constant.
   *
   * @return true in tests only
   */
  default boolean isSimulated() {
    return false;
  }

  /**
   * Whether others run before an operation of a simulated node.
   *
   * @param caller the process whose operation it is; null if the calling thread runs none
   * @return true if the process is to yield first
   */
  default boolean preempts(@Nullable ProcessCell caller) {
    return false;
  }

  /**
   * Since when a process has been running with the message it handles; a momentary value.
   *
   * @param cell the process
   * @return on {@link #clock}, give or take a time slice; {@link Long#MIN_VALUE} if that is not
   *     known, as for less than a slice
   */
  default long runningSinceNanos(ProcessCell cell) {
    return Long.MIN_VALUE;
  }

  /**
   * By a simulated node, before a message or signal is put into a mailbox: whether it is held back.
   *
   * @param from the process that sends it; null if none does, or it is about to end
   * @param to the receiver
   * @param item what is to be delivered
   * @param message the message in it; null if it is a signal
   * @return true if it comes later, by {@link SimulatedWorld#deliver}, or never
   */
  default boolean holdsBack(
      @Nullable ProcessCell from, ProcessCell to, Object item, @Nullable Object message) {
    return false;
  }

  /**
   * By a simulated node, at the end of a process.
   *
   * @param cell the process
   * @param reason why it has ended
   */
  default void ended(ProcessCell cell, ExitReason reason) {}

  /**
   * Lets a thread that runs no process wait a while for something that happens in a process. May
   * return for no reason: the caller looks again.
   *
   * @param blocker what the tools show as the reason of the wait
   * @param done whether it has happened; whoever makes it happen unparks the thread afterwards
   * @param deadlineNanos on {@link #clock}, or {@link Long#MAX_VALUE} for ever
   */
  default void parkOutside(Object blocker, BooleanSupplier done, long deadlineNanos) {
    if (deadlineNanos == Long.MAX_VALUE) {
      LockSupport.park(blocker);
    } else {
      LockSupport.parkNanos(blocker, deadlineNanos - clock().nanoTime());
    }
  }
}
