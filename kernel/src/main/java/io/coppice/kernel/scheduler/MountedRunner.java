package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A runner that is mounted by a {@link CarrierThread}, and leaves it when its process blocks.
 *
 * <p>Threads: {@link #resume} is called by any thread; everything else by the runner's own code, or
 * by the carrier that is about to mount it or has just seen it leave.
 */
abstract class MountedRunner extends Runner implements Runnable {
  /* A runner leaves its carrier in two ways: by a yield of ours, to hand back to the carrier or because its
   * process waits in a kernel operation; then the right to run it again belongs to whoever knows what is
   * waited for. Or the code of a process blocks outside of the kernel: then it may go on when the JDK says so.
   */
  private enum Yielding {
    NO,
    HAND_BACK,
    WAIT,
    /** Its process lets others run: the carrier enqueues it. */
    AGAIN
  }

  // ---- owned by the runner while mounted, by its carrier otherwise
  private Yielding yielding = Yielding.HAND_BACK; // of the JDK's submissions only parks count
  private @Nullable ProcessCell handover;
  private @Nullable Object handback;
  private int resumptions; // after a yield of ours
  private int mounts;
  private long blockedSinceNanos; // others may look

  // ---- shared
  private final RunnerWord word = new RunnerWord();

  private volatile boolean pinned; // its process waits, and keeps the carrier

  MountedRunner(RunnerPool pool, String name) {
    super(pool, name);
  }

  /** Makes it ready to be mounted. */
  abstract void start();

  /** By its carrier: runs it until it leaves; it may come back without having run anything. */
  abstract void enter();

  /** By its carrier: whether its code has returned. */
  abstract boolean hasEnded();

  /** By its own code: goes back to its carrier; returns when that has entered it again. */
  abstract void leave();

  // ---- any thread

  /**
   * The JDK says that it can go on; needed only if its process had blocked outside of the kernel.
   */
  final void submitted() {
    if (yielding == Yielding.NO) {
      pool.unparked(this);
      wake();
    }
  }

  /** By its own code: it went on beside its carrier, and asks to be mounted. */
  final void cameBack() {
    pool.unparked(this);
    wake();
  }

  @Override
  protected final void resume(ProcessCell cell) {
    wake();
    if (pinned) { // the caller has changed the state of the process by an RMW before
      LockSupport.unpark(thread());
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
  final Left mount(Carrier by, @Nullable ProcessCell fresh) {
    carrier = by;
    handover = fresh;
    mounts++;
    word.mounted();
    boolean yielded = yielding != Yielding.NO;
    int resumptionsBefore = resumptions;
    enterSafely();
    while (yielded && resumptions == resumptionsBefore) {
      Thread.onSpinWait(); // its stack is being taken
      enterSafely();
    }
    if (hasEnded()) {
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
  private void enterSafely() {
    try {
      enter();
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
        Objects.requireNonNull(carrier).beginTurn();
        cell.runTurn(this);
      }
      if (ending) {
        return;
      }
      Carrier by = Objects.requireNonNull(carrier);
      Object item = nextOf(by);
      if (item instanceof ProcessCell fresh && fresh.host() == null && by.reusesRunners()) {
        handover = fresh;
      } else {
        handBack(item);
      }
    }
  }

  /** If that fails, null: the carrier tries again. */
  private @Nullable Object nextOf(Carrier by) {
    try {
      return by.next();
    } catch (Throwable thrown) {
      pool.survived(thrown);
      return null;
    }
  }

  private void handBack(@Nullable Object item) {
    handback = item;
    do {
      yielding = Yielding.HAND_BACK;
      leave();
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
        leave();
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
      thread().interrupt();
    }
  }

  @Override
  protected boolean blocksOutside() {
    return word.isCaptured() && yielding == Yielding.NO;
  }

  @Override
  protected long blockedSinceNanos() {
    return blocksOutside() ? blockedSinceNanos : Long.MIN_VALUE;
  }
}
