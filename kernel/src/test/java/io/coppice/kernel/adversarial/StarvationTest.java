package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.LongTurnReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No process can stop the others (design 2.4). */
class StarvationTest {
  private final List<Report> reports = new CopyOnWriteArrayList<>();

  private Node node(int schedulers) {
    return Node.start(NodeOptions.DEFAULT.withSchedulers(schedulers).withReporter(reports::add));
  }

  private static Pid echo(Node node) {
    return node.spawn((self, message) -> ((Request) message).reply(((Request) message).payload()));
  }

  @Test
  @DisplayName(
      "with more endless loops than schedulers a server goes on answering, and timers fire")
  void loops() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (Node node = node(2)) {
      CountDownLatch looping = new CountDownLatch(4);
      Pid echo = echo(node);
      for (int i = 0; i < 4; i++) {
        node.spawn(
            self -> {
              looping.countDown();
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
      }
      assertTrue(looping.await(20, SECONDS), "the loops keep each other from starting");
      for (int i = 0; i < 50; i++) {
        assertEquals(i, node.call(echo, i, Duration.ofSeconds(20)));
      }
      CompletableFuture<Object> fired = new CompletableFuture<>();
      Pid waiter = node.spawn(self -> fired.complete(self.receive()));
      node.sendAfter(Duration.ofMillis(20), waiter, "fired");
      assertEquals("fired", fired.get(20, SECONDS));
      assertTrue(node.extraSchedulers() >= 2, "extra schedulers: " + node.extraSchedulers());
      await("a long turn is reported with its stack")
          .atMost(20, SECONDS)
          .until(
              () ->
                  reports.stream()
                      .anyMatch(r -> r instanceof LongTurnReport turn && !turn.stack().isEmpty()));
      stop.set(true);
      await("extra schedulers retire").atMost(20, SECONDS).until(() -> node.extraSchedulers() == 0);
    } finally {
      stop.set(true);
    }
  }

  @Test
  @DisplayName("an endless loop in one of 100,000 that waited while the node was idle is reported")
  void loopAmongMany() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Pid> waiting = new ArrayList<>();
    try (Node node =
        Node.start(
            NodeOptions.DEFAULT.withName("crowd").withSchedulers(1).withReporter(reports::add))) {
      CountDownLatch started = new CountDownLatch(100_000);
      for (int i = 0; i < 100_000; i++) {
        waiting.add(
            node.spawn(
                self -> {
                  started.countDown();
                  self.receive();
                  while (!stop.get()) {
                    Thread.onSpinWait();
                  }
                }));
      }
      assertTrue(started.await(20, SECONDS));
      await("the monitor sleeps").atMost(20, SECONDS).until(() -> monitorSleeps("crowd"));
      node.send(waiting.getFirst(), "go");
      await("the loop is reported")
          .atMost(10, SECONDS)
          .until(() -> reports.stream().anyMatch(LongTurnReport.class::isInstance));
    } finally {
      stop.set(true);
    }
  }

  private static boolean monitorSleeps(String node) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(
            thread ->
                thread.getName().contains(node)
                    && thread.getName().contains("monitor")
                    && thread.getState() == Thread.State.WAITING);
  }

  @Test
  @DisplayName("a file read that pins its scheduler thread keeps nobody else from running")
  void pinnedFileRead(@TempDir Path dir) throws Exception {
    Path fifo = dir.resolve("fifo");
    Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
    assumeTrue(mkfifo.waitFor() == 0 && Files.exists(fifo), "this system has no FIFOs");
    try (Node node = node(1)) {
      CountDownLatch reading = new CountDownLatch(1);
      CompletableFuture<Integer> read = new CompletableFuture<>();
      Pid echo = echo(node);
      node.spawn(
          self -> {
            reading.countDown();
            try (FileInputStream in = new FileInputStream(fifo.toFile())) {
              read.complete(in.read());
            }
          });
      assertTrue(reading.await(20, SECONDS));
      for (int i = 0; i < 100; i++) {
        assertEquals(i, node.call(echo, i, Duration.ofSeconds(20)));
      }
      try (FileOutputStream out = new FileOutputStream(fifo.toFile())) {
        out.write(9);
      }
      assertEquals(9, read.get(20, SECONDS));
    }
  }

  @Test
  @DisplayName(
      "a dedicated-thread process may pin its thread; it receives, is called and answers as any"
          + " other")
  void dedicatedThread() throws Exception {
    try (Node node = node(1)) {
      CompletableFuture<Boolean> virtual = new CompletableFuture<>();
      Pid reactive =
          node.spawn(
              (self, message) -> {
                virtual.complete(Thread.currentThread().isVirtual());
                ((Request) message).reply(((Request) message).payload());
              },
              SpawnOptions.DEFAULT.dedicatedThread());
      Pid blocking =
          node.spawn(
              self -> {
                while (true) {
                  Request request = (Request) self.receive();
                  request.reply(self.call(reactive, request.payload(), null));
                }
              },
              SpawnOptions.DEFAULT.dedicatedThread());
      for (int i = 0; i < 2_000; i++) {
        assertEquals(i, node.call(blocking, i, Duration.ofSeconds(20)));
      }
      assertEquals(false, virtual.get(1, SECONDS));
    }
  }

  @Test
  @DisplayName(
      "a process that never stops sending to itself does not keep its scheduler from others")
  void selfSender() {
    try (Node node = node(1)) {
      Pid busy = node.spawn((self, message) -> self.send(self.pid(), message));
      node.send(busy, "again");
      Pid echo = echo(node);
      for (int i = 0; i < 100; i++) {
        assertEquals(i, node.call(echo, i, Duration.ofSeconds(20)));
      }
    }
  }

  @Test
  @DisplayName(
      "processes that wake each other without end, many on each processor, keep neither timers nor"
          + " calls from outside from getting through")
  void conversations() throws Exception {
    int pairs = 4 * Runtime.getRuntime().availableProcessors();
    try (Node node = node(2)) {
      CountDownLatch talking = new CountDownLatch(pairs);
      for (int i = 0; i < pairs; i++) {
        Pid answers = node.spawn(StarvationTest::talk);
        node.spawn(
            self -> {
              self.send(answers, self.pid());
              self.receive();
              talking.countDown();
              self.send(answers, self.pid());
              talk(self);
            });
        node.spawn(
            self -> {
              while (true) {
                self.yieldNow();
              }
            });
      }
      assertTrue(talking.await(20, SECONDS), "they keep each other from starting");
      Pid echo = echo(node);
      for (int i = 0; i < 5; i++) {
        assertEquals(i, node.call(echo, i, Duration.ofSeconds(20)));
      }
      CompletableFuture<Object> fired = new CompletableFuture<>();
      Pid waiter = node.spawn(self -> fired.complete(self.receive()));
      node.sendAfter(Duration.ofMillis(20), waiter, "fired");
      assertEquals("fired", fired.get(20, SECONDS));
    }
  }

  /** Sends itself to whoever has sent itself. */
  private static void talk(Context self) {
    while (true) {
      self.send((Pid) self.receive(), self.pid());
    }
  }

  @Test
  @DisplayName("a turn ends after its budget of messages, however many more are there")
  void turnBudget() throws Exception {
    int messages = 10_000;
    NodeOptions options =
        NodeOptions.DEFAULT
            .withSchedulers(1)
            .withTimeSlice(Duration.ofSeconds(10)) // so that nothing else ends a turn
            .withTurnMessages(64);
    try (Node node = Node.start(options)) {
      CompletableFuture<Integer> seen = new CompletableFuture<>();
      int[] handled = {0};
      node.spawn(
          self -> {
            Pid other = self.spawn((me, message) -> seen.complete(handled[0]));
            Pid busy = self.spawn((me, message) -> handled[0]++); // made ready last: runs first
            self.send(other, "now");
            for (int i = 0; i < messages; i++) {
              self.send(busy, "again");
            }
          });
      assertEquals(64, seen.get(20, SECONDS), "messages of another that it had to wait for");
    }
  }
}
