package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.KernelFaultReport;
import io.coppice.kernel.process.LongTurnReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Callers and servers that end, hang or loop while the one runs on the stack of the other. */
class InlineCallLifeTest extends InlineCalls {
  @Test
  @DisplayName(
      "a server that crashes, stops, or overflows the stack fails the call with its reason")
  void ends() throws Exception {
    Reactive code =
        (self, message) -> {
          switch (((Request) message).payload().toString()) {
            case "crash" -> throw new IllegalArgumentException("broken");
            case "stop" -> self.stop(ExitReason.of("enough"));
            case "exit" -> throw self.exit(ExitReason.of("out"));
            case "kill" -> self.exit(self.pid(), ExitReason.KILL);
            default -> overflow(1);
          }
        };
    assertInstanceOf(ExitReason.Crashed.class, end(code, "crash"));
    assertEquals(ExitReason.of("enough"), end(code, "stop"));
    assertEquals(ExitReason.of("out"), end(code, "exit"));
    assertEquals(ExitReason.KILLED, end(code, "kill"));
    assertInstanceOf(ExitReason.Crashed.class, end(code, "overflow"));
    await("they are reported").atMost(LONG).until(() -> crashes().size() >= 2);
    assertTrue(crashes().getFirst().text().contains("String"), crashes().getFirst().text());
  }

  private List<CrashReport> crashes() {
    return reports.stream()
        .filter(CrashReport.class::isInstance)
        .map(CrashReport.class::cast)
        .toList();
  }

  private static int overflow(int depth) {
    return depth == 0 ? 0 : overflow(depth + 1) + 1;
  }

  private ExitReason end(Reactive code, String how) throws Exception {
    Pid server = server(code);
    return inProcess(
        self -> {
          self.monitor(server);
          await("it rests").atMost(LONG).until(() -> status(server) == ProcessStatus.IDLE);
          Thread.currentThread().setName("caller");
          CallFailed failed = assertThrows(CallFailed.class, () -> self.call(server, how, LONG));
          assertEquals(failed.reason(), ((Down) self.receive()).reason());
          assertEquals("caller", Thread.currentThread().getName());
          assertFalse(Thread.currentThread().isInterrupted());
          assertFalse(self.isAlive(server));
          return failed.reason();
        });
  }

  @Test
  @DisplayName("who kills the caller does not interrupt the server; the caller ends after it")
  void killedCaller() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    AtomicBoolean goOn = new AtomicBoolean();
    AtomicBoolean interrupted = new AtomicBoolean();
    Pid server =
        server(
            (self, message) -> {
              inside.countDown();
              while (!goOn.get()) {
                interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
                Thread.onSpinWait();
              }
              reply(message, "done");
            });
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    CompletableFuture<Boolean> told = new CompletableFuture<>();
    Pid caller =
        node.spawn(
            self -> {
              try {
                self.call(server, "x", LONG);
              } catch (ProcessExit exit) {
                thrown.complete(exit);
                told.complete(Thread.currentThread().isInterrupted());
                throw exit;
              }
            });
    assertTrue(inside.await(20, SECONDS));
    node.exit(caller, ExitReason.KILL);
    await("it is cut off").atMost(LONG).until(() -> !node.isAlive(caller));
    assertTrue(node.isAlive(server));
    goOn.set(true);
    assertInstanceOf(ProcessExit.class, thrown.get(20, SECONDS));
    assertTrue(told.get(20, SECONDS), "the interrupt was lost");
    await("the server rests").atMost(LONG).until(() -> status(server) == ProcessStatus.IDLE);
    assertFalse(interrupted.get(), "the server saw an interrupt");
    assertEquals("done", node.call(server, "x", LONG));
  }

  @Test
  @DisplayName(
      "a server killed in its handler ends as ever: at once, or cut off; its caller is told")
  void killedServer() throws Exception {
    for (boolean obeys : new boolean[] {true, false}) {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch never = new CountDownLatch(1);
      AtomicBoolean done = new AtomicBoolean();
      Pid server =
          server(
              (self, message) -> {
                inside.countDown();
                if (obeys) {
                  never.await();
                } else {
                  while (!done.get()) {
                    Thread.onSpinWait();
                  }
                }
                reply(message, "too late");
              });
      CompletableFuture<Object> result =
          started(
              self -> {
                CallFailed failed =
                    assertThrows(CallFailed.class, () -> self.call(server, "x", LONG));
                assertFalse(Thread.currentThread().isInterrupted());
                self.sleep(Duration.ofMillis(1));
                return failed.reason();
              });
      assertTrue(inside.await(20, SECONDS));
      node.exit(server, ExitReason.KILL);
      await("it has ended").atMost(LONG).until(() -> !node.isAlive(server));
      done.set(true);
      assertEquals(ExitReason.KILLED, result.get(20, SECONDS));
      await("no zombie is left").atMost(LONG).until(() -> node.zombieCount() == 0);
      assertEquals("still", node.call(node.spawn((s, m) -> reply(m, "still")), "x", LONG));
    }
  }

  @Test
  @DisplayName("an endless handler is reported as the server's, and its caller waits for it")
  void endlessLoop() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    Pid server =
        server(
            (self, message) -> {
              inside.countDown();
              loopWithoutEnd();
              reply(message, "x");
            });
    CompletableFuture<Pid> caller = new CompletableFuture<>();
    CompletableFuture<@Nullable Object> result =
        started(
            self -> {
              caller.complete(self.pid());
              return self.call(server, "x", LONG);
            });
    assertTrue(inside.await(20, SECONDS));
    await("the report")
        .atMost(LONG)
        .until(
            () ->
                reports.stream()
                    .anyMatch(r -> r instanceof LongTurnReport turn && turn.pid().equals(server)));
    ProcessInfo below = node.info(caller.get(20, SECONDS)).orElseThrow();
    assertEquals(ProcessStatus.WAITING, below.status());
    assertEquals(server, below.waiting().on());
    assertEquals(ProcessStatus.RUNNING, status(server));
    assertTrue(node.dump().contains(server.toString()));
    stop.set(true);
    assertEquals("x", result.get(20, SECONDS));
  }

  @Test
  @DisplayName("a handler that blocks in the JDK keeps its caller, not the scheduler")
  void blocksInJdk() throws Exception {
    CompletableFuture<Object> release = new CompletableFuture<>();
    CountDownLatch inside = new CountDownLatch(1);
    Pid server =
        server(
            (self, message) -> {
              inside.countDown();
              reply(message, release.get());
            });
    CompletableFuture<@Nullable Object> result = started(self -> self.call(server, "x", LONG));
    assertTrue(inside.await(20, SECONDS));
    await("it blocks").atMost(LONG).until(() -> status(server) == ProcessStatus.BLOCKED);
    for (int i = 0; i < 100; i++) {
      inProcess(Context::pid);
    }
    node.send(server, "later");
    release.complete("released");
    assertEquals("released", result.get(20, SECONDS));
  }

  @Test
  @DisplayName("who calls in a loop without a wait starves nobody on its scheduler")
  void starvesNobody() throws Exception {
    Pid server = server((self, message) -> reply(message, "x"));
    AtomicInteger calls = new AtomicInteger();
    CompletableFuture<@Nullable Object> loop =
        started(
            self -> {
              while (!stop.get()) {
                self.call(server, "x", LONG);
                calls.incrementAndGet();
              }
              return null;
            });
    await("it calls").atMost(LONG).until(() -> calls.get() > 100_000);
    for (int i = 0; i < 1_000; i++) {
      inProcess(Context::pid);
    }
    inProcess(
        self -> {
          self.sleep(Duration.ofMillis(5));
          return true;
        });
    await().pollDelay(Duration.ofMillis(800)).until(() -> true); // twice a long turn
    stop.set(true);
    loop.get(20, SECONDS);
    assertEquals(List.of(), reports.stream().filter(LongTurnReport.class::isInstance).toList());
  }

  @Test
  @DisplayName("whoever is killed, and when: all calls have an outcome, and nobody is left behind")
  void killedAtAnyMoment() throws Exception {
    try (Node two =
        Node.start(
            NodeOptions.DEFAULT
                .withSchedulers(2)
                .withKillGrace(Duration.ofMillis(50))
                .withReporter(reports::add))) {
      for (int round = 0; round < 200; round++) {
        Pid server = two.spawn(InlineCallLifeTest::busy, NEVER);
        List<Pid> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          all.add(two.spawn(self -> callUntilItEnds(self, server)));
        }
        all.add(two.spawn(self -> disturb(self, server)));
        Random random = new Random(round);
        for (int i = random.nextInt(2_000); i > 0; i--) {
          Thread.onSpinWait();
        }
        two.exit(all.get(random.nextInt(3)), ExitReason.KILL);
        two.exit(server, random.nextBoolean() ? ExitReason.KILL : ExitReason.of("told"));
        for (Pid each : all) {
          await("round " + round)
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(1))
              .atMost(LONG)
              .until(() -> !two.isAlive(each));
        }
        assertFalse(two.isAlive(server));
      }
      await("nobody").atMost(LONG).until(() -> two.zombieCount() == 0);
      assertEquals(List.of(), two.processes());
    }
    assertEquals(List.of(), reports.stream().filter(KernelFaultReport.class::isInstance).toList());
  }

  private static void busy(Context self, Object message) {
    if (message instanceof Request request) {
      self.send(self.pid(), "mine");
      request.reply(self.unalias(self.alias()));
    }
  }

  private static void callUntilItEnds(Context self, Pid server) {
    try {
      while (true) {
        assertEquals(true, self.call(server, "x", LONG));
      }
    } catch (CallFailed ended) {
      assertNotEquals(ExitReason.TIMEOUT, ended.reason());
    }
  }

  private static void disturb(Context self, Pid server) {
    Ref monitor = self.monitor(server);
    while (self.receive(Duration.ZERO).isEmpty()) {
      self.send(server, "cast");
      self.demonitorFlush(monitor);
      self.yieldNow();
      monitor = self.monitor(server);
    }
  }
}
