package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.jdk.JdkInternals;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread of the JDK's that runs processes: one after another while it holds the {@link
 * Seat} of a scheduler; or one, without, for as long as that keeps it.
 *
 * <p>Threads: its own, except for what is said to be shared.
 */
final class SeatedRunner extends Runner implements Runnable, Carried {
  /* What it does with the seat: it takes a process from the scheduler's queue and runs its turn on its own
   * stack. If the process waits in a kernel operation, the runner passes the seat on and parks; the process
   * keeps it, and it is free: whoever ends the wait unparks it, and it goes on when the JDK lets it, needing no
   * seat any more. At the end of that turn it is a spare, which waits for a seat, or for another process.
   *
   * A process that blocks outside of the kernel keeps the seat until the monitor sees that, a slice later. So
   * that this does not happen again and again, the process runs free from its next turn on, and those that
   * start with the same code do so from their first (Seats.isToRunFree).
   *
   * It parks for a `permit`, the resumption, while a process keeps it, and for `orders` (a seat, a process, or
   * the end) while it is a spare. Two fields, because a wait that found no stack to wait on may leave a permit
   * behind: a spare must not take that for orders, nor a later wait for its end.
   */
  private static final Object END = new Object();

  private static final VarHandle RESUMPTIONS;

  static {
    try {
      RESUMPTIONS =
          MethodHandles.lookup().findVarHandle(SeatedRunner.class, "resumptions", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Seats seats;
  private final Thread thread;
  private @Nullable Seat seat; // it may have been seized
  private long beganPulse; // of the time slice, while it is free
  private int restsMade;
  private int goneOnSince; // that many times since all were told to rest

  // ---- shared
  private volatile boolean permit;

  private volatile @Nullable Object orders;

  private volatile @Nullable Blocked blockedSince;

  /** What the monitor has seen. */
  private record Blocked(long sinceNanos, int resumptions) {}

  @SuppressWarnings("unused") // by RESUMPTIONS
  private int resumptions;

  SeatedRunner(SchedulerPool pool, Seats seats, String name) {
    super(pool, name);
    this.seats = seats;
    this.restsMade = seats.canary().rests();
    this.thread =
        Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(this);
  }

  // ---- by others, who have it for themselves: it is new, or was taken from the spares

  void giveSeat(Seat given) {
    given.heldBy(this);
    order(given);
  }

  void giveProcess(ProcessCell cell) {
    order(cell);
  }

  void tellToEnd() {
    order(END);
  }

  private void order(Object what) {
    orders = what;
    LockSupport.unpark(thread); // nothing, if it has not been started
  }

  // ---- its loop

  @Override
  public void run() {
    JdkInternals.carriedBy(this);
    try {
      do {
        Object order = awaitOrders();
        if (order instanceof ProcessCell cell) {
          goneOn();
          runTurn(cell);
        } else if (order instanceof Seat given) {
          seat = given;
          serve(given);
        } else {
          return;
        }
      } while (!ending && seats.keep(this));
    } finally {
      seats.ended(this);
    }
  }

  private Object awaitOrders() {
    Object order = orders;
    while (order == null) {
      LockSupport.park(this);
      boolean _ = Thread.interrupted(); // of a process that has ended: else it would not park again
      order = orders;
    }
    orders = null;
    return order;
  }

  /** Runs the scheduler of the seat until that is lost, passed on, or ends. */
  private void serve(Seat held) {
    Scheduler scheduler = held.scheduler();
    carrier = scheduler;
    while (true) {
      if (scheduler.isLeaving()) {
        unseat();
        held.end();
        return;
      }
      if (ending) { // it has hosted a zombie
        unseat();
        held.passOn();
        return;
      }
      try {
        if (!serveNext(held, scheduler)) {
          return;
        }
      } catch (Throwable thrown) {
        pool.survived(thrown);
        LockSupport.parkNanos(this, Seats.NO_MEMORY_NANOS);
      }
    }
  }

  /** False if the seat is gone. */
  private boolean serveNext(Seat held, Scheduler scheduler) {
    Object item = held.takePending();
    if (item == null) {
      item = scheduler.next();
    }
    if (item == null) {
      scheduler.idle();
      return true;
    }
    ProcessCell cell = (ProcessCell) item;
    if (seats.isToRunFree(cell)) {
      held.setPending(cell);
      seats.runFree(cell);
      held.setPending(null);
      return true;
    }
    scheduler.beginTurn();
    held.word().beginRelease(this);
    runTurn(cell);
    if (seat == null) {
      return false;
    }
    if (!held.word().finish(this)) {
      lost(held);
      return false;
    }
    scheduler.endTurn();
    if (held.takeBreath()) {
      if (!rested(1)) {
        Thread.yield();
      }
    }
    return true;
  }

  private void runTurn(ProcessCell cell) {
    try {
      cell.runTurn(this);
    } catch (Throwable thrown) { // it never should
      pool.survived(thrown);
    }
  }

  private void unseat() {
    seat = null;
    carrier = null;
  }

  /** The monitor has taken the seat. */
  private void lost(Seat was) {
    unseat();
    if (seats.isStopping()) {
      was.scheduler().giveAway(); // what its process has pushed there since
    }
  }

  /** In the middle of a process: goes on without a seat. */
  void vacate() {
    Seat held = seat;
    if (held == null) {
      return;
    }
    if (held.word().finish(this)) {
      held.scheduler().endTurn();
      unseat();
      held.passOn();
    } else {
      lost(held);
    }
    goneOn();
  }

  // ---- waiting

  @Override
  protected void suspend(ProcessCell cell) {
    vacate();
    awaitPermit(cell);
    goneOn();
  }

  private void awaitPermit(ProcessCell cell) {
    boolean interrupted = false;
    do {
      interrupted |= awaitPermit();
    } while (!mayGoOn(cell)); // a permit of a wait for which there was no stack left
    if (interrupted) {
      thread.interrupt();
    }
  }

  private static boolean mayGoOn(ProcessCell cell) {
    if (cell.mayGoOn()) {
      return true;
    }
    // The permit of this wait may have been cleared with the other one: what was done before it
    // must be seen. Pairs with the volatile write of the permit in resume.
    VarHandle.fullFence();
    return cell.mayGoOn();
  }

  @Override
  protected void letOthersRun(ProcessCell cell) {
    vacate();
    seats.askToBreathe();
    Thread.yield();
    goneOn();
  }

  /** Shared. */
  @Override
  protected void resume(ProcessCell cell) {
    permit = true;
    LockSupport.unpark(thread);
  }

  /** Returns whether it was interrupted meanwhile. */
  private boolean awaitPermit() {
    boolean interrupted = false;
    while (!permit) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // else it would not park again
    }
    permit = false;
    return interrupted;
  }

  /** What it runs next is something new to those who watch. */
  private void goneOn() {
    RESUMPTIONS.setOpaque(this, resumptions + 1);
    boolean _ = rested(Canary.GOINGS);
    beganPulse = seats.pulse();
    seats.active();
  }

  /** Rests, if all are to, and it has gone on over and over since; false if not. */
  private boolean rested(int goings) {
    int rests = seats.canary().rests();
    if (rests == restsMade || ++goneOnSince < goings) {
      return false;
    }
    goneOnSince = 0;
    restsMade = rests;
    seats.canary().rest();
    return true;
  }

  // ---- the slice

  @Override
  protected boolean sliceUsed() {
    Seat held = seat;
    return (held != null && held.word().inTurnOpaque() == this)
        ? held.scheduler().sliceUsed()
        : seats.pulse() - beganPulse > 1;
  }

  @Override
  protected void beginSlice() {
    Seat held = seat;
    if (held != null && held.word().inTurnOpaque() == this) {
      held.scheduler().beginTurn();
    } else {
      goneOn();
    }
  }

  // ---- shared

  /** By the monitor: its process has been blocking since then, and does until it goes on. */
  void noteBlocked(long sinceNanos, int resumptionsThen) {
    blockedSince = new Blocked(sinceNanos, resumptionsThen);
  }

  @Override
  protected long blockedSinceNanos() {
    Blocked seen = blockedSince;
    return seen != null && seen.resumptions == resumptionsOpaque() && blocksOutside()
        ? seen.sinceNanos
        : Long.MIN_VALUE;
  }

  /** For the monitor, a momentary value. */
  boolean isInTurnOnSeat() {
    Seat held = seat;
    return held != null && held.word().inTurnOpaque() == this;
  }

  int resumptionsOpaque() {
    return (int) RESUMPTIONS.getOpaque(this);
  }

  @Override
  public Thread thread() {
    return thread;
  }

  @Override
  protected boolean blocksOutside() {
    return switch (thread.getState()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      case NEW, RUNNABLE, TERMINATED -> false;
    };
  }

  /** Of its own thread. */
  @Override
  public @Nullable Carrier carrier() {
    return carrier;
  }

  @Override
  public Host host() {
    return this;
  }

  /** They cannot be kept apart without the JDK's internals. */
  @Override
  @Nullable Object takeThreadLocals() {
    return null;
  }
}
