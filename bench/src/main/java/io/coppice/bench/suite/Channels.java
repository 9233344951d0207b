package io.coppice.bench.suite;

import io.coppice.behaviours.channel.Channel;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;

/** Many messages to one process; the channel is its mailbox, or a {@link Channel}. */
final class Channels {
  private Channels() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("mpsc_contention", (driver, run) -> reactive(driver, 8, run.size(50_000))),
        Workload.of(
            "mpsc_contention_blocking",
            (driver, run) -> blocking(driver, 8, run.size(50_000), SpawnOptions.DEFAULT)),
        Workload.of(
            "uncontended_channel", (driver, run) -> reactive(driver, 1, run.size(1_000_000))),
        Workload.of(
            "uncontended_channel_blocking",
            (driver, run) -> blocking(driver, 1, run.size(1_000_000), SpawnOptions.DEFAULT)),
        Workload.of(
            "mpsc_contention_bounded", (driver, run) -> bounded(driver, 8, run.size(50_000))),
        Workload.of(
            "mpsc_contention_bounded_blocking",
            (driver, run) -> blocking(driver, 8, run.size(50_000), BOUNDED)),
        Workload.of(
            "uncontended_channel_bounded",
            (driver, run) -> bounded(driver, 1, run.size(1_000_000))),
        Workload.of(
            "uncontended_channel_bounded_blocking",
            (driver, run) -> blocking(driver, 1, run.size(1_000_000), BOUNDED)),
        Workload.of(
            "mpsc_contention_on_channel",
            (driver, run) -> onChannel(driver, 8, run.size(50_000), Channel.unbounded(driver))),
        Workload.of(
            "uncontended_channel_on_channel",
            (driver, run) -> onChannel(driver, 1, run.size(1_000_000), Channel.unbounded(driver))),
        Workload.of(
            "mpsc_contention_bounded_on_channel",
            (driver, run) -> onChannel(driver, 8, run.size(50_000), Channel.bounded(driver, ROOM))),
        Workload.of(
            "uncontended_channel_bounded_on_channel",
            (driver, run) ->
                onChannel(driver, 1, run.size(1_000_000), Channel.bounded(driver, ROOM))));
  }

  /** Counts messages, and adds up what they say. */
  private static final class Tally {
    private long left;
    private long sum;

    Tally(int producers, int each) {
      this.left = (long) producers * each;
    }

    /** Whether that was the last one. */
    boolean add(Object message) {
      sum += (int) message;
      return --left == 0;
    }

    static long expected(int producers, int each) {
      long all = (long) producers * each;
      return all * (all - 1) / 2;
    }
  }

  /** Starts reactive producers. */
  private static final class Consumer extends Boss {
    private final int producers;
    private final int each;
    private final Tally tally;

    Consumer(int producers, int each) {
      this.producers = producers;
      this.each = each;
      this.tally = new Tally(producers, each);
    }

    @Override
    public void onStart(Context self) {
      for (int i = 0; i < producers; i++) {
        self.spawn(new Producer(self.pid(), i * each, each));
      }
    }

    @Override
    public void onMessage(Context self, Object message) {
      if (tally.add(message)) {
        finish(self, tally.sum);
      }
    }
  }

  private record Producer(Pid consumer, int first, int each) implements Unwritten {
    @Override
    public void onStart(Context self) {
      produce(self, consumer, first, each);
      self.stop(ExitReason.NORMAL);
    }
  }

  /** No two producers send the same, so a message that comes twice makes up for no other. */
  private static void produce(Context self, Pid consumer, int first, int each) {
    for (int i = 0; i < each; i++) {
      self.send(consumer, first + i);
    }
  }

  private static void reactive(Context driver, int producers, int each) {
    long sum = (long) Boss.result(driver, new Consumer(producers, each));
    Run.same(Tally.expected(producers, each), sum, "the sum of all messages");
  }

  private static void blocking(Context driver, int producers, int each, SpawnOptions options) {
    Pid to = driver.pid();
    awaitSum(
        driver,
        driver.spawn(
            self -> {
              Tally tally = new Tally(producers, each);
              while (!tally.add(self.receive())) {
                // on to the next message
              }
              self.send(to, tally.sum);
            },
            options),
        producers,
        each);
  }

  private static final int ROOM = 1_024;

  /** A bounded mailbox: a sender waits while it is full, so the producers always block. */
  private static final SpawnOptions BOUNDED =
      SpawnOptions.DEFAULT.mailboxLimit(MailboxLimit.suspending(ROOM, Duration.ofMinutes(1)));

  private static void bounded(Context driver, int producers, int each) {
    Pid to = driver.pid();
    Tally tally = new Tally(producers, each);
    Reactive counter =
        (self, message) -> {
          if (tally.add(message)) {
            self.send(to, tally.sum);
            self.stop(ExitReason.NORMAL);
          }
        };
    awaitSum(driver, driver.spawn(counter, BOUNDED), producers, each);
  }

  /** Starts blocking producers. */
  private static void awaitSum(Context driver, Pid consumer, int producers, int each) {
    for (int i = 0; i < producers; i++) {
      int first = i * each;
      driver.spawn(self -> produce(self, consumer, first, each));
    }
    Run.same(Tally.expected(producers, each), (long) driver.receive(), "the sum of all messages");
  }

  /** The same, the consumer also being a blocking process. */
  private static void onChannel(Context driver, int producers, int each, Channel<Integer> channel) {
    Pid to = driver.pid();
    driver.spawn(
        self -> {
          Tally tally = new Tally(producers, each);
          while (!tally.add(channel.receive())) {
            // on to the next message
          }
          self.send(to, tally.sum);
        });
    for (int i = 0; i < producers; i++) {
      int first = i * each;
      driver.spawn(
          self -> {
            for (int n = 0; n < each; n++) {
              channel.send(first + n);
            }
          });
    }
    Run.same(Tally.expected(producers, each), (long) driver.receive(), "the sum of all messages");
  }
}
