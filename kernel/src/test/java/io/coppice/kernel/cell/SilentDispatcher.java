package io.coppice.kernel.cell;

import io.coppice.kernel.time.ManualClock;
import io.coppice.kernel.time.MonotonicClock;
import io.coppice.kernel.time.TimerNode;
import io.coppice.kernel.time.TimerWheel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Runs nothing: the test that uses it is the host of its processes, and moves the time of its
 * timers.
 */
final class SilentDispatcher implements Dispatcher {
  private final ManualClock clock = new ManualClock(0);
  private final TimerWheel wheel =
      new TimerWheel(
          0,
          (timer, thrown) -> {
            throw new AssertionError(thrown);
          });
  private final Runnable ready;

  /** For a test that knows by itself when its processes are to run. */
  SilentDispatcher() {
    this(() -> {});
  }

  /**
   * For a test that is told.
   *
   * @param ready called when a process is to be run
   */
  SilentDispatcher(Runnable ready) {
    this.ready = ready;
  }

  private int failures; // of the clock, still to come

  /** The next reading of the clock finds no memory. */
  void failOnce() {
    failures = 1;
  }

  /** Moves time and fires what is due. */
  void advance(long nanos) {
    wheel.advance(clock.advanceBy(nanos));
  }

  @Override
  public void ready(ProcessCell cell) {
    ready.run();
  }

  @Override
  public void readyLast(ProcessCell cell) {
    ready.run();
  }

  @Override
  public boolean worthYielding() {
    return false;
  }

  @Override
  public void startDedicated(ProcessCell cell) {}

  @Override
  public void startTimer(TimerNode timer, long deadlineNanos) {
    wheel.start(timer, deadlineNanos);
  }

  @Override
  public MonotonicClock clock() {
    if (failures > 0) {
      failures--;
      throw new OutOfMemoryError("on purpose");
    }
    return clock;
  }

  @Override
  public <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
    return code.call();
  }

  @Override
  public <T extends @Nullable Object> T cpuBound(Callable<T> code) throws Exception {
    return code.call();
  }
}
