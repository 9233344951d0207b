package io.coppice.kernel.cell;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The timers that will deliver to one process, so that they go when it ends (T6, T11). A list
 * through the timers themselves under a spin lock; any thread.
 */
final class TimerList {
  private static final VarHandle LOCK;

  static {
    try {
      LOCK = MethodHandles.lookup().findVarHandle(TimerList.class, "lock", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by LOCK
  private int lock;

  private @Nullable MessageTimer first;
  private boolean closed;

  /** Adds a timer; false if the process has ended. */
  boolean add(MessageTimer timer) {
    lockAcquire();
    try {
      if (closed) {
        return false;
      }
      timer.listed = true;
      timer.next = first;
      if (first != null) {
        first.previous = timer;
      }
      first = timer;
      return true;
    } finally {
      unlockRelease();
    }
  }

  void remove(MessageTimer timer) {
    lockAcquire();
    try {
      if (!timer.listed) {
        return;
      }
      timer.listed = false;
      if (timer.previous == null) {
        first = timer.next;
      } else {
        timer.previous.next = timer.next;
      }
      if (timer.next != null) {
        timer.next.previous = timer.previous;
      }
      timer.previous = null;
      timer.next = null;
    } finally {
      unlockRelease();
    }
  }

  /**
   * Copies some of the timers, any of them, and counts them, both up to a limit: others wait for
   * the lock.
   */
  int copyTo(List<MessageTimer> some, int copied, int counted) {
    int count = 0;
    lockAcquire();
    try {
      for (MessageTimer timer = first; timer != null && count < counted; timer = timer.next) {
        if (count++ < copied) {
          some.add(timer);
        }
      }
    } finally {
      unlockRelease();
    }
    return count;
  }

  /** The process has ended: cancels all and refuses further ones. */
  void close() {
    MessageTimer timer;
    lockAcquire();
    try {
      closed = true;
      timer = first;
      first = null;
      for (MessageTimer t = timer; t != null; t = t.next) {
        t.listed = false;
      }
    } finally {
      unlockRelease();
    }
    while (timer != null) {
      MessageTimer next = timer.next;
      timer.next = null;
      timer.previous = null;
      timer.cancel();
      timer = next;
    }
  }

  private void lockAcquire() {
    while (!LOCK.compareAndSet(this, 0, 1)) {
      Thread.onSpinWait();
    }
  }

  private void unlockRelease() {
    LOCK.setRelease(this, 0); // pairs with the CAS in lockAcquire
  }
}
