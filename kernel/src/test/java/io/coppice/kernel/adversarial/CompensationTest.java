package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.AtBound;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.CompensationReport;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.KillPolicy;
import io.coppice.kernel.process.LongTurnReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Schedulers in place of stuck ones: as many as are wanted, no more, and what happens at the bound.
 */
class CompensationTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();

  @AfterEach
  void stopAll() {
    stop.set(true);
  }

  private NodeOptions options(int schedulers, int extras) {
    return NodeOptions.DEFAULT
        .withSchedulers(schedulers)
        .withExtraSchedulers(extras)
        .withStuckLimit(Duration.ofMillis(50))
        .withShutdownTime(Duration.ofMillis(100))
        .withReporter(reports::add);
  }

  /** For those that must not be killed: a slow machine may make any turn a long one. */
  private static final SpawnOptions SPARED =
      SpawnOptions.DEFAULT.onKill(KillPolicy.AWAIT_TERMINATION);

  private static Pid echo(Node node) {
    return node.spawn(CompensationTest::answer);
  }

  private static void answer(Context self, Object message) {
    ((Request) message).reply(((Request) message).payload());
  }

  private void loop(AtomicBoolean until) {
    while (!until.get() && !stop.get()) {
      Thread.onSpinWait();
    }
  }

  /** Starts an endless loop, and waits until it runs. */
  private void startLoop(Node node, AtomicBoolean until) throws Exception {
    CountDownLatch looping = new CountDownLatch(1);
    node.spawn(
        self -> {
          looping.countDown();
          loop(until);
        });
    assertTrue(looping.await(20, SECONDS), "the loop does not start");
  }

  /** A loop that minds interrupts. */
  private Pid startPolite(Node node, SpawnOptions options) throws Exception {
    CountDownLatch looping = new CountDownLatch(1);
    Pid pid = node.spawn(self -> loopPolitely(looping), options);
    assertTrue(looping.await(20, SECONDS), "the loop does not start");
    return pid;
  }

  private void loopPolitely(CountDownLatch looping) {
    looping.countDown();
    while (!stop.get() && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  private long longTurns() {
    return reports.stream().filter(LongTurnReport.class::isInstance).count();
  }

  private List<CompensationReport> alarms() {
    return reports.stream()
        .filter(CompensationReport.class::isInstance)
        .map(CompensationReport.class::cast)
        .toList();
  }

  @Test
  @DisplayName("there are as many extra schedulers as stuck ones, also while the rest is busy")
  void asManyAsStuck() throws Exception {
    // The longest that the machine may keep a thread from running, or it counts as stuck.
    try (Node node = Node.start(options(2, 256).withStuckLimit(Duration.ofMillis(300)))) {
      AtomicBoolean first = new AtomicBoolean();
      startLoop(node, first);
      startLoop(node, first);
      AtomicBoolean last = new AtomicBoolean();
      startLoop(node, last);
      await().atMost(LIMIT).until(() -> node.extraSchedulers() >= 3);
      first.set(true);
      await().atMost(LIMIT).until(() -> node.extraSchedulers() == 1);
      for (int i = 0; i < 4; i++) { // keep everybody awake, so that no scheduler is ever idle
        Pid busy = node.spawn((self, message) -> self.send(self.pid(), message));
        node.send(busy, "again");
      }
      last.set(true);
      await().atMost(LIMIT).until(() -> node.extraSchedulers() == 0);
      assertEquals(1, node.call(echo(node), 1, LIMIT));
    }
  }

  @Test
  @DisplayName("what a stuck scheduler has queued, and its timers, are run by others")
  void nothingIsHeld() throws Exception {
    try (Node node = Node.start(options(1, 4))) {
      CountDownLatch ran = new CountDownLatch(1_001);
      node.spawn(
          self -> {
            Pid late = self.spawn((me, message) -> ran.countDown());
            self.sendAfter(Duration.ofMillis(1), late, "due while the scheduler is stuck");
            for (int i = 0; i < 1_000; i++) {
              self.spawn(me -> ran.countDown());
            }
            loop(new AtomicBoolean());
          });
      assertTrue(ran.await(20, SECONDS), ran.getCount() + " were kept from running");
    }
  }

  @Test
  @DisplayName("when hogs come and go no message is lost")
  void nothingIsLost() throws Exception {
    int senders = 8;
    int messages = 3_000;
    try (Node node = Node.start(options(2, 256).withStuckLimit(Duration.ofMillis(5)))) {
      AtomicInteger received = new AtomicInteger();
      Pid counter = node.spawn((self, message) -> received.getAndIncrement());
      CountDownLatch sent = new CountDownLatch(senders);
      for (int i = 0; i < senders; i++) {
        node.spawn(
            self -> {
              for (int n = 0; n < messages; n++) {
                self.send(counter, n);
                if (n % 100 == 0) {
                  self.sleep(Duration.ofMillis(1));
                }
              }
              sent.countDown();
            });
      }
      for (int i = 0; i < 10 && sent.getCount() > 0; i++) {
        AtomicBoolean until = new AtomicBoolean();
        startLoop(node, until);
        startLoop(node, until);
        until.set(true);
      }
      assertTrue(sent.await(20, SECONDS), "some sender has not finished");
      await().atMost(LIMIT).until(() -> received.get() == senders * messages);
    }
  }

  @Test
  @DisplayName("when nobody is left to run the rest, the longest turn is killed, then the next")
  void fencesLongest() throws Exception {
    try (Node node = Node.start(options(1, 1))) {
      CompletableFuture<ExitReason> reason = new CompletableFuture<>();
      CompletableFuture<Pid> longest = new CompletableFuture<>();
      CountDownLatch looping = new CountDownLatch(1);
      node.spawn(
          self -> {
            longest.complete(self.spawnMonitor(me -> loopPolitely(looping)).pid());
            reason.complete(((Down) self.receive()).reason());
          });
      assertTrue(looping.await(20, SECONDS), "the loop does not start");
      Pid echo = node.spawn(CompensationTest::answer, SPARED);
      assertEquals(0, node.call(echo, 0, LIMIT));
      startPolite(node, SpawnOptions.DEFAULT);
      assertEquals(1, node.call(echo, 1, LIMIT));
      assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
      await("it is told").atMost(LIMIT).until(() -> alarms().size() >= 2);
      assertNull(alarms().getFirst().killed());
      assertEquals(longest.get(20, SECONDS), alarms().get(1).killed());
    }
  }

  @Test
  @DisplayName("at the bound a process that is not to be cut off is left alone; the next one goes")
  void sparesAwaitTermination() throws Exception {
    try (Node node = Node.start(options(1, 1))) {
      Pid longest = startPolite(node, SPARED);
      Pid echo = node.spawn(CompensationTest::answer, SPARED);
      assertEquals(0, node.call(echo, 0, LIMIT));
      Pid other = startPolite(node, SpawnOptions.DEFAULT);
      assertEquals(1, node.call(echo, 1, LIMIT));
      assertTrue(node.isAlive(longest));
      await("it is told").atMost(LIMIT).until(() -> alarms().getLast().killed() != null);
      assertEquals(other, alarms().getLast().killed());
    }
  }

  @Test
  @DisplayName(
      "the bound is reported once, nobody is killed if so wished, and all goes on when it can")
  void alarmOnly() throws Exception {
    try (Node node = Node.start(options(1, 1).withAtBound(AtBound.ALARM_ONLY))) {
      startPolite(node, SpawnOptions.DEFAULT);
      startPolite(node, SpawnOptions.DEFAULT);
      CompletableFuture<Object> answer = new CompletableFuture<>();
      Pid echo = echo(node);
      CompletableFuture<?> _ = node.request(echo, 1).thenAccept(answer::complete);
      await().atMost(LIMIT).until(() -> !alarms().isEmpty());
      await("long after the alarm").atMost(LIMIT).until(() -> longTurns() >= 2);
      assertEquals(1, alarms().size());
      stop.set(true);
      assertEquals(1, answer.get(20, SECONDS));
      assertNull(alarms().getFirst().killed());
    }
  }

  @Test
  @DisplayName("what waits behind a stuck scheduler when its node is closed ends all the same")
  void closedWhileStuck() throws Exception {
    NodeOptions options = options(1, 0).withAtBound(AtBound.ALARM_ONLY);
    Node node = Node.start(options.withStopTime(Duration.ofMillis(50)));
    CountDownLatch looping = new CountDownLatch(1);
    node.spawn(
        self -> {
          for (int i = 0; i < 500; i++) {
            self.spawn(me -> me.receive());
          }
          looping.countDown();
          loop(new AtomicBoolean());
        });
    assertTrue(looping.await(20, SECONDS));
    node.close();
    await().atMost(LIMIT).until(() -> node.processCount() == 0);
    assertEquals(1, node.zombieCount());
    stop.set(true);
    await().atMost(LIMIT).until(() -> node.runnerCount() == 0);
  }

  // ---- a wait that keeps its scheduler thread

  private static final CompletableFuture<Context> CONTEXT = new CompletableFuture<>();

  /** Its static initialiser receives. */
  private static final class Receiver {
    static final Object RECEIVED = CONTEXT.join().receive();
  }

  @Test
  @DisplayName("a receive in a static initialiser waits without burning a processor, and goes on")
  void pinnedReceive() throws Exception {
    try (Node node = Node.start(options(1, 4).withName("pinned"))) {
      CompletableFuture<Object> received = new CompletableFuture<>();
      CountDownLatch waiting = new CountDownLatch(1);
      Pid pid =
          node.spawn(
              self -> {
                CONTEXT.complete(self);
                waiting.countDown();
                received.complete(Receiver.RECEIVED);
              });
      assertTrue(waiting.await(20, SECONDS));
      Pid echo = echo(node);
      assertEquals(1, node.call(echo, 1, LIMIT));
      await("its thread sleeps").atMost(LIMIT).until(() -> sleeps(node, pid));
      node.send(pid, "hello");
      assertEquals("hello", received.get(20, SECONDS));
    }
  }

  private static boolean sleeps(Node node, Pid pid) {
    Thread thread = node.info(pid).orElseThrow().thread();
    return thread != null && thread.getState() == Thread.State.WAITING;
  }
}
