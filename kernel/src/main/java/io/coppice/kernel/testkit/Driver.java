package io.coppice.kernel.testkit;

import io.coppice.kernel.scheduler.End;
import io.coppice.kernel.scheduler.SimulatedScheduler;
import io.coppice.kernel.time.SystemClock;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a simulation on behalf of the test's thread, and says what went wrong. */
final class Driver {
  private static final String NOTHING = "an answer";

  private final long seed;
  private final long limitNanos;
  private final SimulatedScheduler scheduler;
  private final Faults faults;
  private final Supplier<List<String>> processes;
  private String waitingFor = NOTHING;
  private boolean failed;

  Driver(
      long seed,
      TestOptions options,
      SimulatedScheduler scheduler,
      Faults faults,
      Supplier<List<String>> processes) {
    this.seed = seed;
    this.limitNanos = options.realTimeLimit().toNanos();
    this.scheduler = scheduler;
    this.faults = faults;
    this.processes = processes;
  }

  void drive(BooleanSupplier done, long targetNanos, String what) {
    waitingFor = what;
    check(scheduler.drive(done, targetNanos));
    waitingFor = NOTHING;
  }

  /** Until a condition holds, which the calling thread asks and which may run the node itself. */
  void runUntil(BooleanSupplier condition) {
    waitingFor = "the condition of runUntil";
    long start = SystemClock.INSTANCE.nanoTime();
    while (!condition.getAsBoolean()) {
      long before = scheduler.steps();
      End end = scheduler.drive(() -> scheduler.steps() > before, Long.MAX_VALUE);
      if (end == End.IDLE && condition.getAsBoolean()) {
        break; // it runs the node itself, so its last answer was out of date
      }
      check(SystemClock.INSTANCE.nanoTime() - start > limitNanos ? End.OVERTIME : end);
    }
    waitingFor = NOTHING;
  }

  private void check(End end) {
    if (end != End.DONE && end != End.TIME_REACHED) {
      throw failure(end);
    }
  }

  void waitFor(String what) {
    waitingFor = what;
  }

  boolean hasFailed() {
    return failed;
  }

  /** The failure that a drive ended with. */
  SimulationFailure failure(End end) {
    String text = Diagnosis.of(end, scheduler, waitingFor, processes.get());
    return failed(text, scheduler.problem());
  }

  /** A failure; from now on the node is only to be cleared away. */
  SimulationFailure failed(String message, @Nullable Throwable cause) {
    failed = true;
    List<InjectedFault> injected = faults.injected();
    String what = injected.isEmpty() ? message : message + Diagnosis.ofFaults(injected);
    return new SimulationFailure(seed, what, cause);
  }
}
