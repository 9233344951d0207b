package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.mailbox.Queues;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.process.UndeliveredReport;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Lost messages are counted one by one and told as a summary, with a clock of the test's own. */
class UndeliverableTest {
  private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

  private final ConcurrentLinkedQueue<Report> reports = new ConcurrentLinkedQueue<>();
  private final SilentDispatcher dispatcher = new SilentDispatcher();
  private final Kernel kernel =
      new Kernel(
          new KernelConfig("test", 1, 16, 1, INTERVAL, 0, reports::add, Queues.factory()),
          dispatcher);
  private final Undeliverable undeliverable = kernel.undeliverable();

  private List<UndeliveredReport> told() {
    return reports.stream().map(UndeliveredReport.class::cast).toList();
  }

  @Test
  @DisplayName("a million lost messages are one report, with the counts and a few examples")
  void oneSummary() {
    for (int i = 0; i < 1_000_000; i++) {
      undeliverable.count(Undelivered.DEAD_PROCESS, kernel.root(), "lost");
    }
    undeliverable.count(Undelivered.UNKNOWN_NAME, "nobody", 42);
    assertEquals(List.of(), told());
    dispatcher.advance(INTERVAL);
    UndeliveredReport report = told().getFirst();
    assertEquals(
        Map.of(Undelivered.DEAD_PROCESS, 1_000_000L, Undelivered.UNKNOWN_NAME, 1L),
        report.counts());
    assertEquals(5, report.examples().size());
    assertEquals(
        "a java.lang.String for <0> (the root of node test): the receiver had ended",
        report.examples().getFirst());
    assertTrue(
        report
            .text()
            .startsWith(
                "1000001 messages were not delivered: 1000000 because the receiver had ended, 1"
                    + " because nobody had the name (in PT10S)\n    e.g. a java.lang.String for"),
        report.text());
    assertEquals(Level.INFO, report.level());
    assertEquals(1_000_000, kernel.operations().counters().undelivered(Undelivered.DEAD_PROCESS));
  }

  @Test
  @DisplayName("each interval tells what came in it, and an interval without losses has no timer")
  void intervals() {
    undeliverable.count(Undelivered.MAILBOX_FULL, "a", "1");
    dispatcher.advance(INTERVAL);
    assertEquals(0, kernel.ownTimers());
    dispatcher.advance(100 * INTERVAL);
    assertEquals(1, told().size());
    undeliverable.count(Undelivered.MAILBOX_FULL, "a", "2");
    undeliverable.count(Undelivered.MAILBOX_FULL, "a", "3");
    assertEquals(1, kernel.ownTimers());
    dispatcher.advance(INTERVAL);
    assertEquals(
        List.of(Map.of(Undelivered.MAILBOX_FULL, 1L), Map.of(Undelivered.MAILBOX_FULL, 2L)),
        told().stream().map(UndeliveredReport::counts).toList());
    assertEquals(2, told().getLast().examples().size());
    assertEquals(Level.WARNING, told().getLast().level());
  }

  @Test
  @DisplayName("what a process leaves unread at its end is counted, and no reason for a report")
  void ordinary() {
    undeliverable.count(Undelivered.UNREAD, kernel.root(), "lost");
    undeliverable.count(Undelivered.NODE_CLOSED, kernel.root(), "lost");
    assertEquals(0, kernel.ownTimers());
    undeliverable.tell();
    assertEquals(List.of(), told());
    assertEquals(1, kernel.operations().counters().undelivered(Undelivered.UNREAD));
    assertEquals(1, kernel.operations().counters().undelivered(Undelivered.NODE_CLOSED));
  }

  @Test
  @DisplayName("what is lost while a summary is made is told in the next one")
  void lostMeanwhile() {
    var meanwhile = new AtomicReference<@Nullable Kernel>();
    Kernel busy =
        new Kernel(
            new KernelConfig(
                "test",
                1,
                16,
                1,
                INTERVAL,
                0,
                report -> {
                  reports.add(report);
                  Kernel again = meanwhile.getAndSet(null);
                  if (again != null) {
                    again.undeliverable().count(Undelivered.DEAD_PROCESS, "x", "lost");
                  }
                },
                Queues.factory()),
            dispatcher);
    meanwhile.set(busy);
    busy.undeliverable().count(Undelivered.DEAD_PROCESS, "x", "lost");
    dispatcher.advance(INTERVAL);
    dispatcher.advance(INTERVAL);
    assertEquals(2, told().size());
  }

  @Test
  @DisplayName("losses on several threads while summaries are made are all told, and told once")
  void concurrentLosses() throws Exception {
    int each = 50_000;
    var done = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      Thread.ofPlatform()
          .start(
              () -> {
                for (int n = 0; n < each; n++) {
                  undeliverable.count(Undelivered.DEAD_PROCESS, "x", "lost");
                }
                done.countDown();
              });
    }
    while (done.getCount() > 0) {
      dispatcher.advance(INTERVAL);
    }
    dispatcher.advance(INTERVAL);
    dispatcher.advance(INTERVAL);
    long sum = told().stream().mapToLong(r -> r.counts().get(Undelivered.DEAD_PROCESS)).sum();
    assertEquals(2L * each, sum);
    assertEquals(0, kernel.ownTimers());
  }
}
