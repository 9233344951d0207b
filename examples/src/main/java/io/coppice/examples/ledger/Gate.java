package io.coppice.examples.ledger;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets so many in at a time and counts those turned away: the bound of the writer's queue.
 *
 * <p>It is no process, since a process in front of a queue is a queue. Whoever entered leaves in a
 * {@code finally}, also when killed.
 */
final class Gate {
  private final int limit;
  private final AtomicInteger inside = new AtomicInteger();
  private final LongAdder refused = new LongAdder();

  Gate(int limit) {
    this.limit = limit;
  }

  boolean tryEnter() {
    if (inside.incrementAndGet() <= limit) {
      return true;
    }
    inside.decrementAndGet();
    refused.increment();
    return false;
  }

  void leave() {
    inside.decrementAndGet();
  }

  int limit() {
    return limit;
  }

  long refused() {
    return refused.sum();
  }
}
