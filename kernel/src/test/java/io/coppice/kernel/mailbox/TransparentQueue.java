package io.coppice.kernel.mailbox;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The algorithm of Agrona's ring on plain atomics, in-flight slots included: Lincheck sees into it,
 * which it cannot into Agrona's.
 */
final class TransparentQueue implements MessageQueue {

  private final AtomicReferenceArray<@Nullable Object> slots;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();

  TransparentQueue(int capacity) {
    slots = new AtomicReferenceArray<>(capacity);
  }

  @Override
  public boolean offer(Object message) {
    long claimed;
    do {
      claimed = tail.get();
      if (claimed >= head.get() + slots.length()) {
        return false;
      }
    } while (!tail.compareAndSet(claimed, claimed + 1));
    slots.set((int) (claimed % slots.length()), message);
    return true;
  }

  @Override
  public @Nullable Object poll() {
    long oldest = head.get();
    int slot = (int) (oldest % slots.length());
    Object message = slots.get(slot);
    if (message != null) {
      slots.set(slot, null);
      head.set(oldest + 1);
    }
    return message;
  }

  @Override
  public boolean isEmpty() {
    return head.get() >= tail.get();
  }

  @Override
  public int size() {
    return (int) (tail.get() - head.get());
  }

  @Override
  public boolean closeIfEmpty() {
    long emptyAt = head.get();
    return tail.compareAndSet(emptyAt, emptyAt + slots.length());
  }
}
