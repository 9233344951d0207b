package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Processes that compute: what a scheduler costs where it should cost nothing. */
final class Compute {
  private static final int PROCESSES = 64;
  private static final int STEPS = 200_000;

  /*
   * Fields that are not final: the JIT must not know the factors, or it multiplies many steps into
   * one and the work shrinks.
   */
  private static long factor = 6_364_136_223_846_793_005L;
  private static long summand = 1_442_695_040_888_963_407L;

  private Compute() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("fan_out_compute", Compute::reactive),
        Workload.of("fan_out_compute_blocking", Compute::blocking),
        Workload.of("fan_out_compute_bare_threads", Compute::threads));
  }

  private static long steps(long seed, int count) {
    long x = seed;
    long a = factor;
    long c = summand;
    for (int i = 0; i < count; i++) {
      x = x * a + c;
    }
    return x;
  }

  /** The sum over all seeds, by squaring the step: worked out in another way than the processes. */
  static long expected(int count) {
    long a = 1;
    long c = 0;
    long squareA = factor;
    long squareC = summand;
    for (int left = count; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        c = c * squareA + squareC;
        a *= squareA;
      }
      squareC = squareC * squareA + squareC;
      squareA *= squareA;
    }
    return a * (PROCESSES * (PROCESSES - 1L) / 2) + c * PROCESSES;
  }

  private record Computer(long seed, int count, Pid boss) implements Reactive {
    @Override
    public void onStart(Context self) {
      self.send(boss, steps(seed, count));
      self.stop(ExitReason.NORMAL);
    }

    @Override
    public void onMessage(Context self, Object message) {
      throw new IllegalStateException("nobody writes to a computer: " + message);
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
    Run.same(expected(count), (long) Boss.result(driver, boss), "the sum");
  }

  private static void blocking(Context driver, Run run) {
    int count = run.size(STEPS);
    Pid to = driver.pid();
    for (int i = 0; i < PROCESSES; i++) {
      long seed = i;
      driver.spawn(self -> self.send(to, steps(seed, count)));
    }
    long sum = 0;
    for (int i = 0; i < PROCESSES; i++) {
      sum += (long) driver.receive();
    }
    Run.same(expected(count), sum, "the sum");
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
                      sum.addAndGet(steps(seed, count));
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Run.same(expected(count), sum.get(), "the sum");
  }
}
