package io.coppice.kernel.testkit;

import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.cell.SimulatedWorld;
import io.coppice.kernel.scheduler.SimulatedScheduler;
import io.coppice.kernel.time.TimerNode;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What one process has sent to another and what is held back: a message that is late, and all that
 * comes behind it, so that the order between the two stays. Used by whoever has control.
 */
final class HeldMail extends TimerNode {
  private final SimulatedScheduler scheduler;
  private final @Nullable ProcessCell from;
  private final ProcessCell to;
  private final ArrayDeque<Held> items = new ArrayDeque<>();
  private long lastDue;

  private record Held(Object item, long dueNanos) {}

  HeldMail(SimulatedScheduler scheduler, @Nullable ProcessCell from, ProcessCell to) {
    this.scheduler = scheduler;
    this.from = from;
    this.to = to;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  void add(Object item, long delayNanos) {
    long due = scheduler.clock().nanoTime() + delayNanos;
    if (!items.isEmpty()) {
      due = Math.max(due, lastDue);
    }
    lastDue = due;
    items.add(new Held(item, due));
    if (items.size() == 1) {
      scheduler.startTimer(this, due);
    }
  }

  @Override
  protected void onExpiry(long nowNanos) {
    deliver(nowNanos);
    Held next = items.peek();
    if (next != null) {
      scheduler.startTimer(this, next.dueNanos());
    }
  }

  private void deliver(long nowNanos) {
    Held next = items.peek();
    while (next != null && next.dueNanos() <= nowNanos) {
      items.remove();
      SimulatedWorld.deliver(to, next.item());
      next = items.peek();
    }
  }

  /** Delivers everything at once: the test is over. */
  void release() {
    boolean _ = cancel();
    deliver(Long.MAX_VALUE);
  }

  @Override
  public String toString() {
    return items.size() + " delayed from " + (from == null ? "outside" : from) + " to " + to;
  }
}
