package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.LongTurnReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Reporter;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Code of the user's that the kernel calls, or that runs when a process ends, does its worst. */
class HostileCodeTest {
  private static final int KILLS = 4_000;

  private final AtomicBoolean stop = new AtomicBoolean();

  private static Node node() {
    return node(report -> {});
  }

  private static Node node(Reporter reporter) {
    return Node.start(
        NodeOptions.DEFAULT
            .withSchedulers(1)
            .withShutdownTime(Duration.ofMillis(300))
            .withReporter(reporter));
  }

  private static void assertEnds(Node node, Pid pid) throws Exception {
    CompletableFuture<Object> down = new CompletableFuture<>();
    node.spawn(
        self -> {
          self.monitor(pid);
          down.complete(self.receive());
        });
    assertInstanceOf(Down.class, down.get(20, SECONDS), "its end was never announced");
  }

  private static ExitReason failure(CompletableFuture<?> answer) {
    Throwable cause =
        assertThrows(ExecutionException.class, () -> answer.get(20, SECONDS)).getCause();
    return assertInstanceOf(CallFailed.class, cause).reason();
  }

  /** A server that handles its second message only when all of the others have arrived. */
  private Pid busy(Node node, CountDownLatch arrived, Reactive second) throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    Pid server =
        node.spawn(
            (self, message) -> {
              if (message instanceof Request) {
                second.onMessage(self, message);
              } else {
                first.countDown();
                arrived.await();
              }
            });
    node.send(server, "first");
    assertTrue(first.await(20, SECONDS));
    return server;
  }

  private void loop() {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }

  // ---- requests that wait for a process that ends

  @Test
  @DisplayName("a request that waits behind the one its server crashes on fails, too")
  void requestsBehindACrash() throws Exception {
    try (Node node = node()) {
      CountDownLatch arrived = new CountDownLatch(1);
      Pid server =
          busy(
              node,
              arrived,
              (self, message) -> {
                throw new IllegalStateException("boom");
              });
      CompletableFuture<?> one = node.request(server, 1);
      CompletableFuture<?> two = node.request(server, 2);
      arrived.countDown();
      assertInstanceOf(ExitReason.Crashed.class, failure(one));
      assertInstanceOf(ExitReason.Crashed.class, failure(two));
    }
  }

  @Test
  @DisplayName("requests that a zombie has taken out and not handled fail when it is fenced")
  void requestsOfAZombie() throws Exception {
    try (Node node = node()) {
      CountDownLatch arrived = new CountDownLatch(1);
      CountDownLatch looping = new CountDownLatch(1);
      Pid server =
          busy(
              node,
              arrived,
              (self, message) -> {
                looping.countDown();
                loop();
              });
      CompletableFuture<?> one = node.request(server, 1);
      CompletableFuture<?> two = node.request(server, 2);
      arrived.countDown();
      assertTrue(looping.await(20, SECONDS));
      node.exit(server, ExitReason.KILL);
      assertEquals(ExitReason.KILLED, failure(one));
      assertEquals(ExitReason.KILLED, failure(two));
    } finally {
      stop.set(true);
    }
  }

  // ---- texts of the user's

  /** Something that cannot be shown. */
  private static final class Unprintable {
    @Override
    public String toString() {
      throw new IllegalArgumentException("no text");
    }
  }

  private static final class Undescribed implements Reactive {
    private final Reactive code;

    Undescribed(Reactive code) {
      this.code = code;
    }

    @Override
    public void onMessage(Context self, Object message) throws Exception {
      code.onMessage(self, message);
    }

    @Override
    public String describe() {
      throw new IllegalArgumentException("no description");
    }
  }

  @Test
  @DisplayName("a process whose describe() throws can crash, and its end is announced")
  void describeThrows() throws Exception {
    try (Node node = node()) {
      Pid server =
          node.spawn(
              new Undescribed(
                  (self, message) -> {
                    throw new IllegalStateException("boom");
                  }));
      node.send(server, "crash");
      assertEnds(node, server);
    }
  }

  @Test
  @DisplayName(
      "neither a payload nor an exit reason that cannot be shown stops the end of a process")
  void unprintable() throws Exception {
    try (Node node = node()) {
      Pid server = node.spawn((self, message) -> {});
      CompletableFuture<?> answer = node.request(server, new Unprintable());
      node.exit(server, ExitReason.of(new Unprintable()));
      assertEnds(node, server);
      assertInstanceOf(ExitReason.Custom.class, failure(answer));
    }
  }

  // ---- reporters and futures

  @Test
  @DisplayName("a reporter may pass a crash report on to a process")
  void reporterSends() throws Exception {
    AtomicReference<Runnable> pass = new AtomicReference<>(() -> {});
    CompletableFuture<Object> passed = new CompletableFuture<>();
    try (Node node =
        node(
            report -> {
              if (report instanceof CrashReport) {
                pass.get().run();
              }
            })) {
      Pid logger = node.spawn((self, message) -> passed.complete(message));
      pass.set(() -> node.send(logger, "crashed"));
      node.spawn(
          self -> {
            throw new IllegalStateException("boom");
          });
      assertEquals("crashed", passed.get(20, SECONDS));
    }
  }

  @Test
  @DisplayName("what hangs on the future of a request may use the node when the server dies")
  void futureOfADyingServer() throws Exception {
    try (Node node = node()) {
      CompletableFuture<Object> told = new CompletableFuture<>();
      Pid other = node.spawn((self, message) -> told.complete(message));
      Pid server = node.spawn((self, message) -> self.stop(ExitReason.SHUTDOWN));
      CompletableFuture<?> _ =
          node.request(server, "stop").whenComplete((answer, error) -> node.send(other, "gone"));
      assertEquals("gone", told.get(20, SECONDS));
    }
  }

  @Test
  @DisplayName("a reporter that throws at a timer's failure ends no thread of the node")
  void reporterThrows() throws Exception {
    try (Node node =
        node(
            report -> {
              throw new IllegalStateException("no report");
            })) {
      CountDownLatch looping = new CountDownLatch(1);
      Pid server =
          node.spawn(
              new Undescribed(
                  (self, message) -> {
                    looping.countDown();
                    loop();
                  }));
      node.send(server, "loop");
      assertTrue(looping.await(20, SECONDS));
      node.exit(server, ExitReason.KILL);
      assertEnds(node, server);
    } finally {
      stop.set(true);
    }
  }

  @Test
  @DisplayName("while a reporter blocks, the next endless loop keeps nobody from running either")
  void reporterBlocks() throws Exception {
    CountDownLatch reporting = new CountDownLatch(1);
    Reporter blocking =
        report -> {
          if (report instanceof LongTurnReport) {
            reporting.countDown();
            loop();
          }
        };
    try (Node node = node(blocking)) {
      Pid echo = node.spawn((self, message) -> ((Request) message).reply(1));
      node.spawn(self -> loop());
      assertTrue(reporting.await(20, SECONDS));
      CountDownLatch second = new CountDownLatch(1);
      node.spawn(
          self -> {
            second.countDown();
            loop();
          });
      assertTrue(second.await(20, SECONDS));
      assertEquals(1, node.call(echo, "?", Duration.ofSeconds(20)));
    } finally {
      stop.set(true);
    }
  }

  // ---- operations at the wrong place or time

  @Test
  @DisplayName("a predicate that receives is refused, and no message is lost")
  void predicateReceives() throws Exception {
    try (Node node = node()) {
      CompletableFuture<List<Object>> seen = new CompletableFuture<>();
      Pid pid =
          node.spawn(
              self -> {
                List<Object> all = new ArrayList<>();
                assertThrows(
                    IllegalStateException.class,
                    () -> self.receive(m -> m.equals(2) && self.receive().equals(m)));
                Optional<Object> next = self.receive(Duration.ofSeconds(20));
                while (next.isPresent() && !next.get().equals("end")) {
                  all.add(next.get());
                  next = self.receive(Duration.ofSeconds(20));
                }
                seen.complete(all);
              });
      List.of(0, 1, 2, 3, "end").forEach(message -> node.send(pid, message));
      assertEquals(List.of(0, 1, 2, 3), seen.get(20, SECONDS));
    }
  }

  @Test
  @DisplayName("a kill ends a process that waits for an answer from another node at once")
  void waitsForAnotherNode() throws Exception {
    NodeOptions patient = NodeOptions.DEFAULT.withKillGrace(Duration.ofMinutes(10));
    try (Node here = Node.start(patient);
        Node other = node()) {
      Pid silent = other.spawn((self, message) -> {});
      CountDownLatch calling = new CountDownLatch(1);
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Pid caller =
          here.spawn(
              self -> {
                calling.countDown();
                try {
                  other.call(silent, "?", null);
                } catch (ProcessExit exit) {
                  thrown.complete(exit);
                  throw exit;
                }
              });
      assertTrue(calling.await(20, SECONDS));
      here.exit(caller, ExitReason.KILL);
      assertInstanceOf(ProcessExit.class, thrown.get(20, SECONDS));
      assertEquals(0, here.zombieCount());
    }
  }

  @Test
  @DisplayName("an exit signal is not lost if its victim is in a kernel operation and then blocks")
  void exitMeetsOperation() throws Exception {
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(2).withReporter(r -> {}))) {
      for (int i = 0; i < KILLS; i++) {
        int operations = 1 + i % 4;
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<String> ended = new CompletableFuture<>();
        AtomicBoolean now = new AtomicBoolean();
        Pid victim =
            node.spawn(
                self -> {
                  running.countDown();
                  while (!now.get()) {
                    Thread.onSpinWait();
                  }
                  try {
                    for (int k = 0; k < operations; k++) {
                      self.trapExit(false);
                    }
                    new CountDownLatch(1).await();
                  } finally {
                    ended.complete("ended");
                  }
                });
        assertTrue(running.await(20, SECONDS));
        now.set(true);
        node.exit(victim, ExitReason.of("die"));
        assertEquals("ended", ended.get(20, SECONDS));
      }
    }
  }
}
