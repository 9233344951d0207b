package io.coppice.kernel.scheduler;

import io.coppice.kernel.time.ManualClock;
import io.coppice.kernel.time.TimerNode;
import io.coppice.kernel.time.TimerWheel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** The clock and the timers of a simulation. Only {@link #start} is for any thread. */
final class VirtualTime {
  private static final int SWEEP_EVERY = 256;

  private final ManualClock clock = new ManualClock(0);
  private final TimerWheel wheel;
  private final Queue<TimerNode> started = new ConcurrentLinkedQueue<>(); // all that may be armed
  private final AtomicInteger starts = new AtomicInteger();

  VirtualTime(BiConsumer<? super TimerNode, ? super Throwable> timerErrors) {
    this.wheel = new TimerWheel(0, timerErrors);
  }

  ManualClock clock() {
    return clock;
  }

  void start(TimerNode timer, long deadlineNanos) {
    wheel.start(timer, deadlineNanos);
    started.add(timer);
    if (starts.incrementAndGet() % SWEEP_EVERY == 0) {
      started.removeIf(t -> !t.isArmed());
    }
  }

  long now() {
    return clock.nanoTime();
  }

  /** The earliest deadline, {@link Long#MAX_VALUE} if there is no timer. */
  long next() {
    return wheel.exactNextDeadlineNanos();
  }

  /** Moves forward to a time, if it is not past. */
  void moveTo(long nanos) {
    clock.advanceTo(Math.max(nanos, now()));
  }

  void fireDue() {
    wheel.advance(now());
  }

  List<TimerNode> armed() {
    return started.stream().filter(TimerNode::isArmed).distinct().toList();
  }
}
