package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.jdk.JdkInternals;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Schedulers on the JDK's virtual threads: without the JDK's internals. The schedulers are seats,
 * which runners hold in turns ({@link Seat}, {@link SeatedRunner}).
 *
 * <p>Threads: any, except for what the monitor is said to call.
 */
final class Seats implements Hosting {
  /* What the JDK's scheduler does not do, and how we help ourselves:
   *
   *   It lets a virtual thread run until that blocks. A holder is busy as long as there is work, so once per
   *   pulse it lets others run (Seat.takeBreath), and while it looks for work it yields instead of spinning.
   *
   *   It has as many carriers as there are processors. A process that never ends its turn keeps one for itself;
   *   for each that has been seen for as long as makes a scheduler stuck (Strays) there is one carrier
   *   more (JdkCarriers), and the seat goes to another runner.
   *
   *   Its carriers look at what came from outside only when they have nothing else (Canary).
   *
   *   It does not tell when a thread blocks. The monitor looks at the states of the holders' threads.
   *
   * What a yield gives way to is up to the JDK, too. Yielding until nobody waits for a seat, 16 times at most, kept
   * a sender from running far ahead, but bench yield_many_blocking took 570 ms then (with our own schedulers 33):
   * a new process gets the seat only when its holder has had its turn among all that yield.
   *
   * Rejected: a seat for whatever runs, and the queue of a scheduler for whatever may go on. It costs the same two
   * switches per wait, and every process that blocks outside of the kernel stops a scheduler until the monitor
   * sees it. Platform threads that run handlers, as many as wait in one: 10,000 servers that call each other.
   */
  static final long NO_MEMORY_NANOS = 1_000_000; // 1 ms until the next attempt
  private static final int SPARES_MAX = 16;
  private static final long LOOK_NANOS = 100_000; // 0.1 ms
  private static final int CODE_MAX = 1_000;

  private final SchedulerPool pool;
  private final SchedulerConfig config;
  private final String name;
  private final List<Seat> all = new CopyOnWriteArrayList<>();
  private final AtomicReferenceArray<@Nullable SeatedRunner> spares =
      new AtomicReferenceArray<>(SPARES_MAX);
  private final Set<String> blockingCode = ConcurrentHashMap.newKeySet();
  private final Strays strays;
  private final Canary canary;
  private final AtBoundPolicy bound;
  private volatile long pulse;
  private volatile boolean active;
  private volatile boolean over;

  Seats(SchedulerPool pool, SchedulerConfig config) {
    this.pool = pool;
    this.config = config;
    this.name = config.threadName("runner");
    this.strays = new Strays(config);
    this.canary = new Canary(config.threadName("canary"));
    this.bound = new AtBoundPolicy(config);
  }

  // ---- runners

  /** Gives a seat to a runner. */
  void place(Seat seat) {
    SeatedRunner spare = takeSpare();
    if (spare != null) {
      spare.giveSeat(seat);
    } else {
      placeFirst(seat, Thread::start);
    }
  }

  void placeFirst(Seat seat, Consumer<? super Thread> starter) {
    SeatedRunner runner = make();
    runner.giveSeat(seat);
    start(runner, starter);
  }

  /** Runs a process without a seat. */
  void runFree(ProcessCell cell) {
    SeatedRunner spare = takeSpare();
    if (spare != null) {
      spare.giveProcess(cell);
    } else {
      SeatedRunner runner = make();
      runner.giveProcess(cell);
      start(runner, Thread::start);
    }
  }

  private SeatedRunner make() {
    return new SeatedRunner(pool, this, name);
  }

  private void start(SeatedRunner runner, Consumer<? super Thread> starter) {
    strays.add(runner);
    pool.runnerMade();
    boolean started = false;
    try {
      starter.accept(runner.thread());
      started = true;
    } finally {
      if (!started) {
        ended(runner);
      }
    }
  }

  /** By a runner that has nothing to do: false if it is to end. */
  boolean keep(SeatedRunner runner) {
    if (pool.isStopping()) {
      return false;
    }
    for (int i = 0; i < SPARES_MAX; i++) {
      if (spares.getOpaque(i) == null && spares.compareAndSet(i, null, runner)) {
        if (pool.isStopping()) { // it has ended the spares, perhaps before this one came
          endSpares();
        }
        return true;
      }
    }
    return false;
  }

  private @Nullable SeatedRunner takeSpare() {
    for (int i = 0; i < SPARES_MAX; i++) {
      SeatedRunner spare = spares.getOpaque(i);
      if (spare != null && spares.compareAndSet(i, spare, null)) {
        return spare;
      }
    }
    return null;
  }

  private void endSpares() {
    for (SeatedRunner spare = takeSpare(); spare != null; spare = takeSpare()) {
      spare.tellToEnd();
    }
  }

  boolean isStopping() {
    return pool.isStopping();
  }

  void ended(SeatedRunner runner) {
    pool.runnerEnded(runner);
    strays.remove(runner); // last: who waits for its end looks there
  }

  // ---- what blocks elsewhere

  /** Whether a process is to run without a seat from the beginning of its turn. */
  boolean isToRunFree(ProcessCell cell) {
    return cell.runsFree() || (!blockingCode.isEmpty() && startsBlockingCode(cell));
  }

  private boolean startsBlockingCode(ProcessCell cell) {
    String code = cell.codeToStart();
    return code != null && blockingCode.contains(code);
  }

  private void remember(@Nullable ProcessCell cell) {
    if (cell == null) {
      return;
    }
    cell.setRunsFree();
    String code = cell.startedCode();
    if (code != null && blockingCode.size() < CODE_MAX) {
      blockingCode.add(code);
    }
  }

  @Override
  public void aboutToBlock() {
    if (JdkInternals.currentCarrier() instanceof SeatedRunner runner) {
      runner.vacate();
    }
  }

  /** A yield to nobody costs as much as one to somebody, which is more than to ask. */
  @Override
  public boolean worthYielding() {
    return JdkCarriers.isAwaited();
  }

  // ---- the monitor

  @Override
  public void sameTurn(Scheduler scheduler, long sinceNanos) {
    Seat seat = (Seat) scheduler.drive();
    SeatedRunner runner = seat.word().inTurnOpaque();
    if (runner == null || !runner.blocksOutside()) {
      return;
    }
    ProcessCell cell = runner.current();
    int resumptions = runner.resumptionsOpaque();
    if (seat.word().seize(runner)) {
      runner.noteBlocked(sinceNanos, resumptions);
      remember(cell);
      scheduler.endTurn();
      seat.passOn();
    }
  }

  @Override
  public void adjust(List<Scheduler> stuck, long now) {
    long pulses = pulse;
    if (pulses == 0) {
      JdkCarriers.prepare();
    }
    pulse = pulses + 1;
    strays.watch(now);
    canary.watch();
    int left = config.extraSchedulersMax() - strays.hogs();
    List<Scheduler> kept = new ArrayList<>();
    for (Scheduler scheduler : stuck) {
      if (left <= 0) {
        kept.add(scheduler);
      } else if (seizeFromHog(scheduler)) {
        left--;
      }
    }
    if (!kept.isEmpty()) {
      atBound(kept);
    } else {
      bound.notReached();
    }
    for (Seat seat : all) {
      seat.fillIfVacant();
      seat.letBreathe();
    }
  }

  private void atBound(List<Scheduler> kept) {
    boolean nobodyLeft = kept.size() >= all.size();
    List<ProcessCell> longestFirst = new ArrayList<>(strays.longestFirst());
    for (Scheduler scheduler : kept) {
      SeatedRunner runner = ((Seat) scheduler.drive()).word().inTurnOpaque();
      ProcessCell cell = runner == null ? null : runner.current();
      if (cell != null) {
        longestFirst.add(cell);
      }
    }
    bound.reached(longestFirst.size(), nobodyLeft && pool.hasWaiting(), longestFirst);
  }

  private boolean seizeFromHog(Scheduler scheduler) {
    Seat seat = (Seat) scheduler.drive();
    SeatedRunner runner = seat.word().inTurnOpaque();
    if (runner == null) {
      return false;
    }
    ProcessCell cell = runner.current();
    int resumptions = runner.resumptionsOpaque();
    if (!seat.word().seize(runner)) {
      return false;
    }
    if (cell != null) {
      strays.addHog(runner, cell, resumptions, scheduler.seenSinceNanos, scheduler.reported);
    }
    scheduler.endTurn();
    seat.passOn();
    return true;
  }

  @Override
  public boolean isQuiet() {
    if (active) {
      active = false;
      strays.somethingWentOn();
      return false;
    }
    return strays.isEmpty() && strays.hasLookedAtAll(); // active is not written: it may be true now
  }

  /** A runner goes on: the monitor is to be awake. */
  void active() {
    if (!active) {
      active = true;
      pool.wakeMonitor();
    }
  }

  /** Those who hold seats are to let others run soon. */
  void askToBreathe() {
    for (Seat seat : all) {
      seat.askToBreathe();
    }
  }

  Canary canary() {
    return canary;
  }

  /** Counts on while the monitor is awake: a cheap clock for slices. */
  long pulse() {
    return pulse;
  }

  @Override
  public int extra() {
    return strays.hogs();
  }

  @Override
  public long runningSinceNanos(Object cell) {
    return strays.sinceNanos(cell);
  }

  // ---- the pool

  @Override
  public Drive drive(Scheduler scheduler) {
    Seat seat = new Seat(scheduler, this);
    all.add(seat);
    return seat;
  }

  @Override
  public MountedRunner newRunner(String runnerName) {
    throw new IllegalStateException("there are no carrier threads");
  }

  /** What the code of processes keeps goes on by itself. */
  @Override
  public void outlive(long deadlineNanos) {
    strays.stop();
    canary.end();
    endSpares();
    over = true;
    injected();
    while (strays.hasIdle() && pool.clock().nanoTime() - deadlineNanos < 0) {
      LockSupport.parkNanos(this, LOOK_NANOS); // they are about to end
    }
  }

  @Override
  public void injected() {
    for (Object item = pool.pollInjected(); item != null; item = pool.pollInjected()) {
      runSurely((ProcessCell) Objects.requireNonNull(item));
    }
  }

  private void runSurely(ProcessCell cell) {
    while (true) {
      try {
        runFree(cell);
        return;
      } catch (OutOfMemoryError noMemory) {
        pool.survived(noMemory);
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }
}
