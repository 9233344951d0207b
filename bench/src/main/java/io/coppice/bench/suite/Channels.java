package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import java.util.List;

/** Many messages to one process; the channel is its mailbox. */
final class Channels {
  private Channels() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("mpsc_contention", (driver, run) -> reactive(driver, 8, run.size(50_000))),
        Workload.of(
            "mpsc_contention_blocking", (driver, run) -> blocking(driver, 8, run.size(50_000))),
        Workload.of(
            "uncontended_channel", (driver, run) -> reactive(driver, 1, run.size(1_000_000))),
        Workload.of(
            "uncontended_channel_blocking",
            (driver, run) -> blocking(driver, 1, run.size(1_000_000))));
  }

  /** Counts, and adds up what the messages say, so that none can be another one twice. */
  private static final class Consumer extends Boss {
    private final int producers;
    private final int each;
    private long left;
    private long sum;

    Consumer(int producers, int each) {
      this.producers = producers;
      this.each = each;
      this.left = (long) producers * each;
    }

    @Override
    public void onStart(Context self) {
      for (int i = 0; i < producers; i++) {
        self.spawn(new Producer(self.pid(), each));
      }
    }

    @Override
    public void onMessage(Context self, Object message) {
      sum += (int) message;
      if (--left == 0) {
        finish(self, sum);
      }
    }
  }

  private record Producer(Pid consumer, int each) implements Reactive {
    @Override
    public void onStart(Context self) {
      produce(self, consumer, each);
      self.stop(ExitReason.NORMAL);
    }

    @Override
    public void onMessage(Context self, Object message) {
      throw new IllegalStateException("nobody writes to a producer: " + message);
    }
  }

  private static void produce(Context self, Pid consumer, int each) {
    for (int i = 0; i < each; i++) {
      self.send(consumer, i);
    }
  }

  private static long sum(int producers, int each) {
    return (long) producers * ((long) each * (each - 1) / 2);
  }

  private static void reactive(Context driver, int producers, int each) {
    long sum = (long) Boss.result(driver, new Consumer(producers, each));
    Run.same(sum(producers, each), sum, "the sum of all messages");
  }

  private static void blocking(Context driver, int producers, int each) {
    Pid to = driver.pid();
    Pid consumer =
        driver.spawn(
            self -> {
              long sum = 0;
              for (long left = (long) producers * each; left > 0; left--) {
                sum += (int) self.receive();
              }
              self.send(to, sum);
            });
    for (int i = 0; i < producers; i++) {
      driver.spawn(self -> produce(self, consumer, each));
    }
    Run.same(sum(producers, each), (long) driver.receive(), "the sum of all messages");
  }
}
