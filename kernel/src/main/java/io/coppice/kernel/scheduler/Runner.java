package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.GuestHost;
import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.jdk.JdkInternals;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread of ours that runs processes inline, one after another, until one of them blocks:
 * then it is captured by that process, and another runner takes over.
 *
 * <p>Threads: {@link #execute} and {@link #resume} are called by any thread; everything else by the
 * runner's own code, or by the {@link Carrier} that is about to mount it or has just seen it
 * unmount.
 */
final class Runner extends Host implements Executor, Runnable {
  /* A virtual thread leaves its carrier in two ways.
   *
   * By a yield of ours: to hand back to the carrier, or because its process waits in a kernel operation.
   * The JDK then submits the continuation at once, from the carrier itself, and execute ignores it: the
   * right to run it again belongs to whoever knows what is waited for. A yield, not a park, because anybody
   * may unpark a parked thread (a cancelled timed park, a late wake-up of java.util.concurrent); a yielded
   * one cannot be disturbed.
   *
   * By a park of the JDK, when the code of a process blocks outside of the kernel: then the submission comes
   * when it may go on, from any thread, possibly while the continuation is still unmounting. The RunnerWord
   * settles who enqueues it.
   *
   * Whoever takes the stack of a runner that is unmounted (Thread.getStackTrace, a thread dump) suspends it for
   * that long and submits it again afterwards, needed or not. So run() may return without having run anything:
   * after a yield of ours the carrier sees that (nobody has counted a resumption) and tries again; after a park
   * the new submission resumes it. And a submission may come for nothing: it may make a runner go on whose
   * process is not yet to go on, which therefore looks at the state of its process, and waits again.
   *
   * A virtual thread that the code of a process starts inherits this executor. Its continuation is not the
   * one this runner remembers, and goes to the JDK's own scheduler.
   */
  private enum Yielding {
    NO,
    HAND_BACK,
    WAIT,
    /** Its process lets others run: the carrier enqueues it. */
    AGAIN
  }

  // ---- immutable
  private final RunnerPool pool;
  private final Thread thread;
  private final String name;

  // ---- owned by the runner while mounted, by its carrier otherwise
  private @Nullable Runnable continuation; // set by start(), before anybody else knows the runner
  private Yielding yielding = Yielding.HAND_BACK; // of the JDK's submissions only parks count
  private @Nullable ProcessCell handover;
  private @Nullable Object handback;
  private boolean ending;
  private int resumptions; // after a yield of ours
  private int mounts;
  private @Nullable GuestHost guest;
  private long blockedSinceNanos; // others may look

  // ---- shared
  private final RunnerWord word = new RunnerWord();

  private volatile boolean pinned; // its process waits, and keeps the carrier

  Runner(RunnerPool pool, String name) {
    this.pool = pool;
    this.name = name;
    this.thread = JdkInternals.newVirtualThread(this, name, this);
  }

  /** Makes it ready to be mounted. */
  void start() {
    thread.start();
  }

  // ---- the JDK's side

  @Override
  public void execute(Runnable command) {
    if (continuation == null) {
      continuation = command; // the first submission, from start()
    } else if (!command.equals(continuation)) {
      JdkInternals.defaultScheduler().execute(command);
    } else if (yielding == Yielding.NO) {
      pool.unparked(this);
      wake();
    }
  }

  @Override
  protected void resume(ProcessCell cell) {
    wake();
    if (pinned) { // the caller has changed the state of the process by an RMW before
      LockSupport.unpark(thread);
    }
  }

  private void wake() {
    if (word.wake()) {
      pool.resumed(this);
    }
  }

  // ---- the carrier's side

  /** How the runner left its carrier. */
  enum Left {
    /** It is idle, and may have handed something back. */
    HANDED_BACK,
    /** A process keeps it; not to be touched any more. */
    CAPTURED,
    /** A process keeps it and can go on already: the caller enqueues it. */
    QUEUED,
    /** Its code has returned. */
    ENDED
  }

  /** Runs it until it leaves this carrier. */
  Left mount(@Nullable ProcessCell fresh) {
    handover = fresh;
    mounts++;
    word.mounted();
    Runnable run = Objects.requireNonNull(continuation, "not started");
    boolean yielded = yielding != Yielding.NO;
    int resumptionsBefore = resumptions;
    runOn(run);
    while (yielded && resumptions == resumptionsBefore) {
      Thread.onSpinWait(); // its stack is being taken
      runOn(run);
    }
    if (!thread.isAlive()) {
      return Left.ENDED;
    }
    if (yielding == Yielding.HAND_BACK) {
      word.idle();
      return Left.HANDED_BACK;
    }
    if (yielding == Yielding.AGAIN) {
      word.again();
      return Left.QUEUED;
    }
    if (yielding == Yielding.NO) {
      blockedSinceNanos = pool.clock().nanoTime();
    }
    return word.leave() ? Left.CAPTURED : Left.QUEUED;
  }

  /** The JDK's own, too, may find no memory; how far the runner came shows afterwards. */
  private void runOn(Runnable run) {
    try {
      run.run();
    } catch (Throwable thrown) {
      pool.survived(thrown);
    }
  }

  /** Whether somebody has the right, and the duty, to enqueue it. */
  boolean isQueued() {
    return word.isQueued();
  }

  /** After it has left its carrier: whether its process blocks outside of the kernel. */
  boolean blocksInJdk() {
    return yielding == Yielding.NO;
  }

  /** What it handed back, once. */
  @Nullable Object takeHandback() {
    Object item = handback;
    handback = null;
    return item;
  }

  /** Lets an idle runner end; the caller mounts it once more. */
  void end() {
    ending = true;
  }

  // ---- its own code

  /** The code of its thread: not to be called. */
  @Override
  public void run() {
    try {
      runProcesses();
    } finally {
      pool.runnerEnded(this);
    }
  }

  private void runProcesses() {
    goOn();
    while (true) {
      ProcessCell cell = handover;
      if (cell != null) {
        handover = null;
        Carrier.current().beginTurn();
        cell.runTurn(this);
      }
      if (ending) {
        return;
      }
      Carrier carrier = Carrier.current();
      Object item = nextOf(carrier);
      if (item instanceof ProcessCell fresh && fresh.host() == null && carrier.reusesRunners()) {
        handover = fresh;
      } else {
        handBack(item);
      }
    }
  }

  /** If that fails, null: the carrier tries again. */
  private @Nullable Object nextOf(Carrier carrier) {
    try {
      return carrier.next();
    } catch (Throwable thrown) {
      pool.survived(thrown);
      return null;
    }
  }

  private void handBack(@Nullable Object item) {
    handback = item;
    do {
      yielding = Yielding.HAND_BACK;
      Thread.yield();
      goOn();
    } while (handover == null && !ending);
  }

  private void goOn() {
    yielding = Yielding.NO;
    resumptions++;
  }

  @Override
  protected void suspend(ProcessCell cell) {
    unmount(cell, Yielding.WAIT);
  }

  @Override
  protected void letOthersRun(ProcessCell cell) {
    unmount(cell, Yielding.AGAIN);
  }

  private void unmount(ProcessCell cell, Yielding how) {
    do {
      int mountsBefore = mounts;
      yielding = how;
      try {
        Thread.yield();
      } finally {
        goOn(); // also when there is no memory to keep the stack in
      }
      if (mounts == mountsBefore) {
        waitPinned(cell);
      }
    } while (!cell.mayGoOn());
  }

  /**
   * There is a native frame on the stack, or a static initialiser, which no thread can be unmounted
   * from: waits together with its carrier, in whose place the monitor starts another one.
   */
  private void waitPinned(ProcessCell cell) {
    boolean interrupted = false;
    pinned = true;
    VarHandle.fullFence(); // pairs with the RMW before resume
    while (!cell.mayGoOn()) {
      LockSupport.park(cell);
      interrupted |= Thread.interrupted(); // else it would not park again
    }
    pinned = false;
    if (interrupted) {
      thread.interrupt();
    }
  }

  @Override
  protected boolean sliceUsed() {
    return Carrier.current().sliceUsed();
  }

  @Override
  protected void beginSlice() {
    Carrier.current().beginTurn();
  }

  @Override
  protected @Nullable GuestHost guest() {
    if (ending || thread.isInterrupted() || JdkInternals.hasScopedValues(thread)) {
      return null;
    }
    GuestHost own = guest;
    if (own == null) {
      own = new GuestHost(this);
      guest = own;
    }
    return own;
  }

  @Override
  protected @Nullable Object leaveThread() {
    Thread.interrupted();
    if (!thread.getName().equals(name)) {
      thread.setName(name);
    }
    if (!Objects.equals(JdkInternals.contextClassLoader(thread), pool.contextClassLoader())) {
      thread.setContextClassLoader(pool.contextClassLoader());
    }
    return JdkInternals.takeThreadLocals(thread);
  }

  @Override
  protected void discard() {
    ending = true;
  }

  @Override
  public Thread thread() {
    return thread;
  }

  @Override
  protected boolean blocksOutside() {
    return word.isCaptured() && yielding == Yielding.NO;
  }

  @Override
  protected long blockedSinceNanos() {
    return blocksOutside() ? blockedSinceNanos : Long.MIN_VALUE;
  }

  @Override
  public String toString() {
    return name;
  }
}
