package io.coppice.kernel.scheduler;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The right to run a scheduler: held by one {@link SeatedRunner} at a time, and passed on when its
 * process waits.
 *
 * <p>Threads: the holder, except for what is said to be shared.
 */
final class Seat implements Drive {
  /* Whoever holds it says in the SeatWord when he begins to run a process and when he has finished. In between
   * the monitor may take the seat from him, because the process blocks outside of the kernel or never ends. He
   * does not know until he has finished; until then his process may still push items into the queue of the
   * scheduler, and start timers in its wheel, beside the new holder, who may be about to sleep. So both are
   * done as by a stranger: safe for several, and waking (isExclusive).
   */
  private static final int LOOKS = 4;
  private static final int TURNS = 32; // between two breaths that others have asked for

  private final Scheduler scheduler;
  private final Seats seats;
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable Object pending; // taken, and not run for lack of memory
  private int turns; // since the last breath

  // ---- shared
  private final SeatWord<SeatedRunner> word = new SeatWord<>();
  private volatile @Nullable SeatedRunner holder;
  private volatile boolean vacant; // there was no memory for a holder
  private volatile boolean breathe;
  private volatile boolean asked; // to breathe, by others

  Seat(Scheduler scheduler, Seats seats) {
    this.scheduler = scheduler;
    this.seats = seats;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  SeatWord<SeatedRunner> word() {
    return word;
  }

  // ---- passing it on: whoever has it

  /** Gives it to a spare runner. Without memory for one it is vacant for a while. */
  void passOn() {
    scheduler.carries(null);
    try {
      seats.place(this);
    } catch (VirtualMachineError noMemory) { // nor, perhaps, stack
      vacant = true;
    }
  }

  /** By the monitor: tries again. */
  void fillIfVacant() {
    if (vacant) {
      vacant = false;
      passOn();
    }
  }

  /** The runner that is going to have it. */
  void heldBy(SeatedRunner runner) {
    holder = runner;
    scheduler.carries(runner);
  }

  // ---- the holder

  /** Its scheduler has ended. */
  void end() {
    scheduler.carries(null);
    scheduler.leave(takePending());
    ended.countDown();
  }

  void setPending(@Nullable Object item) {
    pending = item;
  }

  @Nullable Object takePending() {
    Object item = pending;
    pending = null;
    return item;
  }

  /** After a turn: whether it is to let other virtual threads run. */
  boolean takeBreath() {
    turns++;
    if (!breathe && (turns < TURNS || !asked)) {
      return false;
    }
    breathe = false;
    asked = false;
    turns = 0;
    return true;
  }

  /** Shared: by the monitor, now and then. */
  void letBreathe() {
    breathe = true;
  }

  /**
   * Shared: by a runner without a seat that yields. After one turn would be dear: it waits for all
   * that yield.
   */
  void askToBreathe() {
    if (!asked) {
      asked = true;
    }
  }

  // ---- as the drive of the scheduler

  @Override
  public void start(Consumer<? super Thread> starter) {
    seats.placeFirst(this, starter);
  }

  @Override
  public void unpark() {
    SeatedRunner runner = holder;
    if (runner != null) {
      LockSupport.unpark(runner.thread());
    }
  }

  @Override
  public boolean isRunning() {
    return ended.getCount() > 0;
  }

  @Override
  public void awaitEnd(long nanos) throws InterruptedException {
    boolean _ = ended.await(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public int looks() {
    return LOOKS;
  }

  @Override
  public void pause() {
    Thread.yield(); // whoever has work for us may need this thread
  }

  /** Who has lost the seat may push, too. */
  @Override
  public boolean isExclusive() {
    return false;
  }
}
