package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Dispatcher;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.time.ManualClock;
import io.coppice.kernel.time.MonotonicClock;
import io.coppice.kernel.time.SystemClock;
import io.coppice.kernel.time.TimerNode;
import io.coppice.kernel.time.TimerWheel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs processes one at a time, in an order drawn from a seed, on virtual time.
 *
 * <p>Control alternates strictly between two threads: the carrier, which runs the processes, and
 * the thread outside, which calls {@link #drive}. While one has control the other is parked, so
 * whatever has no other comment belongs to whoever has control.
 */
public final class SimulatedScheduler implements Dispatcher, RunnerPool {
  /* A step. While nothing has ended the drive, one of these is drawn, all with the same chance:
   *   - a process that is ready, or one that can go on: it runs until it blocks or its turn ends;
   *   - the timers that are due now, all together, in the order of their deadlines;
   *   - if what the thread outside waits for has happened: that thread goes on.
   * Only if there is none of these the clock moves, straight to the next timer, or to the time the
   * thread outside wants to see. The ready are kept sorted by number, so what is drawn depends on who is
   * ready, and not on the order in which they became so.
   *
   * What must not happen while the carrier has control is that any other thread acts on a process: it
   * would come at another moment in the next run. Such an act is recorded and ends the drive. A wait that
   * only such an act can end (a timed one, a monitor, a socket) is recorded as soon as the process blocks,
   * so that it fails in each run.
   */

  /** How a drive ended. */
  public enum End {
    /** What was waited for has happened. */
    DONE,
    /** Nothing can run, and no timer is left. */
    IDLE,
    /** Nothing can run before the time that was asked for, which it is now. */
    TIME_REACHED,
    /** A process or a foreign thread acted in real time. */
    REAL_TIME,
    /** The real-time limit is over; the processes were stopped between two turns. */
    OVERTIME,
    /** The real-time limit is over, and the carrier does not come back. */
    STUCK,
    /** The scheduler itself threw. */
    BROKEN
  }

  private static final long ABORT_NANOS = 1_000_000_000; // 1 s to end the current turn
  private static final int SWEEP_EVERY = 256;

  // ---- immutable
  private final long limitNanos;
  private final ManualClock clock = new ManualClock(0);
  private final TimerWheel wheel;
  private final SimulatedCarrier carrier;
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final Semaphore carrierMayRun = new Semaphore(0);
  private final Semaphore outsideMayRun = new Semaphore(0);

  // ---- owned by whoever has control
  private final Choices choices;
  private final ArrayList<Object> ready = new ArrayList<>(); // sorted by number
  private BooleanSupplier done = () -> true;
  private long targetNanos;
  private @Nullable End end;
  private boolean tolerant;
  private @Nullable Throwable problem;
  private Function<End, ? extends Error> failures = e -> new AssertionError(e.toString());

  // ---- shared
  private final Queue<Object> arrivals = new ConcurrentLinkedQueue<>(); // by other threads
  private final Queue<TimerNode> timers = new ConcurrentLinkedQueue<>(); // all that may be armed
  private final AtomicInteger timersStarted = new AtomicInteger();
  private final Queue<RealTimeWait> realTimeWaits = new ConcurrentLinkedQueue<>();
  private final AtomicInteger runners = new AtomicInteger();
  private final AtomicReference<@Nullable Thread> driver = new AtomicReference<>();
  private volatile Thread outside = Thread.currentThread();
  private volatile boolean aborting;
  private volatile boolean stopping;
  private volatile boolean lost;

  /**
   * Starts the carrier, which waits for control.
   *
   * @param seed decides all choices
   * @param limitNanos real time that a drive may take
   * @param name the beginning of the names of its threads
   * @param timerErrors gets timers that threw
   */
  public SimulatedScheduler(
      long seed,
      long limitNanos,
      String name,
      BiConsumer<? super TimerNode, ? super Throwable> timerErrors) {
    JdkInternals.require();
    this.limitNanos = limitNanos;
    this.choices = new Choices(seed);
    this.wheel = new TimerWheel(clock.nanoTime(), timerErrors);
    this.carrier = new SimulatedCarrier(this, name);
    carrier.start();
  }

  // ---- the thread outside

  /**
   * Tells what to throw when a wait of the thread outside cannot end as it should.
   *
   * @param value makes the failure
   */
  public void setFailures(Function<End, ? extends Error> value) {
    failures = value;
  }

  /**
   * Gives control to the carrier until there is a reason to stop.
   *
   * @param until asked between two turns, by the carrier; true ends the drive, at some later step
   * @param untilNanos the time that is not passed; {@link Long#MAX_VALUE} if it does not matter
   * @return why it has ended
   * @throws IllegalStateException if another thread is at it, or this is called by the carrier
   */
  public End drive(BooleanSupplier until, long untilNanos) {
    if (onCarrier() || !driver.compareAndSet(null, Thread.currentThread())) {
      throw new IllegalStateException(
          "A test node runs on one thread at a time: "
              + Thread.currentThread().getName()
              + " cannot wait for it while it runs for thread "
              + driver.get());
    }
    try {
      if (lost) {
        return End.STUCK;
      }
      outside = Thread.currentThread();
      done = until;
      targetNanos = untilNanos;
      end = null;
      aborting = false;
      return exchange();
    } finally {
      driver.set(null);
    }
  }

  /** The watchdog: real time does not end with the carrier. */
  private End exchange() {
    carrierMayRun.release();
    boolean interrupted = false;
    long limit = SystemClock.INSTANCE.nanoTime() + limitNanos;
    try {
      while (true) {
        try {
          long left = limit - SystemClock.INSTANCE.nanoTime();
          if (outsideMayRun.tryAcquire(left, TimeUnit.NANOSECONDS)) {
            return end == null ? End.DONE : end;
          }
          if (aborting) {
            lost = true;
            return End.STUCK;
          }
          aborting = true;
          limit += ABORT_NANOS;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void parkOutside(Object blocker, BooleanSupplier until, long deadlineNanos) {
    End ended = drive(until, deadlineNanos);
    switch (ended) {
      case DONE, TIME_REACHED -> {}
      case IDLE, REAL_TIME, OVERTIME, STUCK, BROKEN -> throw failures.apply(ended);
    }
  }

  /** From now on what happens in real time is not recorded: the rest is only to be cleared away. */
  public void tolerate() {
    tolerant = true;
    realTimeWaits.clear();
  }

  /** Ends the carrier; runners that code keeps go on there until it lets them go. */
  public void stop() {
    stopping = true;
    carrierMayRun.release();
    if (!lost) {
      boolean interrupted = Thread.interrupted();
      outsideMayRun.acquireUninterruptibly();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // ---- the carrier

  /** Waits for control; false if it is to end. */
  boolean awaitControl() {
    carrierMayRun.acquireUninterruptibly();
    return !stopping;
  }

  void giveControlBack() {
    outsideMayRun.release();
  }

  void broken(Throwable thrown) {
    problem = thrown;
    end = End.BROKEN;
  }

  /** The next item to run, or null if the drive has ended. On the carrier or a runner. */
  @Nullable Object next() {
    for (Object item = arrivals.poll(); item != null; item = arrivals.poll()) {
      insert(item);
    }
    if (stopping) {
      return ready.isEmpty() ? null : ready.removeLast();
    }
    while (end == null) {
      if (aborting) {
        end = End.OVERTIME;
      } else if (!realTimeWaits.isEmpty() && !tolerant) {
        end = End.REAL_TIME;
      } else {
        Object item = step();
        if (item != null) {
          return item;
        }
      }
    }
    return null;
  }

  private @Nullable Object step() {
    long now = clock.nanoTime();
    long nextTimer = wheel.exactNextDeadlineNanos();
    boolean due = nextTimer <= now;
    boolean over = done.getAsBoolean();
    int alternatives = ready.size() + (due ? 1 : 0) + (over ? 1 : 0);
    if (alternatives == 0) {
      moveTime(nextTimer);
      return null;
    }
    int picked = choices.pick(alternatives);
    if (picked < ready.size()) {
      Object item = ready.remove(picked);
      choices.record(numberOf(item), now);
      return item;
    }
    if (due && picked == ready.size()) {
      choices.record(Choices.TIMERS, now);
      wheel.advance(now);
    } else {
      choices.record(Choices.OUTSIDE, now);
      end = End.DONE;
    }
    return null;
  }

  private void moveTime(long nextTimer) {
    if (nextTimer != Long.MAX_VALUE && nextTimer <= targetNanos) {
      clock.advanceTo(nextTimer);
    } else if (targetNanos != Long.MAX_VALUE) {
      clock.advanceTo(Math.max(targetNanos, clock.nanoTime()));
      end = End.TIME_REACHED;
    } else {
      end = End.IDLE;
    }
  }

  private void insert(Object item) {
    long number = numberOf(item);
    int low = 0;
    int high = ready.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (numberOf(ready.get(middle)) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    ready.add(low, item);
  }

  private static long numberOf(Object item) {
    ProcessCell cell = item instanceof Runner runner ? runner.current() : (ProcessCell) item;
    return cell == null ? 0 : cell.number();
  }

  boolean sliceUsed() {
    return choices.sliceUsed();
  }

  /** A process has blocked outside of the kernel. */
  void blockedOutside(Runner runner, ProcessCell cell) {
    if (!tolerant) {
      RealTimeWait wait = RealTimeWait.of(runner, cell);
      if (wait != null) {
        realTimeWaits.add(wait);
      }
    }
  }

  private boolean onCarrier() {
    return JdkInternals.currentCarrier() == carrier;
  }

  // ---- the port of the processes

  @Override
  public void ready(ProcessCell cell) {
    if (driver.get() != null && !onCarrier() && !lost) {
      realTimeWaits.add(RealTimeWait.foreign(cell, "was given something to do"));
    }
    add(cell);
  }

  @Override
  public void readyLast(ProcessCell cell) {
    ready(cell);
  }

  @Override
  public void unparked(Runner runner) {
    boolean byTest = driver.get() == null && Thread.currentThread().equals(outside);
    boolean allowed = byTest || onCarrier();
    ProcessCell cell = runner.current();
    if (!allowed && cell != null) {
      realTimeWaits.add(RealTimeWait.foreign(cell, "was resumed"));
    }
  }

  @Override
  public void resumed(Runner runner) {
    add(runner);
  }

  private void add(Object item) {
    if (onCarrier()) {
      insert(item);
      return;
    }
    arrivals.add(item);
    if (stopping) {
      LockSupport.unpark(carrier);
    }
  }

  /** Always, so that a process that spins comes back to where a drive can be ended. */
  @Override
  public boolean worthYielding() {
    return true;
  }

  /** There are no threads beside the simulation: an ordinary process. */
  @Override
  public void startDedicated(ProcessCell cell) {
    ready(cell);
  }

  @Override
  public void startTimer(TimerNode timer, long deadlineNanos) {
    wheel.start(timer, deadlineNanos);
    timers.add(timer);
    if (timersStarted.incrementAndGet() % SWEEP_EVERY == 0) {
      timers.removeIf(t -> !t.isArmed());
    }
  }

  @Override
  public MonotonicClock clock() {
    return clock;
  }

  /** Inline: the one process that runs blocks the one thread there is. */
  @Override
  public <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
    return code.call();
  }

  // ---- runners

  @Override
  public void runnerMade() {
    runners.getAndIncrement();
  }

  @Override
  public void runnerEnded(Runner runner) {
    runners.getAndDecrement();
  }

  @Override
  public @Nullable ClassLoader contextClassLoader() {
    return loader;
  }

  // ---- accessors: the thread outside, when it has control

  /**
   * Virtual threads that host processes, or could.
   *
   * @return their number; after {@link #stop} those that could not be ended
   */
  public int runnerCount() {
    return runners.get();
  }

  /**
   * The timers that have not fired and were not cancelled.
   *
   * @return a snapshot
   */
  public List<TimerNode> timers() {
    return timers.stream().filter(TimerNode::isArmed).toList();
  }

  /**
   * What happened in real time.
   *
   * @return a snapshot, oldest first
   */
  public List<RealTimeWait> realTimeWaits() {
    return List.copyOf(realTimeWaits);
  }

  /**
   * What the scheduler itself threw.
   *
   * @return null if nothing
   */
  public @Nullable Throwable problem() {
    return problem;
  }

  /**
   * Where the carrier is, or the process it carries: for a carrier that does not come back.
   *
   * @return a stack
   */
  public List<StackTraceElement> carrierStack() {
    var host = carrier.host();
    return List.of((host == null ? carrier : host.thread()).getStackTrace());
  }

  /**
   * The steps so far.
   *
   * @return their number
   */
  public long steps() {
    return choices.count();
  }

  /**
   * A hash over who ran in which step and at what time.
   *
   * @return equal for equal schedules
   */
  public long fingerprint() {
    return choices.hash();
  }

  /**
   * The last steps, for a report.
   *
   * @return who ran, and at what time
   */
  public String lastSteps() {
    return choices.lastSteps();
  }
}
