package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.mailbox.Queues;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A process that ends while there is no memory to tell it to those who rely on it. */
class EndWithoutMemoryTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int OBSERVERS = 5;
  private static final int FAILURES = 17; // more than one for each of what is announced

  private final AtomicInteger failures = new AtomicInteger(); // that are still to come
  private final AtomicInteger failed = new AtomicInteger();

  /** The second message that waits in a mailbox needs a queue. */
  private MessageQueue queue(int capacity) {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      failed.getAndIncrement();
      throw new OutOfMemoryError("on purpose");
    }
    return Queues.factory().create(capacity);
  }

  @Test
  @DisplayName("P5 P46 an end is announced to everybody though there is no memory for it at first")
  void announced() throws Exception {
    NodeOptions options = NodeOptions.DEFAULT.withSchedulers(2).withReporter(report -> {});
    try (Node node = Node.start(options, this::queue)) {
      CountDownLatch ready = new CountDownLatch(OBSERVERS);
      CountDownLatch look = new CountDownLatch(1);
      List<CompletableFuture<String>> seen = new ArrayList<>();
      Pid victim =
          node.spawn(
              self -> {
                self.receive("end"::equals);
                failures.set(FAILURES);
              });
      List<Pid> observers = new ArrayList<>();
      for (int i = 0; i < OBSERVERS; i++) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        seen.add(outcome);
        observers.add(node.spawn(self -> observe(self, victim, ready, look, outcome)));
      }
      assertTrue(ready.await(20, SECONDS));
      for (Pid observer : observers) {
        node.send(observer, "takes the place that needs no memory");
      }
      CompletableFuture<?> asked = node.request(victim, "not answered");
      node.send(victim, "end");
      await().atMost(LIMIT).until(() -> failed.get() == FAILURES);
      await().atMost(LIMIT).until(() -> !node.isAlive(victim));
      look.countDown();
      for (CompletableFuture<String> outcome : seen) {
        assertEquals("down, exit, response", outcome.get(20, SECONDS));
      }
      await().atMost(LIMIT).until(asked::isDone);
      assertTrue(asked.isCompletedExceptionally());
      await().atMost(LIMIT).until(() -> node.processCount() == 0);
    }
  }

  /** Watches, is linked, has asked; blocks outside of the kernel meanwhile. */
  private static void observe(
      Context self,
      Pid victim,
      CountDownLatch ready,
      CountDownLatch look,
      CompletableFuture<String> outcome)
      throws InterruptedException {
    self.trapExit(true);
    self.link(victim);
    Ref monitor = self.monitor(victim);
    Ref request = self.sendRequest(victim, "not answered");
    ready.countDown();
    look.await();
    boolean down = has(self, m -> m instanceof Down d && d.ref().equals(monitor));
    boolean exit = has(self, m -> m instanceof Exit e && e.from().equals(victim));
    boolean response = has(self, m -> m instanceof Response r && r.ref().equals(request));
    outcome.complete(
        (down ? "down, " : "") + (exit ? "exit, " : "") + (response ? "response" : ""));
  }

  private static boolean has(Context self, Predicate<Object> matching) {
    Optional<Object> message = self.receive(matching, Duration.ofSeconds(5));
    return message.isPresent();
  }

  @Test
  @DisplayName("a link to a process that has ended is answered though there is no memory at first")
  void bounced() throws Exception {
    NodeOptions options = NodeOptions.DEFAULT.withSchedulers(2).withReporter(report -> {});
    try (Node node = Node.start(options, this::queue)) {
      Pid dead = node.spawn(self -> {});
      await().atMost(LIMIT).until(() -> !node.isAlive(dead));
      CompletableFuture<Object> reason = new CompletableFuture<>();
      node.spawn(
          self -> {
            self.send(self.pid(), "takes the place of a message of its own");
            self.send(self.pid(), "takes the place that needs no memory");
            failures.set(3);
            Ref monitor = self.monitor(dead);
            Optional<Object> down =
                self.receive(m -> m instanceof Down d && d.ref().equals(monitor), LIMIT);
            reason.complete(down.map(m -> ((Down) m).reason()).orElseThrow());
          });
      assertEquals(ExitReason.NO_PROCESS, reason.get(20, SECONDS));
      assertEquals(3, failed.get());
    }
  }

  @Test
  @DisplayName("a signal that there was no memory for has not been sent: its sender is told")
  void notSent() throws Exception {
    NodeOptions options = NodeOptions.DEFAULT.withSchedulers(2).withReporter(report -> {});
    CountDownLatch go = new CountDownLatch(1);
    try (Node node = Node.start(options, this::queue)) {
      CountDownLatch ready = new CountDownLatch(1);
      Pid busy =
          node.spawn(
              self -> {
                ready.countDown();
                go.await();
              });
      assertTrue(ready.await(20, SECONDS));
      node.send(busy, "takes the place that needs no memory");
      failures.set(1);
      CompletableFuture<Boolean> refused = new CompletableFuture<>();
      node.spawn(
          self -> {
            try {
              self.exit(busy, ExitReason.SHUTDOWN);
              refused.complete(false);
            } catch (OutOfMemoryError noMemory) {
              refused.complete(true);
            }
          });
      assertTrue(refused.get(20, SECONDS));
      assertEquals(0, node.info(busy).orElseThrow().queueLength() - 1, "one message waits");
      assertTrue(node.isAlive(busy), "nothing is on its way that it would have to be asked for");
      assertFalse(failures.get() > 0);
      go.countDown();
    }
  }
}
