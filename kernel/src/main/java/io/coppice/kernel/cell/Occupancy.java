package io.coppice.kernel.cell;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many messages of a mailbox are counted, who waits for room, and whether there are many: one
 * word, and a queue of those who wait.
 *
 * <p>Threads: any thread may call any method; none blocks. Memory: what {@link #release} was called
 * after happens-before what the sender does that it lets in.
 */
abstract class Occupancy {
  /* One long: a count, flags, and a number in the highest CROSSING_BITS.
   *
   *   COUNT    messages that were let in and not received yet. A place that was given to a waiter
   *            counts from then on, though its message is still to come.
   *   ABOVE    the count has reached the high mark and not come down to the low mark since.
   *   WAITERS  somebody waits for room. Then the count is not below the limit: who frees a place gives
   *            it to the oldest waiter and leaves the count alone, and newcomers queue behind.
   *   CLOSED   the receiver has ended: everybody is let in, to find that out; nobody waits.
   *   LOCKED   somebody works on the queue of waiters. Nobody else changes the word meanwhile.
   *
   *   count < limit, no WAITERS   count + 1   tryAdmit, or enqueue that found room after all
   *   any                         count + 1   admitAlways: over the limit, if need be
   *   ABOVE comes or goes         number + 1  with the count that is the cause; see Crossings
   *   count >= limit              WAITERS     enqueue
   *   WAITERS, count > limit      count - 1   release: there is still no room
   *   WAITERS, count <= limit     the oldest waiter has the place; the last takes WAITERS along   release
   *   no WAITERS                  count - 1   release
   *   WAITERS                     one waiter less, the last takes WAITERS along                   cancel
   *   any                         CLOSED, no WAITERS, all waiters woken                           close
   *
   * Why no wake-up is lost. "Is there room?" and "I wait" are one step for a waiter: it queues under LOCKED,
   * and only if the word that it locked had no room. "There is room" and "who waits?" are one step for who
   * frees a place: it lowers the count by a CAS that fails if WAITERS or LOCKED has come. So each place
   * that becomes free after somebody has queued is given to a waiter. What is then left is the usual
   * promise between a process that waits and one that wakes it: the outcome is set, then the state word of
   * the process is woken; the process clears NOTIFIED, then looks at the outcome (see StateWord).
   *
   * Why no place is lost. A waiter leaves the queue once, under LOCKED: by release, which gives it the
   * place, by close, or by cancel. A waiter that gives up asks cancel; if that says no, it has the place,
   * and uses it or calls release.
   *
   * Fair: who queued first gets the first place, and nobody who comes later gets in between. The price is
   * that a place waits until its new owner runs; a mailbox that always overflows is handed over place by
   * place. That was preferred to waking all, of whom one succeeds.
   *
   * A spin lock, though Mailbox avoids one: it is taken only when the mailbox is full, for a few
   * instructions, and no sender without a need to wait touches it.
   */
  private static final long COUNT = (1L << 40) - 1;
  private static final long ABOVE = 1L << 40;
  private static final long WAITERS = 1L << 41;
  private static final long CLOSED = 1L << 42;
  private static final long LOCKED = 1L << 43;
  private static final long CROSSING = 1L << 44;

  /** Bits of the number of a crossing. */
  static final int CROSSING_BITS = 20;

  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(Occupancy.class, "word", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How an attempt to wait for room began. */
  enum Entry {
    /** There was room after all. */
    ADMITTED,
    /** It waits. */
    QUEUED,
    /** The receiver has ended. */
    CLOSED
  }

  // ---- immutable
  private final long limit;
  private final long high;
  private final long low;
  private final @Nullable Crossings crossings; // null: no marks

  @SuppressWarnings("unused") // by WORD
  private long word;

  // ---- guarded by LOCKED
  private @Nullable Waiter oldest;
  private @Nullable Waiter newest;

  /**
   * Empty.
   *
   * @param limit messages that are let in, 1 or more; Long.MAX_VALUE for no limit
   * @param high the count at which {@link #crossed} is called, 1 or more; Long.MAX_VALUE for never
   * @param low the count at which it is called again, from 0 to high - 1
   */
  Occupancy(long limit, long high, long low) {
    this.limit = limit;
    this.high = high;
    this.low = low;
    this.crossings = high == Long.MAX_VALUE ? null : new Crossings(this);
  }

  /**
   * The count has reached the high mark, or come down to the low mark. Once for each time, one
   * after another in the order in which it happened; must not throw.
   */
  abstract void crossed(boolean above, long count);

  /** There was no memory to tell it. */
  void crossingLost() {}

  // ---- senders

  /** Lets a message in if there is room and nobody waits for it. */
  final boolean tryAdmit() {
    while (true) {
      long w = wordAcquire();
      if ((w & LOCKED) != 0) {
        Thread.onSpinWait();
      } else if ((w & CLOSED) != 0) {
        return true;
      } else if ((w & WAITERS) != 0 || (w & COUNT) >= limit) {
        return false;
      } else if (casWord(w, more(w))) {
        tell(w, more(w));
        return true;
      }
    }
  }

  /** Lets a message in, whatever the limit; the count with it. */
  final long admitAlways() {
    while (true) {
      long w = wordAcquire();
      if ((w & LOCKED) != 0) {
        Thread.onSpinWait();
      } else if ((w & CLOSED) != 0) {
        return 0;
      } else if (casWord(w, more(w))) {
        tell(w, more(w));
        return (w & COUNT) + 1;
      }
    }
  }

  /** Begins to wait for room. */
  final Entry enqueue(Waiter waiter) {
    long w = lock();
    long next = w;
    Entry entry;
    try {
      if ((w & CLOSED) != 0) {
        entry = Entry.CLOSED;
      } else if ((w & WAITERS) == 0 && (w & COUNT) < limit) {
        next = more(w);
        entry = Entry.ADMITTED;
      } else {
        append(waiter);
        next = w | WAITERS;
        entry = Entry.QUEUED;
      }
    } finally {
      unlock(next);
    }
    tell(w, next);
    return entry;
  }

  /** The waiter gives up; false if its wait was over. */
  final boolean cancel(Waiter waiter) {
    long w = lock();
    boolean waited = waiter.queued;
    try {
      if (waited) {
        remove(waiter);
      }
    } finally {
      unlock(oldest == null ? w & ~WAITERS : w);
    }
    return waited;
  }

  // ---- the receiver

  /** A message was received, or a place that was given is not used. */
  final void release() {
    while (true) {
      long w = wordAcquire();
      if ((w & LOCKED) != 0) {
        Thread.onSpinWait();
      } else if ((w & WAITERS) != 0) {
        if (handOver()) {
          return;
        }
      } else if ((w & COUNT) == 0) {
        return; // what came after the end was not counted
      } else if (casWord(w, less(w))) {
        tell(w, less(w));
        return;
      }
    }
  }

  /** Gives the place that becomes free to the oldest waiter. False if nobody waits any more. */
  private boolean handOver() {
    long w = lock();
    long next = w;
    Waiter luckiest = oldest;
    try {
      if (luckiest == null) {
        return false;
      }
      if ((w & COUNT) > limit) {
        next = less(w);
        luckiest = null;
      } else {
        remove(luckiest);
        luckiest.settle(Waiter.ADMITTED);
        next = oldest == null ? w & ~WAITERS : w;
      }
    } finally {
      unlock(next);
    }
    tell(w, next);
    if (luckiest != null) {
      luckiest.wake();
    }
    return true;
  }

  /** The receiver has ended: wakes all who wait. */
  final void close() {
    long w = lock();
    Waiter first = oldest;
    try {
      for (Waiter waiter = first; waiter != null; waiter = waiter.newer) {
        waiter.queued = false;
        waiter.settle(Waiter.CLOSED);
      }
      oldest = null;
      newest = null;
    } finally {
      unlock((w | CLOSED) & ~WAITERS);
    }
    while (first != null) {
      Waiter next = first.newer; // the links of those who have left are nobody's but ours
      first.newer = null;
      first.older = null;
      first.wake();
      first = next;
    }
  }

  // ---- looking

  /** Messages that were let in and not received yet. */
  final long count() {
    return wordAcquire() & COUNT;
  }

  final boolean isOverLimit() {
    return (wordAcquire() & COUNT) > limit;
  }

  final boolean hasWaiters() {
    return (wordAcquire() & WAITERS) != 0;
  }

  /** Those who wait now, oldest first. */
  final List<Waiter> waiters() {
    List<Waiter> all = new ArrayList<>();
    long w = lock();
    try {
      for (Waiter waiter = oldest; waiter != null; waiter = waiter.newer) {
        all.add(waiter);
      }
    } finally {
      unlock(w);
    }
    return all;
  }

  // ---- the queue, under LOCKED

  private void append(Waiter waiter) {
    waiter.queued = true;
    waiter.older = newest;
    if (newest == null) {
      oldest = waiter;
    } else {
      newest.newer = waiter;
    }
    newest = waiter;
  }

  private void remove(Waiter waiter) {
    waiter.queued = false;
    if (waiter.older == null) {
      oldest = waiter.newer;
    } else {
      waiter.older.newer = waiter.newer;
    }
    if (waiter.newer == null) {
      newest = waiter.older;
    } else {
      waiter.newer.older = waiter.older;
    }
    waiter.older = null;
    waiter.newer = null;
  }

  // ---- the word

  private long more(long w) {
    boolean crosses = (w & ABOVE) == 0 && (w & COUNT) + 1 >= high;
    return crosses ? (w + 1 + CROSSING) | ABOVE : w + 1;
  }

  private long less(long w) {
    boolean crosses = (w & ABOVE) != 0 && (w & COUNT) - 1 <= low;
    return crosses ? (w - 1 + CROSSING) & ~ABOVE : w - 1;
  }

  private void tell(long before, long after) {
    if (((before ^ after) & ABOVE) != 0 && crossings != null) {
      try {
        crossings.add(after >>> (Long.SIZE - CROSSING_BITS), (after & ABOVE) != 0, after & COUNT);
      } catch (OutOfMemoryError noMemory) {
        crossingLost();
      }
    }
  }

  private long lock() {
    while (true) {
      long w = wordAcquire();
      if ((w & LOCKED) == 0 && casWord(w, w | LOCKED)) {
        return w;
      }
      Thread.onSpinWait();
    }
  }

  private void unlock(long next) {
    WORD.setRelease(this, next); // pairs with the acquire in the next CAS
  }

  private long wordAcquire() {
    return (long) WORD.getAcquire(this);
  }

  private boolean casWord(long expected, long next) {
    return WORD.compareAndSet(this, expected, next);
  }

  /** Somebody who waits for room: once, in one queue. */
  abstract static class Waiter {
    private static final int WAITING = 0;
    private static final int ADMITTED = 1;
    private static final int CLOSED = 2;

    // ---- guarded by LOCKED of its queue
    private @Nullable Waiter older;
    private @Nullable Waiter newer;
    private boolean queued;

    // ---- shared
    private volatile int outcome = WAITING; // volatile: see awaitRoom in WaitingCell

    private void settle(int value) {
      outcome = value;
    }

    /** After the outcome was set; must not throw. */
    abstract void wake();

    final boolean isSettled() {
      return outcome != WAITING;
    }

    /** Whether it has been given a place. */
    final boolean isAdmitted() {
      return outcome == ADMITTED;
    }
  }
}
