package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Processes that compute: what a scheduler costs where it should cost nothing. */
final class Compute {
  private static final int PROCESSES = 64;
  private static final int STEPS = 200_000;

  private Compute() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("fan_out_compute", Compute::reactive),
        Workload.of("fan_out_compute_blocking", Compute::blocking),
        Workload.of("fan_out_compute_bare_threads", Compute::threads));
  }

  private record Computer(long seed, int count, Pid boss) implements Unwritten {
    @Override
    public void onStart(Context self) {
      self.send(boss, Lcg.steps(seed, count));
      self.stop(ExitReason.NORMAL);
    }
  }

  private static void reactive(Context driver, Run run) {
    int count = run.size(STEPS);
    Boss boss =
        new Boss() {
          private int results;
          private long sum;

          @Override
          public void onStart(Context self) {
            for (int seed = 0; seed < PROCESSES; seed++) {
              self.spawn(new Computer(seed, count, self.pid()));
            }
          }

          @Override
          public void onMessage(Context self, Object message) {
            sum += (long) message;
            if (++results == PROCESSES) {
              finish(self, sum);
            }
          }
        };
    Run.same(Lcg.sum(PROCESSES, count), (long) Boss.result(driver, boss), "the sum");
  }

  private static void blocking(Context driver, Run run) {
    int count = run.size(STEPS);
    Pid to = driver.pid();
    for (int i = 0; i < PROCESSES; i++) {
      long seed = i;
      driver.spawn(self -> self.send(to, Lcg.steps(seed, count)));
    }
    long sum = 0;
    for (int i = 0; i < PROCESSES; i++) {
      sum += (long) driver.receive();
    }
    Run.same(Lcg.sum(PROCESSES, count), sum, "the sum");
  }

  /** The same loop on as many platform threads as there are schedulers, and nothing else. */
  private static void threads(Context driver, Run run) throws InterruptedException {
    int count = run.size(STEPS);
    AtomicInteger next = new AtomicInteger();
    AtomicLong sum = new AtomicLong();
    Thread[] threads = new Thread[run.schedulers()];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    int seed;
                    while ((seed = next.getAndIncrement()) < PROCESSES) {
                      sum.addAndGet(Lcg.steps(seed, count));
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Run.same(Lcg.sum(PROCESSES, count), sum.get(), "the sum");
  }
}
