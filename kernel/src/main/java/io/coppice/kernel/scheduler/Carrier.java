package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.HostThread;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.jdk.JdkInternals;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that mounts runners: it knows how to run an item, not which one comes next.
 *
 * <p>Threads: confined to this thread, whether it runs itself or a runner that it carries, except
 * for what is said to be shared.
 */
abstract class Carrier extends Thread implements HostThread {
  private static final int SPARES_MAX = 64;
  private static final long NO_MEMORY_NANOS = 1_000_000; // 1 ms until the next attempt

  private static final VarHandle TURNS;
  private static final VarHandle IN_TURN;
  private static final VarHandle EXPIRED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TURNS = lookup.findVarHandle(Carrier.class, "turns", long.class);
      IN_TURN = lookup.findVarHandle(Carrier.class, "inTurn", boolean.class);
      EXPIRED = lookup.findVarHandle(Carrier.class, "expired", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RunnerPool runners;
  private final String runnerName; // one for all: a process that waits keeps its runner
  private final ArrayDeque<Runner> spares = new ArrayDeque<>();
  private @Nullable Runner mounted;
  private @Nullable Object pending; // handed back by a runner, to be run first

  // ---- shared
  @SuppressWarnings("unused") // by EXPIRED
  private boolean expired; // set by the monitor: the current turn has used up its slice

  @SuppressWarnings("unused") // by TURNS
  private long turns; // written by this thread, read by the monitor

  @SuppressWarnings("unused") // by IN_TURN
  private boolean inTurn;

  Carrier(RunnerPool runners, String name) {
    super(null, null, name, 0, false);
    this.runners = runners;
    this.runnerName = name + "-runner";
  }

  /** The carrier of the running runner. */
  static Carrier current() {
    return (Carrier) JdkInternals.currentCarrier();
  }

  /** The next item to run, or null: a process that is ready, or a runner that can go on. */
  abstract @Nullable Object next();

  /** A process keeps a runner, which may run elsewhere already. */
  void captured(Runner runner) {}

  /** Whether a runner hosts one process after another. */
  boolean reusesRunners() {
    return true;
  }

  @Override
  public final @Nullable Host host() {
    return mounted;
  }

  /** Runs what was handed back, or the next item; false if there is none. */
  final boolean runNext() {
    Object item = pending;
    pending = null;
    if (item == null) {
      item = next();
    }
    if (item == null) {
      return false;
    }
    runItem(item);
    return true;
  }

  /** Goes on after something that should never be thrown; a moment later, it may last. */
  final void survive(Throwable thrown) {
    runners.survived(thrown);
    LockSupport.parkNanos(this, NO_MEMORY_NANOS);
  }

  /** What was handed back and has not been run. */
  final @Nullable Object takePending() {
    Object item = pending;
    pending = null;
    return item;
  }

  private void runItem(Object item) {
    if (item instanceof Runner runner) {
      mount(runner, null);
    } else {
      ProcessCell cell = (ProcessCell) item;
      if (cell.host() instanceof Runner captured) {
        mount(captured, null);
      } else {
        pending = cell; // again, if there is no memory, or worse, for the runner
        Runner spare = spareRunner();
        if (spare == null) {
          LockSupport.parkNanos(this, NO_MEMORY_NANOS);
        } else {
          pending = null;
          mount(spare, cell);
        }
      }
    }
  }

  private void mount(Runner runner, @Nullable ProcessCell fresh) {
    mounted = runner;
    if (fresh == null) {
      beginTurn();
    }
    Runner.Left left = runner.mount(fresh);
    mounted = null; // from here on a captured runner may run elsewhere
    IN_TURN.setOpaque(this, false);
    switch (left) {
      case HANDED_BACK -> {
        pending = runner.takeHandback();
        if (spares.size() < SPARES_MAX && reusesRunners()) {
          spares.push(runner);
        } else {
          endRunner(runner);
        }
      }
      case QUEUED -> runners.resumed(runner);
      case CAPTURED -> captured(runner);
      case ENDED -> pending = runner.takeHandback(); // it had no memory to hand it back
    }
  }

  private @Nullable Runner spareRunner() {
    Runner spare = spares.poll();
    if (spare == null) {
      try {
        spare = new Runner(runners, runnerName);
        spare.start();
        runners.runnerMade();
      } catch (OutOfMemoryError noMemory) {
        return null;
      }
    }
    return spare;
  }

  private void endRunner(Runner runner) {
    runner.end();
    mounted = runner;
    runner.mount(null);
    mounted = null;
  }

  /** Ends all idle runners: an abandoned virtual thread would stay reachable for ever. */
  final void endSpares() {
    for (Runner spare = spares.poll(); spare != null; spare = spares.poll()) {
      endRunner(spare);
    }
  }

  // ---- the slice

  /** A turn of a process begins. */
  final void beginTurn() {
    TURNS.setOpaque(this, (long) TURNS.get(this) + 1);
    if (!(boolean) IN_TURN.get(this)) {
      IN_TURN.setOpaque(this, true);
    }
    if (sliceUsed()) {
      EXPIRED.setOpaque(this, false);
    }
  }

  boolean sliceUsed() {
    return (boolean) EXPIRED.getOpaque(this);
  }

  /** By the monitor: the current turn is to end at its next chance. */
  final void expireSlice() {
    EXPIRED.setOpaque(this, true);
  }

  final long turnsOpaque() {
    return (long) TURNS.getOpaque(this);
  }

  final boolean inTurnOpaque() {
    return (boolean) IN_TURN.getOpaque(this);
  }
}
