package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Reactive;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Processes that let others run, over and over. A reactive process sends itself a message and
 * yields before that is handled: everybody else who is ready comes first.
 */
final class Yielding {
  private Yielding() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
            "yield_many", (driver, run) -> reactive(driver, run.size(200), run.size(1_000))),
        Workload.of(
            "yield_many_blocking",
            (driver, run) -> blocking(driver, run.size(200), run.size(1_000))),
        Workload.of("yield_in_hot_loop", (driver, run) -> reactive(driver, 1, run.size(1_000_000))),
        Workload.of(
            "yield_in_hot_loop_blocking",
            (driver, run) -> blocking(driver, 1, run.size(1_000_000))),
        Workload.of(
            "yield_in_hot_loop_pair", (driver, run) -> reactive(driver, 2, run.size(500_000))),
        Workload.of("yield_in_hot_loop_pair_blocking", Yielding::pair));
  }

  private static final class Yielder implements Reactive {
    private int left;

    Yielder(int yields) {
      left = yields;
    }

    @Override
    public void onStart(Context self) {
      self.send(self.pid(), Word.TICK);
      self.yieldAfterHandler();
    }

    @Override
    public void onMessage(Context self, Object message) {
      Run.check(message == Word.TICK, "a message should be its own", message);
      if (--left == 0) {
        self.stop(ExitReason.NORMAL);
      } else {
        self.send(self.pid(), Word.TICK);
        self.yieldAfterHandler();
      }
    }
  }

  private static void reactive(Context driver, int processes, int yields) {
    Boss.Watched watched = new Boss.Watched();
    for (int i = 0; i < processes; i++) {
      watched.add(driver.spawnMonitor(new Yielder(yields)));
    }
    watched.await(driver);
  }

  private static void blocking(Context driver, int processes, int yields) {
    Boss.Watched watched = new Boss.Watched();
    for (int i = 0; i < processes; i++) {
      watched.add(driver.spawnMonitor(self -> yieldTimes(self, yields)));
    }
    watched.await(driver);
  }

  private static void yieldTimes(Context self, int yields) {
    for (int i = 0; i < yields; i++) {
      self.yieldNow();
    }
  }

  /**
   * Two that alternate; on one scheduler it is checked that they do. The JDK's own scheduler does
   * not promise whom a yield gives way to: there, neither may run for long without the other.
   */
  private static void pair(Context driver, Run run) {
    int yields = run.size(500_000);
    int[] made = new int[2];
    int[] met = new int[2];
    AtomicBoolean alone = new AtomicBoolean(run.hasOneScheduler());
    Boss.Watched watched = new Boss.Watched();
    for (int i = 0; i < 2; i++) {
      int me = i;
      watched.add(
          driver.spawnMonitor(
              self -> {
                int seen = -1;
                for (int n = 0; n < yields; n++) {
                  self.yieldNow();
                  made[me]++;
                  int others = made[1 - me];
                  if (others != seen) {
                    met[me]++;
                    seen = others;
                  }
                }
                alone.compareAndSet(true, run.hasOneScheduler());
              }));
    }
    watched.await(driver);
    Run.same(2L * yields, made[0] + made[1], "the yields");
    if (alone.get()) {
      int least = Run.hasOwnSchedulers() ? yields : yields / 10;
      Run.check(met[0] + met[1] > least, "two processes should alternate", met[0] + met[1]);
    }
  }
}
