package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import java.time.Duration;
import java.util.List;

/** Waiting for time to pass, and not waiting for it in the end. */
final class Timers {
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

  private Timers() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("many_timers", Timers::sleepers),
        Workload.of("many_timers_blocking", Timers::sleepersBlocking),
        Workload.of("timers_start_cancel", Timers::pairs),
        Workload.of("timers_start_cancel_all_live", Timers::allLive));
  }

  private static final class Sleeper implements Reactive {
    private final Duration time;
    private long started;

    Sleeper(Duration time) {
      this.time = time;
    }

    @Override
    public void onStart(Context self) {
      started = self.monotonicNanos();
      self.sendAfter(time, self.pid(), Word.TICK);
    }

    @Override
    public void onMessage(Context self, Object message) {
      Run.check(message == Word.TICK, "a message should be the timer's", message);
      neverEarly(self, started, time);
      self.stop(ExitReason.NORMAL);
    }
  }

  private static void neverEarly(Context self, long started, Duration time) {
    long slept = self.monotonicNanos() - started;
    Run.check(slept >= time.toNanos(), "a sleep should last at least " + time, slept);
  }

  private static Duration sleep(int number) {
    return Duration.ofMillis(1 + number % 10);
  }

  private static void sleepers(Context driver, Run run) {
    int count = run.size(10_000);
    Boss.OfEnds boss =
        new Boss.OfEnds() {
          @Override
          public void onStart(Context self) {
            for (int i = 0; i < count; i++) {
              watched.add(self.spawnMonitor(new Sleeper(sleep(i))));
            }
            run.part("_spawn");
          }
        };
    Run.same(count, (int) Boss.result(driver, boss), "the ends");
  }

  private static void sleepersBlocking(Context driver, Run run) {
    int count = run.size(10_000);
    Boss.Watched watched = new Boss.Watched();
    for (int i = 0; i < count; i++) {
      Duration time = sleep(i);
      watched.add(
          driver.spawnMonitor(
              self -> {
                long started = self.monotonicNanos();
                self.sleep(time);
                neverEarly(self, started, time);
              }));
    }
    run.part("_spawn");
    watched.await(driver);
  }

  /** As call time-outs do: one after another. */
  private static void pairs(Context driver, Run run) {
    int count = run.size(1_000_000);
    for (int i = 0; i < count; i++) {
      Ref timer = driver.startTimer(FIVE_SECONDS, driver.pid(), Word.TICK);
      Run.check(driver.dropTimer(timer), "a timer of 5 s should be running", timer);
    }
  }

  /** All run before the first is cancelled. */
  private static void allLive(Context driver, Run run) {
    Ref[] timers = new Ref[run.size(1_000_000)];
    for (int i = 0; i < timers.length; i++) {
      timers[i] = driver.startTimer(FIVE_SECONDS, driver.pid(), Word.TICK);
    }
    long early = 0;
    for (Ref timer : timers) {
      if (!driver.dropTimer(timer)) {
        early++;
      }
    }
    // Starting a million may take longer than 5 s on a loaded machine; those that fired are
    // counted.
    while (driver.receive(Duration.ZERO).isPresent()) {
      early--;
    }
    Run.same(0, early, "timers that were neither cancelled nor fired");
  }
}
