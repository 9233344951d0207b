package io.coppice.kernel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TestNodeTest {
  private static final Reactive ECHO =
      (self, message) -> ((Request) message).reply(((Request) message).payload());

  /** Three processes that each write their name three times, with a yield between. */
  private static List<String> race(TestNode node) {
    List<String> trace = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      node.spawn(
          self -> {
            for (int i = 0; i < 3; i++) {
              trace.add(name);
              self.yieldNow();
            }
          });
    }
    node.runUntilIdle();
    return trace;
  }

  // ---- schedules

  @Test
  @DisplayName("a process may let others run before it looks for a name")
  void whereisPreempts() {
    Set<List<Integer>> orders = new HashSet<>();
    TestNode.forSeeds(
        50,
        node -> {
          List<Integer> order = new ArrayList<>();
          for (int i = 0; i < 2; i++) {
            int number = i;
            node.spawn(
                self -> {
                  order.add(number);
                  self.whereis("nobody");
                  order.add(number);
                });
          }
          node.runUntilIdle();
          orders.add(order);
        });
    assertTrue(orders.contains(List.of(0, 1, 1, 0)), orders::toString);
  }

  @Test
  @DisplayName(
      "the same seed gives the same trace and the same fingerprint, other seeds give others")
  void deterministic() {
    Set<List<String>> traces = new HashSet<>();
    Set<Long> fingerprints = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      try (TestNode first = TestNode.start(seed);
          TestNode second = TestNode.start(seed)) {
        List<String> trace = race(first);
        assertEquals(9, trace.size());
        assertEquals(trace, race(second));
        assertEquals(first.scheduleFingerprint(), second.scheduleFingerprint());
        traces.add(trace);
        fingerprints.add(first.scheduleFingerprint());
      }
    }
    assertTrue(traces.size() > 70, () -> traces.size() + " traces of 1680 in 100 seeds");
    assertTrue(fingerprints.size() >= traces.size(), () -> "" + fingerprints.size());
  }

  @Test
  @DisplayName("many seeds reach every order of three processes that do one thing each")
  void allOrders() {
    Set<List<String>> orders = new HashSet<>();
    TestNode.forSeeds(
        100,
        node -> {
          List<String> order = new ArrayList<>();
          for (String name : List.of("a", "b", "c")) {
            node.spawn(self -> order.add(name));
          }
          node.runUntilIdle();
          orders.add(order);
        });
    assertEquals(6, orders.size(), orders::toString);
  }

  @Test
  @NeedsOpenJdk("what waits in java.util.concurrent is part of a simulation only there")
  @DisplayName("waits of java.util.concurrent without a time limit are part of the schedule")
  void concurrentWaits() {
    Set<Long> fingerprints = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      try (TestNode node = TestNode.start(7)) {
        var queue = new LinkedBlockingQueue<Integer>();
        var taken = new ArrayList<Integer>();
        for (int consumer = 0; consumer < 3; consumer++) {
          node.spawn(self -> taken.add(queue.take()));
        }
        node.run(
            self -> {
              for (int item = 0; item < 3; item++) {
                queue.put(item);
                self.yieldNow();
              }
            });
        node.runUntilIdle();
        assertEquals(3, taken.size());
        fingerprints.add(node.scheduleFingerprint());
      }
    }
    assertEquals(1, fingerprints.size());
  }

  @Test
  @DisplayName("a lost update between two processes is found, and its seed repeats it")
  void lostUpdate() {
    Scenario scenario =
        node -> {
          var value = new AtomicInteger();
          Pid cell =
              node.spawn(
                  (self, message) -> {
                    Request request = (Request) message;
                    if (request.payload() instanceof Integer next) {
                      value.set(next);
                    }
                    request.reply(value.get());
                  });
          for (int i = 0; i < 2; i++) {
            node.spawn(
                self -> {
                  Integer read = (Integer) self.call(cell, "get", null);
                  self.call(cell, read == null ? 0 : read + 1, null);
                });
          }
          node.runUntilIdle();
          assertEquals(2, value.get());
        };
    SimulationFailure found =
        assertThrows(SimulationFailure.class, () -> TestNode.forSeeds(100, scenario));
    assertTrue(found.getMessage().contains("TestNode.replay(" + found.seed() + ","));
    try (TestNode again = TestNode.start(found.seed())) {
      assertThrows(AssertionError.class, () -> scenario.run(again));
    }
  }

  @Test
  @DisplayName("a receiver may run between two sends of one process, and may not")
  void preemption() {
    Set<Object> seen = new HashSet<>();
    TestNode.forSeeds(
        50,
        node -> {
          Pid receiver =
              node.spawn(
                  self -> {
                    self.receive();
                    seen.add(self.receive(Duration.ZERO));
                  });
          node.run(
              self -> {
                self.send(receiver, "first");
                self.send(receiver, "second");
              });
          node.runUntilIdle();
        });
    assertEquals(Set.of(Optional.empty(), Optional.of("second")), seen);
  }

  @Test
  @DisplayName("a blocking section may wait in real time: everything else stands still")
  void blockingSection() {
    int different =
        TestNode.forSeeds(
            20,
            node -> {
              List<String> order = new ArrayList<>();
              node.spawn(self -> order.add("other"));
              node.run(
                  self -> {
                    String result =
                        self.blocking(
                            () -> {
                              Thread.sleep(1);
                              return "section";
                            });
                    order.add(result);
                    assertThrows(
                        IOException.class,
                        () ->
                            self.blocking(
                                () -> {
                                  throw new IOException("as it was thrown");
                                }));
                  });
              node.runUntilIdle();
              assertEquals(2, order.size());
              assertEquals(Duration.ZERO, node.elapsed());
            });
    assertTrue(different > 1, "what runs after the section is drawn too");
  }

  @Test
  @DisplayName("a dedicated process is simulated like any other")
  void dedicated() {
    try (TestNode node = TestNode.start(20)) {
      Pid echo = node.spawn(ECHO, SpawnOptions.DEFAULT.dedicatedThread());
      assertEquals("hi", node.call(echo, "hi", Duration.ofSeconds(1)));
    }
  }

  // ---- time

  @Test
  @DisplayName("runUntil moves time until its condition holds, and fails if it never can")
  void runUntil() {
    try (TestNode node = TestNode.start(21)) {
      var rounds = new AtomicInteger();
      Pid ticker =
          node.spawn(
              self -> {
                while (rounds.incrementAndGet() < 10) {
                  self.sleep(Duration.ofMinutes(1));
                }
              });
      node.runUntil(() -> rounds.get() == 5);
      assertEquals(Duration.ofMinutes(4), node.elapsed());
      node.runUntil(() -> !node.isAlive(ticker));
      SimulationFailure failure =
          assertThrows(SimulationFailure.class, () -> node.runUntil(() -> rounds.get() == 5));
      assertTrue(failure.getMessage().contains("the condition of runUntil"), failure.getMessage());
    }
  }

  @Test
  @DisplayName("a sleep of a day takes no time, and timers fire in the order of their deadlines")
  void virtualTime() {
    try (TestNode node = TestNode.start(1)) {
      List<Object> order = new ArrayList<>();
      Pid logger = node.spawn((self, message) -> order.add(message));
      node.sendAfter(Duration.ofHours(3), logger, "third");
      node.sendAfter(Duration.ofHours(1), logger, "first");
      node.sendAfter(Duration.ofHours(2), logger, "second");
      node.runUntilIdle();
      assertEquals(List.of(), order);
      assertEquals(Duration.ZERO, node.elapsed());
      node.advance(Duration.ofHours(2));
      assertEquals(List.of("first", "second"), order);
      assertEquals(Duration.ofHours(2), node.elapsed());
      node.run(self -> self.sleep(Duration.ofDays(1)));
      assertEquals(Duration.ofHours(26), node.elapsed());
      assertEquals(List.of("first", "second", "third"), order);
    }
  }

  @Test
  @DisplayName("time does not move while somebody can run")
  void timeStandsStill() {
    try (TestNode node = TestNode.start(3)) {
      node.run(
          self -> {
            Pid timer = self.spawn(me -> me.sleep(Duration.ofSeconds(1)));
            for (int i = 0; i < 1000; i++) {
              self.yieldNow();
            }
            assertEquals(0, self.monotonicNanos());
            assertTrue(self.isAlive(timer));
          });
    }
  }

  @Test
  @DisplayName("G21 a call from the test's thread that nobody answers ends with a virtual time-out")
  void callTimeout() {
    try (TestNode node = TestNode.start(4)) {
      Pid silent = node.spawn((self, message) -> {});
      CallFailed failed =
          assertThrows(CallFailed.class, () -> node.call(silent, "?", Duration.ofHours(5)));
      assertSame(ExitReason.TIMEOUT, failed.reason());
      assertEquals(Duration.ofHours(5), node.elapsed());
    }
  }

  // ---- the thread of the test

  @Test
  @DisplayName(
      "calls, starts and questions of the test's thread run the node until they are answered")
  void outside() {
    try (TestNode node = TestNode.start(5)) {
      Pid echo = node.spawn(ECHO);
      assertEquals(42, node.call(echo, 42, null));
      assertEquals(
          "ready", node.start(ECHO, SpawnOptions.DEFAULT.name("echo"), "ready", null).answer());
      node.exit(echo, ExitReason.KILL);
      assertFalse(node.isAlive(echo));
      assertEquals(Set.of("echo"), node.registered());
    }
  }

  @Test
  @NeedsOpenJdk("what waits in java.util.concurrent is part of a simulation only there")
  @DisplayName("a process that waits for a future goes on when the test's thread completes it")
  void outsideFuture() {
    try (TestNode node = TestNode.start(6)) {
      var future = new CompletableFuture<String>();
      var got = new AtomicInteger();
      node.spawn(self -> got.set(future.get().length()));
      node.runUntilIdle();
      future.complete("four");
      assertEquals(0, got.get());
      node.runUntilIdle();
      assertEquals(4, got.get());
    }
  }

  @Test
  @DisplayName("waiting for the future of a request runs the node, with virtual time-outs")
  void requestFuture() throws Exception {
    try (TestNode node = TestNode.start(23)) {
      Pid echo = node.spawn(ECHO);
      assertEquals("a", node.request(echo, "a").get());
      assertEquals("bb", node.request(echo, "b").thenApply(b -> "" + b + b).join());
      Pid silent = node.spawn((self, message) -> {});
      CompletableFuture<?> never = node.request(silent, "?");
      assertThrows(TimeoutException.class, () -> never.get(1, TimeUnit.DAYS));
      assertEquals(Duration.ofDays(1), node.elapsed());
      node.exit(silent, ExitReason.KILL);
      ExecutionException failed = assertThrows(ExecutionException.class, never::get);
      assertInstanceOf(CallFailed.class, failed.getCause());
    }
  }

  @Test
  @NeedsOpenJdk("what waits in java.util.concurrent is part of a simulation only there")
  @DisplayName("a process may wait for the future of a request, too")
  void requestFutureInside() {
    try (TestNode node = TestNode.start(23)) {
      Pid echo = node.spawn(ECHO);
      node.run(self -> assertEquals("c", node.request(echo, "c").get()));
    }
  }

  @Test
  @DisplayName("cancelling the future of a request gives the request up")
  void cancelRequest() {
    try (TestNode node = TestNode.start(24)) {
      List<Boolean> answered = new ArrayList<>();
      Pid server =
          node.spawn((self, message) -> answered.add(((Request) message).reply("too late")));
      assertTrue(node.request(server, "?").cancel(false));
      node.runUntilIdle();
      assertEquals(List.of(false), answered);
    }
  }

  @Test
  @DisplayName("the example of the documentation works")
  void example() {
    int schedules =
        TestNode.forSeeds(
            100,
            node -> {
              Pid echo = node.spawn((self, message) -> ((Request) message).reply("hello"));
              node.run(self -> assertEquals("hello", self.call(echo, "?", Duration.ofDays(1))));
            });
    assertTrue(schedules > 1);
  }

  @Test
  @DisplayName("what the body of run throws fails the test, with the seed in the message")
  void runThrows() {
    try (TestNode node = TestNode.start(8)) {
      SimulationFailure failure =
          assertThrows(
              SimulationFailure.class, () -> node.run(self -> fail("not what it should be")));
      assertTrue(failure.getMessage().startsWith("Seed 8: "), failure.getMessage());
      assertTrue(failure.getMessage().contains("not what it should be"), failure.getMessage());
      assertInstanceOf(AssertionError.class, failure.getCause());
      assertEquals(1, node.reports(CrashReport.class).size());
    }
  }

  // ---- what must not be

  @Test
  @NeedsOpenJdk("what waits in java.util.concurrent is part of a simulation only there")
  @DisplayName("a deadlock fails at once and names each process with what it waits for")
  void deadlock() {
    try (TestNode node = TestNode.start(9)) {
      Pid deaf = node.spawn(self -> new CountDownLatch(1).await());
      SimulationFailure failure =
          assertThrows(SimulationFailure.class, () -> node.run(self -> self.call(deaf, "?", null)));
      String message = failure.getMessage();
      assertTrue(message.contains("Seed 9: deadlock"), message);
      assertTrue(message.contains("<2> the process of TestNode.run: WAITING in CALL"), message);
      assertTrue(message.contains("<1> "), message);
      assertTrue(message.contains("1 messages in its mailbox"), message);
      assertTrue(message.contains("TestNodeTest.java"), message);
    }
  }

  @Test
  @DisplayName("Thread.sleep fails the run with its stack and the advice to use Context.sleep")
  void threadSleep() {
    try (TestNode node = TestNode.start(10)) {
      String message = realTime(node, () -> Thread.sleep(Duration.ofMinutes(1)));
      assertTrue(message.contains("java.lang.Thread.sleep"), message);
      assertTrue(message.contains("use Context.sleep"), message);
      assertTrue(message.contains("TestNodeTest.java"), message);
    }
  }

  @Test
  @DisplayName("a timed wait of java.util.concurrent fails the run with the advice to use receive")
  void timedWait() {
    try (TestNode node = TestNode.start(11)) {
      String message =
          realTime(node, () -> new CompletableFuture<String>().get(1, TimeUnit.MINUTES));
      assertTrue(message.contains("CompletableFuture.get"), message);
      assertTrue(message.contains("use Context.receive(Duration)"), message);
    }
  }

  @Test
  @DisplayName("a wait on a monitor fails the run")
  void monitor() {
    try (TestNode node = TestNode.start(12)) {
      Object lock = new Object();
      String message =
          realTime(
              node,
              () -> {
                synchronized (lock) {
                  while (lock.hashCode() != 0 || node.seed() == 12) {
                    lock.wait();
                  }
                }
              });
      assertTrue(message.contains("java.lang.Object.wait"), message);
      assertTrue(message.contains("a monitor"), message);
    }
  }

  @Test
  @DisplayName("a contended monitor fails the run")
  void contendedMonitor() {
    try (TestNode node = TestNode.start(22)) {
      Object lock = new Object();
      node.spawn(
          self -> {
            synchronized (lock) {
              self.sleep(Duration.ofSeconds(1));
            }
          });
      node.runUntilIdle();
      String message =
          realTime(
              node,
              () -> {
                synchronized (lock) {
                  fail("the lock is taken");
                }
              });
      assertTrue(message.contains("a monitor resumes through a thread of the JVM"), message);
    }
  }

  @Test
  @DisplayName("a socket fails the run")
  void socket() throws Exception {
    try (TestNode node = TestNode.start(13);
        var server = new java.net.ServerSocket(0)) {
      String message = realTime(node, server::accept);
      assertTrue(message.contains("java.net.ServerSocket.accept"), message);
      assertTrue(message.contains("a socket answers in real time"), message);
    }
  }

  @Test
  @DisplayName("another thread that sends while the node runs fails the run and is named")
  void foreignThread() {
    try (TestNode node = TestNode.start(14)) {
      Pid sink = node.spawn((self, message) -> {});
      SimulationFailure failure =
          assertThrows(
              SimulationFailure.class,
              () ->
                  node.run(
                      self -> {
                        Thread other =
                            Thread.ofPlatform()
                                .name("stranger")
                                .start(() -> node.send(sink, "hello"));
                        while (other.isAlive()) {
                          Thread.onSpinWait();
                        }
                        self.receive();
                      }));
      assertTrue(failure.getMessage().contains("stranger"), failure.getMessage());
    }
  }

  @Test
  @NeedsOpenJdk("what waits in java.util.concurrent is part of a simulation only there")
  @DisplayName("a process that another thread resumes fails the run, whenever that happens")
  void foreignResume() throws Exception {
    try (TestNode node = TestNode.start(25)) {
      var future = new CompletableFuture<String>();
      node.spawn(self -> future.get());
      node.runUntilIdle();
      Thread stranger = Thread.ofPlatform().name("stranger").start(() -> future.complete("now"));
      stranger.join();
      SimulationFailure failure = assertThrows(SimulationFailure.class, node::runUntilIdle);
      assertTrue(failure.getMessage().contains("stranger"), failure.getMessage());
    }
  }

  private interface Blocking {
    void run() throws Exception;
  }

  private static String realTime(TestNode node, Blocking code) {
    SimulationFailure failure =
        assertThrows(SimulationFailure.class, () -> node.run(self -> code.run()));
    assertTrue(failure.getMessage().contains("depends on real time"), failure.getMessage());
    return failure.getMessage();
  }

  @Test
  @DisplayName("a process that never lets go is reported by the watchdog with its stack")
  void stuck() {
    var release = new CountDownLatch(1);
    try (TestNode node =
        TestNode.start(15, TestOptions.DEFAULT.withRealTimeLimit(Duration.ofMillis(500)))) {
      SimulationFailure failure =
          assertThrows(
              SimulationFailure.class,
              () ->
                  node.run(
                      self -> {
                        while (release.getCount() > 0) {
                          Thread.onSpinWait();
                        }
                      }));
      assertTrue(failure.getMessage().contains("neither waited nor ended"), failure.getMessage());
      assertTrue(failure.getMessage().contains("TestNodeTest"), failure.getMessage());
    } finally {
      release.countDown();
    }
  }

  @Test
  @DisplayName("a process that yields for ever is ended by the watchdog")
  void livelock() {
    try (TestNode node =
        TestNode.start(16, TestOptions.DEFAULT.withRealTimeLimit(Duration.ofMillis(500)))) {
      SimulationFailure failure =
          assertThrows(
              SimulationFailure.class,
              () ->
                  node.run(
                      self -> {
                        while (node.seed() == 16) {
                          self.yieldNow();
                        }
                      }));
      assertTrue(failure.getMessage().contains("run in circles"), failure.getMessage());
    }
  }

  // ---- the end

  @Test
  @DisplayName("closing ends processes that wait, and leaves nothing behind")
  void close() {
    TestNode node = TestNode.start(17);
    node.spawn(self -> self.receive());
    if (NeedsOpenJdk.Flags.areThere()) { // else such a wait is none of a simulation
      node.spawn(self -> new CountDownLatch(1).await());
    }
    node.spawn(self -> self.sleep(Duration.ofDays(1)));
    Pid named = node.spawn(ECHO, SpawnOptions.DEFAULT.name("echo"));
    node.sendAfter(Duration.ofDays(1), named, "later");
    node.runUntilIdle();
    node.close();
    assertEquals(0, node.processCount());
    assertEquals(0, node.timerCount());
  }

  @Test
  @NeedsOpenJdk("what waits in java.util.concurrent is part of a simulation only there")
  @DisplayName("a process that survives its kill is reported when the node is closed")
  void leftOver() {
    TestNode node = TestNode.start(18);
    var end = new CountDownLatch(1);
    node.spawn(
        self -> {
          while (end.getCount() > 0) {
            try {
              end.await();
            } catch (InterruptedException e) {
              // it does not want to die
            }
          }
        });
    node.runUntilIdle();
    SimulationFailure failure = assertThrows(SimulationFailure.class, node::close);
    end.countDown();
    assertTrue(
        failure.getMessage().contains("its code did not return in time"), failure.getMessage());
    assertTrue(failure.getMessage().contains("virtual threads"), failure.getMessage());
  }

  @Test
  @DisplayName("a timer to a name that nobody cancelled is reported when the node is closed")
  void leftOverTimer() {
    TestNode node = TestNode.start(19);
    node.sendAfter(Duration.ofDays(1), "nobody", "hello");
    SimulationFailure failure = assertThrows(SimulationFailure.class, node::close);
    assertTrue(failure.getMessage().contains("#Timer<nobody>"), failure.getMessage());
  }

  @Test
  @DisplayName("forSeeds counts the different schedules")
  void countsSchedules() {
    int different = TestNode.forSeeds(50, TestNodeTest::race);
    assertTrue(different > 30, () -> "only " + different + " different schedules in 50 seeds");
    assertEquals(1, TestNode.forSeeds(5, node -> node.run(self -> {})));
    assertNotEquals(1, different);
  }
}
