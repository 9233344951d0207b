package io.coppice.kernel.testkit;

import io.coppice.kernel.Knob;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.cell.Dispatcher;
import io.coppice.kernel.cell.Kernel;
import io.coppice.kernel.cell.KernelConfig;
import io.coppice.kernel.cell.KernelProcesses;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.cell.SimulatedWorld;
import io.coppice.kernel.inspect.NodeDump;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.TimerFailureReport;
import io.coppice.kernel.process.ZombieReport;
import io.coppice.kernel.scheduler.SimulatedScheduler;
import io.coppice.kernel.scheduler.SimulationConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node for tests: it runs the same code as a {@link io.coppice.kernel.Node}, but one process at a
 * time, in an order drawn from a seed, on virtual time. The same seed gives the same run; many
 * seeds give many orders.
 *
 * {@snippet :
 * TestNode.forSeeds(100, node -> {
 *   Pid echo = node.spawn((self, message) -> ((Request) message).reply("hello"));
 *   node.run(self -> assertEquals("hello", self.call(echo, "?", Duration.ofDays(1))));
 * });
 * }
 *
 * <p><b>Who runs when.</b> The thread of the test is outside. Control alternates strictly: while
 * the test runs no process does, and processes run only while the test waits, in {@link #run},
 * {@link #runUntilIdle}, {@link #runUntil}, {@link #advance}, {@link #close}, or in any operation
 * that waits ({@code call}, {@code start}, {@code isAlive}, {@code get} of a request's future). At
 * each step one of all the ready is drawn, so no order is likelier because it is the usual one;
 * turns end at random, and a process may let others run before any of its operations, as if they
 * ran on another scheduler, but for some that only look ({@code registered}, {@code info}, {@code
 * isBelow}, {@code processes}, {@code readTimer}). {@code monotonicNanos}, {@code counters} and
 * {@code report} are no safe points either: a process that was told to die comes past them. A
 * monitor that is held during an operation may so be contended.
 *
 * <p><b>Time</b> is virtual and starts at zero. It moves only when nothing can run, straight to the
 * next timer. A test of a day takes no time, and a test in which nothing can ever run again fails
 * at once, with a list of what each process waits for.
 *
 * <p><b>What is repeatable.</b> Code that blocks in kernel operations, or in waits of {@code
 * java.util.concurrent} without a time limit that another process ends. What resumes in real time
 * ({@link Thread#sleep}, timed waits, monitors, sockets, other threads) fails the run, with its
 * stack and the operation of the kernel to use instead. Threads of dedicated processes are
 * simulated too; while the code of a {@link io.coppice.kernel.process.Context#blocking} section
 * runs everything else stands still, so it may wait for the world, but not for processes. Code of
 * the test should not depend on the order of hash maps with keys other than pids, nor on real
 * clocks and random numbers of its own.
 *
 * <p>A wait of the test that takes more than the real-time limit (default 30 s) fails with the
 * stack of what is running.
 *
 * <p>For one thread at a time. The ideas are those of Cats Effect's TestControl (virtual time,
 * deadlock as a result, seeds), of Go's testing/synctest (time moves when all are blocked) and of
 * McErlang and Concuerror (exploring the orders of Erlang's processes).
 */
// Longer than 400 lines: the whole API of the test kit, most of it documentation.
@SuppressWarnings("exports") // the superclass adds nothing to Processes that users could call
public final class TestNode extends KernelProcesses implements AutoCloseable {
  private final long seed;
  private final SimulatedScheduler scheduler;
  private final ConcurrentLinkedQueue<Report> reports;
  private final SimulatedWorld world;
  private final Faults faults;
  private final Driver driver;

  private TestNode(
      long seed,
      TestOptions options,
      Kernel kernel,
      SimulatedScheduler scheduler,
      ConcurrentLinkedQueue<Report> reports) {
    super(kernel);
    this.seed = seed;
    this.scheduler = scheduler;
    this.reports = reports;
    this.world = new SimulatedWorld(kernel);
    this.faults = new Faults(seed, options, world, scheduler, this::info);
    this.driver = new Driver(seed, options, scheduler, faults, this::describeAll);
    scheduler.attach(driver::failure, faults);
  }

  /**
   * Starts a node with the default options.
   *
   * @param seed decides all choices
   * @return the node
   */
  public static TestNode start(long seed) {
    return start(seed, TestOptions.DEFAULT);
  }

  /**
   * Starts a node.
   *
   * @param seed decides all choices
   * @param options how
   * @return the node
   */
  public static TestNode start(long seed, TestOptions options) {
    return start(seed, options, scheduler -> scheduler);
  }

  /** With a scheduler that is broken on purpose: what it breaks should be found. */
  static TestNode start(
      long seed, TestOptions options, Function<SimulatedScheduler, Dispatcher> breaking) {
    var reports = new ConcurrentLinkedQueue<Report>();
    String name = "test-" + seed;
    SimulatedScheduler scheduler =
        new SimulatedScheduler(
            new SimulationConfig(
                seed, options.realTimeLimit().toNanos(), name, options.lockCheck()),
            (timer, error) -> reports.add(new TimerFailureReport(timer.toString(), error)));
    KernelConfig config =
        new KernelConfig(
            name,
            NodeOptions.DEFAULT.turnMessages(),
            (int) Knob.MAILBOX_CAPACITY.normal(),
            NodeOptions.DEFAULT.killGrace().toNanos(),
            reports::add);
    Kernel kernel = new Kernel(config, breaking.apply(scheduler));
    return new TestNode(seed, options, kernel, scheduler, reports);
  }

  /**
   * Runs a test with the seeds 1 to {@code count}, each on a node of its own. With the system
   * property {@code coppice.seed} it runs with that seed only.
   *
   * @param count how many seeds, 1 or more
   * @param scenario the test
   * @return how many different schedules there were among them
   * @throws SimulationFailure the first time the test throws, or leaves something behind; it names
   *     the seed, and how to repeat the run
   */
  public static int forSeeds(int count, Scenario scenario) {
    return forSeeds(count, TestOptions.DEFAULT, scenario);
  }

  /**
   * Runs a test with many seeds, as {@link #forSeeds(int, Scenario)} does.
   *
   * @param count how many seeds, 1 or more
   * @param options how each node is started
   * @param scenario the test
   * @return how many different schedules there were among them
   * @throws SimulationFailure the first time the test throws, or leaves something behind
   */
  public static int forSeeds(int count, TestOptions options, Scenario scenario) {
    return Seeds.run(count, options, scenario);
  }

  /**
   * Repeats one run of {@link #forSeeds}, step by step, on a node of its own.
   *
   * @param seed of the run
   * @param scenario the test
   * @return the {@linkplain #scheduleFingerprint fingerprint} of its schedule
   * @throws SimulationFailure if the test throws, or leaves something behind
   */
  public static long replay(long seed, Scenario scenario) {
    return replay(seed, TestOptions.DEFAULT, scenario);
  }

  /**
   * Repeats one run of {@link #forSeeds(int, TestOptions, Scenario)}.
   *
   * @param seed of the run
   * @param options as they were
   * @param scenario the test
   * @return the {@linkplain #scheduleFingerprint fingerprint} of its schedule
   * @throws SimulationFailure if the test throws, or leaves something behind
   */
  public static long replay(long seed, TestOptions options, Scenario scenario) {
    return Seeds.once(seed, options, scenario);
  }

  // ---- faults

  /**
   * From now on lets something go wrong. The first rule that applies to an event decides about it.
   *
   * @param rule what, for whom, and how often
   */
  public void inject(FaultRule rule) {
    faults.add(Objects.requireNonNull(rule, "rule"));
  }

  /** Takes all rules back: from now on nothing goes wrong. What was delayed stays delayed. */
  public void heal() {
    faults.clear();
  }

  /**
   * The faults that were injected so far; a failure lists them, too.
   *
   * @return a snapshot, oldest first
   */
  public List<InjectedFault> injectedFaults() {
    return faults.injected();
  }

  // ---- running

  /**
   * Spawns a process and runs the node until that process has ended, moving time as needed.
   *
   * @param body its code; what it throws, assertion errors included, fails the test
   * @throws SimulationFailure if the body threw, or the process ended for a reason that is not
   *     {@linkplain ExitReason#isClean() clean}; if it can never end; if something happened in real
   *     time; if it took longer than the real-time limit
   */
  public void run(ProcessBody body) {
    RecordedBody recorded = new RecordedBody(Objects.requireNonNull(body, "body"));
    SpawnOptions options = SpawnOptions.DEFAULT.initialCall("the process of TestNode.run");
    ProcessCell cell = (ProcessCell) spawn(recorded, options);
    faults.spare(cell);
    driver.drive(cell::hasEnded, Long.MAX_VALUE, "the end of " + cell);
    String failure = recorded.failure();
    if (failure != null) {
      throw driver.failed(failure, recorded.cause());
    }
  }

  /**
   * Runs everything that can run without moving time: until all processes wait for messages, or for
   * a time that has not come.
   *
   * @throws SimulationFailure if something happened in real time, or it took longer than the
   *     real-time limit
   */
  public void runUntilIdle() {
    driver.drive(() -> false, monotonicNanos(), "nothing to be left to run");
  }

  /**
   * Moves time forward, from timer to timer, and runs everything that can run until then.
   *
   * @param time zero or more
   * @throws SimulationFailure as {@link #runUntilIdle}
   */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("Time never goes back, but was to move by " + time);
    }
    driver.drive(() -> false, after(time), "the time to come");
  }

  /**
   * Runs the node, moving time as needed, until a condition holds.
   *
   * @param condition asked by the calling thread after each few steps; may use this node
   * @throws SimulationFailure if it can never hold; else as {@link #runUntilIdle}
   */
  public void runUntil(BooleanSupplier condition) {
    driver.runUntil(condition);
  }

  /**
   * Asks a process to answer without waiting. When the thread of the test waits for the answer, in
   * {@code get} or {@code join} of this future or of one that depends on it, the node runs, and a
   * time-out is virtual.
   */
  @Override
  public CompletableFuture<@Nullable Object> request(Pid to, Object payload) {
    return DrivenFuture.of(this, super.request(to, payload));
  }

  /** Runs the node, if the calling thread is outside; null: for ever. False if it is not. */
  boolean await(BooleanSupplier done, @Nullable Duration timeout) {
    boolean outside = scheduler.mayDrive();
    if (outside && !done.getAsBoolean()) {
      driver.drive(done, timeout == null ? Long.MAX_VALUE : after(timeout), "an answer");
    }
    return outside;
  }

  private long after(Duration time) {
    return Math.addExact(monotonicNanos(), time.toNanos());
  }

  // ---- the end

  /**
   * Ends all processes, as {@link io.coppice.kernel.Node#close} does, in virtual time, and checks
   * that nothing is left: no process, no timer, no thread. After a failure it only clears away.
   * Closing twice does nothing more.
   *
   * @throws SimulationFailure if something is left, or could not be ended
   */
  @Override
  public void close() {
    if (kernel().isClosed()) {
      return;
    }
    boolean failedBefore = driver.hasFailed();
    List<String> dangling = failedBefore ? List.of() : world.danglingRelations();
    faults.end();
    if (failedBefore) {
      scheduler.tolerate();
    }
    List<Pid> left;
    try {
      driver.waitFor("all processes to end");
      left = kernel().close(NodeOptions.DEFAULT.shutdownTime());
    } catch (SimulationFailure e) {
      scheduler.tolerate();
      scheduler.stop();
      if (failedBefore) {
        return;
      }
      throw e;
    }
    List<String> leftovers = new ArrayList<>(dangling);
    left.forEach(pid -> leftovers.add("a process that cannot be stopped: " + describe(pid)));
    if (kernel().zombieCount() > 0) {
      reports(ZombieReport.class).forEach(zombie -> leftovers.add(zombie.text()));
    }
    scheduler.timers().forEach(timer -> leftovers.add("a timer: " + timer));
    scheduler.stop();
    if (scheduler.runnerCount() > 0) {
      leftovers.add(scheduler.runnerCount() + " virtual threads that could not be ended");
    }
    if (!failedBefore && !leftovers.isEmpty()) {
      throw driver.failed(
          "after the end of the test are left:\n  " + String.join("\n  ", leftovers), null);
    }
  }

  /**
   * For the frameworks that run tests: what to throw in place of what the code of a test has
   * thrown. It names the seed, the faults that were injected, and how to repeat the run. From now
   * on this node is only to be closed, and does not complain about what is left.
   *
   * @param thrown by the test; its cause
   * @return the failure
   */
  public SimulationFailure failure(Throwable thrown) {
    return driver.failed(String.valueOf(thrown), thrown);
  }

  private List<String> describeAll() {
    List<Pid> pids = new ArrayList<>(processes());
    pids.sort(Comparator.comparingLong(Pid::number));
    return pids.stream().map(this::describe).toList();
  }

  private String describe(Pid pid) {
    return info(pid).map(Diagnosis::ofProcess).orElse(pid + " has ended");
  }

  // ---- what is to be seen

  /**
   * The seed of this node.
   *
   * @return what was given to {@link #start(long)}
   */
  public long seed() {
    return seed;
  }

  /**
   * A hash over the schedule so far: which process ran in which step, and at what virtual time.
   * Equal for equal schedules, also of different seeds.
   *
   * @return a number without further meaning
   */
  public long scheduleFingerprint() {
    return scheduler.fingerprint();
  }

  /**
   * The steps so far.
   *
   * @return turns of processes, resumed waits, timers and returns to the test: 0 or more
   */
  public long steps() {
    return scheduler.steps();
  }

  /**
   * How much virtual time has passed.
   *
   * @return zero or more
   */
  public Duration elapsed() {
    return Duration.ofNanos(monotonicNanos());
  }

  /**
   * All reports so far: crashes, zombies, and those the code of the test made.
   *
   * @return a snapshot, oldest first
   */
  public List<Report> reports() {
    return List.copyOf(reports);
  }

  /**
   * The reports of one kind so far.
   *
   * @param type their class
   * @param <R> their type
   * @return a snapshot, oldest first
   */
  public <R extends Report> List<R> reports(Class<R> type) {
    return reports.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /**
   * The number of processes that have not ended.
   *
   * @return 0 or more
   */
  public int processCount() {
    return kernel().processCount();
  }

  /**
   * The number of timers that have not fired.
   *
   * @return 0 or more, those of waits included
   */
  public int timerCount() {
    return scheduler.timers().size();
  }

  /**
   * The node as text, as {@link io.coppice.kernel.Node#dump(DumpOptions)} gives it; the same for
   * the same run.
   *
   * @param options what to show
   * @return lines
   */
  public String dump(DumpOptions options) {
    return NodeDump.text(new DumpSource(kernel().view(), "test-" + seed, timerCount()), options);
  }

  @Override
  public String toString() {
    return "TestNode[seed " + seed + ", " + elapsed() + ", " + processCount() + " processes]";
  }
}
