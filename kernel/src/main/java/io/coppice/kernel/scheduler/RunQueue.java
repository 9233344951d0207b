package io.coppice.kernel.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bounded run queue of one scheduler, FIFO. Any thread may push and any thread may take, so
 * stealing and compensation need no protocol of their own.
 */
final class RunQueue {
  /* Dmitry Vyukov's bounded queue: each slot has a sequence number that says whose turn it is. Slot i is free
   * for the push at position p (p mod capacity = i) when its sequence is p, and full for the take at p when
   * it is p + 1; the take sets it to p + capacity.
   *
   * A take can return null while a push has claimed the oldest slot and not yet filled it; whoever pushes
   * looks for sleepers after it has filled the slot, so no item is forgotten.
   */
  private static final VarHandle ITEM = MethodHandles.arrayElementVarHandle(Object[].class);
  private static final VarHandle SEQUENCE = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle HEAD;
  private static final VarHandle TAIL;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HEAD = lookup.findVarHandle(RunQueue.class, "head", long.class);
      TAIL = lookup.findVarHandle(RunQueue.class, "tail", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Object[] items;
  private final long[] sequences;
  private final int mask;

  @SuppressWarnings("unused") // by HEAD
  private long head; // position of the next take

  @SuppressWarnings("unused") // by TAIL
  private long tail; // position of the next push

  /** A queue for the given number of items, a power of two. */
  RunQueue(int capacity) {
    if (capacity < 2 || Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException(
          "The capacity of a run queue is " + capacity + ", it must be a power of two from 2 on");
    }
    items = new Object[capacity];
    sequences = new long[capacity];
    mask = capacity - 1;
    for (int i = 0; i < capacity; i++) {
      sequences[i] = i;
    }
  }

  /** Adds an item at the end; false if the queue is full. */
  boolean offer(Object item) {
    while (true) {
      long position = (long) TAIL.getOpaque(this);
      int slot = (int) position & mask;
      long sequence = (long) SEQUENCE.getAcquire(sequences, slot); // pairs with setRelease in poll
      if (sequence == position) {
        if (TAIL.compareAndSet(this, position, position + 1)) {
          ITEM.set(items, slot, item);
          SEQUENCE.setRelease(sequences, slot, position + 1);
          return true;
        }
      } else if (sequence < position) {
        return false;
      }
    }
  }

  /** Takes the oldest item, or returns null if none is visible. */
  @Nullable Object poll() {
    while (true) {
      long position = (long) HEAD.getOpaque(this);
      int slot = (int) position & mask;
      long sequence = (long) SEQUENCE.getAcquire(sequences, slot); // pairs with setRelease in offer
      if (sequence == position + 1) {
        if (HEAD.compareAndSet(this, position, position + 1)) {
          Object item = ITEM.get(items, slot);
          ITEM.set(items, slot, null);
          SEQUENCE.setRelease(sequences, slot, position + mask + 1);
          return item;
        }
      } else if (sequence < position + 1) {
        return null;
      }
    }
  }

  /** Takes the oldest items, one after another, as many as there are up to a number. */
  void drainTo(Consumer<Object> target, int most) {
    for (int i = 0; i < most; i++) {
      Object item = poll();
      if (item == null) {
        return;
      }
      target.accept(item);
    }
  }

  /** The number of items, estimated while others work on the queue. */
  int size() {
    long size = (long) TAIL.getVolatile(this) - (long) HEAD.getVolatile(this);
    return (int) Math.max(0, Math.min(size, mask + 1L));
  }
}
