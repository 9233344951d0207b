package io.coppice.kernel.mailbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue for one thread whose slots can be claimed without being filled, as by a slow producer.
 */
final class HoldingQueue implements MessageQueue {

  private static final Object CLAIMED = new Object();
  private static final int CAPACITY = 4;

  private final List<Object> slots = new ArrayList<>();
  private boolean closed;

  void claimOnly() {
    slots.add(CLAIMED);
  }

  /** Fills the oldest claimed slot. */
  void fill(Object message) {
    slots.set(slots.indexOf(CLAIMED), message);
  }

  @Override
  public boolean offer(Object message) {
    return !closed && slots.size() < CAPACITY && slots.add(message);
  }

  @Override
  public @Nullable Object poll() {
    return slots.isEmpty() || slots.getFirst() == CLAIMED ? null : slots.removeFirst();
  }

  @Override
  public boolean isEmpty() {
    return slots.isEmpty();
  }

  @Override
  public int size() {
    return slots.size();
  }

  @Override
  public boolean closeIfEmpty() {
    closed |= slots.isEmpty();
    return closed;
  }
}
