package io.coppice.kernel.time;

import java.util.function.BiConsumer;

/** The steps of an advance of a {@link TimerWheel}. The essay is there. */
abstract sealed class WheelAdvance extends WheelState permits TimerWheel {
  /** How many timers are moved while the lock is held once. */
  static final int BURST = 32;

  // ---- immutable

  private final BiConsumer<? super TimerNode, ? super Throwable> errorHandler;

  // ---- owned by the thread that set `advancing`

  private final DueNodes due = new DueNodes();
  private long startedBefore;
  private boolean enteredLast;

  WheelAdvance(long nowNanos, BiConsumer<? super TimerNode, ? super Throwable> errorHandler) {
    super(nowNanos);
    this.errorHandler = errorHandler;
  }

  /** Fires what is due at {@code target}, as the wheel counts. Returns how many. */
  final int fireAll(long target) {
    beginAdvance(target);
    int fired = 0;
    while (enterNextSlot()) {
      boolean more;
      do {
        more = drainBurst();
      } while (more);
      fired += fireDue();
    }
    return fired;
  }

  private void beginAdvance(long target) {
    lock();
    try {
      setFloorOpaque(Math.max(floor, target));
      startedBefore = nextSeq;
      enteredLast = false;
    } finally {
      unlock();
    }
  }

  /** Detaches the next slot that may hold a due timer. False if there is none: the end. */
  private boolean enterNextSlot() {
    lock();
    try {
      if (!moving.isEmpty()) {
        return true;
      }
      long targetTick = tickOf(floor);
      Slot first = slots.first();
      if (first == null || enteredLast || !mayHoldDue(first, targetTick)) {
        slots.skipTo(targetTick);
        publishNext();
        return false;
      }
      slots.enter(first, moving);
      enteredLast = first.level == 0 && slots.cursorTick() == targetTick;
      return true;
    } finally {
      unlock();
    }
  }

  /** A slot above level 0 that starts in time is entered also if nothing in it is due. */
  private boolean mayHoldDue(Slot slot, long targetTick) {
    return slots.startTick(slot) <= targetTick && (slot.level > 0 || slot.earliest <= floor);
  }

  /** Moves some timers of the detached slot to where they belong. False if that was all. */
  private boolean drainBurst() {
    due.reserve(BURST);
    lock();
    try {
      for (int i = 0; i < BURST; i++) {
        TimerNode node = moving.poll();
        if (node == null) {
          publishNext();
          return false;
        }
        if (node.when() <= floor && node.seq() < startedBefore) {
          node.setStateRelease(TimerNode.DUE);
          due.add(node);
        } else {
          place(node);
        }
      }
      return true;
    } finally {
      unlock();
    }
  }

  private int fireDue() {
    due.sort();
    int fired = 0;
    for (TimerNode node = due.poll(); node != null; node = due.poll()) {
      if (claim(node)) {
        fired++;
        fire(node);
      }
    }
    return fired;
  }

  private boolean claim(TimerNode node) {
    lock();
    try {
      if (node.stateIn(this) != TimerNode.DUE) {
        return false;
      }
      disarm(node, TimerNode.FIRED);
      return true;
    } finally {
      unlock();
    }
  }

  private void fire(TimerNode node) {
    try {
      node.onExpiry(originNanos + floor);
    } catch (Throwable thrown) {
      errorHandler.accept(node, thrown);
    }
  }

  /** Only after a failure of the error handler: what was due is due again in the next advance. */
  final void putBackDue() {
    for (TimerNode node = due.poll(); node != null; node = due.poll()) {
      lock();
      try {
        if (node.stateIn(this) == TimerNode.DUE) {
          node.setStateRelease(TimerNode.ARMED);
          slots.add(node, Math.max(tickOf(node.when()), slots.cursorTick()));
          setNextWhenVolatile(Math.min(nextWhen, node.when()));
        }
      } finally {
        unlock();
      }
    }
  }
}
