package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that mounts runners for its {@link Carrier}: it knows how to run an item, not
 * which one comes next.
 *
 * <p>Threads: confined to this thread, whether it runs itself or a runner that it carries, except
 * for what is said to be shared.
 */
final class CarrierThread extends Thread implements Carried, Drive {
  private static final int SPARES_MAX = 64;
  private static final int LOOKS = 64;
  private static final long NO_MEMORY_NANOS = 1_000_000; // 1 ms until the next attempt

  /** What a carrier does with its thread. */
  @FunctionalInterface
  interface Loop {
    /** Runs until the thread is to end. */
    void run(CarrierThread thread);
  }

  private final Carrier carrier;
  private final Loop loop;
  private final RunnerPool runners;
  private final String runnerName; // one for all: a process that waits keeps its runner
  private final ArrayDeque<MountedRunner> spares = new ArrayDeque<>();
  private @Nullable Object pending; // handed back by a runner, to be run first

  CarrierThread(Carrier carrier, RunnerPool runners, Loop loop) {
    super(null, null, carrier.name(), 0, false);
    this.carrier = carrier;
    this.runners = runners;
    this.loop = loop;
    this.runnerName = carrier.name() + "-runner";
    setDaemon(true);
  }

  @Override
  public void run() {
    loop.run(this);
  }

  @Override
  public Carrier carrier() {
    return carrier;
  }

  @Override
  public @Nullable Host host() {
    return carrier.host();
  }

  // ---- as the drive of a scheduler

  @Override
  public void start(Consumer<? super Thread> starter) {
    starter.accept(this);
  }

  /** Shared. */
  @Override
  public void unpark() {
    LockSupport.unpark(this);
  }

  /** Shared. */
  @Override
  public boolean isRunning() {
    return isAlive();
  }

  @Override
  public void awaitEnd(long nanos) throws InterruptedException {
    join(Duration.ofNanos(nanos));
  }

  @Override
  public boolean isExclusive() {
    return true;
  }

  @Override
  public int looks() {
    return LOOKS;
  }

  @Override
  public void pause() {
    Thread.onSpinWait();
  }

  // ---- running items

  /** Runs what was handed back, or the next item; false if there is none. */
  boolean runNext() {
    Object item = pending;
    pending = null;
    if (item == null) {
      item = carrier.next();
    }
    if (item == null) {
      return false;
    }
    runItem(item);
    return true;
  }

  /** Goes on after something that should never be thrown; a moment later, it may last. */
  void survive(Throwable thrown) {
    runners.survived(thrown);
    LockSupport.parkNanos(this, NO_MEMORY_NANOS);
  }

  /** What was handed back and has not been run. */
  @Nullable Object takePending() {
    Object item = pending;
    pending = null;
    return item;
  }

  private void runItem(Object item) {
    if (item instanceof MountedRunner runner) {
      mount(runner, null);
    } else if (item instanceof Pollers.Turn turn) {
      turn.run();
    } else {
      ProcessCell cell = (ProcessCell) item;
      if (cell.host() instanceof MountedRunner captured) {
        mount(captured, null);
      } else {
        pending = cell; // again, if there is no memory, or worse, for the runner
        MountedRunner spare = spareRunner();
        if (spare == null) {
          LockSupport.parkNanos(this, NO_MEMORY_NANOS);
        } else {
          pending = null;
          mount(spare, cell);
        }
      }
    }
  }

  private void mount(MountedRunner runner, @Nullable ProcessCell fresh) {
    carrier.carries(runner);
    if (fresh == null) {
      carrier.beginTurn();
    }
    MountedRunner.Left left = runner.mount(carrier, fresh);
    carrier.carries(null); // from here on a captured runner may run elsewhere
    carrier.endTurn();
    switch (left) {
      case HANDED_BACK -> {
        pending = runner.takeHandback();
        if (spares.size() < SPARES_MAX && carrier.reusesRunners()) {
          spares.push(runner);
        } else {
          endRunner(runner);
        }
      }
      case QUEUED -> runners.resumed(runner);
      case CAPTURED -> carrier.captured(runner);
      case ENDED -> pending = runner.takeHandback(); // it had no memory to hand it back
    }
  }

  private @Nullable MountedRunner spareRunner() {
    MountedRunner spare = spares.poll();
    if (spare == null) {
      try {
        spare = runners.newRunner(runnerName);
        runners.runnerMade();
      } catch (OutOfMemoryError noMemory) {
        return null;
      }
    }
    return spare;
  }

  private void endRunner(MountedRunner runner) {
    runner.end();
    carrier.carries(runner);
    runner.mount(carrier, null);
    carrier.carries(null);
  }

  /** Ends all idle runners: an abandoned virtual thread would stay reachable for ever. */
  void endSpares() {
    for (MountedRunner spare = spares.poll(); spare != null; spare = spares.poll()) {
      endRunner(spare);
    }
  }
}
