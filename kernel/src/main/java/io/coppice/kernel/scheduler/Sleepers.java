package io.coppice.kernel.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** How many schedulers of a pool sleep, and how many were woken and still search. Any thread. */
final class Sleepers {
  /* A scheduler goes to sleep: 1. it stops searching, 2. says that it is parked (an RMW: full fence), 3. looks
   * at all queues once more, 4. parks until its next timer. Whoever adds an item: 1. adds it, 2. looks whether
   * somebody is parked and nobody searches, and wakes one. All of these are volatile accesses: an item is
   * added by the RMW on the tail of its queue, and the sleeper looks at heads and tails. So either the
   * sleeper sees the item, or the other sees the sleeper.
   *
   * Who was woken counts as searching until it has found something or sleeps again: the items that come
   * meanwhile wake nobody else. It is counted by its waker, and before it is woken: it may find an item and stop
   * searching before the waker gets any further. Were it counted afterwards, the count would be below zero
   * for a moment, and others would take that for a search. Whoever takes the count to zero (the one that
   * searched, or the waker that found nobody parked) therefore looks whether he leaves something behind. That
   * decrement is an RMW, too: either who adds sees nobody searching, or the other sees his item.
   */
  private final AtomicInteger parked = new AtomicInteger();
  private final AtomicInteger searching = new AtomicInteger();

  /**
   * After an item was added: whether somebody is to be woken for it. If so he counts already as
   * searching; the caller wakes one, or says that there was {@linkplain #nobodyWoken nobody}.
   */
  boolean beginWake() {
    return parked.get() != 0 && searching.get() == 0 && searching.compareAndSet(0, 1);
  }

  /** All have woken by themselves. True if the caller is to look whether anything waits. */
  boolean nobodyWoken() {
    return searching.decrementAndGet() == 0;
  }

  int parked() {
    return parked.get();
  }

  /**
   * One scheduler's part: {@link #tryWake} and {@link #isParked} for any thread, the rest for its
   * own.
   */
  static final class Sleeper {
    private static final VarHandle PARKED;

    static {
      try {
        PARKED = MethodHandles.lookup().findVarHandle(Sleeper.class, "parked", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Sleepers all;
    private boolean searches; // confined to its thread

    @SuppressWarnings("unused") // by PARKED
    private boolean parked;

    Sleeper(Sleepers all) {
      this.all = all;
    }

    /** It is about to park; it looks once more at all queues after this, and then parks. */
    void park() {
      PARKED.setVolatile(this, true);
      all.parked.getAndIncrement();
    }

    /** It does not park after all, or has been unparked by whomever. */
    void unparked() {
      if (PARKED.compareAndSet(this, true, false)) {
        all.parked.getAndDecrement();
      } else {
        searches = true; // whoever woke it had counted it as searching
      }
    }

    /** Wakes it if it is parked; true if the caller is to unpark its thread. */
    boolean tryWake() {
      if ((boolean) PARKED.getOpaque(this) && PARKED.compareAndSet(this, true, false)) {
        all.parked.getAndDecrement();
        return true;
      }
      return false;
    }

    /** Whether it sleeps now. Any thread. */
    boolean isParked() {
      return (boolean) PARKED.getOpaque(this);
    }

    /** The same after something was added for it alone. */
    boolean isParkedVolatile() {
      return (boolean) PARKED.getVolatile(this);
    }

    /** It has found something, or sleeps. True if it was the last one that searched. */
    boolean stopSearching() {
      if (!searches) {
        return false;
      }
      searches = false;
      return all.searching.decrementAndGet() == 0;
    }
  }
}
