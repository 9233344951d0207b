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
   *   ARMED -> DUE                        an advance took the node out of its list: its turn comes
   *   DUE -> FIRED                        its turn has come; onExpiry runs next, without the lock
   *   ARMED, DUE -> CANCELLED             cancel
   *
   * field     | writer                     | readers
   * state     | holder of the lock         | anyone, acquire
   * wheel     | start, before state        | anyone, after state was read as ARMED or DUE
   * when      | start, before state        | anyone, opaque
   * seq       | start, before state        | holder of the lock
   */

  static final int IDLE = 0;
  static final int ARMED = 1;
  static final int DUE = 2;
  static final int FIRED = 3;
  static final int CANCELLED = 4;

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
    int s = stateAcquire();
    return s == ARMED || s == DUE;
  }

  /**
   * The deadline of the last start, on the clock of the wheel. A deadline further than 292 years
   * from the making of the wheel reads as that.
   *
   * @throws IllegalStateException if this timer was never started
   */
  public final long deadlineNanos() {
    int s = stateAcquire();
    TimerWheel startedIn = wheel;
    if (s == IDLE || startedIn == null) {
      throw new IllegalStateException("This timer has no deadline: it was never started.");
    }
    return startedIn.originNanos + (long) WHEN.getOpaque(this);
  }

  // ---- for the wheel, under its lock

  final void arm(TimerWheel startedIn, long newWhen, long newSeq) {
    wheel = startedIn;
    WHEN.setOpaque(this, newWhen);
    seq = newSeq;
    setStateRelease(ARMED);
  }

  /** The state if this node belongs to {@code candidate}, else CANCELLED. */
  final int stateIn(TimerWheel candidate) {
    int s = stateAcquire();
    return wheel == candidate ? s : CANCELLED;
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
