package io.coppice.kernel.conformance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Timeout;
import io.coppice.kernel.process.TimerCancelled;
import io.coppice.kernel.process.TimerRead;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Timers (semantics 2): absolute times, names, aliases, answers as messages. */
class TimerRulesTest extends ConformanceCase {
  private static Duration ms(long value) {
    return Duration.ofMillis(value);
  }

  @Test
  @DisplayName("TMR-020 T4 a timer with an absolute time fires at that time of the node's clock")
  void absolute() throws Exception {
    run(
        self -> {
          long instant = self.monotonicNanos() + 50_000_000;
          Ref timer = self.startTimerAt(instant, self.pid(), "timeout");
          self.sendAt(instant + 10_000_000, self.pid(), "message");
          assertTrue(self.readTimer(timer).orElse(Duration.ZERO).compareTo(ms(50)) <= 0);
          assertEquals(new Timeout(timer, "timeout"), self.receive());
          assertTrue(self.monotonicNanos() >= instant, "too early");
          assertEquals("message", self.receive());
          assertTrue(self.monotonicNanos() >= instant + 10_000_000, "too early");
        });
    try (TestNode sim = TestNode.start(1)) {
      sim.run(
          self -> {
            self.sendAt(5_000_000_000L, self.pid(), "at five seconds");
            assertEquals("at five seconds", self.receive());
            assertEquals(5_000_000_000L, self.monotonicNanos());
          });
    }
  }

  @Test
  @DisplayName("T7 what a process has measured since it started a timer is not left of it")
  void measured() throws Exception {
    run(
        self -> {
          Duration delay = Duration.ofHours(1);
          Ref timer = self.sendAfter(delay, self.pid(), "never");
          long started = self.monotonicNanos();
          while (self.monotonicNanos() - started < 3_000_000) {
            Thread.onSpinWait();
          }
          long passed = self.monotonicNanos() - started;
          Duration left = self.cancelTimer(timer).orElseThrow();
          assertTrue(left.toNanos() <= delay.toNanos() - passed, () -> passed + " " + left);
        });
  }

  @Test
  @DisplayName(
      "T3 a timer started after 5 ms of computing comes when its time has come, not before")
  void order() throws Exception {
    NodeOptions noMonitor =
        NodeOptions.DEFAULT.withSchedulers(1).withTimeSlice(Duration.ofSeconds(10));
    CompletableFuture<List<Object>> order = new CompletableFuture<>();
    try (Node alone = Node.start(noMonitor)) {
      alone.spawn(
          self -> {
            long before = System.nanoTime();
            self.sendAfter(ms(20), self.pid(), "20 ms");
            while (System.nanoTime() - before < 5_000_000) {
              Thread.onSpinWait();
            }
            self.sendAfter(ms(17), self.pid(), "22 ms");
            order.complete(List.of(self.receive(), self.receive()));
          });
      assertEquals(List.of("20 ms", "22 ms"), order.get(20, SECONDS));
    }
  }

  @Test
  @DisplayName("TMR-022 T4 an absolute time that is past, or negative, fires at once, not inside")
  void past() throws Exception {
    for (long behind : new long[] {0, 1, 1_000_000_000}) {
      run(
          self -> {
            self.sendAt(self.monotonicNanos() - behind, self.pid(), "past");
            assertEquals("past", self.receive());
          });
    }
    TestNode.forSeeds(
        20,
        sim ->
            sim.run(
                self -> {
                  for (long instant : new long[] {0, -1, -1_000_000, Long.MIN_VALUE}) {
                    self.sendAt(instant, self.pid(), instant);
                    assertEquals(instant, self.receive());
                    assertEquals(0, self.monotonicNanos());
                  }
                }));
  }

  @Test
  @DisplayName("T4 an absolute time beyond all clocks never comes, and can be cancelled")
  void beyond() throws Exception {
    run(
        self -> {
          for (long instant : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1, 1L << 62}) {
            Ref never = self.sendAt(instant, self.pid(), "never");
            assertTrue(self.cancelTimer(never).orElseThrow().toDays() > 36_500);
          }
          assertMailboxEmpty(self);
        });
    assertEquals(0, node.timerCount());
  }

  @Test
  @DisplayName("T4 a relative time that is negative is refused for each kind of destination")
  void negative() throws Exception {
    run(
        self -> {
          Alias alias = self.alias();
          Duration before = Duration.ofNanos(-1);
          for (var start :
              List.<Runnable>of(
                  () -> self.startTimer(before, self.pid(), 1),
                  () -> self.startTimer(before, alias, 1),
                  () -> self.startTimer(before, "name", 1),
                  () -> self.sendAfter(before, alias, 1))) {
            assertThrows(IllegalArgumentException.class, start::run);
          }
        });
    assertEquals(0, node.timerCount());
  }

  @Test
  @DisplayName("T5 a timer to a name finds whoever has it at expiry, registered before or after")
  void names() {
    TestNode.forSeeds(
        50,
        sim ->
            sim.run(
                self -> {
                  Ref toOld = self.startTimer(ms(10), "passed on", "timer");
                  self.sendAt(self.monotonicNanos() + 10_000_000, "passed on", "absolute");
                  self.sendAfter(ms(10), "nobody", "dropped");
                  self.startTimerAt(self.monotonicNanos() - 1, "nobody", "dropped");
                  Pid old = self.spawn(me -> me.receive(), SpawnOptions.DEFAULT.name("passed on"));
                  self.sleep(ms(5));
                  self.unregister("passed on");
                  self.register("passed on", self.pid());
                  assertEquals(
                      new Timeout(toOld, "timer"), self.receive(m -> m instanceof Timeout));
                  assertEquals("absolute", self.receive());
                  self.send(old, "end");
                  self.sleep(ms(10));
                  assertMailboxEmpty(self);
                }));
  }

  @Test
  @DisplayName(
      "P50 T6 a timer delivers through an alias, if it is active then, and ends with its owner")
  void aliases() throws Exception {
    TestNode.forSeeds( // in its time nothing fires before an unalias that comes first
        50,
        sim ->
            sim.run(
                self -> {
                  Alias alias = self.alias();
                  Ref timer = self.startTimer(ms(1), alias, "through");
                  assertEquals(new Timeout(timer, "through"), self.receive());
                  self.sendAfter(ms(1), alias, "dropped");
                  assertTrue(self.unalias(alias));
                  assertEquals(Optional.empty(), self.receive(ms(20)));
                }));
    run(
        self -> {
          Alias alias = self.alias();
          Ref timer = self.startTimer(ms(1), alias, "through");
          assertEquals(new Timeout(timer, "through"), self.receive());
          Pid owner =
              self.spawn(
                  me -> {
                    self.send(self.pid(), me.alias());
                    me.receive();
                  });
          Alias other = expect(self, Alias.class);
          Ref gone = self.sendAfter(LIMIT, other, "never");
          assertTrue(self.readTimer(gone).isPresent());
          self.send(owner, "end");
          awaitGone(owner);
          assertEquals(Optional.empty(), self.readTimer(gone));
          Ref late = self.sendAfter(LIMIT, other, "never");
          assertEquals(Optional.empty(), self.readTimer(late));
        });
    assertEquals(0, node.timerCount());
  }

  private void awaitGone(Pid pid) {
    while (node.isAlive(pid)) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("T7 a timer is flushed by cancelling it and taking its message if that was too late")
  void flush() {
    TestNode.forSeeds(
        200,
        sim ->
            sim.run(
                self -> {
                  for (int i = 0; i < 4; i++) {
                    Ref timer = self.startTimer(ms(1), self.pid(), i);
                    self.sleep(ms(1));
                    self.yieldNow();
                    Optional<Duration> left = self.cancelTimer(timer);
                    Optional<Object> fired =
                        self.receive(
                            m -> m instanceof Timeout t && t.ref().equals(timer), Duration.ZERO);
                    assertEquals(left.isEmpty(), fired.isPresent(), "either or");
                  }
                  self.sleep(ms(5));
                  assertMailboxEmpty(self);
                }));
  }

  @Test
  @DisplayName("T8 a timer can be cancelled or read with the answer as a message, or with none")
  void answers() throws Exception {
    run(
        self -> {
          Ref timer = self.startTimer(LIMIT, self.pid(), "never");
          self.readTimerAsync(timer);
          Duration left = expect(self, TimerRead.class).left();
          assertTrue(left != null && left.compareTo(LIMIT) <= 0);
          self.cancelTimerAsync(timer);
          TimerCancelled cancelled = expect(self, TimerCancelled.class);
          assertEquals(timer, cancelled.ref());
          assertTrue(cancelled.left() != null && left.compareTo(cancelled.left()) >= 0);
          self.cancelTimerAsync(timer);
          assertNull(expect(self, TimerCancelled.class).left());
          self.readTimerAsync(Ref.create());
          assertNull(expect(self, TimerRead.class).left());
        });
    assertEquals(0, node.timerCount());
    TestNode.forSeeds(
        50,
        sim ->
            sim.run(
                self -> {
                  Ref dropped = self.startTimer(ms(5), self.pid(), "never");
                  self.dropTimer(dropped);
                  self.dropTimer(dropped);
                  self.dropTimer(Ref.create());
                  assertEquals(Optional.empty(), self.receive(ms(20)));
                }));
  }
}
