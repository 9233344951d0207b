package io.coppice.kernel;

import io.coppice.kernel.cell.Kernel;
import io.coppice.kernel.cell.KernelConfig;
import io.coppice.kernel.cell.KernelProcesses;
import io.coppice.kernel.cell.KernelView;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.inspect.NodeDump;
import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.mailbox.Queues;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reporter;
import io.coppice.kernel.process.TimerFailureReport;
import io.coppice.kernel.process.Zombie;
import io.coppice.kernel.scheduler.SchedulerConfig;
import io.coppice.kernel.scheduler.SchedulerPool;
import io.coppice.kernel.time.SystemClock;
import io.coppice.kernel.time.TimerNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * A running system of processes: schedulers, names, timers, and all its processes.
 *
 * <p>Start one per application, close it at the end. Nodes of one JVM share nothing. All methods
 * may be called by any thread.
 *
 * <p>A node needs no JVM flag. It is faster, and a few things more hold that the README lists, if
 * two packages of the JDK are opened to it: {@code --add-opens=java.base/java.lang=ALL-UNNAMED} for
 * schedulers of its own and {@code --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED} for
 * Agrona's queues. On the module path the targets are {@code io.coppice.kernel} and {@code
 * org.agrona}. What is missing is logged by each node that starts, unless {@link Knob#REQUIRE_FAST}
 * forbids to start then, and stands in {@link #dump()}.
 */
@SuppressWarnings("exports") // the superclass adds nothing to Processes that users could call
public final class Node extends KernelProcesses implements AutoCloseable {
  private final NodeOptions options;
  private final SchedulerPool schedulers;
  private final ReportQueue reports;
  private final NodeDump.Source source;
  private @Nullable ObjectName bean; // written before anybody else knows the node

  private Node(
      NodeOptions options,
      Kernel kernel,
      SchedulerPool schedulers,
      ReportQueue reports,
      Footing footing) {
    super(kernel);
    this.options = options;
    this.schedulers = schedulers;
    this.reports = reports;
    this.source = new Source(options.name(), footing, kernel, schedulers);
  }

  /**
   * Starts a node with the default options.
   *
   * @return the node
   * @throws IllegalArgumentException if something was set from outside that is not allowed
   * @throws IllegalStateException if it was told from outside to {@linkplain Knob#REQUIRE_FAST be
   *     fast}, and a flag named above is missing
   */
  public static Node start() {
    return start(NodeOptions.DEFAULT);
  }

  /**
   * Starts a node.
   *
   * @param options how; what was set from outside for this run comes over it, see {@link Knob}
   * @return the node
   * @throws IllegalArgumentException if something was set from outside that is not allowed
   * @throws IllegalStateException if it was told to {@linkplain Knob#REQUIRE_FAST be fast}, and a
   *     flag named above is missing
   */
  public static Node start(NodeOptions options) {
    return start(options, Queues.factory());
  }

  static Node start(NodeOptions options, MessageQueue.Factory queues) {
    return begin(options.withThisRun(), queues);
  }

  private static Node begin(NodeOptions options, MessageQueue.Factory queues) {
    Footing footing = Footing.ofThisJvm();
    footing.tell(options); // first: whatever it throws leaves nothing behind
    ReportQueue reports =
        new ReportQueue(options.reporter(), options.name(), options.number(Knob.REPORT_QUEUE));
    SchedulerPool schedulers =
        new SchedulerPool(
            schedulerConfig(options, reports),
            (timer, error) -> tellFailure(reports, timer, error));
    KernelConfig config =
        new KernelConfig(
            options.name(),
            options.turnMessages(),
            options.number(Knob.MAILBOX_CAPACITY),
            options.nanos(Knob.KILL_GRACE),
            options.nanos(Knob.UNDELIVERED_SUMMARY),
            options.number(Knob.LONG_QUEUE),
            reports,
            queues);
    Kernel kernel = new Kernel(config, schedulers);
    kernel.setZombieLimit(options.number(Knob.ZOMBIE_LIMIT));
    schedulers.start();
    Node node = new Node(options, kernel, schedulers, reports, footing);
    if (options.get(Knob.JMX) != 0) {
      node.bean = NodeBean.register(node, node.source);
    }
    return node;
  }

  /** On the thread that advances the wheel: never throws. */
  private static void tellFailure(ReportQueue reports, TimerNode timer, Throwable error) {
    try {
      reports.report(new TimerFailureReport(timer.toString(), error));
    } catch (Throwable thrown) {
      reports.countLost();
    }
  }

  private static SchedulerConfig schedulerConfig(NodeOptions options, Reporter reports) {
    return new SchedulerConfig(
        options.name(),
        options.schedulers(),
        options.nanos(Knob.TIME_SLICE),
        options.nanos(Knob.STUCK_LIMIT),
        options.nanos(Knob.LONG_TURN),
        options.extraSchedulers(),
        options.atBound() == AtBound.FENCE_LONGEST,
        50_000_000, // extra schedulers that are no longer wanted stay for 50 ms
        options.number(Knob.BLOCKING_THREADS),
        options.number(Knob.CPU_THREADS),
        options.nanos(Knob.STOP_TIME),
        reports);
  }

  /**
   * Ends all processes and stops the node (AP10). Processes started from outside are told to shut
   * down, the youngest first, and have {@link NodeOptions#shutdownTime} for it, with everything
   * below them; what is left is killed. It ends also if there is no memory for all of that. Closing
   * twice does nothing more.
   *
   * @throws IllegalStateException if called by a process of this node, which could not outlive it
   */
  @Override
  public void close() {
    ProcessCell caller = ProcessCell.current();
    if (caller != null && processes().contains(caller)) {
      throw new IllegalStateException(
          "Process "
              + caller
              + " cannot close its own node "
              + options.name()
              + ": it would wait for itself; close it from a thread outside, or just end the"
              + " process");
    }
    if (kernel().isClosed()) {
      return;
    }
    endProcesses();
    long deadline = SystemClock.INSTANCE.nanoTime() + options.nanos(Knob.STOP_TIME);
    try {
      schedulers.stop();
    } catch (Throwable thrown) {
      kernel().reportFault(thrown);
    }
    reports.close(deadline - SystemClock.INSTANCE.nanoTime());
  }

  /** Whatever is thrown, the rest of the node is closed, too: nobody could do it later. */
  private void endProcesses() {
    try {
      NodeBean.unregister(bean);
    } catch (Throwable thrown) {
      kernel().reportFault(thrown);
    }
    try {
      List<Pid> left = kernel().close(options.shutdownTime());
      if (!left.isEmpty()) {
        report(new UnstoppableReport(options.name(), left));
      }
    } catch (Throwable thrown) {
      kernel().reportFault(thrown);
    }
  }

  /**
   * Waits until the reporter has got everything that was reported before: for tests, and before the
   * JVM is ended. {@link #close} does so, too, within {@link NodeOptions#stopTime}.
   *
   * @param limit how long to wait
   * @return false if it took longer
   * @throws InterruptedException if the thread is interrupted
   */
  public boolean awaitReports(Duration limit) throws InterruptedException {
    return reports.flush(limit);
  }

  /**
   * The number of reports that the reporter did not get, because too many were waiting, or did not
   * take, because it threw; likewise those that the flight recorder could not take.
   *
   * @return the sum since the node was started
   */
  public long reportsLost() {
    return reports.lost();
  }

  // ---- looking inside

  /**
   * The whole node as text, for a person: what its schedulers run, the longest queues, calls that
   * wait for each other in a ring, and the tree of processes with what each is doing. Nobody is
   * stopped, and nobody is asked: it works, too, while processes hang. Takes two or three seconds
   * for a million processes.
   *
   * @return lines
   */
  public String dump() {
    return dump(DumpOptions.DEFAULT);
  }

  /**
   * The same with options.
   *
   * @param options what to show
   * @return lines
   */
  public String dump(DumpOptions options) {
    return NodeDump.text(source, options);
  }

  /**
   * Writes the same, for instance into a file.
   *
   * @param options what to show
   * @param out where to
   * @throws IOException what {@code out} throws
   */
  public void dump(DumpOptions options, Appendable out) throws IOException {
    NodeDump.write(source, options, out);
  }

  /** Where dumps come from. */
  private record Source(String name, Footing footing, Kernel nodeKernel, SchedulerPool schedulers)
      implements NodeDump.Source {
    @Override
    public KernelView kernel() {
      return nodeKernel.view();
    }

    @Override
    public NodeDump.Header header() {
      return new NodeDump.Header(
          name,
          kernel().up(),
          Instant.now(),
          footing.mode(),
          schedulers.views(),
          schedulers.timerCount());
    }
  }

  /**
   * The number of processes that have not ended.
   *
   * @return a momentary value
   */
  public int processCount() {
    return kernel().processCount();
  }

  /**
   * The number of timers that have not fired, those of waits included.
   *
   * @return a momentary value
   */
  public int timerCount() {
    return schedulers.timerCount() - kernel().ownTimers();
  }

  /**
   * The number of processes that were declared dead while their code still runs.
   *
   * @return a momentary value
   */
  public long zombieCount() {
    return kernel().zombieCount();
  }

  /**
   * The processes that were declared dead while their code still runs, with the stacks that they
   * have now.
   *
   * @return a snapshot
   */
  public List<Zombie> zombies() {
    return kernel().zombieList();
  }

  /**
   * Whether the node is well: for a health check that restarts the JVM if it is not.
   *
   * @return what is wrong with it, one sentence each; empty if nothing is
   */
  public List<String> problems() {
    List<String> all = new ArrayList<>();
    long zombies = zombieCount();
    if (zombies > options.get(Knob.ZOMBIE_LIMIT)) {
      all.add(zombies + " processes were told to die and still run, each on a thread of its own");
    }
    int extra = extraSchedulers();
    if (extra > 0 && extra >= options.extraSchedulers()) {
      all.add(extra + " schedulers are stuck in long turns, and no more are replaced");
    }
    return List.copyOf(all);
  }

  /**
   * The number of scheduler threads that run in place of stuck ones. Without the flag that opens
   * {@code java.lang}, the number of processes each of which keeps a thread of the JDK's for as
   * long as makes a scheduler stuck.
   *
   * @return a momentary value, 0 if no process keeps a scheduler
   */
  public int extraSchedulers() {
    return schedulers.extraSchedulers();
  }

  /**
   * The number of virtual threads that host processes, or wait to do so.
   *
   * @return a momentary value
   */
  public int runnerCount() {
    return schedulers.runnerCount();
  }

  /**
   * How the node was started.
   *
   * @return the options, with what was set from outside for this run
   */
  public NodeOptions options() {
    return options;
  }

  @Override
  public String toString() {
    return "Node[" + options.name() + ", " + processCount() + " processes]";
  }
}
