package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Reporter;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.ZombieReport;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reports reach the reporter, and a reporter reaches nobody else. */
class ReportQueueTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final CountDownLatch go = new CountDownLatch(1);
  private final List<Report> seen = new CopyOnWriteArrayList<>();

  private record Numbered(int number) implements Report {
    @Override
    public Level level() {
      return Level.INFO;
    }

    @Override
    public String text() {
      return "report " + number;
    }
  }

  private Interruptible held() {
    return report -> {
      go.await();
      seen.add(report);
    };
  }

  /** A reporter that may be interrupted. */
  private interface Interruptible extends Reporter {
    void take(Report report) throws InterruptedException;

    @Override
    default void report(Report report) {
      try {
        take(report);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Pid echo(Node node) {
    return node.spawn((self, message) -> ((Request) message).reply(1));
  }

  @Test
  @DisplayName("reports of one thread arrive in the order made, none twice, none missing")
  void order() throws Exception {
    try (Node node = Node.start(NodeOptions.DEFAULT.withReporter(seen::add))) {
      List<Report> made = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        made.add(new Numbered(i));
        node.report(made.get(i));
      }
      assertTrue(node.awaitReports(LIMIT));
      assertEquals(made, seen);
    }
  }

  @Test
  @DisplayName("a reporter that blocks at a crash, and at a zombie, holds up nobody")
  void blocks() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    NodeOptions options =
        NodeOptions.DEFAULT
            .withSchedulers(1)
            .withKillGrace(Duration.ofMillis(1))
            .withStopTime(LIMIT)
            .withReporter(held());
    try (Node node = Node.start(options)) {
      Pid echo = echo(node);
      CountDownLatch looping = new CountDownLatch(1);
      Pid loop =
          node.spawn(
              self -> {
                looping.countDown();
                while (!stop.get()) {
                  Thread.onSpinWait();
                }
              });
      assertTrue(looping.await(20, SECONDS));
      node.spawn(
          self -> {
            throw new IllegalStateException("on purpose");
          });
      node.exit(loop, ExitReason.KILL);
      await().atMost(LIMIT).until(() -> node.zombieCount() == 1);
      assertEquals(1, node.call(echo, "?", LIMIT));
      assertFalse(node.awaitReports(SHORT), "the reporter was to be held");
      stop.set(true);
      await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
      go.countDown();
    }
    assertEquals(1, seen.stream().filter(CrashReport.class::isInstance).count());
    assertEquals(2, seen.stream().filter(ZombieReport.class::isInstance).count());
  }

  @Test
  @DisplayName("what does not fit is counted, and the reporter is told how much it missed")
  void missed() throws Exception {
    NodeOptions options = NodeOptions.DEFAULT.with(Knob.REPORT_QUEUE, 10).withReporter(held());
    try (Node node = Node.start(options)) {
      IntStream.range(0, 50).forEach(i -> node.report(new Numbered(i)));
      assertTrue(node.reportsLost() >= 39, "lost: " + node.reportsLost());
      go.countDown();
      assertTrue(node.awaitReports(LIMIT));
      await().atMost(LIMIT).until(() -> seen.stream().anyMatch(ReportsMissed.class::isInstance));
      long told =
          seen.stream()
              .mapToLong(r -> r instanceof ReportsMissed missed ? missed.count() : 0)
              .sum();
      assertEquals(node.reportsLost(), told);
      assertEquals(50, told + seen.stream().filter(Numbered.class::isInstance).count());
    }
  }

  @Test
  @DisplayName("a reporter that throws is counted, and gets the next report all the same")
  void throwing() throws Exception {
    Reporter reporter =
        report -> {
          seen.add(report);
          throw new StackOverflowError("on purpose");
        };
    try (Node node = Node.start(NodeOptions.DEFAULT.withReporter(reporter))) {
      node.report(new Numbered(1));
      node.report(new Numbered(2));
      assertTrue(node.awaitReports(LIMIT));
      assertEquals(List.of(new Numbered(1), new Numbered(2)), seen);
      assertEquals(2, node.reportsLost());
    }
  }

  @Test
  @DisplayName("reports go on after the reporter's thread had no memory between two of them")
  void threadWithoutMemory() throws Exception {
    AtomicInteger failures = new AtomicInteger(3);
    ConcurrentLinkedQueue<Report> poor =
        new ConcurrentLinkedQueue<>() {
          private static final long serialVersionUID = 1L;

          @Override
          public @Nullable Report poll() {
            if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
              throw new OutOfMemoryError("on purpose");
            }
            return super.poll();
          }
        };
    ReportQueue reports = new ReportQueue(seen::add, "poor", 10, poor);
    reports.report(new Numbered(1));
    assertTrue(reports.flush(LIMIT));
    assertEquals(List.of(new Numbered(1)), seen);
    assertEquals(0, failures.get());
    reports.close(LIMIT.toNanos());
  }

  @Test
  @DisplayName("a report whose text cannot be recorded reaches the reporter all the same")
  void notRecorded() throws Exception {
    Report broken =
        new Report() {
          @Override
          public Level level() {
            return Level.INFO;
          }

          @Override
          public String text() {
            throw new IllegalStateException("on purpose");
          }
        };
    try (Recording recording = new Recording();
        Node node = Node.start(NodeOptions.DEFAULT.withReporter(seen::add))) {
      recording.start();
      node.report(broken);
      assertTrue(node.awaitReports(LIMIT));
      assertEquals(List.of(broken), seen);
      assertEquals(1, node.reportsLost(), "for the recorder");
    }
  }

  @Test
  @DisplayName("closing a node hands over what was reported before, and what comes later, too")
  void closing() {
    Node node = Node.start(NodeOptions.DEFAULT.withReporter(seen::add));
    IntStream.range(0, 100).forEach(i -> node.report(new Numbered(i)));
    node.close();
    assertEquals(100, seen.size());
    node.report(new Numbered(100));
    await().atMost(LIMIT).until(() -> seen.size() == 101);
  }

  @Test
  @DisplayName("closing a node waits for a reporter that blocks no longer than the stop time")
  void closingBlocked() {
    NodeOptions options = NodeOptions.DEFAULT.withStopTime(SHORT).withReporter(held());
    try (Node node = Node.start(options)) {
      node.report(new Numbered(1));
    }
    assertEquals(List.of(), seen);
    go.countDown();
    await().atMost(LIMIT).until(() -> seen.size() == 1);
  }
}
