package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Dispatcher;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.time.MonotonicClock;
import io.coppice.kernel.time.TimerNode;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
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
// Longer than 400 lines: the port of the processes and the steps of one simulation, in one place.
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

  // ---- immutable
  private final VirtualTime time;
  private final SimulatedCarrier carrier;
  private final CarrierThread thread;
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final Handover handover;

  // ---- owned by whoever has control
  private final Choices choices;
  private final ReadySet ready = new ReadySet();
  private BooleanSupplier done = () -> true;
  private long targetNanos;
  private @Nullable End end;
  private @Nullable FutureTask<?> section;
  private @Nullable Throwable problem;
  private Function<End, ? extends Error> failures = e -> new AssertionError(e.toString());
  private Interceptor interceptor = Interceptor.NONE;

  // ---- shared
  private final Queue<Object> arrivals = new ConcurrentLinkedQueue<>(); // by other threads
  private final RealTimeWaits realTimeWaits = new RealTimeWaits();
  private final PinWatch pins;
  private final AtomicInteger runners = new AtomicInteger();

  /**
   * Starts the carrier, which waits for control.
   *
   * @param config how it runs
   * @param timerErrors gets timers that threw
   */
  public SimulatedScheduler(
      SimulationConfig config, BiConsumer<? super TimerNode, ? super Throwable> timerErrors) {
    if (JdkInternals.isOpen()) {
      Pollers.ALL.prepare();
    }
    this.handover = new Handover(config.limitNanos());
    this.choices = new Choices(config.seed());
    this.time = new VirtualTime(timerErrors);
    this.carrier = new SimulatedCarrier(this, handover, config);
    this.thread = new CarrierThread(carrier, this, carrier::run);
    this.pins = new PinWatch(carrier, thread, realTimeWaits);
    thread.start();
  }

  // ---- the thread outside

  /**
   * Tells what to throw when a wait of the thread outside cannot end as it should, and who looks
   * on. Before anything runs.
   *
   * @param onFailure makes what is thrown
   * @param looker sees turns, messages and ends
   */
  public void attach(Function<End, ? extends Error> onFailure, Interceptor looker) {
    failures = onFailure;
    interceptor = looker;
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
    if (onCarrier()) {
      throw new IllegalStateException(
          "Code that runs inside of a test node, but in no process, cannot wait for processes: the"
              + " one thread that could run them is its own. In Context.blocking, only compute.");
    }
    if (!handover.begin()) {
      throw new IllegalStateException(
          "A test node is used by one thread at a time: thread "
              + Thread.currentThread().getName()
              + " cannot wait for it while another does");
    }
    try {
      done = until;
      targetNanos = untilNanos;
      end = null;
      if (!handover.exchange(pins::isPinned)) {
        return realTimeWaits.end() == End.REAL_TIME ? End.REAL_TIME : End.STUCK;
      }
      return end == null ? End.DONE : end;
    } finally {
      handover.end();
    }
  }

  /** Whether the calling thread may drive now: it is outside, and nobody else does. */
  public boolean mayDrive() {
    return !onCarrier() && !handover.isDriven();
  }

  @Override
  public void parkOutside(Object blocker, BooleanSupplier until, long deadlineNanos) {
    End ended = drive(until, deadlineNanos);
    switch (ended) {
      case DONE, TIME_REACHED -> {}
      case IDLE, REAL_TIME, RULE_BROKEN, OVERTIME, STUCK, BROKEN -> throw failures.apply(ended);
    }
  }

  /**
   * Ends the drive, because a rule was broken that has nothing to do with time.
   *
   * @param what the rule, who broke it, and what to do instead
   */
  public void breakRule(String what) {
    realTimeWaits.addBrokenRule(what);
  }

  /** From now on what happens in real time is not recorded: the rest is only to be cleared away. */
  public void tolerate() {
    realTimeWaits.tolerate();
  }

  /** Ends the carrier; runners that code keeps go on there until it lets them go. */
  public void stop() {
    handover.stop();
  }

  // ---- the carrier

  void broken(Throwable thrown) {
    problem = thrown;
    end = End.BROKEN;
  }

  @Override
  public void survived(Throwable thrown) {
    broken(thrown);
  }

  /** The next item to run, or null if the drive has ended. On the carrier or a runner. */
  @Nullable Object next() {
    for (Object item = arrivals.poll(); item != null; item = arrivals.poll()) {
      ready.add(item);
    }
    if (handover.isStopping()) {
      return ready.size() == 0 ? null : ready.take(0);
    }
    while (end == null) {
      end = realTimeWaits.end();
      if (end == null && handover.isAborting()) {
        end = End.OVERTIME;
      }
      Object item = end == null ? step() : null;
      if (item != null) {
        return item;
      }
    }
    return null;
  }

  private @Nullable Object step() {
    long now = time.now();
    long nextTimer = time.next();
    boolean due = nextTimer <= now;
    boolean over = done.getAsBoolean();
    int alternatives = ready.size() + (due ? 1 : 0) + (over ? 1 : 0);
    if (alternatives == 0) {
      moveTime(nextTimer);
      return null;
    }
    int picked = choices.pick(alternatives);
    if (picked < ready.size()) {
      Object item = ready.take(picked);
      choices.record(ReadySet.numberOf(item), now);
      ProcessCell cell = ReadySet.cellOf(item);
      if (cell != null) {
        interceptor.beforeTurn(cell);
      }
      return item;
    }
    if (due && picked == ready.size()) {
      choices.record(Choices.TIMERS, now);
      time.fireDue();
    } else {
      choices.record(Choices.OUTSIDE, now);
      end = End.DONE;
    }
    return null;
  }

  private void moveTime(long nextTimer) {
    if (nextTimer != Long.MAX_VALUE && nextTimer <= targetNanos) {
      time.moveTo(nextTimer);
    } else if (targetNanos != Long.MAX_VALUE) {
      time.moveTo(targetNanos);
      end = End.TIME_REACHED;
    } else {
      end = End.IDLE;
    }
  }

  @Override
  public long randomLong() {
    return choices.value();
  }

  boolean sliceUsed() {
    return choices.sliceUsed();
  }

  RealTimeWaits realTime() {
    return realTimeWaits;
  }

  private boolean onCarrier() {
    return Carrier.current() == carrier;
  }

  // ---- the port of the processes

  @Override
  public void ready(ProcessCell cell) {
    add(cell);
  }

  @Override
  public void readyLast(ProcessCell cell) {
    add(cell);
  }

  @Override
  public void resumed(MountedRunner runner) {
    assert runner.isQueued() : runner;
    add(runner);
  }

  private void add(Object item) {
    if (onCarrier()) {
      ready.add(item);
      return;
    }
    realTimeWaits.checkForeign(handover.isDriven());
    arrivals.add(item);
    if (handover.isStopping()) {
      LockSupport.unpark(thread);
    }
  }

  /** The JDK may resume what the carrier or the thread outside has unparked; nobody else. */
  @Override
  public void unparked(MountedRunner runner) {
    if (!onCarrier()) {
      realTimeWaits.checkForeign(!handover.isOutside());
    }
  }

  @Override
  public boolean isSimulated() {
    return true;
  }

  @Override
  public boolean preempts(@Nullable ProcessCell caller) {
    if (!onCarrier()) {
      realTimeWaits.checkForeign(handover.isDriven());
      return false;
    }
    return caller != null && ready.size() > 0 && choices.preempts();
  }

  @Override
  public boolean holdsBack(
      @Nullable ProcessCell from, ProcessCell to, Object item, @Nullable Object message) {
    boolean hasControl = onCarrier() || handover.isOutside(); // else it is recorded as a stranger
    return hasControl && interceptor.holdsBack(from, to, item, message);
  }

  @Override
  public void ended(ProcessCell cell, ExitReason reason) {
    interceptor.ended(cell, reason);
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
    time.start(timer, deadlineNanos);
  }

  @Override
  public MonotonicClock clock() {
    return time.clock();
  }

  /** The process parks, and the carrier runs the code: nobody else runs meanwhile. */
  @Override
  public <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
    if (JdkInternals.currentCarrier() instanceof AlternatingRunner runner) {
      return runner.section(code);
    }
    FutureTask<T> task = new FutureTask<>(code);
    section = task;
    return BlockingThreads.result(task);
  }

  /** As a blocking section. */
  @Override
  public <T extends @Nullable Object> T cpuBound(Callable<T> code) throws Exception {
    return blocking(code);
  }

  /** By the carrier, after a process has left it: the code of its section. */
  @Nullable FutureTask<?> takeSection() {
    FutureTask<?> task = section;
    section = null;
    return task;
  }

  // ---- runners

  @Override
  public MountedRunner newRunner(String name) {
    MountedRunner runner =
        JdkInternals.isOpen()
            ? new ContinuationRunner(this, name)
            : new AlternatingRunner(this, name);
    runner.start();
    return runner;
  }

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

  /** The timers that have not fired and were not cancelled: a snapshot. */
  public List<TimerNode> timers() {
    return time.armed();
  }

  /** What happened in real time: a snapshot, oldest first. */
  public List<RealTimeWait> realTimeWaits() {
    return realTimeWaits.all();
  }

  /** The other rules that were broken, in words, oldest first. */
  public List<String> brokenRules() {
    return realTimeWaits.brokenRules();
  }

  /** What the scheduler itself threw: null if nothing. */
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
    return List.of((host == null ? thread : host.thread()).getStackTrace());
  }

  /** The steps so far: their number. */
  public long steps() {
    return choices.count();
  }

  /** A hash over who ran in which step and at what time: equal for equal schedules. */
  public long fingerprint() {
    return choices.hash();
  }

  /** The last steps, for a report: who ran, and at what time. */
  public String lastSteps() {
    return choices.lastSteps();
  }
}
