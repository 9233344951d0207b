package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.observe.SchedulerView;
import io.coppice.kernel.time.TimerWheel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler of a node: a carrier with a run queue, a slot for the newest item and a timer wheel,
 * which steals when it has nothing of its own.
 *
 * <p>Threads: whoever drives it and the runner it carries, except for what is said to be shared.
 */
final class Scheduler extends Carrier {
  /* What comes next: the slot (the process that was made ready last: its data is in the cache), at most
   * SLOT_STREAK times in a row; the own queue; what foreign threads injected; the queues of others. Every
   * INJECT_EVERY-th time the injected come first, so that they cannot starve; every CLOCK_EVERY-th time the
   * clock is read and the wheel advanced.
   *
   * When the own queue is full its older half goes to the injected: what is left was written just now, and of
   * a tree of spawns not all is alive at the same time.
   *
   * The slot is not stolen from: two processes that answer each other stay on one core without waking
   * another. If the current turn is long the monitor moves what is in it to where others look.
   */
  private static final int QUEUE_CAPACITY = 256;
  private static final int SLOT_STREAK = 32;
  private static final int INJECT_EVERY = 61;
  private static final int CLOCK_EVERY = 32;
  private static final int STEAL_MAX = 32;
  private static final int INJECT_MAX = 64;

  // ---- immutable
  private final SchedulerPool pool;
  private final boolean extra;
  private final Consumer<Object> keep = this::keep; // made when there is memory
  private final Consumer<Object> inject;
  private final Drive drive;
  private final TimerWheel wheel; // an extra scheduler uses that of a regular one

  // ---- confined
  private int ticks;
  private int slotStreak;
  private int yields;
  private boolean wheelDue; // a yield has seen that

  // ---- shared
  private final Sleepers.Sleeper sleeper;
  private final RunQueue queue = new RunQueue(QUEUE_CAPACITY);

  private final NewestSlot slot = new NewestSlot();

  private volatile boolean retiring;

  // ---- written by the monitor, others may look
  private volatile @Nullable Running running;

  // ---- owned by the monitor
  long seenTurns = -1;
  long seenSinceNanos;
  boolean reported;

  Scheduler(SchedulerPool pool, String name, TimerWheel wheel, boolean extra) {
    super(name);
    this.pool = pool;
    this.inject = pool::inject;
    this.sleeper = new Sleepers.Sleeper(pool.sleepers());
    this.wheel = wheel;
    this.extra = extra;
    this.drive = pool.hosting().drive(this);
  }

  // ---- the loop

  void run(CarrierThread thread) {
    while (!isLeaving()) {
      try {
        if (!thread.runNext()) {
          idle();
        }
      } catch (Throwable thrown) {
        thread.survive(thrown); // what it has taken and not run is pending
      }
    }
    leave(thread.takePending());
    thread.endSpares();
  }

  /** Whether it is to end. */
  boolean isLeaving() {
    return pool.isStopping() || retiring;
  }

  /** The end: what it has, and what was taken and not run, goes to the others. */
  void leave(@Nullable Object taken) {
    if (extra) {
      pool.remove(this);
    }
    stopSearching();
    if (taken != null) {
      pool.inject(taken);
    }
    giveAway();
  }

  /** By the monitor: an extra scheduler is no longer wanted, and ends after its current turn. */
  void retire() {
    retiring = true;
    drive.unpark();
  }

  @Override
  @Nullable Object next() {
    if (isLeaving()) {
      return null;
    }
    int tick = ++ticks;
    if (tick % CLOCK_EVERY == 0 || wheelDue || sliceUsed()) {
      wheelDue = false;
      advanceWheel();
    }
    Object item = tick % INJECT_EVERY == 0 ? takeInjected() : null;
    if (item == null) {
      item = nextOwn();
    }
    if (item == null) {
      item = takeInjected();
    }
    if (item == null) {
      item = steal();
    }
    if (item != null) {
      stopSearching();
    }
    return item;
  }

  private @Nullable Object nextOwn() {
    if (slotStreak < SLOT_STREAK) {
      Object newest = takeSlot();
      if (newest != null) {
        slotStreak++;
        return newest;
      }
    }
    slotStreak = 0;
    Object oldest = queue.poll();
    return oldest != null ? oldest : takeSlot();
  }

  /** One at a time, a burst that overflows the own queue would wait behind all that yield. */
  private @Nullable Object takeInjected() {
    Object first = pool.pollInjected();
    if (first != null) {
      for (int i = 1; i < INJECT_MAX && queue.size() < QUEUE_CAPACITY / 2; i++) {
        Object item = pool.pollInjected();
        if (item == null) {
          break;
        }
        keep(item);
      }
    }
    return first;
  }

  private @Nullable Object steal() {
    Scheduler[] all = pool.schedulers();
    int start = ticks;
    for (int i = 0; i < all.length; i++) {
      Scheduler victim = all[Math.floorMod(start + i, all.length)];
      if (victim != this) {
        Object item = victim.queue.poll();
        if (item != null) {
          int half = victim.queue.size() / 2; // so that the next steal is further away
          victim.queue.drainTo(keep, Math.min(half, STEAL_MAX));
          return item;
        }
      }
    }
    return null;
  }

  private void keep(Object item) {
    if (!queue.offer(item)) {
      pool.inject(item);
    }
  }

  private void advanceWheel() {
    if (wheel.isWaiting()) { // not size: a cancelled one counts here
      wheel.advance(wheel.readAndSetDeadlines(pool.clock()));
    }
  }

  // ---- pushing: this thread

  /** Adds an item to be run next, if nothing newer comes. */
  void pushNewest(Object item) {
    if (drive.isExclusive() && slot.isEmptyOpaque()) {
      slot.putRelease(item);
      return;
    }
    Object older = slot.swap(item);
    if (older != null) {
      pushLast(older);
    }
    if (!drive.isExclusive() && sleeper.isParkedVolatile()) {
      drive.unpark(); // it looks at the slot after it has said that it is parked
    }
  }

  /** Adds an item to be run after all that are ready here. */
  void pushLast(Object item) {
    if (queue.offer(item)) {
      pool.wakeOne();
      return;
    }
    queue.drainTo(inject, QUEUE_CAPACITY / 2);
    keep(item);
  }

  /** The same for what goes on after a yield or a wait: what is injected comes before. */
  void pushAgain(Object item) {
    if (queue.size() >= INJECT_MAX && pool.hasInjected()) { // so that there is room for them
      pool.inject(item);
    } else {
      pushLast(item);
    }
  }

  boolean worthYielding() {
    if (queue.size() > 0 || !slot.isEmptyOpaque() || pool.hasInjected()) {
      return true;
    }
    if (++yields % CLOCK_EVERY == 0 || sliceUsed()) {
      wheelDue = wheel.nanosToNext(wheel.readAndSetDeadlines(pool.clock())) == 0;
    }
    return wheelDue; // timers fire between two turns, not on the stack of a process
  }

  // ---- shared

  @Nullable Object takeSlot() {
    return slot.take();
  }

  /** An item that there is no memory for elsewhere; false if the queue is full. */
  boolean squeezeIn(Object item) {
    return queue.offer(item);
  }

  /** By any thread: the next item in the queue. */
  @Nullable Object pollShared() {
    return queue.poll();
  }

  int queueSize() {
    return queue.size();
  }

  TimerWheel wheel() {
    return wheel;
  }

  Drive drive() {
    return drive;
  }

  boolean belongsTo(SchedulerPool other) {
    return pool == other;
  }

  boolean isExtra() {
    return extra;
  }

  // ---- what it runs: the monitor writes it down, others look

  /** By the monitor, once per slice. */
  void noteRunning(long nowNanos) {
    Host host = inTurnOpaque() ? host() : null;
    ProcessCell cell = host == null ? null : host.current();
    Running seen = running;
    if (cell == null) {
      if (seen != null) {
        running = null;
      }
    } else if (seen == null
        || seen.cell() != cell
        || seen.turns() != turnsOpaque()
        || seen.messages() != cell.messages()) {
      running = new Running(cell, cell.messages(), turnsOpaque(), nowNanos);
    }
  }

  /** What the monitor saw last, if it may be so still. */
  @Nullable Running running() {
    Running seen = running;
    return seen != null
            && inTurnOpaque()
            && seen.turns() == turnsOpaque()
            && seen.messages() == seen.cell().messages()
        ? seen
        : null;
  }

  SchedulerView view(long nowNanos) {
    Running seen = running();
    Host host = inTurnOpaque() ? host() : null;
    return new SchedulerView(
        name(),
        seen != null ? seen.cell() : host == null ? null : host.current(),
        seen == null ? null : Duration.ofNanos(Math.max(0, nowNanos - seen.sinceNanos())),
        queue.size() + (slot.isEmptyOpaque() ? 0 : 1),
        sleeper.isParked());
  }

  // ---- sleeping

  /** The order of its steps is that of {@link Sleepers}. */
  void idle() {
    wheel.setDeadlines(pool.clock());
    for (int i = drive.looks(); i > 0; i--) {
      if (wheel.nanosToNext(pool.clock().nanoTime()) == 0) {
        advanceWheel();
      }
      if (hasWork() || isLeaving()) {
        return;
      }
      drive.pause();
    }
    stopSearching();
    sleeper.park();
    if (hasWork() || isLeaving()) {
      sleeper.unparked();
      pool.wakeMonitor(); // it may have seen all parked, and gone to sleep
      return;
    }
    long nanos = wheel.nanosToNext(pool.clock().nanoTime());
    if (nanos == Long.MAX_VALUE) {
      LockSupport.park(this);
    } else if (nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
    Thread.interrupted(); // a parked thread must not spin because of a stray interrupt
    sleeper.unparked();
    pool.wakeMonitor();
  }

  /** By whoever adds an item, and has begun to wake somebody: wakes this thread if it is parked. */
  boolean tryWake() {
    if (sleeper.tryWake()) {
      drive.unpark();
      return true;
    }
    return false;
  }

  private void stopSearching() {
    if (sleeper.stopSearching() && pool.hasWaiting()) {
      pool.wakeOne(); // the last one that searched leaves work behind
    }
  }

  private boolean hasWork() {
    if (!slot.isEmptyVolatile() || pool.hasInjected()) {
      return true;
    }
    for (Scheduler other : pool.schedulers()) {
      if (other.queue.size() > 0) {
        return true;
      }
    }
    return false;
  }

  /** What is queued here goes to the others: when the thread ends, or is stuck for good. */
  void giveAway() {
    Object item = takeSlot();
    while (item != null) {
      pool.inject(item);
      item = queue.poll();
    }
    for (item = queue.poll(); item != null; item = queue.poll()) {
      pool.inject(item);
    }
  }
}
