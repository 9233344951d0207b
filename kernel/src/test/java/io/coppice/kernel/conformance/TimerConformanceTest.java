package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Timeout;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conformance, area timer (semantics 2). */
class TimerConformanceTest extends ConformanceCase {
  private static Duration ms(long value) {
    return Duration.ofMillis(value);
  }

  @Test
  @DisplayName(
      "TMR-001 T1 T7 startTimer delivers Timeout with its reference, unless it is cancelled")
  void startTimer() throws Exception {
    run(
        self -> {
          Ref fires = self.startTimer(ms(20), self.pid(), "fires");
          Duration left = self.readTimer(fires).orElse(Duration.ZERO);
          assertTrue(left.compareTo(ms(20)) <= 0 && !left.isNegative(), "left: " + left);
          assertEquals(new Timeout(fires, "fires"), expect(self, Timeout.class));
          assertEquals(Optional.empty(), self.readTimer(fires));
          assertEquals(Optional.empty(), self.cancelTimer(fires));
          Ref cancelled = self.startTimer(ms(10_000), self.pid(), "cancelled");
          assertNotEquals(fires, cancelled);
          left = self.cancelTimer(cancelled).orElseThrow();
          assertTrue(left.compareTo(ms(10_000)) <= 0 && left.compareTo(ms(1)) > 0, "left: " + left);
          assertEquals(Optional.empty(), self.cancelTimer(cancelled));
          assertEquals(Optional.empty(), self.readTimer(cancelled));
          assertEquals(Optional.empty(), self.receive(ms(50)));
        });
  }

  @Test
  @DisplayName(
      "TMR-002 T1 T9 sendAfter delivers the message as it is; afterwards nothing can be read")
  void sendAfter() throws Exception {
    List<String> message = List.of("as", "it", "is");
    run(
        self -> {
          long start = self.monotonicNanos();
          Ref timer = self.sendAfter(ms(30), self.pid(), message);
          assertEquals(message, self.receive());
          assertTrue(self.monotonicNanos() - start >= 30_000_000, "too early");
          assertEquals(Optional.empty(), self.readTimer(timer));
        });
  }

  @Test
  @DisplayName(
      "TMR-003 T3 six timers of 0 to 500 ms set in mixed order fire in the order of expiry")
  void expiryOrder() throws Exception {
    ProcessBody scene =
        self -> {
          int[] mixed = {300, 0, 500, 100, 400, 200};
          long[] latest = new long[6];
          for (int delay : mixed) {
            self.sendAfter(ms(delay), self.pid(), delay);
            latest[delay / 100] = self.monotonicNanos() + ms(delay).toNanos();
          }
          List<Object> order = new ArrayList<>();
          for (int i = 0; i < mixed.length; i++) {
            order.add(self.receive());
          }
          List<Integer> expected = new ArrayList<>(List.of(0, 100, 200, 300, 400, 500));
          // If the machine paused for 100 ms between two starts their instants may have another
          // order.
          expected.sort(Comparator.comparingLong(delay -> latest[delay / 100]));
          assertEquals(expected, order);
        };
    run(scene);
    TestNode.forSeeds(50, sim -> sim.run(scene));
  }

  @Test
  @DisplayName("TMR-004 T7 cancelling a reference that never was a timer gives nothing")
  void cancelFreshReference() {
    assertEquals(Optional.empty(), node.cancelTimer(Ref.create()));
    assertEquals(Optional.empty(), node.readTimer(Ref.create()));
  }

  // A Duration is no float or atom; one beyond the clock's range is taken for 146 years.
  @Test
  @SuppressWarnings("NullAway")
  @DisplayName("TMR-006 T4 a negative time is refused, one beyond all clocks waits for ever")
  void badTimes() throws Exception {
    run(
        self -> {
          Pid me = self.pid();
          assertThrows(IllegalArgumentException.class, () -> self.startTimer(ms(-1), me, 1));
          assertThrows(IllegalArgumentException.class, () -> self.sendAfter(ms(-1), me, 1));
          assertThrows(IllegalArgumentException.class, () -> self.sendAfter(ms(-1), "name", 1));
          assertThrows(NullPointerException.class, () -> self.sendAfter(null, me, 1));
          assertThrows(NullPointerException.class, () -> self.sendAfter(ms(1), me, null));
          assertThrows(IllegalArgumentException.class, () -> self.sendAfter(ms(1), foreign(), 1));
          Ref endless = self.sendAfter(Duration.ofSeconds(Long.MAX_VALUE), me, "never");
          assertTrue(self.cancelTimer(endless).orElseThrow().toDays() > 36_500);
        });
    assertEquals(0, node.timerCount());
  }

  // Only references can be cancelled; null is what is left of the non-references.
  @Test
  @SuppressWarnings("NullAway")
  @DisplayName("TMR-007 T10 cancelling or reading null is refused")
  void badReference() {
    assertThrows(NullPointerException.class, () -> node.cancelTimer(null));
    assertThrows(NullPointerException.class, () -> node.readTimer(null));
  }

  @Test
  @DisplayName("TMR-008 T4 a timer of 2^31 ms, cancelled after 200 ms, has that much less left")
  void bigTimer() throws Exception {
    for (long big : new long[] {1L << 31, 1L << 32, (1L << 32) + 5}) {
      run(
          self -> {
            long before = self.monotonicNanos();
            Ref timer = self.startTimer(ms(big), self.pid(), "big");
            long started = self.monotonicNanos();
            self.sleep(ms(big == 1L << 31 ? 200 : 1));
            long cancelling = self.monotonicNanos();
            long left = self.cancelTimer(timer).orElseThrow().toNanos();
            long cancelled = self.monotonicNanos();
            long all = ms(big).toNanos();
            assertTrue(left <= all - (cancelling - started), "left: " + left);
            assertTrue(left >= all - (cancelled - before), "left: " + left);
            assertMailboxEmpty(self);
          });
    }
  }

  @Test
  @DisplayName("TMR-009 T8 T9 the time left decreases, read by the owner and by another process")
  void readTimer() throws Exception {
    run(
        self -> {
          Ref timer = self.startTimer(ms(60_000), self.pid(), "long");
          Pid reader =
              self.spawn(
                  (me, message) -> ((Request) message).reply(me.readTimer(timer).orElseThrow()));
          Duration last = ms(60_000);
          for (int i = 0; i < 10; i++) {
            Duration mine = self.readTimer(timer).orElseThrow();
            self.sleep(ms(2));
            Duration theirs = (Duration) self.call(reader, "?", LIMIT);
            assertTrue(mine.compareTo(last) < 0, mine + " after " + last);
            assertTrue(theirs != null && theirs.compareTo(mine.minus(ms(2))) <= 0);
            last = theirs;
          }
          assertTrue(self.cancelTimer(timer).isPresent());
        });
  }

  @Test
  @DisplayName(
      "TMR-012 of thousands of timers set and cancelled at random the others fire once each")
  void evilTimers() throws Exception {
    Random random = new Random(12);
    run(
        self -> {
          Set<Ref> open = new HashSet<>();
          List<Ref> all = new ArrayList<>();
          int cancelled = 0;
          for (int i = 0; i < 20_000; i++) {
            Ref timer = self.startTimer(ms(random.nextInt(200)), self.pid(), i);
            assertTrue(open.add(timer));
            all.add(timer);
            if (random.nextBoolean()) {
              Ref victim = all.get(random.nextInt(all.size()));
              if (self.cancelTimer(victim).isPresent()) {
                cancelled++;
                assertTrue(open.remove(victim), "cancelled twice, or fired before");
              }
            }
          }
          int fired = open.size();
          while (!open.isEmpty()) {
            assertTrue(open.remove(expect(self, Timeout.class).ref()), "fired, though cancelled");
          }
          assertEquals(20_000, fired + cancelled);
          assertTrue(cancelled > 0 && fired > 0);
          assertEquals(Optional.empty(), self.receive(ms(250)));
        });
    assertEquals(0, node.timerCount());
  }

  @Test
  @DisplayName("TMR-014 ten thousand timers for one instant all fire, and others run meanwhile")
  void sameTime() throws Exception {
    int count = 10_000;
    run(
        self -> {
          Pid echo = self.spawn((me, message) -> ((Request) message).reply("echo"));
          long instant = self.monotonicNanos() + 300_000_000;
          for (int i = 0; i < count; i++) {
            startAt(self, instant, i);
          }
          Set<Object> fired = new HashSet<>();
          while (fired.size() < count) {
            assertTrue(fired.add(expect(self, Timeout.class).message()));
            if (fired.size() % 100 == 0) {
              assertEquals("echo", self.call(echo, "?", LIMIT));
            }
          }
          assertMailboxEmpty(self);
        });
  }

  private static Ref startAt(Context self, long instant, Object message) {
    long left = Math.max(0, instant - self.monotonicNanos());
    return self.startTimer(Duration.ofNanos(left), self.pid(), message);
  }

  @Test
  @DisplayName(
      "TMR-015 T8 timers for one instant, cancelled by another process, fire or were cancelled")
  void sameTimeCancelOther() throws Exception {
    int count = 10_000;
    run(
        self -> {
          Pid canceller =
              self.spawn(
                  (me, message) -> {
                    Ref timer = (Ref) message;
                    if (me.cancelTimer(timer).isPresent()) {
                      me.send(self.pid(), new Cancelled(timer));
                    }
                  });
          long instant = self.monotonicNanos() + 200_000_000;
          Set<Ref> open = new HashSet<>();
          for (int i = 0; i < count; i++) {
            open.add(startAt(self, instant, i));
          }
          Duration untilJustBefore = Duration.ofNanos(instant - self.monotonicNanos() - 2_000_000);
          self.sleep(untilJustBefore.isNegative() ? Duration.ZERO : untilJustBefore);
          open.forEach(timer -> self.send(canceller, timer));
          while (!open.isEmpty()) {
            switch (self.receive()) {
              case Timeout timeout -> assertTrue(open.remove(timeout.ref()));
              case Cancelled(Ref timer) -> assertTrue(open.remove(timer));
              default -> throw new AssertionError("a stranger");
            }
          }
          assertEquals(Optional.empty(), self.receive(ms(50)));
        });
    assertEquals(0, node.timerCount());
  }

  private record Cancelled(Ref timer) {}

  @Test
  @DisplayName(
      "TMR-018 T2 of a thousand processes that sleep random times none wakes early, or very late")
  void sleepers() throws Exception {
    Random random = new Random(18);
    run(
        self -> {
          for (int i = 0; i < 1_000; i++) {
            Duration time = Duration.ofNanos(random.nextLong(500_000_000));
            Pid _ =
                self.spawn(
                    me -> {
                      long start = me.monotonicNanos();
                      me.sleep(time);
                      me.send(self.pid(), me.monotonicNanos() - start - time.toNanos());
                    });
          }
          for (int i = 0; i < 1_000; i++) {
            long late = expect(self, Long.class);
            assertTrue(late >= 0, -late + " ns early");
            assertTrue(late < LIMIT.toNanos(), late + " ns late");
          }
        });
  }

  @Test
  @DisplayName("T2 a timer of zero is never delivered inside of the call that starts it")
  void zero() throws Exception {
    run(
        self -> {
          var calling = new AtomicBoolean();
          Pid reactive =
              self.spawn(
                  (me, message) -> {
                    if (message.equals("start")) {
                      calling.set(true);
                      var _ = me.sendAfter(Duration.ZERO, me.pid(), "due");
                      calling.set(false);
                    } else {
                      me.send(self.pid(), calling.get());
                    }
                  });
          for (int i = 0; i < 100; i++) {
            self.send(reactive, "start");
            assertEquals(false, self.receive());
          }
        });
  }

  @Test
  @DisplayName("T5 the name of a receiver is looked up when the time has come")
  void timersToNames() throws Exception {
    ProcessBody scene =
        self -> {
          var _ = self.sendAfter(ms(1), "nobody", "dropped");
          var _ = self.sendAfter(ms(100), "later", "for the later one");
          Pid later = self.spawn((me, message) -> me.send(self.pid(), message));
          self.register("later", later);
          assertEquals("for the later one", self.receive());
          assertMailboxEmpty(self);
          self.exit(later, ExitReason.KILL);
        };
    TestNode.forSeeds(
        50,
        sim -> {
          sim.run(scene);
          assertEquals(0, sim.timerCount());
        });
  }

  @Test
  @DisplayName("T6 a timer goes with its receiver, not with its creator; one to a name with nobody")
  void ownersOfTimers() throws Exception {
    Pid dead = ended();
    run(
        self -> {
          assertEquals(Optional.empty(), self.readTimer(self.sendAfter(LIMIT, dead, "x")));
          Pid receiver = self.spawn(PARKED);
          Ref timer = self.sendAfter(LIMIT, receiver, "x");
          assertTrue(self.readTimer(timer).isPresent());
          self.exit(receiver, ExitReason.KILL);
          assertFalse(self.isAlive(receiver));
          assertEquals(Optional.empty(), self.readTimer(timer));
          assertEquals(Optional.empty(), self.cancelTimer(timer));
          Pid creator =
              self.spawn(
                  me -> {
                    me.send(self.pid(), me.sendAfter(ms(50), self.pid(), "survives"));
                    me.send(self.pid(), me.sendAfter(LIMIT, "a name", "survives"));
                  });
          Ref toPid = (Ref) self.receive(Ref.class::isInstance, LIMIT).orElseThrow();
          Ref toName = (Ref) self.receive(Ref.class::isInstance, LIMIT).orElseThrow();
          Ref monitor = self.monitor(creator);
          Down down = (Down) self.receive(Down.class::isInstance);
          assertEquals(monitor, down.ref());
          assertEquals("survives", expect(self, String.class));
          assertEquals(Optional.empty(), self.readTimer(toPid));
          assertTrue(self.cancelTimer(toName).isPresent());
        });
    assertEquals(0, node.timerCount());
  }

  @Test
  @DisplayName(
      "T7 after a cancel that found it running no message comes, else it is there or on its way")
  void cancelOrMessage() throws Exception {
    run(
        self -> {
          int cancelled = 0;
          for (int i = 0; i < 2_000; i++) {
            Ref timer = self.startTimer(Duration.ofNanos(i * 1_000L), self.pid(), i);
            if (i % 2 == 0) {
              self.yieldNow();
            }
            if (self.cancelTimer(timer).isPresent()) {
              cancelled++;
              assertMailboxEmpty(self);
            } else {
              assertEquals(new Timeout(timer, i), expect(self, Timeout.class));
            }
          }
          assertTrue(cancelled > 0);
          assertEquals(Optional.empty(), self.receive(ms(20)));
        });
    assertEquals(0, node.timerCount());
  }
}
