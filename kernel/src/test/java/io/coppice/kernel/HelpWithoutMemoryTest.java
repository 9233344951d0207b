package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.mailbox.Queues;
import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MonitorOptions;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages are moved out of the way of a signal while there is no memory to put them anywhere. */
class HelpWithoutMemoryTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final AtomicInteger failures = new AtomicInteger(); // that are still to come
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private final MessageQueue.Factory poor =
      new MessageQueue.Factory() {
        @Override
        public MessageQueue create(int capacity) {
          return Queues.factory().create(capacity);
        }

        @Override
        public SaveQueue createSaveQueue() {
          if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new OutOfMemoryError("on purpose");
          }
          return new SaveQueue();
        }
      };

  private Node start(int schedulers, int extra) {
    return Node.start(
        NodeOptions.DEFAULT
            .withSchedulers(schedulers)
            .withExtraSchedulers(extra)
            .withReporter(report -> {}),
        poor);
  }

  /** Blocks outside of the kernel, then takes that many messages. */
  private Pid busy(Node node, CompletableFuture<List<Object>> taken, int count) {
    return node.spawn(
        self -> {
          ready.countDown();
          go.await();
          taken.complete(take(self, count));
        });
  }

  private static List<Object> take(Context self, int count) {
    List<Object> all = new ArrayList<>();
    while (all.size() < count) {
      self.receive(LIMIT).ifPresentOrElse(all::add, () -> all.add("nothing came"));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50})
  @DisplayName("P10 P16 a helper without memory loses neither a message nor the signal behind it")
  void plain(int howOften) throws Exception {
    try (Node node = start(2, 2)) {
      CompletableFuture<List<Object>> taken = new CompletableFuture<>();
      Pid busy = busy(node, taken, 3);
      assertTrue(ready.await(10, SECONDS));
      node.send(busy, "a");
      node.send(busy, "b");
      failures.set(howOften);
      node.exit(busy, ExitReason.NORMAL); // without effect, but for the help
      assertEquals(0, failures.get());
      assertEquals(2, node.info(busy).orElseThrow().queueLength());
      node.send(busy, "c");
      go.countDown();
      assertEquals(List.of("a", "b", "c"), taken.get(20, SECONDS));
    }
  }

  @Test
  @DisplayName("P16 a kill acts on a process that computes, though there is no memory at first")
  void kill() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (Node node = start(2, 2)) {
      Pid busy =
          node.spawn(
              self -> {
                ready.countDown();
                while (!stop.get()) {
                  Thread.onSpinWait();
                }
              });
      assertTrue(ready.await(10, SECONDS));
      node.send(busy, "in the way");
      failures.set(5);
      node.exit(busy, ExitReason.KILL);
      await().atMost(LIMIT).until(() -> !node.isAlive(busy));
      stop.set(true);
    }
  }

  @Test
  @DisplayName("P10 a helper that gives up tells its sender, and leaves all to who comes next")
  void givesUp() throws Exception {
    try (Node node = start(2, 2)) {
      CompletableFuture<List<Object>> taken = new CompletableFuture<>();
      Pid busy = busy(node, taken, 2);
      assertTrue(ready.await(10, SECONDS));
      node.send(busy, "a");
      node.send(busy, "b");
      failures.set(Integer.MAX_VALUE);
      assertThrows(OutOfMemoryError.class, () -> node.exit(busy, ExitReason.NORMAL));
      failures.set(0);
      assertEquals(3, node.info(busy).orElseThrow().queueLength(), "two messages and a signal");
      go.countDown();
      assertEquals(List.of("a", "b"), taken.get(20, SECONDS));
    }
  }

  @Test
  @DisplayName("P72 the Down of a priority monitor comes though there was no memory to place it")
  void priority() throws Exception {
    try (Node node = start(2, 2)) {
      Pid target = node.spawn((self, message) -> {});
      CompletableFuture<List<Object>> taken = new CompletableFuture<>();
      Pid busy =
          node.spawn(
              self -> {
                self.monitor(target, MonitorOptions.DEFAULT.priority(Priority.HIGH));
                ready.countDown();
                go.await();
                taken.complete(take(self, 2));
              });
      assertTrue(ready.await(10, SECONDS));
      failures.set(3);
      node.exit(target, ExitReason.KILL);
      await().atMost(LIMIT).until(() -> failures.get() == 0);
      await().atMost(LIMIT).until(() -> !node.isAlive(target));
      node.send(busy, "ordinary");
      go.countDown();
      List<Object> all = taken.get(20, SECONDS);
      assertEquals(ExitReason.KILLED, all.getFirst() instanceof Down down ? down.reason() : all);
      assertEquals("ordinary", all.get(1));
    }
  }

  @Test
  @NeedsOpenJdk("elsewhere a process that has waited runs beside the schedulers")
  @DisplayName("P10 an owner without memory for what is before a signal gets all of it later")
  void owner() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    CompletableFuture<List<Object>> taken = new CompletableFuture<>();
    try (Node node = start(1, 0)) {
      Pid receiver =
          node.spawn(
              self -> {
                List<Object> all = new ArrayList<>();
                while (all.size() < 200) {
                  try {
                    all.addAll(take(self, 1));
                  } catch (OutOfMemoryError noMemory) {
                    refused.getAndIncrement();
                  }
                }
                taken.complete(all);
              });
      await().atMost(LIMIT).until(() -> node.info(receiver).orElseThrow().turns() > 0);
      CountDownLatch looping = new CountDownLatch(1);
      node.spawn(
          self -> {
            looping.countDown();
            while (!stop.get()) {
              Thread.onSpinWait();
            }
          });
      assertTrue(looping.await(10, SECONDS));
      IntStream.range(0, 200).forEach(i -> node.send(receiver, i)); // it is ready, and does not run
      node.exit(receiver, ExitReason.NORMAL);
      failures.set(2);
      stop.set(true);
      assertEquals(IntStream.range(0, 200).boxed().toList(), taken.get(20, SECONDS));
      assertTrue(refused.get() > 0);
    }
  }
}
