package io.coppice.kernel.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A timer, to be subclassed by whatever waits. It is its own entry in the {@link TimerWheel}, so
 * that starting and cancelling allocate nothing, and it may be started again once it has fired or
 * was cancelled.
 *
 * <p>Threads: {@link #cancel}, {@link #isArmed} and {@link #deadlineNanos} may be called by any
 * thread. Whoever starts a node again must know that nobody else does so at the same time, and that
 * no {@code cancel} meant for the last start is still to come.
 */
public abstract non-sealed class TimerNode extends TimerLink {
  /*
   * Transitions of `state`; each is made by a thread that holds the lock of `wheel`, so a plain
   * look at it decides who wins, and a release store tells the others:
   *
   *   IDLE, FIRED, CANCELLED -> ARMED     start
   *   IDLE, FIRED, CANCELLED -> UNDATED   startAfter: `when` is the delay
   *   UNDATED -> ARMED                    the clock was read: `when` is the deadline
   *   ARMED -> DUE                        an advance took the node out of its list: its turn comes
   *   DUE -> FIRED                        its turn has come; onExpiry runs next, without the lock
   *   UNDATED, ARMED, DUE -> CANCELLED    cancel
   *
   * field     | writer                     | readers
   * state     | holder of the lock         | anyone, acquire
   * wheel     | start, before state        | anyone, after state was read as armed
   * when      | holder of the lock, before | anyone, opaque
   *           | state                      |
   * seq       | start, before state        | holder of the lock
   */

  static final int IDLE = 0;
  static final int UNDATED = 1;
  static final int ARMED = 2;
  static final int DUE = 3;
  static final int FIRED = 4;
  static final int CANCELLED = 5;

  private static final VarHandle STATE;
  private static final VarHandle WHEN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(TimerNode.class, "state", int.class);
      WHEN = lookup.findVarHandle(TimerNode.class, "when", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private int state;
  private @Nullable TimerWheel wheel;

  /** The deadline as the wheel counts: nanoseconds since its origin. */
  private long when;

  private long seq;

  /** A timer that was not started yet. */
  protected TimerNode() {}

  /**
   * Called once for each start that was not cancelled, by the thread that advances the wheel, with
   * no lock held. It must not block. It may start and cancel any timer, this one included; what it
   * starts fires in a later advance. What it throws goes to the wheel's error handler.
   *
   * @param nowNanos the time given to the advance, not before the deadline
   */
  protected abstract void onExpiry(long nowNanos);

  /**
   * Cancels this timer, if it has not fired.
   *
   * @return true if {@link #onExpiry} will never run for the last start; false if there was nothing
   *     to cancel: never started, cancelled before, or onExpiry has run, runs, or is about to run
   */
  public final boolean cancel() {
    while (isArmed()) {
      TimerWheel armedIn = wheel;
      if (armedIn != null && armedIn.cancel(this)) {
        return true;
      }
    }
    return false;
  }

  /** Whether this timer was started and has neither fired nor been cancelled. */
  public final boolean isArmed() {
    return isArmed(stateAcquire());
  }

  /**
   * How long it takes until this timer is due. If its deadline was yet to be set it is now.
   *
   * @param clock the owner's
   * @return nanoseconds, 0 if it is overdue; a negative number if it is not armed
   */
  public final long nanosLeft(MonotonicClock clock) {
    int s = stateAcquire();
    TimerWheel startedIn = wheel;
    if (s == UNDATED && startedIn != null) {
      startedIn.setDeadlines(clock);
      s = stateAcquire();
    }
    if (startedIn == null || (s != ARMED && s != DUE)) {
      return -1;
    }
    return Math.max(0, startedIn.originNanos + (long) WHEN.getOpaque(this) - clock.nanoTime());
  }

  /**
   * The deadline of the last start, on the clock of the wheel. A deadline further than 292 years
   * from the making of the wheel reads as that.
   *
   * @throws IllegalStateException if this timer was never started, or its deadline is yet to be set
   */
  public final long deadlineNanos() {
    int s = stateAcquire();
    TimerWheel startedIn = wheel;
    if (s == UNDATED) {
      throw new IllegalStateException(
          "This timer has no deadline yet: nobody has read the clock since it was started.");
    }
    if (s == IDLE || startedIn == null) {
      throw new IllegalStateException("This timer has no deadline: it was never started.");
    }
    return startedIn.originNanos + (long) WHEN.getOpaque(this);
  }

  // ---- for the wheel, under its lock

  static boolean isArmed(int state) {
    return UNDATED <= state && state <= DUE;
  }

  final void arm(TimerWheel startedIn, long newWhen, long newSeq) {
    wheel = startedIn;
    WHEN.setOpaque(this, newWhen);
    seq = newSeq;
    setStateRelease(ARMED);
  }

  final void armUndated(TimerWheel startedIn, long delay, long newSeq) {
    wheel = startedIn;
    WHEN.setOpaque(this, delay);
    seq = newSeq;
    setStateRelease(UNDATED);
  }

  final void date(long newWhen) {
    WHEN.setOpaque(this, newWhen);
    setStateRelease(ARMED);
  }

  /** The state if this node belongs to {@code candidate}, else CANCELLED. */
  final int stateIn(WheelState candidate) {
    int s = stateAcquire();
    return wheel == candidate ? s : CANCELLED;
  }

  final boolean wasStarted() {
    return stateAcquire() != IDLE;
  }

  final int stateAcquire() {
    return (int) STATE.getAcquire(this);
  }

  final void setStateRelease(int newState) {
    STATE.setRelease(this, newState);
  }

  final long when() {
    return when;
  }

  final long seq() {
    return seq;
  }
}
