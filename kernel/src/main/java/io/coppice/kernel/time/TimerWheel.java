package io.coppice.kernel.time;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A hierarchical timing wheel: starts and cancels timers in constant time, from any thread, and
 * tells its owner until when it may sleep.
 *
 * <p>Threads: every method may be called by any thread; one thread at a time advances. Memory: what
 * a thread did before it started a timer happens-before the {@code onExpiry} of that start.
 */
public final class TimerWheel extends WheelAdvance {
  /*
   * Structure
   *
   * Time is counted in nanoseconds since the making of the wheel (`when`, never negative unless a
   * deadline lies in the past) and in ticks of 2^16 ns. Eight levels of 64 slots cover every tick of
   * 63 bits, so no deadline is too far and nothing is clamped and started over:
   *
   *   level   a slot covers   the level covers
   *     0         65.5 us          4.2 ms
   *     1          4.2 ms          268 ms
   *     2          268 ms         17.2 s
   *     3         17.2 s          18.3 min
   *     4         18.3 min        19.5 h
   *     5         19.5 h            52 days
   *     6           52 days        9.1 years
   *     7          9.1 years       the rest
   *
   * The cursor is the tick up to which slots were entered. The level of a timer is that of the
   * highest bit in which its tick differs from the cursor, its slot is its own digit there. When the
   * cursor enters a slot above level 0, the timers of that slot move down (they cascade), each at
   * most seven times in its life; those that are due fire from there. A slot is the head of a list
   * that runs through the timers themselves. Each level has a bitmap of its occupied slots, and each
   * slot knows a lower bound of the expiries in it, so the time of the next expiry is a few bit
   * scans away, to the nanosecond, at any distance: a lone timer wakes its owner once, not once for
   * each level.
   *
   * An advance enters slot after slot. It detaches the list in O(1), moves its timers in bursts,
   * those that are due to an array, which it sorts, the others to where they now belong, and then
   * fires the array one by one. The lock is held for a burst or for one claim, never for a callback;
   * a timer that waits in the array can still be cancelled and may even be started anew. A timer
   * that is started during an advance is put not before the tick the advance goes to, and is not
   * fired by it (`startedBefore`): a timer that starts itself with no delay fires once for each
   * advance, and is not lost, since it makes the next deadline a past one.
   *
   * Invariants, whenever the lock is free (checkInvariants, and TimerWheelModelTest after each step)
   *
   *   - a timer is in the list of a slot exactly if it is ARMED, in `undated` exactly if it is
   *     UNDATED, and in the array if it is DUE;
   *   - it is in the slot, as seen from the cursor, of its `when`, or of what `floor` was when it
   *     started if that was later, or it is in `moving`;
   *   - the bit of a slot is set exactly if it is occupied, likewise that of a level;
   *   - no occupied slot is behind the cursor, so the first bit of the lowest level is the first slot;
   *   - for each ARMED timer: slot.earliest <= when, and nextWhen <= max(when, floor);
   *   - the cursor is the tick of `floor`, the latest time seen, unless an advance is under way or
   *     the error handler broke it off.
   * Not invariant: nextWhen is not exact after a cancel. That is on purpose. Time-outs of calls are
   * started and cancelled by the million; were the bound raised by each cancel, each start would
   * lower it again and would have to wake the owner. So he wakes once, for nothing, at a deadline
   * that was cancelled; advance makes the bound exact again.
   *
   * The bound and the owner's sleep
   *
   *   owner                                       who starts a timer
   *   1. says that he sleeps (volatile)           1. start: writes nextWhen (volatile)
   *   2. reads nextWhen (volatile)                2. if it returned true: reads whether the owner
   *   3. sleeps until then                           sleeps (volatile), and wakes him
   *
   * Each writes before it reads, in the total order of volatile accesses: either the owner sees the
   * earlier deadline, or the other one sees him asleep. What start wrote is seen by every
   * nextDeadlineNanos or advance that begins after it returned.
   *
   * Deadlines that are set later
   *
   * A look at the clock is half of what it takes to start and cancel a timer, and many timers are
   * time-outs that are cancelled at once. Such a one needs no deadline: it is started with its delay
   * only and waits in `undated` until somebody reads the clock, and if it is cancelled before, nobody
   * does. The deadline is that reading plus the delay. It was made after the start, under the lock that
   * the start has taken (else somebody who has just read the clock could give an older reading to a
   * newer timer), so no timer is early.
   *
   * But it is late by the time from the start to the reading, and that would turn the order round
   * (T3) of a timer of 20 ms and one of 17 ms that was started 5 ms later, if nobody has read the
   * clock in between; a reading at the second start comes too late. So a timer goes without one only
   * if it will be cancelled, as far as one can tell: each of the last HABIT timers that were started
   * in this way was cancelled before the next was started, and all were of its group. One that is not
   * cancelled costs that trust, and while one waits the next start reads the clock: one timer at most
   * is undated. That one's deadline is set when a process looks at the clock, when the owner does
   * (after at most 32 turns, before he looks for the next deadline, before he sleeps), and by the
   * monitor at each of its pulses, so that a long turn does not count (it only tries the lock: while
   * a process started and cancelled timers in a loop, the waiting monitor took a quarter of a core).
   * Whoever asks how long a timer has left sets it as well.
   * What remains: the first timer that is kept after HABIT that were not may be late by the rest of a
   * slice, by more if the monitor does not run. No rule can do without that: when a timer was started
   * between two readings is known only to who reads the clock.
   *
   * The lock
   *
   * One boolean, taken by compare-and-set; held for tens of nanoseconds, at most for a burst. A
   * waiter spins and does nothing else: it may be a process on a virtual thread, where parking or
   * yielding would give the scheduler's thread away in the middle of a turn, and a monitor or a Lock
   * would do that too. Nothing inside can block, so no virtual thread is unmounted as the holder.
   *
   * Rejected
   *
   *   - a heap: O(log n), and a cancel from afar needs the index of the timer;
   *   - lazy cancellation: a million cancelled time-outs would stay until they expire (T11);
   *   - a ring by which foreign cancels reach the owner: they keep memory for as long as he is stuck
   *     or asleep, the ring can be full, and cancel could not answer whether it won;
   *   - a compare-and-set on the state beside the lock: one more atomic instruction for each start
   *     and cancel; the lock is needed for the links anyhow and decides the race as well;
   *   - a cached reading of the clock plus its greatest staleness: on a thread that the operating
   *     system may stop at any time nothing bounds that;
   *   - firing whole ticks (rounding deadlines up): a delay of zero would take a tick, and timers of
   *     different deadlines in one tick would fire in the order of their starts (T3).
   *
   * Source: G. Varghese, T. Lauck, "Hashed and Hierarchical Timing Wheels: Data Structures for the
   * Efficient Implementation of a Timer Facility", SOSP 1987, scheme 7. Unlike there, the wheel does
   * not turn by a tick at a time but goes from one occupied slot to the next, and a slot is sorted
   * when it falls due. The time that stands still during a turn is that of event loops.
   */

  /** What {@link #advance} returns when another thread is advancing. */
  public static final int BUSY = -1;

  /**
   * An empty wheel.
   *
   * @param nowNanos the reading of the owner's clock, any long
   * @param errorHandler gets each timer that threw from {@code onExpiry}, and what it threw; called
   *     by the advancing thread with no lock held
   */
  public TimerWheel(long nowNanos, BiConsumer<? super TimerNode, ? super Throwable> errorHandler) {
    super(nowNanos, errorHandler);
  }

  /**
   * Starts a timer that is not armed. O(1), allocates nothing, apart from the first timer of a
   * group in this wheel. A timer whose group is closed is not started.
   *
   * @param deadlineNanos on the owner's clock. Write {@code now + delay} with plain wrapping
   *     addition: every delay from 0 to {@link Long#MAX_VALUE} is understood. A deadline in the
   *     past (up to 146 years) fires in the next advance, never inside this call.
   * @return true if {@link #nextDeadlineNanos} moved to an earlier time, so that an owner who
   *     sleeps until the old one must be woken
   * @throws IllegalStateException if the timer is armed, or was started before and is grouped
   */
  public boolean start(TimerNode node, long deadlineNanos) {
    TimerGroup group = groupOf(node);
    lock();
    try {
      checkStartable(node);
      if (group != null && !joins((GroupedTimer) node, group)) {
        return false;
      }
      return arm(node, whenOf(deadlineNanos));
    } finally {
      unlock();
    }
  }

  /**
   * Starts a timer whose time begins now. O(1), as {@link #start}. If it is expected to be
   * cancelled at once, the clock is not read: then its deadline is the next reading plus the delay.
   * Only for the owner, who sets the deadlines before he looks for the next one, sleeps or
   * advances.
   *
   * @param delayNanos from 0 to {@link Long#MAX_VALUE}
   * @param clock the owner's
   * @throws IllegalStateException as of {@link #start}
   */
  public void startAfter(TimerNode node, long delayNanos, MonotonicClock clock) {
    TimerGroup group = groupOf(node);
    lock();
    try {
      checkStartable(node);
      if (group != null && !joins((GroupedTimer) node, group)) {
        return;
      }
      if (isCancelExpected(nextSeq, group)) {
        armUndated(node, delayNanos);
      } else {
        boolean _ = arm(node, whenOf(dateAll(clock) + delayNanos));
      }
    } finally {
      unlock();
    }
  }

  /** The same without ever looking at the clock; for tests. */
  void startUndated(TimerNode node, long delayNanos) {
    TimerGroup group = groupOf(node);
    lock();
    try {
      checkStartable(node);
      if (group == null || joins((GroupedTimer) node, group)) {
        armUndated(node, delayNanos);
      }
    } finally {
      unlock();
    }
  }

  /**
   * Gives the timers that were started by {@link #startAfter} their deadlines. By any thread; costs
   * a look if there are none.
   *
   * @param clock the owner's, which is read once
   */
  public void setDeadlines(MonotonicClock clock) {
    if (undatedAcquire() != 0) {
      long _ = readAndSetDeadlines(clock);
    }
  }

  /** The same for the monitor, which comes again soon: not while others use the wheel. */
  public void trySetDeadlines(MonotonicClock clock) {
    if (undatedAcquire() != 0 && tryLock()) {
      try {
        long _ = dateAll(clock);
      } finally {
        unlock();
      }
    }
  }

  /**
   * The same, for somebody who wants to know the time anyway.
   *
   * @return a reading, also if there was no deadline to set
   */
  public long readAndSetDeadlines(MonotonicClock clock) {
    if (undatedAcquire() == 0) {
      return clock.nanoTime();
    }
    lock();
    try {
      return dateAll(clock);
    } finally {
      unlock();
    }
  }

  /** See {@link TimerNode#cancel}. False also if the node was meanwhile started elsewhere. */
  boolean cancel(TimerNode node) {
    lock();
    try {
      int state = node.stateIn(this);
      if (!TimerNode.isArmed(state)) {
        return false;
      }
      drop(node, state);
      noteCancel(node.seq());
      return true;
    } finally {
      unlock();
    }
  }

  /** Cancels all timers of a part of a group, which nobody joins any more. */
  void cancelAll(TimerGroup part) {
    boolean more;
    do {
      lock();
      try {
        GroupedTimer node = part.first();
        for (int i = 0; i < BURST && node != null; i++) {
          drop(node, node.stateAcquire());
          node = part.first();
        }
        more = node != null;
      } finally {
        unlock();
      }
    } while (more);
  }

  /**
   * Fires every timer whose deadline is not after {@code nowNanos} and that was started before this
   * call, in the order of their deadlines, those with equal deadlines in the order of their starts.
   *
   * <p>A timer that throws does not keep the others from firing. What the error handler throws is
   * thrown here, and the timers that are left fire in the next advance.
   *
   * @param nowNanos a reading of the owner's clock; one before that of an earlier call counts as
   *     that one
   * @return how many fired; or {@link #BUSY}, at once, if there may be something to do but another
   *     thread is at it, or this one from within {@code onExpiry}
   */
  public int advance(long nowNanos) {
    long target = nowNanos - originNanos;
    if (nextWhenVolatile() > target && tickOf(target) <= tickOf(floorOpaque())) {
      return 0;
    }
    if (!tryBeginAdvance()) {
      return BUSY;
    }
    try {
      return fireAll(target);
    } finally {
      putBackDue();
      endAdvance();
    }
  }

  /** How many timers are armed. Exact for a thread that is alone, else a recent value. */
  public int size() {
    return sizeOpaque();
  }

  /** Whether there may be a timer that waits for its deadline, or to be given one. */
  public boolean isWaiting() {
    return nextWhenVolatile() != NEVER || undatedAcquire() != 0;
  }

  /**
   * When {@link #advance} must be called at the latest, or {@link Long#MAX_VALUE} if there is no
   * need to. Never later than the earliest deadline, and equal to it until that timer is cancelled;
   * after that it may be earlier, also in a wheel that is empty by now, until the next advance at
   * or after that time. A volatile read: it sees every start that returned before.
   */
  public long nextDeadlineNanos() {
    return deadlineOf(nextWhenVolatile());
  }

  /**
   * How long the owner may sleep at {@code nowNanos}: 0 if a timer is due, {@link Long#MAX_VALUE}
   * if there is none. The wrap-safe form of {@link #nextDeadlineNanos}, with the same guarantees.
   */
  public long nanosToNext(long nowNanos) {
    long when = nextWhenVolatile();
    return when == NEVER ? NEVER : Math.max(0, when - (nowNanos - originNanos));
  }

  /**
   * Makes {@link #nextDeadlineNanos} exact and returns it: for virtual time, where a wake-up for
   * nothing would show. Looks at every timer of one slot while others wait; not to be called while
   * an advance is under way.
   */
  public long exactNextDeadlineNanos() {
    lock();
    try {
      Slot first = slots.first();
      if (first != null) {
        first.tighten();
      }
      if (moving.isEmpty()) {
        publishNext();
      }
      return deadlineOf(nextWhen);
    } finally {
      unlock();
    }
  }

  // ---- starting

  /** Without the lock, since it may allocate. */
  private @Nullable TimerGroup groupOf(TimerNode node) {
    TimerGroup group = node instanceof GroupedTimer grouped ? grouped.group : null;
    return group == null ? null : group.partIn(this);
  }

  /** Under the lock. Returns whether the owner must be woken. */
  private boolean arm(TimerNode node, long when) {
    node.arm(this, when, nextSeq++);
    place(node);
    setSizeOpaque(size + 1);
    if (when >= nextWhen) {
      return false;
    }
    setNextWhenVolatile(when);
    return true;
  }

  /** Under the lock. */
  private void armUndated(TimerNode node, long delayNanos) {
    node.armUndated(this, delayNanos, nextSeq++);
    node.linkBefore(undated);
    setSizeOpaque(size + 1);
    setUndatedRelease(undatedCount + 1);
  }

  /** Throws an AssertionError that names the invariant of the essay which does not hold. */
  void checkInvariants() {
    lock();
    try {
      slots.checkInvariants(this, floor, nextWhen, advancingOpaque());
    } finally {
      unlock();
    }
  }
}
