package io.coppice.behaviours.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels on a real node, between processes and threads. */
class ChannelStressTest {
  private static final int SENDERS = 4;
  private static final int EACH = 5_000;

  @ParameterizedTest(name = "capacity {0}")
  @ValueSource(ints = {0, 1, 16, Integer.MAX_VALUE})
  @DisplayName("Each item arrives once, whether processes or threads send and receive it")
  void allArrive(int capacity) throws Exception {
    try (Node node = Node.start()) {
      Channel<Integer> channel =
          capacity == Integer.MAX_VALUE ? Channel.unbounded(node) : Channel.bounded(node, capacity);
      LongAdder sum = new LongAdder();
      LongAdder count = new LongAdder();
      CountDownLatch sending = new CountDownLatch(SENDERS);
      CountDownLatch receiving = new CountDownLatch(4);
      Runnable receiver =
          () -> {
            channel.forEach(
                item -> {
                  sum.add(item);
                  count.increment();
                });
            receiving.countDown();
          };
      for (int i = 0; i < SENDERS; i++) {
        int first = i * EACH;
        Runnable sender =
            () -> {
              for (int n = 0; n < EACH; n++) {
                channel.send(first + n);
              }
              sending.countDown();
            };
        if (i == 0) {
          Thread.ofPlatform().start(sender);
          Thread.ofPlatform().start(receiver);
        } else {
          node.spawn(self -> sender.run());
          node.spawn(self -> receiver.run());
        }
      }
      assertTrue(sending.await(30, TimeUnit.SECONDS), channel::toString);
      channel.close();
      assertTrue(receiving.await(30, TimeUnit.SECONDS), channel::toString);
      long all = (long) SENDERS * EACH;
      assertEquals(List.of(all, all * (all - 1) / 2), List.of(count.sum(), sum.sum()));
      assertEquals(0, channel.size());
    }
  }

  @ParameterizedTest(name = "{0} items")
  @ValueSource(ints = 20_000)
  @DisplayName("Two that hand one item to and fro lose no wake-up, with time-outs nearly due")
  void toAndFro(int times) throws Exception {
    try (Node node = Node.start()) {
      Channel<Integer> there = Channel.bounded(node, 1);
      Channel<Integer> back = Channel.bounded(node, 1);
      node.spawn(self -> there.forEach(back::send));
      CountDownLatch done = new CountDownLatch(1);
      node.spawn(
          self -> {
            for (int i = 0; i < times; i++) {
              there.send(i);
              int got = -1;
              while (got < 0) {
                got = back.receive(Duration.ofNanos(20_000)).orElse(-1);
              }
              assertEquals(i, got);
            }
            there.close();
            done.countDown();
          });
      assertTrue(done.await(30, TimeUnit.SECONDS), () -> there + ", " + back);
    }
  }
}
