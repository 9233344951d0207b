package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Dispatcher;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.observe.SchedulerView;
import io.coppice.kernel.time.MonotonicClock;
import io.coppice.kernel.time.SystemClock;
import io.coppice.kernel.time.TimerNode;
import io.coppice.kernel.time.TimerWheel;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The schedulers of a node and what they share. Any thread may call any method. */
public final class SchedulerPool implements Dispatcher, RunnerPool {
  private final SchedulerConfig config;
  private final MonotonicClock clock = SystemClock.INSTANCE;
  private final Queue<Object> injected;
  private final Consumer<? super Thread> starter;
  private final Roster roster;
  private final Scheduler[] regular;
  private final OutsideTimers outside;
  private final Sleepers sleepers = new Sleepers();
  private final AtomicInteger squeezed = new AtomicInteger();
  private final AtomicInteger runners = new AtomicInteger();
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final Faults faults;
  private final Hosting hosting;
  private final Monitor monitor;
  private final BlockingThreads blockingThreads;
  private final CpuThreads cpuThreads;
  private volatile boolean stopping;

  /**
   * Makes the threads, which {@link #start} starts.
   *
   * @param config the configuration
   * @param timerErrors gets timers that threw
   */
  public SchedulerPool(
      SchedulerConfig config, BiConsumer<? super TimerNode, ? super Throwable> timerErrors) {
    this(config, timerErrors, new ConcurrentLinkedQueue<>(), Thread::start);
  }

  SchedulerPool(
      SchedulerConfig config,
      BiConsumer<? super TimerNode, ? super Throwable> timerErrors,
      Queue<Object> injected,
      Consumer<? super Thread> starter) {
    this.injected = injected;
    this.starter = starter;
    this.config = config;
    this.faults = new Faults(config, clock);
    this.hosting = Hosting.of(this, config);
    this.regular = new Scheduler[config.schedulers()];
    for (int i = 0; i < regular.length; i++) {
      TimerWheel wheel = new TimerWheel(clock.nanoTime(), timerErrors);
      regular[i] = new Scheduler(this, config.threadName("scheduler-" + i), wheel, false);
    }
    this.outside = new OutsideTimers(regular);
    this.roster = new Roster(regular);
    this.monitor = new Monitor(this, config);
    this.blockingThreads = new BlockingThreads(config);
    this.cpuThreads = new CpuThreads(config);
  }

  /** Starts the threads. */
  public void start() {
    for (Scheduler scheduler : regular) {
      scheduler.drive().start(starter);
    }
    monitor.start();
  }

  // ---- the port of the processes

  @Override
  public void ready(ProcessCell cell) {
    Scheduler here = here();
    if (here != null) {
      here.pushNewest(cell);
    } else {
      inject(cell);
    }
  }

  @Override
  public void readyLast(ProcessCell cell) {
    Scheduler here = here();
    if (here != null) {
      here.pushAgain(cell);
    } else {
      inject(cell);
    }
  }

  @Override
  public void resumed(MountedRunner runner) {
    assert runner.isQueued() : runner;
    ProcessCell cell = runner.current();
    again(cell == null || runner.isLent() ? runner : cell);
  }

  /** Goes on after a wait: a process, or a poller. */
  void again(Object item) {
    Scheduler here = stopping ? null : here();
    if (here != null) {
      here.pushAgain(item);
    } else {
      inject(item);
    }
  }

  @Override
  public boolean worthYielding() {
    Scheduler here = here();
    return here == null ? hosting.worthYielding() : here.worthYielding();
  }

  @Override
  public void startDedicated(ProcessCell cell) {
    try {
      starter.accept(
          new DedicatedThread(this, cell, config.threadName("process-" + cell.number())));
    } catch (Throwable noThread) {
      faults.noThread("process " + cell, noThread);
      cell.cannotStart();
      ready(cell); // to end
    }
  }

  @Override
  public void startTimer(TimerNode timer, long deadlineNanos) {
    Scheduler here = here();
    if (here == null) {
      outside.start(timer, deadlineNanos);
    } else if (here.isExtra()) {
      outside.startIn(here.wheel(), timer, deadlineNanos);
    } else if (here.wheel().start(timer, deadlineNanos) && !here.drive().isExclusive()) {
      here.drive().unpark(); // else it is read again before this thread sleeps
    }
  }

  @Override
  public void startTimerAfter(TimerNode timer, long delayNanos) {
    Scheduler here = here();
    if (here == null || here.isExtra() || !here.drive().isExclusive()) {
      startTimer(timer, clock.nanoTime() + delayNanos);
    } else {
      here.wheel().startAfter(timer, delayNanos, clock);
    }
  }

  @Override
  public long nanoTime() {
    Scheduler here = here();
    return here == null ? clock.nanoTime() : here.wheel().readAndSetDeadlines(clock);
  }

  @Override
  public MonotonicClock clock() {
    return clock;
  }

  @Override
  public <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
    hosting.aboutToBlock();
    return blockingThreads.run(code);
  }

  @Override
  public <T extends @Nullable Object> T cpuBound(Callable<T> code) throws Exception {
    hosting.aboutToBlock();
    return cpuThreads.run(code);
  }

  @Override
  public long runningSinceNanos(ProcessCell cell) {
    long since = Running.sinceNanos(cell, schedulers());
    return since == Long.MIN_VALUE ? hosting.runningSinceNanos(cell) : since;
  }

  /** The scheduler threads, extra ones too: a snapshot. */
  public List<SchedulerView> views() {
    return Arrays.stream(schedulers()).map(scheduler -> scheduler.view(clock.nanoTime())).toList();
  }

  private @Nullable Scheduler here() {
    return Carrier.current() instanceof Scheduler s && s.belongsTo(this) ? s : null;
  }

  // ---- what the schedulers share

  void inject(Object item) {
    try {
      injected.add(item);
    } catch (OutOfMemoryError noMemory) {
      squeezeIn(item);
    }
    if (hosting.isOver()) {
      hosting.injected();
    } else {
      wakeOne();
    }
  }

  /** Puts an item where that takes no memory. */
  private void squeezeIn(Object item) {
    while (true) {
      for (Scheduler scheduler : schedulers()) {
        if (scheduler.squeezeIn(item)) {
          squeezed.getAndIncrement();
          return;
        }
      }
      try {
        injected.add(item); // the caller may be the only scheduler
        return;
      } catch (OutOfMemoryError noMemory) {
        Thread.onSpinWait(); // until they have run something
      }
    }
  }

  /** By the monitor: how many items there was no memory for since the last time. */
  int takeSqueezed() {
    return squeezed.get() == 0 ? 0 : squeezed.getAndSet(0);
  }

  @Nullable Object pollInjected() {
    return injected.isEmpty() ? null : injected.poll();
  }

  boolean hasInjected() {
    return !injected.isEmpty();
  }

  boolean hasWaiting() {
    if (hasInjected()) {
      return true;
    }
    for (Scheduler scheduler : schedulers()) {
      if (scheduler.queueSize() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Wakes a scheduler for an item that was just added, unless one searches already. */
  void wakeOne() {
    while (sleepers.beginWake()) {
      for (Scheduler scheduler : schedulers()) {
        if (scheduler.tryWake()) {
          return;
        }
      }
      if (!sleepers.nobodyWoken() || !hasWaiting()) {
        return; // all have woken by themselves, and nobody relied on this attempt
      }
    }
  }

  Scheduler[] schedulers() {
    return roster.all();
  }

  Sleepers sleepers() {
    return sleepers;
  }

  boolean allParked() {
    return sleepers.parked() >= schedulers().length;
  }

  void wakeMonitor() {
    monitor.wake();
  }

  boolean isStopping() {
    return stopping;
  }

  // ---- runners

  Hosting hosting() {
    return hosting;
  }

  @Override
  public MountedRunner newRunner(String name) {
    return hosting.newRunner(name);
  }

  @Override
  public void unparked(MountedRunner runner) {
    Pollers.ALL.woke(this);
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

  // ---- compensation

  /** By the monitor: adds an extra scheduler to those that run; false if there is no thread. */
  boolean add(Scheduler extra) {
    roster.add(extra);
    try {
      extra.drive().start(starter);
    } catch (Throwable noThread) {
      roster.remove(extra);
      faults.noThread("a scheduler in place of one that is stuck", noThread);
      return false;
    }
    wakeOne();
    return true;
  }

  /** By an extra scheduler that ends. */
  void remove(Scheduler extra) {
    roster.remove(extra);
  }

  /** The wheel that an extra scheduler advances, beside its owner. */
  TimerWheel wheelOf(int number) {
    return regular[number % regular.length].wheel();
  }

  /** By anybody who goes on after what should not have been thrown. */
  @Override
  public void survived(Throwable thrown) {
    faults.survived(thrown);
  }

  Faults faults() {
    return faults;
  }

  /** Scheduler threads that run in place of stuck ones: their number now. */
  public int extraSchedulers() {
    return hosting.extra();
  }

  /** Starts a platform thread; throws if there is none. */
  void startThread(Thread thread) {
    starter.accept(thread);
  }

  /** Timers that have not fired: their number, estimated while timers are started. */
  public int timerCount() {
    return Arrays.stream(regular).mapToInt(s -> s.wheel().size()).sum();
  }

  /** Virtual threads that host processes, or could: their number. */
  public int runnerCount() {
    return runners.get();
  }

  // ---- the end

  /**
   * Stops the threads. Runners captured by code that did not end go on elsewhere, so that nothing
   * of the JVM's hangs because of them.
   */
  public void stop() {
    stopping = true;
    Pollers.ALL.leave(this);
    monitor.halt();
    blockingThreads.stop();
    cpuThreads.stop();
    for (Scheduler scheduler : schedulers()) {
      scheduler.drive().unpark();
    }
    long deadline = clock.nanoTime() + config.stopNanos();
    roster.awaitEnd(clock, deadline);
    for (Scheduler scheduler : schedulers()) {
      scheduler.giveAway(); // one that is stuck
    }
    hosting.outlive(deadline);
  }
}
