package io.coppice.kernel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NodeCounters;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.process.UndeliveredReport;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every message is either received or counted under the reason why it was not. */
class UndeliveredTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ConcurrentLinkedQueue<Report> reports = new ConcurrentLinkedQueue<>();
  private final Node node =
      Node.start(
          NodeOptions.DEFAULT
              .withSchedulers(2)
              .withKillGrace(Duration.ofMillis(20))
              .withStopTime(LIMIT)
              .withReporter(reports::add));

  @AfterEach
  void close() {
    node.close();
  }

  private void awaitDead(Pid pid) {
    await().atMost(LIMIT).until(() -> !node.isAlive(pid));
  }

  private long counted(Undelivered reason) {
    return node.counters().undelivered(reason);
  }

  /**
   * A process that is just over ends by looking into its mailbox: it may be the one that counts.
   */
  private void assertCounted(long expected, Undelivered reason) {
    await().atMost(LIMIT).untilAsserted(() -> assertEquals(expected, counted(reason)));
  }

  @Test
  @DisplayName(
      "P13 messages to a process that has ended are counted, and told when the node closes")
  void dead() {
    Pid pid = node.spawn(self -> {});
    awaitDead(pid);
    for (int i = 0; i < 10; i++) {
      node.send(pid, i);
    }
    assertCounted(10, Undelivered.DEAD_PROCESS);
    await("the node's own timer is not an application's")
        .atMost(LIMIT)
        .until(() -> node.timerCount() == 0);
    node.close();
    UndeliveredReport report =
        (UndeliveredReport)
            reports.stream().filter(UndeliveredReport.class::isInstance).findFirst().orElseThrow();
    assertEquals(10, report.counts().get(Undelivered.DEAD_PROCESS));
    assertTrue(report.examples().getFirst().contains(pid.toString()), report.text());
    node.send(pid, "late");
    assertCounted(1, Undelivered.NODE_CLOSED);
  }

  @Test
  @DisplayName("P13 a send and a timer to a name that nobody has are counted under that name")
  void unknownName() {
    assertThrows(IllegalArgumentException.class, () -> node.send("nobody", 1));
    assertEquals(1, counted(Undelivered.UNKNOWN_NAME));
    var _ = node.sendAfter(Duration.ofMillis(1), "nobody", 2);
    await().atMost(LIMIT).until(() -> counted(Undelivered.UNKNOWN_NAME) == 2);
  }

  @Test
  @DisplayName("messages that a process never read are counted when it ends, wherever they wait")
  void unread() {
    var ready = new CountDownLatch(1);
    Pid pid =
        node.spawn(
            self -> {
              ready.countDown();
              self.receive(message -> message.equals("stop")); // refuses the others
            });
    await().atMost(LIMIT).until(() -> ready.getCount() == 0);
    for (int i = 0; i < 500; i++) {
      node.send(pid, i);
    }
    node.send(pid, "stop");
    awaitDead(pid);
    assertEquals(500, counted(Undelivered.UNREAD));
    assertEquals(0, counted(Undelivered.DEAD_PROCESS));
  }

  @Test
  @DisplayName("messages to a process that was cut off are counted as such")
  void zombie() throws Exception {
    var running = new CountDownLatch(1);
    var release = new AtomicBoolean();
    Pid pid =
        node.spawn(
            self -> {
              running.countDown();
              while (!release.get()) {
                Thread.onSpinWait();
              }
            });
    assertTrue(running.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    node.exit(pid, ExitReason.KILL);
    awaitDead(pid);
    node.send(pid, "too late");
    assertCounted(1, Undelivered.ZOMBIE);
    release.set(true);
    await().atMost(LIMIT).until(() -> node.counters().zombies() == 0);
  }

  @Test
  @DisplayName("a node counts the processes that were spawned, ended and crashed")
  void processes() {
    Pid good = node.spawn(self -> {});
    Pid bad =
        node.spawn(
            self -> {
              throw self.exit(ExitReason.of("bad"));
            });
    awaitDead(good);
    awaitDead(bad);
    NodeCounters counters = node.counters();
    assertEquals(2, counters.spawned());
    assertEquals(2, counters.ended());
    assertEquals(1, counters.endedAbnormally());
  }
}
