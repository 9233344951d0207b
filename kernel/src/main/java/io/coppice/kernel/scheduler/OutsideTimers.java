package io.coppice.kernel.scheduler;

import io.coppice.kernel.time.TimerNode;
import io.coppice.kernel.time.TimerWheel;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts timers in wheels whose owner may be asleep meanwhile. Any thread. */
final class OutsideTimers {
  private final Scheduler[] owners;
  private final AtomicInteger next = new AtomicInteger();

  OutsideTimers(Scheduler[] owners) {
    this.owners = owners;
  }

  /** From a thread that has no wheel: in each wheel in turn. */
  void start(TimerNode timer, long deadlineNanos) {
    Scheduler owner = owners[Math.floorMod(next.getAndIncrement(), owners.length)];
    if (owner.wheel().start(timer, deadlineNanos)) {
      owner.drive().unpark();
    }
  }

  /** From a thread that shares a wheel with its owner. */
  void startIn(TimerWheel wheel, TimerNode timer, long deadlineNanos) {
    if (wheel.start(timer, deadlineNanos)) {
      for (Scheduler owner : owners) {
        if (owner.wheel() == wheel) {
          owner.drive().unpark();
        }
      }
    }
  }
}
