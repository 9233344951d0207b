package io.coppice.kernel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.HandlerLimit;
import io.coppice.kernel.process.HungHandler;
import io.coppice.kernel.process.LongHandlerReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Timeout;
import io.coppice.kernel.process.ZombieReport;
import io.coppice.kernel.testkit.SimulationFailure;
import io.coppice.kernel.testkit.TestNode;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Handlers that take too long. */
final class HandlerWatchTest {
  private static final Duration S1 = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SEEDS = 30;

  /** A message. */
  private record Work(Duration time) {}

  // ---- on virtual time

  private static Reactive sleeper() {
    return new Reactive() {
      @Override
      public void onStart(Context self) {
        self.trapExit(true);
      }

      @Override
      public void onMessage(Context self, Object message) {
        if (message instanceof Work(Duration time)) {
          self.sleep(time);
        }
      }
    };
  }

  private static ExitReason end(TestNode node, Pid pid) {
    ExitReason[] reason = new ExitReason[1];
    node.run(
        self -> {
          var monitor = self.monitor(pid);
          Down down =
              (Down) self.receive(m -> m instanceof Down seen && seen.ref().equals(monitor));
          reason[0] = down.reason();
        });
    return reason[0];
  }

  @Test
  @DisplayName(
      "a handler is told of at once its limit and fails at three times it, trapping or not")
  void warnsThenFails() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          Pid pid = node.spawn(sleeper());
          node.watchHandlers(pid, HandlerLimit.of(S1));
          node.advance(Duration.ofSeconds(100));
          node.send(pid, new Work(Duration.ofDays(1)));
          node.advance(Duration.ofMillis(999));
          assertEquals(List.of(), node.reports(LongHandlerReport.class));
          node.advance(Duration.ofMillis(252));
          LongHandlerReport warned = node.reports(LongHandlerReport.class).getFirst();
          assertEquals(Level.WARNING, warned.level());
          assertEquals(pid, warned.pid());
          assertEquals(Work.class.getName(), warned.handling());
          assertTrue(warned.time().compareTo(S1) >= 0, () -> "after " + warned.time());
          assertTrue(
              warned.stack().stream().anyMatch(f -> f.getMethodName().equals("onMessage")),
              warned::text);
          assertTrue(warned.text().contains("it will be made to fail after 3000 ms"));
          node.advance(Duration.ofMillis(1_740));
          assertTrue(node.isAlive(pid));
          node.advance(Duration.ofMillis(262));
          assertFalse(node.isAlive(pid));
          List<LongHandlerReport> told = node.reports(LongHandlerReport.class);
          assertEquals(2, told.size());
          assertEquals(Level.ERROR, told.getLast().level());
        });
  }

  @Test
  @DisplayName("a process that fails for a hung handler ends with a reason that says so")
  void reason() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          Pid silent = node.spawn((self, message) -> {});
          Pid pid = node.spawn((self, message) -> self.call(silent, "?", null));
          node.watchHandlers(pid, HandlerLimit.of(S1).failAt(2));
          node.send(pid, new Work(S1));
          ExitReason reason = end(node, pid);
          assertTrue(
              reason instanceof ExitReason.Custom(HungHandler hung)
                  && Work.class.getName().equals(hung.handling()),
              reason::toString);
          assertFalse(reason.isClean());
          assertEquals(Work.class.getName(), node.lastHandled(pid).orElseThrow());
        });
  }

  @Test
  @DisplayName("a limit that only warns warns once for each message, and lets the handler end")
  void warnOnly() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          Pid pid = node.spawn(sleeper());
          node.watchHandlers(pid, HandlerLimit.of(S1).warnOnly());
          for (int i = 0; i < 3; i++) {
            node.send(pid, new Work(Duration.ofSeconds(50)));
          }
          node.advance(Duration.ofSeconds(200));
          assertTrue(node.isAlive(pid));
          assertEquals(3, node.reports(LongHandlerReport.class).size());
        });
  }

  @Test
  @DisplayName("a process that gets on is left alone, however long it has been busy")
  void busy() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          Pid pid = node.spawn(sleeper());
          node.watchHandlers(pid, HandlerLimit.of(S1));
          for (int i = 0; i < 40; i++) {
            node.send(pid, new Work(Duration.ofMillis(990)));
          }
          node.advance(Duration.ofSeconds(45));
          assertEquals(40, node.info(pid).orElseThrow().messages());
          assertEquals(ProcessStatus.IDLE, node.info(pid).orElseThrow().status());
          assertEquals(List.of(), node.reports(LongHandlerReport.class));
        });
  }

  @Test
  @DisplayName("no timer runs for a process at rest: that nobody can ever run again is found out")
  void rests() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          Pid pid = node.spawn(sleeper());
          node.watchHandlers(pid, HandlerLimit.of(S1));
          SimulationFailure deadlock =
              assertThrows(SimulationFailure.class, () -> node.run(Context::receive));
          assertTrue(node.elapsed().compareTo(S1) < 0, deadlock::getMessage);
        });
  }

  @Test
  @DisplayName(
      "a blocking process is at a message until it waits for the next, and may wait for ever")
  void blocking() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          ProcessBody body =
              self -> {
                while (true) {
                  Object message = self.receive(Duration.ofMillis(1)).orElse("none");
                  if (message instanceof Work(Duration time)) {
                    self.sleep(time);
                  } else {
                    self.sleep(Duration.ofMillis(900));
                  }
                }
              };
          Pid pid = node.spawn(body);
          node.watchHandlers(pid, HandlerLimit.of(S1));
          node.advance(Duration.ofSeconds(100));
          assertEquals(List.of(), node.reports(LongHandlerReport.class));
          Pid idle = node.spawn(self -> self.receive());
          node.watchHandlers(idle, HandlerLimit.of(S1));
          node.send(pid, new Work(Duration.ofDays(1)));
          node.advance(Duration.ofSeconds(10));
          assertFalse(node.isAlive(pid));
          assertTrue(node.isAlive(idle));
          assertEquals(2, node.reports(LongHandlerReport.class).size());
        });
  }

  @Test
  @DisplayName("a later limit takes the place of an earlier one")
  void replaced() {
    try (TestNode node = TestNode.start(1)) {
      Pid pid = node.spawn(sleeper());
      node.watchHandlers(pid, HandlerLimit.of(S1));
      node.watchHandlers(pid, HandlerLimit.of(Duration.ofSeconds(10)));
      node.send(pid, new Work(Duration.ofSeconds(9)));
      node.advance(Duration.ofSeconds(20));
      assertEquals(List.of(), node.reports(LongHandlerReport.class));
      assertTrue(node.isAlive(pid));
    }
  }

  @Test
  @DisplayName("a limit out of range is refused in one sentence with the value")
  void validation() {
    for (var making :
        List.<Runnable>of(
            () -> HandlerLimit.of(Duration.ofNanos(5)),
            () -> HandlerLimit.of(S1).failAt(1),
            () -> HandlerLimit.of(S1).failAt(0))) {
      String message = assertThrows(IllegalArgumentException.class, making::run).getMessage();
      assertTrue(message != null && message.startsWith("invalid_handler_limit: "), message);
    }
  }

  // ---- for real

  private static final HandlerLimit SHORT = HandlerLimit.of(Duration.ofMillis(20));

  private static List<Report> hang(Reactive code, AtomicBoolean stop) {
    List<Report> reports = new CopyOnWriteArrayList<>();
    try (Node node =
        Node.start(
            NodeOptions.DEFAULT
                .withKillGrace(Duration.ofMillis(5))
                .withShutdownTime(Duration.ZERO)
                .withReporter(reports::add))) {
      Pid pid = node.spawn(code);
      node.watchHandlers(pid, SHORT);
      node.send(pid, new Work(S1));
      await().atMost(LIMIT).until(() -> node.hasEnded(pid));
      stop.set(true);
      await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
      assertEquals("<1>", pid.toString());
    }
    return reports;
  }

  @Test
  @DisplayName("a handler that computes without end is told of, fails, and is reported as a zombie")
  void computes() {
    AtomicBoolean stop = new AtomicBoolean();
    List<Report> reports =
        hang(
            (self, message) -> {
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            },
            stop);
    assertEquals(
        List.of(Level.WARNING, Level.ERROR),
        reports.stream().filter(LongHandlerReport.class::isInstance).map(Report::level).toList());
    assertTrue(
        reports.stream()
            .anyMatch(report -> report instanceof ZombieReport zombie && !zombie.ended()),
        reports::toString);
  }

  @Test
  @DisplayName("a handler that blocks outside of the kernel is interrupted when it fails")
  void blocks() {
    List<Report> reports =
        hang(
            (self, message) -> {
              while (!Thread.interrupted()) {
                LockSupport.park();
              }
            },
            new AtomicBoolean());
    assertTrue(
        reports.stream()
            .anyMatch(report -> report instanceof LongHandlerReport told && told.fails()),
        reports::toString);
  }

  @Test
  @DisplayName("a process that is woken again and again for a moment is left alone")
  void shortOnes() {
    List<Report> reports = new CopyOnWriteArrayList<>();
    try (Node node = Node.start(NodeOptions.DEFAULT.withReporter(reports::add))) {
      Pid pid =
          node.spawn(
              (self, message) -> {
                if (message instanceof Timeout(_, Integer left) && left > 0) {
                  self.startTimer(Duration.ofMillis(1), self.pid(), left - 1);
                } else {
                  self.stop(ExitReason.NORMAL);
                }
              });
      node.watchHandlers(pid, SHORT);
      node.startTimer(Duration.ZERO, pid, 200);
      await().atMost(LIMIT).until(() -> node.hasEnded(pid));
    }
    assertEquals(List.of(), reports);
  }
}
