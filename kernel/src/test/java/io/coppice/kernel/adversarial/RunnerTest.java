package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the rules of runner capture (design 2.1) are there against, done on purpose. */
class RunnerTest {
  private static final int CALLS = 30_000;
  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

  private static Node node() {
    return Node.start(options());
  }

  private static NodeOptions options() {
    return NodeOptions.DEFAULT.withSchedulers(2).withReporter(report -> {});
  }

  private static Pid echo(Node node) {
    return node.spawn(
        (self, message) -> {
          if (message instanceof Request request) {
            request.reply(request.payload());
          }
        });
  }

  /**
   * Calls, sleeps and yields in four processes, while somebody disturbs the threads they run on.
   */
  private static void workWhile(Node node, DisturbThreads disturb) throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Pid echo = echo(node);
    int processes = 4;
    CountDownLatch done = new CountDownLatch(processes);
    AtomicBoolean over = new AtomicBoolean();
    Thread disturber =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    threads.forEach(disturb::disturb);
                  }
                });
    for (int p = 0; p < processes; p++) {
      node.spawn(
          self -> {
            for (int i = 0; i < CALLS / processes; i++) {
              threads.add(Thread.currentThread());
              assertEquals(i, self.call(echo, i, null));
              if (i % 64 == 0) {
                self.sleep(Duration.ofNanos(1_000));
                Thread.sleep(Duration.ofNanos(1_000));
                self.yieldNow();
              }
            }
            done.countDown();
          });
    }
    boolean finished = done.await(120, SECONDS);
    over.set(true);
    disturber.join();
    assertTrue(finished, () -> "a process was lost: " + done.getCount() + " did not finish");
  }

  private interface DisturbThreads {
    void disturb(Thread thread);
  }

  @Test
  @DisplayName("stray unparks of the threads that run processes lose and double nothing")
  void strayUnparks() throws Exception {
    try (Node node = node()) {
      workWhile(node, LockSupport::unpark);
    }
  }

  @Test
  @DisplayName("stacks taken of running, waiting and idle runners lose and double nothing")
  void stacksTaken() throws Exception {
    try (Node node = node()) {
      workWhile(node, Thread::getStackTrace);
    }
  }

  @Test
  @DisplayName("virtual threads and sockets used inside a process work on after the node is closed")
  void foreignThreadsAndSockets() throws Exception {
    CompletableFuture<Thread> started = new CompletableFuture<>();
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<String> ran = new CompletableFuture<>();
    try (Node node = node()) {
      CountDownLatch used = new CountDownLatch(1);
      node.spawn(
          self -> {
            started.complete(
                Thread.startVirtualThread(
                    () -> {
                      awaitUninterrupted(release);
                      ran.complete("ran");
                    }));
            roundTrip();
            used.countDown();
          });
      assertTrue(used.await(20, SECONDS), "the socket inside the process hangs");
    }
    release.countDown();
    assertEquals("ran", ran.get(20, SECONDS), "the virtual thread died with the node");
    Thread after = Thread.startVirtualThread(() -> unchecked(RunnerTest::roundTrip));
    assertTrue(after.join(Duration.ofSeconds(20)), "sockets hang after the node was closed");
    assertTrue(started.get(20, SECONDS).join(Duration.ofSeconds(20)));
  }

  private static void roundTrip() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread client =
          Thread.startVirtualThread(
              () ->
                  unchecked(
                      () -> {
                        try (Socket socket =
                            new Socket(server.getInetAddress(), server.getLocalPort())) {
                          socket.getOutputStream().write(7);
                        }
                      }));
      try (Socket accepted = server.accept()) {
        assertEquals(7, accepted.getInputStream().read());
      }
      client.join();
    }
  }

  @Test
  @DisplayName("what wakes processes while and after their node closes does no harm to the JVM")
  void executeUnderClose() throws Exception {
    Object monitor = new Object();
    CountDownLatch latch = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(60);
    Node node = node();
    for (int i = 0; i < 20; i++) {
      node.spawn(
          self -> {
            blocked.countDown();
            while (latch.getCount() > 0) {
              awaitUninterrupted(latch); // does not heed the kill
            }
          });
      node.spawn(
          self -> {
            blocked.countDown();
            Thread.sleep(60_000);
          });
    }
    synchronized (monitor) {
      for (int i = 0; i < 20; i++) {
        node.spawn(
            self -> {
              blocked.countDown();
              synchronized (monitor) {
                assertTrue(Thread.holdsLock(monitor));
              }
            });
      }
      assertTrue(blocked.await(20, SECONDS));
      node.close();
    }
    latch.countDown();
    await().atMost(20, SECONDS).until(() -> node.runnerCount() == 0);
    contendedMonitorsStillWork();
  }

  /** The JVM's one thread for contended monitors dies if an executor ever throws at it. */
  private static void contendedMonitorsStillWork() throws Exception {
    Object lock = new Object();
    int[] count = {0};
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int j = 0; j < 200; j++) {
                  synchronized (lock) {
                    count[0]++;
                    Thread.yield();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      assertTrue(thread.join(Duration.ofSeconds(20)), "a contended monitor never came free");
    }
    assertEquals(1600, count[0]);
  }

  @Test
  @DisplayName(
      "an interrupt, a name and a class loader left on the thread do not reach the next process")
  void leftovers() throws Exception {
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(1).withReporter(r -> {}))) {
      for (int i = 0; i < 200; i++) {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CountDownLatch go = new CountDownLatch(1);
        node.spawn(
            self -> {
              Thread.currentThread().setName("mine");
              Thread.currentThread().setContextClassLoader(null);
              Thread.currentThread().interrupt();
              go.countDown();
            });
        assertTrue(go.await(20, SECONDS));
        node.spawn(
            self ->
                seen.complete(
                    Thread.currentThread().isInterrupted()
                        + " "
                        + Thread.currentThread().getName().equals("mine")
                        + " "
                        + (Thread.currentThread().getContextClassLoader() == null)));
        assertEquals("false false false", seen.get(20, SECONDS));
      }
    }
  }

  @Test
  @DisplayName("a late interrupt of a killed process never hits the process that runs next")
  void lateInterrupts() throws Exception {
    int killers = 6; // more than cores: some are stopped between the decision and the interrupt
    int kills = 3_000; // each, or as many as a slow machine can in 20 s
    try (Node node = node()) {
      AtomicInteger hits = new AtomicInteger();
      AtomicInteger spawned = new AtomicInteger();
      AtomicInteger bystanders = new AtomicInteger();
      long until = node.monotonicNanos() + SECONDS.toNanos(20);
      List<Thread> threads = new ArrayList<>();
      for (int k = 0; k < killers; k++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; i < kills && node.monotonicNanos() < until; i++) {
                        killOneThatRuns(node);
                        spawned.getAndIncrement();
                        node.spawn(
                            self -> {
                              hits.addAndGet(spin(2_000));
                              bystanders.getAndIncrement();
                            });
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      await().atMost(20, SECONDS).until(() -> bystanders.get() == spawned.get());
      assertEquals(0, hits.get(), "processes that were interrupted though nobody killed them");
    }
  }

  /** The victim ends by itself as soon as the decision has fallen, before it is interrupted. */
  private static void killOneThatRuns(Node node) {
    AtomicBoolean running = new AtomicBoolean();
    Pid victim =
        node.spawn(
            self -> {
              running.set(true);
              while (true) {
                self.trapExit(false);
              }
            });
    while (!running.get()) {
      Thread.yield();
    }
    node.exit(victim, ExitReason.KILL);
  }

  /** Computes for a moment; how often it saw an interrupt. */
  private static int spin(int times) {
    int interrupts = 0;
    for (int i = 0; i < times; i++) {
      if (Thread.currentThread().isInterrupted()) {
        interrupts++;
      }
    }
    return interrupts;
  }

  @Test
  @NeedsOpenJdk(
      "why: nobody may take the thread locals off a thread that another process is to get")
  @DisplayName("thread locals belong to a process: kept over its turns, never seen by another")
  void threadLocals() throws Exception {
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(1))) {
      Pid[] counters = new Pid[20];
      for (int i = 0; i < counters.length; i++) {
        counters[i] =
            node.spawn(
                (self, message) -> {
                  Object before = LOCAL.get();
                  LOCAL.set(self.pid());
                  ((Request) message).reply(before == null ? "none" : before);
                });
      }
      for (Pid counter : counters) {
        assertEquals("none", node.call(counter, "?", null), "a local of another process");
      }
      for (Pid counter : counters) {
        assertSame(counter, node.call(counter, "?", null), "its own local is gone");
      }
    }
  }

  @Test
  @DisplayName("of hundreds of nodes, started, used and closed, no runner and no thread is left")
  void nodesLeaveNothing() throws Exception {
    NodeOptions patient =
        options().withKillGrace(Duration.ofMinutes(10)).withStopTime(Duration.ofSeconds(20));
    for (int i = 0; i < 200; i++) {
      Node node = Node.start(patient);
      CountDownLatch done = new CountDownLatch(20);
      for (int p = 0; p < 20; p++) {
        node.spawn(
            self -> {
              self.sleep(Duration.ofNanos(10_000));
              done.countDown();
            });
      }
      assertTrue(done.await(20, SECONDS));
      node.close();
      assertEquals(0, node.runnerCount(), "runners left over");
    }
    await()
        .atMost(20, SECONDS)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(t -> t.getName().startsWith("coppice-scheduler")));
  }

  @Test
  @SuppressWarnings("try") // closing twice is the point
  @DisplayName("a process cannot close its own node, and is told so")
  void closeFromInside() throws Exception {
    try (Node node = node()) {
      CompletableFuture<String> told = new CompletableFuture<>();
      node.spawn(
          self -> {
            try {
              node.close();
            } catch (IllegalStateException e) {
              told.complete(e.getMessage());
            }
          });
      assertTrue(told.get(20, SECONDS).contains("cannot close its own node"));
      assertFalse(node.processes().contains(null));
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void unchecked(Action action) {
    try {
      action.run();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.onSpinWait();
    }
  }
}
