package io.coppice.kernel.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a {@link TimerWheel}, what it guards, and what others may read without it. The essay
 * is there.
 *
 * <pre>
 * field     | writer                      | readers
 * slots     | holder of the lock          | holder of the lock
 * moving    | holder of the lock          | holder of the lock
 * undated   | holder of the lock          | holder of the lock
 * undatedCount | holder of the lock       | anyone, acquire
 * nextSeq   | holder of the lock          | holder of the lock
 * lastStart, lastPart, cancels | holder of the lock | holder of the lock
 * floor     | the lock and `advancing`    | either of them plain, others opaque
 * size      | holder of the lock          | anyone, opaque
 * nextWhen  | holder of the lock          | anyone, volatile
 * locked    | anyone, compare-and-set     |
 * advancing | anyone, compare-and-set     |
 * </pre>
 */
abstract sealed class WheelState permits WheelAdvance {
  static final int TICK_SHIFT = 16;
  private static final int TRIES = 8;

  /** So many timers in a row are cancelled before the next of them is expected to be. */
  static final int HABIT = 16;

  private static final long NONE = -1;

  /** The next expiry of an empty wheel; no timer has it. */
  static final long NEVER = Long.MAX_VALUE;

  /** A deadline that seems to lie further back than this is one far ahead: see whenOf. */
  private static final long PAST_MAX_NANOS = 1L << 62;

  private static final VarHandle LOCKED;
  private static final VarHandle ADVANCING;
  private static final VarHandle NEXT_WHEN;
  private static final VarHandle FLOOR;
  private static final VarHandle SIZE;
  private static final VarHandle UNDATED_COUNT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LOCKED = lookup.findVarHandle(WheelState.class, "locked", boolean.class);
      ADVANCING = lookup.findVarHandle(WheelState.class, "advancing", boolean.class);
      NEXT_WHEN = lookup.findVarHandle(WheelState.class, "nextWhen", long.class);
      FLOOR = lookup.findVarHandle(WheelState.class, "floor", long.class);
      SIZE = lookup.findVarHandle(WheelState.class, "size", int.class);
      UNDATED_COUNT = lookup.findVarHandle(WheelState.class, "undatedCount", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The reading of the clock that counts as 0. */
  final long originNanos;

  final WheelSlots slots = new WheelSlots();

  /** The timers of the slot that an advance has entered, as far as it has not moved them. */
  final Slot moving = new Slot(Slot.NO_LEVEL, 0);

  /** The timers that wait for a reading of the clock, in the order of their starts. */
  final Slot undated = new Slot(Slot.NO_LEVEL, 1);

  /** How many they are. Written by the accessor only. */
  int undatedCount;

  long nextSeq;

  /** The last timer whose time began with its start, until it is cancelled. */
  private long lastStart = NONE;

  /** Whose that was. */
  private @Nullable TimerGroup lastPart;

  /** How many of those were cancelled one after another; no more than HABIT are counted. */
  private int cancels;

  /** Written by the accessor only. At most max(when, floor) of every ARMED timer. */
  long nextWhen = NEVER;

  /** The latest time seen by an advance. Written by the accessor only. */
  long floor;

  /** UNDATED, ARMED and DUE timers. Written by the accessor only. */
  int size;

  @SuppressWarnings("unused") // by its VarHandle
  private boolean locked;

  @SuppressWarnings("unused") // by its VarHandle
  private boolean advancing;

  WheelState(long originNanos) {
    this.originNanos = originNanos;
  }

  final void lock() {
    while (!LOCKED.weakCompareAndSetAcquire(this, false, true)) {
      while ((boolean) LOCKED.getOpaque(this)) {
        Thread.onSpinWait();
      }
    }
  }

  /** For whoever can do without: its owner may take and leave the lock all the time. */
  final boolean tryLock() {
    for (int i = 0; i < TRIES; i++) {
      if (!(boolean) LOCKED.getOpaque(this) && LOCKED.weakCompareAndSetAcquire(this, false, true)) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  final void unlock() {
    LOCKED.setRelease(this, false);
  }

  final boolean tryBeginAdvance() {
    return ADVANCING.compareAndSet(this, false, true);
  }

  final void endAdvance() {
    ADVANCING.setRelease(this, false);
  }

  final boolean advancingOpaque() {
    return (boolean) ADVANCING.getOpaque(this);
  }

  final long nextWhenVolatile() {
    return (long) NEXT_WHEN.getVolatile(this);
  }

  final void setNextWhenVolatile(long when) {
    NEXT_WHEN.setVolatile(this, when);
  }

  final long floorOpaque() {
    return (long) FLOOR.getOpaque(this);
  }

  final void setFloorOpaque(long when) {
    FLOOR.setOpaque(this, when);
  }

  final int sizeOpaque() {
    return (int) SIZE.getOpaque(this);
  }

  final void setSizeOpaque(int newSize) {
    SIZE.setOpaque(this, newSize);
  }

  final int undatedAcquire() {
    return (int) UNDATED_COUNT.getAcquire(this);
  }

  /** Whoever sees that there are none sees the bound of those that there were. */
  final void setUndatedRelease(int count) {
    UNDATED_COUNT.setRelease(this, count);
  }

  /** Under the lock: false if the group is closed. */
  static boolean joins(GroupedTimer node, TimerGroup part) {
    if (part.isClosed()) {
      return false;
    }
    part.add(node);
    return true;
  }

  /** Under the lock: refuses a timer that cannot be started. */
  static void checkStartable(TimerNode node) {
    if (node.isArmed()) {
      throw new IllegalStateException(
          "A timer can be started only once at a time; cancel it first. It is armed until "
              + node.deadlineNanos()
              + " ns.");
    }
    if (node instanceof GroupedTimer && node.wasStarted()) {
      throw new IllegalStateException(
          "A timer of a group can be started only once; make a new one. Its deadline was "
              + node.deadlineNanos()
              + " ns.");
    }
  }

  /** Under the lock: puts a timer that is in no list where it belongs. */
  final void place(TimerNode node) {
    slots.add(node, tickOf(Math.max(node.when(), floor)));
  }

  /**
   * Under the lock: sets the deadlines of the undated timers; returns the reading they count from.
   */
  final long dateAll(MonotonicClock clock) {
    long now = clock.nanoTime(); // under the lock: after each of these starts
    long least = nextWhen;
    for (TimerNode node = undated.poll(); node != null; node = undated.poll()) {
      long when = whenOf(now + node.when());
      node.date(when);
      place(node);
      least = Math.min(least, when);
    }
    if (least < nextWhen) {
      setNextWhenVolatile(least);
    }
    setUndatedRelease(0);
    return now;
  }

  /** Under the lock: whether the timer that is being started can do without a deadline. */
  @SuppressWarnings("ReferenceEquality") // a group is an identity
  final boolean isCancelExpected(long seq, @Nullable TimerGroup part) {
    if (lastStart != NONE || part != lastPart) {
      cancels = 0;
    }
    lastStart = seq;
    lastPart = part;
    return cancels == HABIT;
  }

  /** Under the lock: a timer was cancelled, not by the end of its group. */
  final void noteCancel(long seq) {
    if (seq == lastStart) {
      lastStart = NONE;
      cancels = Math.min(HABIT, cancels + 1);
    }
  }

  /** Under the lock: cancels an armed timer. */
  final void drop(TimerNode node, int state) {
    if (state == TimerNode.ARMED) {
      slots.remove(node);
    } else if (state == TimerNode.UNDATED) {
      node.unlink();
      setUndatedRelease(undatedCount - 1);
    }
    disarm(node, TimerNode.CANCELLED);
  }

  /** Under the lock: an armed timer that is in no list any more has had its end. */
  final void disarm(TimerNode node, int end) {
    node.setStateRelease(end);
    setSizeOpaque(size - 1);
    if (node instanceof GroupedTimer grouped) {
      TimerGroup group = grouped.group;
      if (group != null) {
        group.remove(grouped);
      }
    }
  }

  /** Under the lock, while nothing is moving. */
  final void publishNext() {
    Slot first = slots.first();
    setNextWhenVolatile(first == null ? NEVER : first.earliest);
  }

  /**
   * Under the lock: a deadline in nanoseconds since the origin. What seems to lie more than 146
   * years back is a deadline so far ahead that the difference wrapped.
   */
  final long whenOf(long deadlineNanos) {
    long ahead = deadlineNanos - (originNanos + floor);
    long when = floor + ahead;
    boolean wrapped = ahead < -PAST_MAX_NANOS || (ahead > 0 && when < 0);
    return wrapped ? NEVER - 1 : Math.min(when, NEVER - 1);
  }

  /** The sentinel for "none" is never a deadline: one nanosecond early does no harm. */
  final long deadlineOf(long when) {
    if (when == NEVER) {
      return NEVER;
    }
    long deadline = originNanos + when;
    return deadline == NEVER ? NEVER - 1 : deadline;
  }

  static long tickOf(long when) {
    return when >> TICK_SHIFT;
  }
}
