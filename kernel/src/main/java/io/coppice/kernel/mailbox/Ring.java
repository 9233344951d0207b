package io.coppice.kernel.mailbox;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One ring of the chain that a {@link GrowingQueue} is; the essay there tells how it works and what
 * each memory mode is for.
 */
final class Ring extends RingTail.Gap {
  private static final long CLOSED = 1L << 63; // marks in a tail
  private static final long SEALED = 1L << 62;

  private static final VarHandle HEAD;
  private static final VarHandle TAIL;
  private static final VarHandle NEXT;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HEAD = lookup.findVarHandle(Ring.class, "head", long.class);
      TAIL = lookup.findVarHandle(RingTail.class, "tail", long.class);
      NEXT = lookup.findVarHandle(RingTail.class, "next", Ring.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Object[] slots;
  private long head; // written by the consumer

  Ring(int slots) {
    this.slots = new Object[slots];
  }

  int length() {
    return slots.length;
  }

  static boolean isClosed(long tail) {
    return tail < 0;
  }

  static boolean isSealed(long tail) {
    return (tail & SEALED) != 0;
  }

  static long position(long tail) {
    return tail & (SEALED - 1);
  }

  /** Of an open ring. */
  boolean isFull(long tail) {
    return tail - headAcquire() >= slots.length;
  }

  /** By the consumer: the oldest message, null if there is none or it is not there yet. */
  @Nullable Object take() {
    Object message = slotAcquire(head);
    if (message != null) {
      clearSlot(head);
      setHeadRelease(head + 1);
    }
    return message;
  }

  /** By the consumer: whether the next message is in the next ring. */
  boolean isUsedUp() {
    return tailAcquire() == (head | SEALED);
  }

  Ring nextOfSealed() {
    return Objects.requireNonNull(nextAcquire());
  }

  /** By the consumer: false if the ring is not open, or not empty. */
  boolean close() {
    return casTail(head, head | CLOSED);
  }

  /** By a producer that has put another ring behind this one. */
  void seal(long fullAt) {
    casTail(fullAt, fullAt | SEALED);
  }

  // ---- accessors by memory mode

  long headAcquire() {
    return (long) HEAD.getAcquire(this);
  }

  private void setHeadRelease(long position) {
    HEAD.setRelease(this, position);
  }

  long tailAcquire() {
    return (long) TAIL.getAcquire(this);
  }

  long tailVolatile() {
    return (long) TAIL.getVolatile(this);
  }

  boolean casTail(long expected, long changed) {
    return TAIL.compareAndSet(this, expected, changed);
  }

  private @Nullable Object slotAcquire(long position) {
    return SLOT.getAcquire(slots, slot(position));
  }

  void setSlotRelease(long position, Object message) {
    SLOT.setRelease(slots, slot(position), message);
  }

  private void clearSlot(long position) {
    slots[slot(position)] = null;
  }

  private int slot(long position) {
    return (int) position & (slots.length - 1);
  }

  @Nullable Ring nextAcquire() {
    return (Ring) NEXT.getAcquire(this);
  }

  void casNext(Ring ring) {
    NEXT.compareAndSet(this, null, ring);
  }
}
