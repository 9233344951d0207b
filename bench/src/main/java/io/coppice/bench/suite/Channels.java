package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
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
            (driver, run) -> blocking(driver, 1, run.size(1_000_000))),
        Workload.of(
            "mpsc_contention_bounded",
            (driver, run) -> bounded(driver, 8, run.size(50_000), false)),
        Workload.of(
            "mpsc_contention_bounded_blocking",
            (driver, run) -> bounded(driver, 8, run.size(50_000), true)),
        Workload.of(
            "uncontended_channel_bounded",
            (driver, run) -> bounded(driver, 1, run.size(1_000_000), false)),
        Workload.of(
            "uncontended_channel_bounded_blocking",
            (driver, run) -> bounded(driver, 1, run.size(1_000_000), true)));
  }

  /** Counts, and adds up what the messages say. */
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
        self.spawn(new Producer(self.pid(), i * each, each));
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

  private record Producer(Pid consumer, int first, int each) implements Reactive {
    @Override
    public void onStart(Context self) {
      produce(self, consumer, first, each);
      self.stop(ExitReason.NORMAL);
    }

    @Override
    public void onMessage(Context self, Object message) {
      throw new IllegalStateException("nobody writes to a producer: " + message);
    }
  }

  /** No two producers send the same, so a message that comes twice makes up for no other. */
  private static void produce(Context self, Pid consumer, int first, int each) {
    for (int i = 0; i < each; i++) {
      self.send(consumer, first + i);
    }
  }

  private static void startProducers(Context driver, Pid consumer, int producers, int each) {
    for (int i = 0; i < producers; i++) {
      int first = i * each;
      driver.spawn(self -> produce(self, consumer, first, each));
    }
  }

  private static long sum(int producers, int each) {
    long all = (long) producers * each;
    return all * (all - 1) / 2;
  }

  /** A mailbox of 1 024: a sender waits while it is full, so the producers always block. */
  private static final SpawnOptions BOUNDED =
      SpawnOptions.DEFAULT.mailboxLimit(MailboxLimit.suspending(1_024, Duration.ofMinutes(1)));

  private static void bounded(Context driver, int producers, int each, boolean blocking) {
    Pid to = driver.pid();
    long all = (long) producers * each;
    Pid consumer =
        blocking
            ? driver.spawn(self -> consume(self, to, all), BOUNDED)
            : driver.spawn(new Counter(to, all), BOUNDED);
    startProducers(driver, consumer, producers, each);
    Run.same(sum(producers, each), (long) driver.receive(), "the sum of all messages");
  }

  private static final class Counter implements Reactive {
    private final Pid driver;
    private long left;
    private long sum;

    Counter(Pid driver, long all) {
      this.driver = driver;
      this.left = all;
    }

    @Override
    public void onMessage(Context self, Object message) {
      sum += (int) message;
      if (--left == 0) {
        self.send(driver, sum);
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  private static void consume(Context self, Pid driver, long all) {
    long sum = 0;
    for (long left = all; left > 0; left--) {
      sum += (int) self.receive();
    }
    self.send(driver, sum);
  }

  private static void reactive(Context driver, int producers, int each) {
    long sum = (long) Boss.result(driver, new Consumer(producers, each));
    Run.same(sum(producers, each), sum, "the sum of all messages");
  }

  private static void blocking(Context driver, int producers, int each) {
    Pid to = driver.pid();
    Pid consumer = driver.spawn(self -> consume(self, to, (long) producers * each));
    startProducers(driver, consumer, producers, each);
    Run.same(sum(producers, each), (long) driver.receive(), "the sum of all messages");
  }
}
