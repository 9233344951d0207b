package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ZombieReport;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Signals to processes that do not look into their mailbox (design 2.3, 2.4): P16, P20, P34, P44.
 */
class SignalTest {
  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Node node =
      Node.start(NodeOptions.DEFAULT.withSchedulers(2).withReporter(reports::add));

  @AfterEach
  void close() {
    stop.set(true);
    node.close();
  }

  /** Watches a process from another one and tells its exit reason. */
  private CompletableFuture<ExitReason> reasonOf(Pid pid) {
    return reasonOf(node, pid);
  }

  private static CompletableFuture<ExitReason> reasonOf(Node node, Pid pid) {
    CompletableFuture<ExitReason> reason = new CompletableFuture<>();
    CountDownLatch watching = new CountDownLatch(1);
    node.spawn(
        self -> {
          self.monitor(pid);
          watching.countDown();
          reason.complete(((Down) self.receive()).reason());
        });
    awaitLatch(watching);
    return reason;
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void compute() {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("a kill ends a process that waits in a socket read at once, by interrupting it")
  void killInSocketRead() throws Exception {
    NodeOptions patient = NodeOptions.DEFAULT.withKillGrace(Duration.ofMinutes(10));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Node node = Node.start(patient)) {
      CountDownLatch reading = new CountDownLatch(1);
      AtomicReference<Throwable> ended = new AtomicReference<>();
      Pid reader =
          node.spawn(
              self -> {
                try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                  reading.countDown();
                  socket.getInputStream().read();
                } catch (Throwable t) {
                  ended.set(t);
                  throw t;
                }
              });
      CompletableFuture<ExitReason> reason = reasonOf(node, reader);
      awaitLatch(reading);
      node.exit(reader, ExitReason.KILL);
      assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
      await().atMost(20, SECONDS).until(() -> ended.get() != null);
      assertEquals(0, node.zombieCount());
    }
  }

  @Test
  @DisplayName(
      "a kill of an endless loop is seen by everybody within the grace time; the loop is a zombie")
  void killInLoop() throws Exception {
    CountDownLatch looping = new CountDownLatch(1);
    Pid loop =
        node.spawn(
            self -> {
              looping.countDown();
              compute();
            },
            SpawnOptions.DEFAULT.name("looper"));
    CompletableFuture<ExitReason> reason = reasonOf(loop);
    awaitLatch(looping);
    node.exit(loop, ExitReason.KILL);
    assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
    assertFalse(node.whereis("looper").isPresent(), "P5: the name is free");
    assertFalse(node.isAlive(loop));
    assertEquals(1, node.zombieCount());
    stop.set(true);
    await().atMost(20, SECONDS).until(() -> node.zombieCount() == 0);
    assertTrue(node.awaitReports(Duration.ofSeconds(20)));
    List<ZombieReport> zombies =
        reports.stream()
            .filter(ZombieReport.class::isInstance)
            .map(ZombieReport.class::cast)
            .toList();
    assertEquals(2, zombies.size());
    assertFalse(zombies.getFirst().stack().isEmpty(), "the report shows where it loops");
    assertTrue(zombies.getLast().ended());
  }

  @Test
  @DisplayName("what a zombie does through the kernel throws and changes nothing")
  void zombieIsFenced() throws Exception {
    CountDownLatch looping = new CountDownLatch(1);
    CompletableFuture<Integer> refused = new CompletableFuture<>();
    CompletableFuture<Object> received = new CompletableFuture<>();
    Pid witness = node.spawn(self -> received.complete(self.receive()));
    Pid zombie =
        node.spawn(
            self -> {
              looping.countDown();
              compute();
              int thrown = 0;
              List<Runnable> attempts =
                  List.of(
                      () -> self.send(witness, "from the dead"),
                      () -> self.register("ghost", witness),
                      () -> self.spawn(other -> other.send(witness, "from its child")),
                      () -> self.sendAfter(Duration.ZERO, witness, "later"),
                      () -> self.link(witness),
                      () -> self.exit(witness, ExitReason.KILL),
                      () -> self.trapExit(true),
                      () -> self.receive(Duration.ZERO),
                      self::checkpoint);
              for (Runnable attempt : attempts) {
                try {
                  attempt.run();
                } catch (ProcessExit e) {
                  thrown++;
                }
              }
              refused.complete(thrown - attempts.size());
            });
    CompletableFuture<ExitReason> reason = reasonOf(zombie);
    awaitLatch(looping);
    node.exit(zombie, ExitReason.KILL);
    assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
    stop.set(true);
    assertEquals(0, refused.get(20, SECONDS), "operations that were not refused");
    assertFalse(received.isDone());
    assertFalse(node.whereis("ghost").isPresent());
    node.send(witness, "from the living");
    assertEquals("from the living", received.get(20, SECONDS));
  }

  @Test
  @DisplayName(
      "an exit signal that arrives after unlink, or before trap_exit, is judged by what held on"
          + " arrival")
  void judgedOnArrival() throws Exception {
    for (int i = 0; i < 200; i++) {
      CountDownLatch trapping = new CountDownLatch(1);
      CountDownLatch sent = new CountDownLatch(1);
      CompletableFuture<Object> got = new CompletableFuture<>();
      Pid busy =
          node.spawn(
              self -> {
                self.trapExit(true);
                trapping.countDown();
                awaitLatch(sent); // computes, as far as the kernel can see
                self.trapExit(false); // too late: the signal has become a message (P23)
                got.complete(self.receive());
              });
      awaitLatch(trapping);
      node.exit(busy, ExitReason.of("trapped"));
      sent.countDown();
      assertEquals(
          ExitReason.of("trapped"),
          assertInstanceOf(Exit.class, got.get(20, SECONDS), "lost, or killed").reason());
    }
  }

  @Test
  @DisplayName(
      "signals to a computing process are handled while it computes, its messages keep their order")
  void helperKeepsOrder() throws Exception {
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<String> order = new CompletableFuture<>();
    Pid busy =
        node.spawn(
            self -> {
              self.trapExit(true);
              computing.countDown();
              awaitLatch(goOn);
              StringBuilder all = new StringBuilder();
              for (int i = 0; i < 6; i++) {
                Object message = self.receive();
                all.append(message instanceof Exit(Pid from, ExitReason why) ? why : message);
              }
              order.complete(all.toString());
            },
            SpawnOptions.DEFAULT.mailboxCapacity(2));
    awaitLatch(computing);
    node.send(busy, "1");
    node.send(busy, "2");
    node.exit(busy, ExitReason.of("3"));
    node.send(busy, "4");
    node.exit(busy, ExitReason.of("5"));
    node.send(busy, "6");
    goOn.countDown();
    assertEquals("123456", order.get(20, SECONDS));
  }

  @Test
  @DisplayName("P6 is_process_alive is ordered after the caller's own kill, 5 000 times")
  void aliveAfterKill() {
    for (int i = 0; i < 5_000; i++) {
      Pid pid = i % 2 == 0 ? node.spawn(self -> self.receive()) : node.spawn((self, message) -> {});
      node.exit(pid, ExitReason.KILL);
      assertFalse(node.isAlive(pid));
    }
  }

  @Test
  @DisplayName(
      "a process in a blocking section is not interrupted by a kill, and ends after the section")
  void blockingSection() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<String> section = new CompletableFuture<>();
    Pid pid =
        node.spawn(
            self ->
                self.blocking(
                    () -> {
                      inside.countDown();
                      goOn.await();
                      return section.complete("whole");
                    }));
    CompletableFuture<ExitReason> reason = reasonOf(pid);
    awaitLatch(inside);
    node.exit(pid, ExitReason.KILL);
    CompletableFuture<Object> graceOver = new CompletableFuture<>();
    Pid clock = node.spawn(self -> graceOver.complete(self.receive()));
    node.sendAfter(node.options().killGrace().multipliedBy(3), clock, "over");
    graceOver.get(20, SECONDS);
    assertFalse(reason.isDone(), "it ended before its section did");
    goOn.countDown();
    assertEquals("whole", section.get(20, SECONDS));
    assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
  }
}
