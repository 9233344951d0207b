package io.coppice.kernel.cell;

import io.coppice.kernel.time.MonotonicClock;
import io.coppice.kernel.time.TimerNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What processes need of whoever runs them: the port that the scheduler pool of a node and the
 * simulated scheduler of a test node implement. Any thread may call any method; none blocks, apart
 * from {@link #blocking}.
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
}
