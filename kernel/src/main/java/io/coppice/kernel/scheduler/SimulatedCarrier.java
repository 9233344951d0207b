package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The one thread that carries all processes of a simulation. */
final class SimulatedCarrier extends Carrier {
  private static final long LOOK_AGAIN_NANOS = 100_000_000; // 0.1 s: a runner may end elsewhere

  private final SimulatedScheduler scheduler;
  private final Handover handover;
  private final boolean threadPerTurn;

  SimulatedCarrier(SimulatedScheduler scheduler, Handover handover, SimulationConfig config) {
    super(config.name());
    this.scheduler = scheduler;
    this.handover = handover;
    this.threadPerTurn = config.threadPerTurn();
  }

  void run(CarrierThread thread) {
    while (handover.awaitControl()) {
      try {
        boolean ran;
        do {
          ran = thread.runNext();
        } while (ran);
      } catch (RuntimeException | Error e) {
        scheduler.broken(e);
      }
      handover.giveControlBack();
    }
    thread.endSpares();
    handover.giveControlBack();
    linger(thread);
  }

  /** Carries runners that code keeps which could not be stopped, as {@link Afterlife} does. */
  private void linger(CarrierThread thread) {
    while (scheduler.runnerCount() > 0) {
      if (!thread.runNext()) {
        thread.endSpares();
        if (scheduler.runnerCount() > 0) {
          LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
        }
      }
    }
  }

  @Override
  @Nullable Object next() {
    return scheduler.next();
  }

  @Override
  void captured(MountedRunner runner) {
    ProcessCell cell = runner.current();
    if (cell == null) {
      return;
    }
    FutureTask<?> section = scheduler.takeSection();
    if (section != null) {
      section.run(); // its end unparks the process
    } else if (runner.blocksInJdk()) {
      scheduler.realTime().checkBlocked(runner, cell);
    }
  }

  @Override
  boolean reusesRunners() {
    return !threadPerTurn;
  }

  @Override
  boolean sliceUsed() {
    return scheduler.sliceUsed();
  }
}
