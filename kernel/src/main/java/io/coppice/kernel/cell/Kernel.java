package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.observe.FlightEvents;
import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.KernelFaultReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Zombie;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of one node share: the tables, the counters, the port to the schedulers. Any
 * thread.
 */
public final class Kernel {
  /** A deadline that never comes. */
  static final long FOREVER = Long.MAX_VALUE;

  private final KernelConfig config;
  private final Dispatcher dispatcher;
  private final NameTable names = new NameTable();
  private final ProcessTable table = new ProcessTable();
  private final Counters counters = new Counters();
  private final HandlerWatches handlerWatches = new HandlerWatches();
  private final Zombies zombies = new Zombies(this);
  private final Undeliverable undeliverable;
  private final QueueWatch queueWatch;
  private final AtomicLong lastNumber = new AtomicLong();
  private final ProcessCell root;
  private final boolean simulated;
  private final AtomicBoolean ringLock = new AtomicBoolean(); // held by CallRing
  private final KernelView view;
  private final Closing closing = new Closing(this); // made when there is memory
  private final KernelProcesses operations = new KernelProcesses(this) {};
  private volatile boolean closed;
  private volatile @Nullable Thread closer;

  /**
   * A kernel without processes, but for the root that processes started from outside have as
   * parent.
   *
   * @param config the configuration
   * @param dispatcher who runs the processes
   */
  public Kernel(KernelConfig config, Dispatcher dispatcher) {
    // Initialised here, by one thread: ExitReason and its records need each other's class to be
    // ready.
    Objects.requireNonNull(ExitReason.NORMAL, "the constants of ExitReason");
    // Loaded here, and not at the end of a stack; queues may need more than StackRoom asks for.
    StackRoom.require();
    config.queues().create(config.mailboxCapacity());
    this.config = config;
    this.dispatcher = dispatcher;
    this.undeliverable = new Undeliverable(this, config.undeliveredNanos());
    this.queueWatch = new QueueWatch(config.longQueue());
    this.simulated = dispatcher.isSimulated();
    this.view = new KernelView(this, dispatcher.clock().nanoTime());
    SpawnOptions options = SpawnOptions.DEFAULT.initialCall("the root of node " + config.name());
    this.root = new ProcessCell(this, 0, null, null, (self, message) -> {}, options);
    root.becomeRoot();
  }

  // ---- spawning

  /** A spawn that has been prepared: nobody else knows the process yet, apart from its name. */
  record Spawning(ProcessCell cell, @Nullable Monitor monitor) {}

  Spawning spawn(
      @Nullable ProcessCell by,
      @Nullable ProcessBody body,
      @Nullable Reactive reactive,
      SpawnOptions options,
      @Nullable CallRequest first) {
    if (closed) {
      throw new IllegalStateException(
          "Node " + config.name() + " is closed: it cannot spawn another process");
    }
    if (body != null && options.nonBlocking()) {
      throw new IllegalArgumentException(
          "A process that never blocks is reactive: "
              + body.getClass().getName()
              + " has a stack of its own to wait on; spawn a Reactive, or leave neverBlocks away");
    }
    if (by == null && (options.linked() || options.monitored())) {
      throw new IllegalStateException(
          "A link or monitor needs a process at both ends, but spawn was called from thread "
              + Thread.currentThread().getName()
              + ", which runs none; spawn it unlinked, or from inside a process");
    }
    ProcessCell parent = by == null ? root : by;
    ProcessCell cell =
        new ProcessCell(this, lastNumber.incrementAndGet(), parent, body, reactive, options);
    if (first != null) {
      first.isFor(cell);
      cell.deliverMessage(
          first); // it is SCHEDULED and in no queue: this only puts it into the mailbox
    }
    table.add(cell); // before the ties, since there may be no memory for it
    Monitor monitor = SpawnTies.tie(by, cell, options);
    if (FlightEvents.on()) {
      FlightEvents.started(config.name(), cell, options.name(), cell.initialCall(), parent);
    }
    if (closed) {
      cell.deliverSignal(new ExitSignal(root, ExitReason.KILL, null)); // closing may have missed it
    }
    if (options.dedicated()) {
      dispatcher.startDedicated(cell);
    } else {
      dispatcher.ready(cell);
    }
    if (by != null) {
      by.hasSpawned();
    }
    return new Spawning(cell, monitor);
  }

  /** A process has ended: it is in no table any more. */
  void ended(ProcessCell cell, ExitReason reason) {
    table.remove(cell);
    if (!reason.isClean()) {
      counters.crashed.increment();
    }
    if (simulated) {
      dispatcher.ended(cell, reason);
    }
    Thread waiting = closer;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  // ---- closing

  /**
   * Ends all processes: first those without a parent in the node are told to shut down, youngest
   * first, and have the given time; then all that are left are killed and have the grace time.
   *
   * @param shutdownTime time for the orderly part
   * @return processes whose code could not be stopped
   */
  public List<Pid> close(Duration shutdownTime) {
    closed = true;
    closer = Thread.currentThread();
    List<Pid> left = closing.close(shutdownTime, config.graceNanos());
    try {
      undeliverable.tell();
    } catch (OutOfMemoryError noMemory) {
      reportFault(noMemory);
    }
    return left;
  }

  // ---- time

  /** The point in time a number of nanoseconds from now, or FOREVER if that is beyond all times. */
  long deadline(long delayNanos) {
    if (delayNanos == FOREVER) {
      return FOREVER;
    }
    long deadline = dispatcher.clock().nanoTime() + delayNanos;
    return deadline == FOREVER ? FOREVER - 1 : deadline;
  }

  /** A point in time that somebody else has chosen: it may be long past, or beyond all times. */
  long deadlineAt(long monotonicNanos) {
    long now = dispatcher.clock().nanoTime();
    if (monotonicNanos <= now) {
      return now;
    }
    long delay = monotonicNanos - now;
    return deadline(delay < 0 ? Long.MAX_VALUE / 2 : Math.min(delay, Long.MAX_VALUE / 2));
  }

  long deadline(@Nullable Duration timeout, String what) {
    if (timeout == null) {
      return FOREVER;
    }
    return deadline(nanos(timeout, what));
  }

  /** Checked nanoseconds of a duration; a time beyond 146 years counts as that. */
  static long nanos(Duration time, String what) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(what + " is " + time + ": a time cannot be negative");
    }
    try {
      return Math.min(time.toNanos(), Long.MAX_VALUE / 2);
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE / 2;
    }
  }

  boolean isPast(long deadlineNanos) {
    return deadlineNanos != FOREVER && dispatcher.clock().nanoTime() - deadlineNanos >= 0;
  }

  // ---- simulation

  /** Before each operation: a simulation may let others run first. */
  void beforeOperation(@Nullable ProcessCell by) {
    if (simulated && dispatcher.preempts(by) && by != null) {
      by.yieldTurn();
    }
  }

  boolean isSimulated() {
    return simulated;
  }

  /** Whether a simulation keeps a message or signal from a mailbox. */
  boolean holdsBack(ProcessCell to, Object item) {
    return simulated && SimulatedWorld.holdsBack(dispatcher, to, item);
  }

  // ---- the end that does not come

  void startFence(FenceTimer timer, long afterNanos) {
    dispatcher.startTimer(timer, deadline(afterNanos));
  }

  long graceNanos() {
    return config.graceNanos();
  }

  HandlerWatches handlerWatches() {
    return handlerWatches;
  }

  Zombies zombies() {
    return zombies;
  }

  // ---- reports

  void report(Report report) {
    try {
      config.reporter().report(report);
    } catch (Throwable e) {
      counters.lost();
    }
  }

  /**
   * Reports what the calling thread goes on after; never throws.
   *
   * @param thrown what should not have been thrown there
   */
  public void reportFault(Throwable thrown) {
    try {
      report(new KernelFaultReport(config.name(), Thread.currentThread().getName(), thrown, 0));
    } catch (OutOfMemoryError noMemory) {
      counters.lost();
    }
  }

  /** The text of a value of the user's, for messages that must not fail because of it. */
  static String text(Object value) {
    try {
      return String.valueOf(value);
    } catch (Throwable e) {
      return "a " + value.getClass().getName() + " whose toString failed";
    }
  }

  // ---- accessors

  /** The cell of a pid of this node. */
  ProcessCell cell(Pid pid) {
    if (pid instanceof ProcessCell cell && cell.kernel == this) {
      return cell;
    }
    throw new IllegalArgumentException(
        Objects.requireNonNull(pid, "pid") + " is not a process of node " + config.name());
  }

  /** The kernel's part of an alias of this node. */
  AliasState.Holder alias(Alias alias) {
    if (alias instanceof AliasState.Holder holder && holder.owner().kernel == this) {
      return holder;
    }
    throw new IllegalArgumentException(
        Objects.requireNonNull(alias, "alias") + " is not an alias of node " + config.name());
  }

  /** The operations of the node itself, for references that outlive a process. */
  KernelProcesses operations() {
    return operations;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  String nodeName() {
    return config.name();
  }

  NameTable names() {
    return names;
  }

  Counters counters() {
    return counters;
  }

  MessageQueue.Factory queues() {
    return config.queues();
  }

  AtomicBoolean ringLock() {
    return ringLock;
  }

  QueueWatch queueWatch() {
    return queueWatch;
  }

  Undeliverable undeliverable() {
    return undeliverable;
  }

  int turnMessages() {
    return config.turnMessages();
  }

  int mailboxCapacity(SpawnOptions options) {
    int asked = options.mailboxCapacity();
    return asked == 0 ? config.mailboxCapacity() : asked;
  }

  String name() {
    return config.name();
  }

  ProcessCell root() {
    return root;
  }

  ProcessTable table() {
    return table;
  }

  List<ProcessCell> cells() {
    return table.snapshot();
  }

  /** What others may see of it; stays up to date. */
  public KernelView view() {
    return view;
  }

  /** Processes that have not ended: their number. */
  public int processCount() {
    return table.count();
  }

  /** Processes that were declared dead while their code still runs: their number. */
  public long zombieCount() {
    return zombies.count();
  }

  /**
   * The timers that the kernel runs for itself, whatever its processes do.
   *
   * @return 0 or more
   */
  public int ownTimers() {
    return undeliverable.timers();
  }

  /** Those processes, with what their code does now: takes their stacks. */
  public List<Zombie> zombieList() {
    return zombies.list(Integer.MAX_VALUE, true);
  }

  /** Sets how many of them there may be, 1 or more, before that is reported; at first no limit. */
  public void setZombieLimit(int limit) {
    zombies.setLimit(limit);
  }

  /** Whether {@link #close} has begun, and no process can be spawned any more. */
  public boolean isClosed() {
    return closed;
  }
}
