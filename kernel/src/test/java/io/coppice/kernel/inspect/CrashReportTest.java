package io.coppice.kernel.inspect;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.AliasMode;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is told of a process that crashes. */
class CrashReportTest {
  private static final Reactive IDLE = (self, message) -> {};

  private static SpawnOptions named(String name) {
    return SpawnOptions.DEFAULT.name(name).initialCall("a " + name);
  }

  private static Pid victim(TestNode node, List<Pid> pids) {
    return node.spawn(
        self -> {
          self.trapExit(true);
          self.put("colour", "green");
          self.setLabel("shard 3");
          pids.add(self.spawn(IDLE, named("idle").link()));
          pids.add(
              self.spawn(
                  child -> {
                    child.trapExit(true);
                    child.receive();
                  },
                  named("traps").link()));
          self.monitor(pids.getFirst());
          self.receive(m -> m.equals(42L));
          throw new IllegalStateException("the disk is gone");
        },
        named("victim"));
  }

  @Test
  @DisplayName(
      "PLIB-001 PL5 a crash report has messages, relations, dictionary, status and neighbours")
  void whole() {
    try (TestNode node = TestNode.start(1)) {
      List<Pid> pids = new ArrayList<>();
      Pid victim = victim(node, pids);
      node.runUntilIdle();
      node.send(victim, "unread");
      node.send(victim, List.of(1, 2));
      node.send(victim, 42L);
      node.send(victim, "later");
      node.runUntilIdle();

      CrashReport report = node.reports(CrashReport.class).getFirst();
      Pid root = report.process().parent();
      assertEquals(victim, report.pid());
      assertEquals("victim", report.name());
      assertEquals("shard 3", report.label());
      assertEquals("a victim", report.initialCall());
      assertEquals(List.of(root), report.ancestors());
      assertEquals(ProcessStatus.RUNNING, report.process().status());
      assertEquals("java.lang.Long", report.process().handling());
      assertEquals(3, report.queueLength());
      assertEquals(List.of("unread", List.of(1, 2), "later"), report.messages());
      assertEquals(List.of(Map.entry("colour", "green")), report.dictionary());
      assertTrue(report.trapExit());
      assertEquals(2, report.process().related().linkCount());
      assertEquals(List.of(pids.getFirst()), report.process().related().monitors());
      assertEquals(1, report.neighbours().size());
      ProcessInfo neighbour = report.neighbours().getFirst();
      assertEquals("idle", neighbour.name());
      assertEquals(ProcessStatus.IDLE, neighbour.status());
      assertEquals(List.of(victim), neighbour.related().links());
      assertText(report);
    }
  }

  private static void assertText(CrashReport report) {
    String text = report.text();
    assertEquals(
        """
        Process <1> (victim) crashed: its code threw java.lang.IllegalStateException: the disk is gone
          started as:   a victim
          label:        shard 3
          ancestors:    <0>
          status:       running, with java.lang.Long
          messages:     3 left: unread, [1, 2], later
          links:        <2>, <3>
          monitors:     <2>
          dictionary:   colour = green
          exits:        trapped
          neighbours:   linked processes that do not trap exits
            <2> 'idle' a idle: idle; messages: 0; links: <1>
        java.lang.IllegalStateException: the disk is gone
        """,
        text.substring(0, text.indexOf("\tat ")));
  }

  /** A value that is a nuisance to show. */
  private record Hostile(boolean throwing) {
    @Override
    public String toString() {
      if (throwing) {
        throw new UnsupportedOperationException("no text");
      }
      return "\n".repeat(1_000_000);
    }
  }

  @Test
  @DisplayName("values of any size, or whose toString throws, make a report of bounded length")
  void hostileValues() {
    try (TestNode node = TestNode.start(1)) {
      Pid victim =
          node.spawn(
              self -> {
                self.put(new Hostile(true), new Hostile(false));
                self.setLabel(new Hostile(true));
                self.receive(m -> m.equals("crash"));
                throw new Error() {
                  @Override
                  public String getMessage() {
                    throw new UnsupportedOperationException("no message");
                  }
                };
              });
      node.runUntilIdle();
      for (int i = 0; i < 1_000; i++) {
        node.send(victim, new Hostile(i % 2 == 0));
      }
      node.send(victim, "crash");
      node.runUntilIdle();
      CrashReport report = node.reports(CrashReport.class).getFirst();
      assertEquals(CrashReport.LISTED, report.messages().size());
      String text = report.text();
      assertTrue(text.length() < 10_000, () -> "characters: " + text.length());
      assertTrue(text.contains("  messages:     1000 left: a " + Hostile.class.getName()), text);
      assertTrue(text.contains(" and 990 more\n"), text);
    }
  }

  @Test
  @DisplayName("what a crash report shows of the queue is bounced afterwards as ever, in order")
  void bounced() throws Exception {
    CompletableFuture<CrashReport> told = new CompletableFuture<>();
    try (Node node = Node.start(NodeOptions.DEFAULT.withReporter(r -> complete(told, r)))) {
      CountDownLatch go = new CountDownLatch(1);
      Pid victim =
          node.spawn(
              self -> {
                go.await();
                throw new IllegalStateException("crash");
              });
      List<Integer> failed = new ArrayList<>();
      CompletableFuture<?> last = CompletableFuture.completedFuture(null);
      for (int i = 0; i < 100; i++) {
        int number = i;
        node.send(victim, "m" + i);
        last = node.request(victim, i).whenComplete((answer, failure) -> failed.add(number));
      }
      go.countDown();
      try {
        last.get(20, SECONDS);
      } catch (ExecutionException e) {
        assertTrue(e.getCause() instanceof CallFailed, e::toString);
      }
      assertEquals(100, failed.size());
      assertEquals(failed.stream().sorted().toList(), failed);
      List<Object> shown = told.get(20, SECONDS).messages();
      assertEquals(CrashReport.LISTED, shown.size());
      assertEquals(
          List.of("m0", "m1", "m2", "m3", "m4"),
          shown.stream().filter(String.class::isInstance).toList());
    }
  }

  private static void complete(CompletableFuture<CrashReport> told, Report report) {
    if (report instanceof CrashReport crash) {
      told.complete(crash);
    }
  }

  @Test
  @DisplayName("messages through aliases are listed as they were sent, signals are not")
  void viaAlias() {
    try (TestNode node = TestNode.start(1)) {
      Pid victim =
          node.spawn(
              self -> {
                self.send(self.alias(AliasMode.EXPLICIT_UNALIAS), "via");
                throw new IllegalStateException("crash");
              });
      Pid peer =
          node.spawn(
              self -> {
                self.link(victim);
                self.receive();
              });
      node.runUntilIdle();
      CrashReport report = node.reports(CrashReport.class).getFirst();
      assertEquals(List.of(), report.messages().stream().filter(m -> !m.equals("via")).toList());
      assertTrue(report.text().contains("via"), report::text);
      assertTrue(node.info(peer).isEmpty(), "its link breaks as before");
    }
  }

  @Test
  @DisplayName("a crash with 100 000 links and messages is told with some of them")
  void million() throws Exception {
    ConcurrentLinkedQueue<Report> reports = new ConcurrentLinkedQueue<>();
    CountDownLatch told = new CountDownLatch(1);
    try (Node node =
        Node.start(
            NodeOptions.DEFAULT.withReporter(
                report -> {
                  reports.add(report);
                  if (report instanceof CrashReport) {
                    told.countDown();
                  }
                }))) {
      int many = 100_000;
      Pid victim =
          node.spawn(
              self -> {
                for (int i = 0; i < many; i++) {
                  self.spawn(IDLE, SpawnOptions.DEFAULT.link());
                  self.send(self.pid(), i);
                }
                self.receive(m -> m.equals(many - 1));
                throw new IllegalStateException("crash");
              });
      assertTrue(told.await(60, SECONDS));
      CrashReport report =
          (CrashReport)
              reports.stream().filter(CrashReport.class::isInstance).findFirst().orElseThrow();
      assertEquals(victim, report.pid());
      assertEquals(many - 1, report.queueLength());
      assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), report.messages());
      assertEquals(many, report.process().related().linkCount());
      assertEquals(ProcessInfo.LISTED, report.process().related().links().size());
      assertEquals(CrashReport.LISTED, report.neighbours().size());
      assertTrue(report.text().length() < 10_000, report::text);
    }
  }

  @Test
  @DisplayName("linked processes that crash all at once look at each other and all end")
  void together() throws Exception {
    AtomicInteger told = new AtomicInteger();
    int pairs = 2_000;
    try (Node node =
        Node.start(
            NodeOptions.DEFAULT
                .withSchedulers(2)
                .withReporter(
                    report -> {
                      if (report instanceof CrashReport) {
                        told.getAndIncrement();
                      }
                    }))) {
      for (int i = 0; i < pairs; i++) {
        Pid left = node.spawn((self, m) -> crash());
        Pid right =
            node.spawn(
                (self, m) -> {
                  if (m instanceof Pid peer) {
                    self.link(peer);
                  } else {
                    crash();
                  }
                });
        node.send(right, left);
        node.send(left, "crash");
        node.send(right, "crash");
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> node.processCount() == 0);
      assertTrue(node.awaitReports(Duration.ofSeconds(20)));
      assertTrue(told.get() >= pairs, () -> "crashes: " + told);
    }
  }

  private static void crash() {
    throw new IllegalStateException("crash");
  }

  @Test
  @DisplayName("the neighbours in a report keep no thread, and a report is made while they run")
  void neighbourRuns() throws Exception {
    CompletableFuture<CrashReport> told = new CompletableFuture<>();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch stop = new CountDownLatch(1);
    try (Node node =
        Node.start(NodeOptions.DEFAULT.withSchedulers(2).withReporter(r -> complete(told, r)))) {
      Pid busy =
          node.spawn(
              self -> {
                running.countDown();
                stop.await();
              });
      assertTrue(running.await(20, SECONDS));
      node.spawn(
          self -> {
            self.link(busy);
            crash();
          });
      CrashReport report = told.get(20, SECONDS);
      assertEquals(busy, report.neighbours().getFirst().pid());
      assertNull(report.neighbours().getFirst().thread());
      stop.countDown();
    }
  }
}
