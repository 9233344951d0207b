package io.coppice.kernel.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Timers that are cancelled together, in whatever wheels they are. Once closed it stays so, and a
 * timer of a closed group is never armed.
 *
 * <p>Threads: any.
 */
public final class TimerGroup {
  /*
   * A chain of parts, one for each wheel: a list that runs through the armed timers of the group in that
   * wheel, under the wheel's own lock. So a start or a cancel changes the wheel and the group while it
   * holds one lock; with a lock for each it took four compare-and-sets to start and cancel a timer, where
   * there are two now. The group itself is the first part; nearly always there is no other.
   *
   * CLOSED at the end of the chain says that the group is closed. No timer comes through:
   *
   *   closer                                    starter
   *   1. appends CLOSED                         1. finds or appends the part of the wheel
   *   2. for each part: takes the lock,         2. takes the lock, looks for CLOSED,
   *      cancels what is in the list               adds the timer to the list
   *
   * If the closer finds the part in step 2, the two critical sections have an order: the later one sees
   * what the earlier did. If he does not find it, it was appended (or the wheel of the first part set)
   * after he looked, both by compare-and-set, hence after step 1, and the starter sees CLOSED.
   *
   * field     | writer                     | readers
   * wheel     | anyone, once, by CAS       | anyone, volatile
   * next      | anyone, once, by CAS       | anyone, volatile
   * first     | holder of the wheel's lock | holder of the wheel's lock
   * count     | holder of the wheel's lock | holder of the wheel's lock
   */
  private static final VarHandle WHEEL;
  private static final VarHandle NEXT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WHEEL = lookup.findVarHandle(TimerGroup.class, "wheel", TimerWheel.class);
      NEXT = lookup.findVarHandle(TimerGroup.class, "next", TimerGroup.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final TimerGroup CLOSED = new TimerGroup();

  private volatile @Nullable TimerWheel wheel;
  private volatile @Nullable TimerGroup next;
  private @Nullable GroupedTimer first;
  private int count;

  /** An open group without timers. */
  public TimerGroup() {}

  /** Cancels all timers and refuses further ones. */
  public void close() {
    TimerGroup last = this;
    while (last != CLOSED) {
      TimerGroup after = last.next;
      if (after == null) {
        NEXT.compareAndSet(last, null, CLOSED);
      } else {
        last = after;
      }
    }
    for (TimerGroup part = this; part != null; part = part.next) {
      TimerWheel in = part.wheel;
      if (in != null) {
        in.cancelAll(part);
      }
    }
  }

  /**
   * Some of the armed timers, any of them, in no order.
   *
   * @param limit how many at most
   * @return the timers
   */
  public List<GroupedTimer> some(int limit) {
    List<GroupedTimer> some = new ArrayList<>();
    for (TimerGroup part = this; part != null; part = part.next) {
      TimerWheel in = part.wheel;
      if (in != null) {
        in.lock();
        try {
          part.copy(some, limit);
        } finally {
          in.unlock();
        }
      }
    }
    return some;
  }

  /**
   * How many timers are armed.
   *
   * @return the number, exact if nobody starts or cancels meanwhile
   */
  public int size() {
    int sum = 0;
    for (TimerGroup part = this; part != null; part = part.next) {
      TimerWheel in = part.wheel;
      if (in != null) {
        in.lock();
        try {
          sum += part.count;
        } finally {
          in.unlock();
        }
      }
    }
    return sum;
  }

  /** The part in a wheel, which is added if need be; CLOSED if there is none, nor will be. */
  TimerGroup partIn(TimerWheel in) {
    TimerGroup part = this;
    while (part.wheel != in && part != CLOSED) {
      TimerGroup after = part.next;
      if (part.wheel == null) {
        WHEEL.compareAndSet(part, null, in);
      } else if (after == null) {
        NEXT.compareAndSet(part, null, new TimerGroup(in));
      } else {
        part = after;
      }
    }
    return part;
  }

  private TimerGroup(TimerWheel in) {
    this.wheel = in;
  }

  // ---- under the lock of the wheel

  boolean isClosed() {
    for (TimerGroup part = this; part != null; part = part.next) {
      if (part == CLOSED) {
        return true;
      }
    }
    return false;
  }

  void add(GroupedTimer timer) {
    GroupedTimer second = first;
    timer.group = this;
    timer.later = second;
    if (second != null) {
      second.earlier = timer;
    }
    first = timer;
    count++;
  }

  void remove(GroupedTimer timer) {
    GroupedTimer before = timer.earlier;
    GroupedTimer after = timer.later;
    if (before == null) {
      first = after;
    } else {
      before.later = after;
      timer.earlier = null;
    }
    if (after != null) {
      after.earlier = before;
      timer.later = null;
    }
    count--;
  }

  @Nullable GroupedTimer first() {
    return first;
  }

  private void copy(List<GroupedTimer> some, int limit) {
    GroupedTimer timer = first;
    for (; timer != null && some.size() < limit; timer = timer.later) {
      some.add(timer);
    }
  }
}
