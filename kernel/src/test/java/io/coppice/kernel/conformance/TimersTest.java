package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Overflow;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.RunningTimer;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Timed;
import io.coppice.kernel.process.Timers;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The conveniences on top of timers (semantics T12), on virtual time. */
class TimersTest {
  private static final int SEEDS = 30;

  private static Duration ms(long value) {
    return Duration.ofMillis(value);
  }

  /** A process that notes when it got what. */
  private static Pid recorder(TestNode node, List<Object> seen) {
    return node.spawn((self, message) -> seen.add(message + "@" + millis(self.monotonicNanos())));
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  @Test
  @DisplayName("T12 applyAfter runs code once, at its time, unless it was cancelled before")
  void applyAfter() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          List<Object> seen = new ArrayList<>();
          RunningTimer once =
              Timers.applyAfter(node, ms(10), self -> seen.add(millis(self.monotonicNanos())));
          RunningTimer never = Timers.applyAfter(node, ms(10), self -> seen.add("never"));
          RunningTimer atOnce = Timers.applyAfter(node, Duration.ZERO, self -> seen.add("now"));
          node.advance(ms(5));
          assertTrue(never.cancel());
          assertFalse(never.cancel());
          node.advance(ms(100));
          assertEquals(List.of("now", 10L), seen);
          assertFalse(once.cancel(), "it is over");
          assertFalse(atOnce.cancel());
          assertEquals(0, node.processCount());
        });
  }

  @Test
  @DisplayName("T12 sendInterval sends at each multiple of its interval, without drift")
  void sendInterval() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          List<Object> seen = new ArrayList<>();
          RunningTimer timer = Timers.sendInterval(node, ms(7), recorder(node, seen), "beat");
          node.advance(ms(30));
          assertEquals(List.of("beat@7", "beat@14", "beat@21", "beat@28"), seen);
          assertTrue(timer.cancel());
          node.advance(ms(30));
          assertEquals(4, seen.size());
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = Overflow.class,
      names = {"FAIL_SEND", "SUSPEND_SENDER"})
  @DisplayName("T12 sendInterval goes on after its target's mailbox was full, and is not held up")
  void sendIntervalToFullMailbox(Overflow overflow) {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          List<Object> seen = new ArrayList<>();
          Pid slow =
              node.spawn(
                  self -> {
                    self.sleep(ms(55));
                    while (true) {
                      seen.add(self.receive() + "@" + millis(self.monotonicNanos()));
                    }
                  },
                  SpawnOptions.DEFAULT.mailboxLimit(MailboxLimit.of(2, overflow)));
          RunningTimer timer = Timers.sendInterval(node, ms(10), slow, "beat");
          node.advance(ms(85));
          assertEquals(List.of("beat@55", "beat@55", "beat@60", "beat@70", "beat@80"), seen);
          assertEquals(List.of(), node.reports(CrashReport.class));
          assertEquals(3, node.counters().undelivered().get(Undelivered.MAILBOX_FULL));
          assertTrue(timer.cancel());
        });
  }

  @Test
  @DisplayName("T12 sendInterval ends when its target dies, also one found by its name")
  void sendIntervalEnds() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          Pid byName = node.spawn((self, message) -> {}, SpawnOptions.DEFAULT.name("the target"));
          RunningTimer timer = Timers.sendInterval(node, ms(7), "the target", "beat");
          Pid dies =
              node.spawn(
                  self -> {
                    self.receive();
                    self.receive();
                  });
          RunningTimer other = Timers.sendInterval(node, ms(7), dies, "beat");
          node.advance(ms(20));
          assertEquals(2, node.processCount(), "of the second pair both have ended");
          assertFalse(other.cancel());
          node.exit(byName, io.coppice.kernel.process.ExitReason.KILL);
          node.advance(ms(1));
          assertEquals(0, node.processCount());
          assertFalse(timer.cancel());
          assertThrows(
              IllegalArgumentException.class,
              () -> Timers.sendInterval(node, ms(7), "the target", "beat"));
        });
  }

  @Test
  @DisplayName("T12 the runs of applyInterval begin on time and may overlap")
  void applyInterval() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          List<Object> seen = new ArrayList<>();
          RunningTimer timer =
              Timers.applyInterval(
                  node,
                  ms(10),
                  self -> {
                    seen.add(millis(self.monotonicNanos()));
                    self.sleep(ms(25));
                  });
          node.advance(ms(41));
          assertEquals(List.of(10L, 20L, 30L, 40L), seen);
          assertEquals(1 + 3, node.processCount(), "the timer and three runs");
          assertTrue(timer.cancel());
          node.advance(ms(100));
          assertEquals(4, seen.size());
          assertEquals(0, node.processCount());
        });
  }

  @Test
  @DisplayName("T12 the runs of applyRepeatedly never overlap, and catch up after a long one")
  void applyRepeatedly() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          List<Object> seen = new ArrayList<>();
          RunningTimer timer =
              Timers.applyRepeatedly(
                  node,
                  ms(10),
                  self -> {
                    seen.add(millis(self.monotonicNanos()));
                    self.sleep(ms(seen.size() == 1 ? 25 : 1));
                    seen.add("end");
                  });
          node.advance(ms(52));
          assertEquals(List.of(10L, "end", 35L, "end", 36L, "end", 40L, "end", 50L, "end"), seen);
          assertTrue(timer.cancel());
          node.advance(ms(100));
          assertEquals(10, seen.size());
        });
  }

  @Test
  @DisplayName("T12 a run that crashes leaves a crash report, and the next ones come all the same")
  void crashingRuns() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          List<Object> seen = new ArrayList<>();
          RunningTimer timer =
              Timers.applyRepeatedly(
                  node,
                  ms(10),
                  self -> {
                    seen.add(millis(self.monotonicNanos()));
                    throw new IllegalStateException("planned");
                  });
          node.advance(ms(35));
          assertEquals(List.of(10L, 20L, 30L), seen);
          assertEquals(3, node.reports(CrashReport.class).size());
          assertTrue(timer.cancel());
        });
  }

  @Test
  @DisplayName("T12 a run may cancel its own timer")
  void cancelFromInside() {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          List<Object> seen = new ArrayList<>();
          AtomicReference<RunningTimer> timer = new AtomicReference<>();
          timer.set(
              Timers.applyRepeatedly(
                  node, ms(10), self -> seen.add(timer.get().cancel() ? "cancelled" : "over")));
          node.advance(ms(100));
          assertEquals(List.of("cancelled"), seen);
          assertEquals(0, node.processCount());
        });
  }

  @Test
  @DisplayName("T12 a timer outlives the process that made it, and ends with the node at once")
  void outlivesItsMaker() {
    TestNode node = TestNode.start(3);
    List<Object> seen = new ArrayList<>();
    Pid recorder = recorder(node, seen);
    node.run(self -> Timers.sendInterval(self, ms(10), recorder, "beat"));
    node.advance(ms(25));
    assertEquals(2, seen.size());
    Duration before = node.elapsed();
    node.close();
    assertTrue(node.elapsed().minus(before).compareTo(ms(500)) < 0, "it took " + node.elapsed());
  }

  @Test
  @DisplayName("T12 an interval of nothing and a negative delay are refused")
  void refused() {
    try (TestNode node = TestNode.start(1)) {
      for (Duration bad : List.of(Duration.ZERO, ms(-1))) {
        assertThrows(
            IllegalArgumentException.class, () -> Timers.applyInterval(node, bad, self -> {}));
      }
      assertThrows(
          IllegalArgumentException.class, () -> Timers.applyAfter(node, ms(-1), self -> {}));
      assertEquals(0, node.processCount());
    }
  }

  @Test
  @DisplayName("T12 tc tells the result and the time it took; a sleep may have any size")
  void tcAndSleep() {
    TestNode.forSeeds(
        SEEDS,
        node ->
            node.run(
                self -> {
                  Timed<String> timed =
                      Timers.tc(
                          self,
                          () -> {
                            self.sleep(Duration.ofDays(1000));
                            return "result";
                          });
                  assertEquals(new Timed<>(Duration.ofDays(1000), "result"), timed);
                  Pid sleeper = self.spawn(me -> me.sleep(Duration.ofSeconds(Long.MAX_VALUE)));
                  self.sleep(Duration.ofDays(10_000));
                  assertTrue(self.isAlive(sleeper));
                  self.exit(sleeper, io.coppice.kernel.process.ExitReason.KILL);
                }));
  }
}
