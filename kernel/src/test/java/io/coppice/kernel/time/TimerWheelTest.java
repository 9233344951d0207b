package io.coppice.kernel.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each property of the wheel, for clocks that start where arithmetic is awkward. */
class TimerWheelTest {
  private static final long TICK = 1L << TimerWheel.TICK_SHIFT;

  private final List<String> fired = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();

  static LongStream clocks() {
    return LongStream.of(
        0,
        1,
        -1,
        TICK - 1,
        -TICK,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1,
        Long.MAX_VALUE,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE - TICK,
        123_456_789_012_345L);
  }

  private TimerWheel wheel(long now) {
    return new TimerWheel(now, (node, thrown) -> errors.add(thrown));
  }

  private TimerNode timer(String name) {
    return timer(() -> fired.add(name));
  }

  private static TimerNode timer(Runnable action) {
    return new TimerNode() {
      @Override
      protected void onExpiry(long nowNanos) {
        assertTrue(nowNanos - deadlineNanos() >= 0, "fired early");
        action.run();
      }
    };
  }

  @ParameterizedTest
  @MethodSource("clocks")
  @DisplayName("T2 a timer of no delay fires in the next advance, not inside start")
  void zeroDelay(long now) {
    TimerWheel wheel = wheel(now);
    assertTrue(wheel.start(timer("a"), now));
    assertEquals(List.of(), fired);
    assertEquals(0, wheel.nanosToNext(now));
    assertEquals(1, wheel.advance(now));
    assertEquals(List.of("a"), fired);
  }

  @ParameterizedTest
  @MethodSource("clocks")
  @DisplayName("T2 a timer fires at its deadline and not a nanosecond before, at any distance")
  void neverEarly(long now) {
    for (long delay = 1; delay > 0; delay = delay * 3 + 1) {
      TimerWheel wheel = wheel(now);
      TimerNode node = timer("x");
      wheel.start(node, now + delay);
      assertEquals(now + delay, node.deadlineNanos());
      assertEquals(delay, wheel.nanosToNext(now));
      assertEquals(0, wheel.advance(now));
      assertEquals(0, wheel.advance(now + delay / 2));
      assertEquals(0, wheel.advance(now + delay - 1));
      wheel.checkInvariants();
      assertTrue(node.isArmed());
      assertEquals(1, wheel.nanosToNext(now + delay - 1));
      assertEquals(1, wheel.advance(now + delay));
      assertEquals(0, wheel.size());
      wheel.checkInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource("clocks")
  @DisplayName("T3 timers that fall due together fire by deadline, equal ones in order of start")
  void order(long now) {
    TimerWheel wheel = wheel(now);
    wheel.start(timer("d"), now + 40_000_000_000L);
    wheel.start(timer("c1"), now + 5_000_000);
    wheel.start(timer("b"), now + 5_000_000 - 1);
    wheel.start(timer("c2"), now + 5_000_000);
    wheel.start(timer("a"), now - 1);
    wheel.start(timer("c3"), now + 5_000_000);
    assertEquals(6, wheel.advance(now + 50_000_000_000L));
    assertEquals(List.of("a", "b", "c1", "c2", "c3", "d"), fired);
  }

  @ParameterizedTest
  @MethodSource("clocks")
  @DisplayName("T4 delays beyond 2^31 and 2^32 ms fire when they are due")
  void beyondInts(long now) {
    TimerWheel wheel = wheel(now);
    long shorter = TimeUnit.MILLISECONDS.toNanos(1L << 31);
    long longer = TimeUnit.MILLISECONDS.toNanos(1L << 32);
    wheel.start(timer("2^32"), now + longer);
    wheel.start(timer("2^31"), now + shorter);
    assertEquals(0, wheel.advance(now + shorter - 1));
    assertEquals(1, wheel.advance(now + shorter));
    assertEquals(0, wheel.advance(now + longer - 1));
    assertEquals(1, wheel.advance(now + longer));
    assertEquals(List.of("2^31", "2^32"), fired);
  }

  @ParameterizedTest
  @MethodSource("clocks")
  @DisplayName("T7 a timer that was cancelled never fires, and one that fired cannot be cancelled")
  void cancel(long now) {
    TimerWheel wheel = wheel(now);
    TimerNode cancelled = timer("cancelled");
    TimerNode kept = timer("kept");
    wheel.start(cancelled, now + 10);
    wheel.start(kept, now + 10);
    assertTrue(cancelled.cancel());
    assertFalse(cancelled.cancel());
    assertEquals(1, wheel.advance(now + 20));
    assertFalse(kept.cancel());
    assertEquals(List.of("kept"), fired);
    assertEquals(0, wheel.size());
  }

  @ParameterizedTest
  @MethodSource("clocks")
  @DisplayName(
      "A delay of Long.MAX_VALUE is far ahead, also when the wheel was not advanced lately")
  void longestDelay(long now) {
    TimerWheel wheel = wheel(now);
    for (long later = 0; later < TimeUnit.DAYS.toNanos(40_000); later = later * 1000 + 999) {
      TimerNode node = timer("far");
      wheel.start(node, now + later + Long.MAX_VALUE);
      assertEquals(0, wheel.advance(now + later));
      assertTrue(wheel.nanosToNext(now + later) > TimeUnit.DAYS.toNanos(50_000));
      wheel.checkInvariants();
      assertTrue(node.cancel());
    }
    assertEquals(List.of(), fired);
  }

  @ParameterizedTest
  @MethodSource("clocks")
  @DisplayName("T4 a deadline long past fires in the next advance, before younger ones")
  void longPast(long now) {
    TimerWheel wheel = wheel(now);
    wheel.start(timer("now"), now);
    wheel.start(timer("1 h ago"), now - TimeUnit.HOURS.toNanos(1));
    wheel.start(timer("100 y ago"), now - TimeUnit.DAYS.toNanos(36_500));
    wheel.checkInvariants();
    assertEquals(3, wheel.advance(now));
    assertEquals(List.of("100 y ago", "1 h ago", "now"), fired);
  }

  @ParameterizedTest
  @MethodSource("clocks")
  @DisplayName("Whoever sleeps until the next deadline finds each timer at its very nanosecond")
  void sleepUntilNext(long start) {
    TimerWheel wheel = wheel(start);
    List<Long> firedAt = new ArrayList<>();
    List<Long> deadlines = new ArrayList<>();
    ManualClock clock = new ManualClock(start);
    for (long delay = 3; delay < TimeUnit.DAYS.toNanos(400); delay = delay * 2 + 1) {
      deadlines.add(start + delay);
      wheel.start(timer(() -> firedAt.add(clock.nanoTime())), start + delay);
    }
    int wakeUps = 0;
    while (wheel.size() > 0) {
      clock.advanceTo(wheel.nextDeadlineNanos());
      wheel.advance(clock.nanoTime());
      wheel.checkInvariants();
      wakeUps++;
    }
    assertEquals(deadlines, firedAt);
    assertEquals(deadlines.size(), wakeUps);
    assertEquals(Long.MAX_VALUE, wheel.nextDeadlineNanos());
    assertEquals(Long.MAX_VALUE, wheel.nanosToNext(clock.nanoTime()));
  }

  @Test
  @DisplayName("A timer fires at its deadline however many steps the clock takes to get there")
  void cascade() {
    long step = 7 * TICK + 5;
    for (long delay = TICK; delay < TimeUnit.SECONDS.toNanos(40); delay = delay * 3 + 11) {
      TimerWheel wheel = wheel(0);
      TimerNode node = timer("x");
      wheel.start(node, delay);
      long now = 0;
      while (node.isArmed()) {
        assertTrue(now < delay);
        now += step;
        wheel.advance(now);
      }
      assertTrue(now - delay < step);
      wheel.checkInvariants();
    }
  }

  @Test
  @DisplayName("T3 equal deadlines keep the order of their starts when they started far apart")
  void orderAcrossLevels() {
    TimerWheel wheel = wheel(0);
    long deadline = TimeUnit.SECONDS.toNanos(100);
    long now = 0;
    List<String> expected = new ArrayList<>();
    for (long before = deadline - 1; before > 0; before /= 3) {
      now = deadline - before;
      wheel.advance(now);
      expected.add("before " + before);
      wheel.start(timer("before " + before), deadline);
      wheel.checkInvariants();
    }
    wheel.advance(deadline);
    assertEquals(expected, fired);
  }

  @Test
  @DisplayName("T3 ten thousand timers of one tick fire by deadline, then by start")
  void crowdedTick() {
    TimerWheel wheel = wheel(0);
    Random random = new Random(42);
    record Shot(long deadline, int start) {}
    List<Shot> shots = new ArrayList<>();
    List<Shot> seen = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Shot shot = new Shot(100 * TICK + random.nextInt(3000), i);
      shots.add(shot);
      wheel.start(timer(() -> seen.add(shot)), shot.deadline);
    }
    assertEquals(10_000, wheel.advance(101 * TICK));
    shots.sort(Comparator.comparingLong(Shot::deadline).thenComparingInt(Shot::start));
    assertEquals(shots, seen);
  }

  @Test
  @DisplayName("Start says true exactly if the owner's next deadline became an earlier one")
  void earliest() {
    TimerWheel wheel = wheel(0);
    assertTrue(wheel.start(timer("a"), 1_000_000_000));
    assertFalse(wheel.start(timer("b"), 1_000_000_000));
    assertFalse(wheel.start(timer("c"), 2_000_000_000));
    TimerNode soon = timer("d");
    assertTrue(wheel.start(soon, 999_999_999));
    assertEquals(999_999_999, wheel.nextDeadlineNanos());
  }

  @Test
  @DisplayName("The next deadline of a cancelled timer costs one wake-up, or none if asked exactly")
  void boundAfterCancel() {
    TimerWheel wheel = wheel(0);
    long early = TimeUnit.MILLISECONDS.toNanos(10);
    long late = TimeUnit.MILLISECONDS.toNanos(11);
    TimerNode cancelled = timer("x");
    wheel.start(timer("y"), late);
    wheel.start(cancelled, early);
    cancelled.cancel();
    assertEquals(early, wheel.nextDeadlineNanos());
    wheel.advance(early);
    assertEquals(late, wheel.nextDeadlineNanos());
    TimerNode again = timer("z");
    wheel.start(again, early + 1);
    again.cancel();
    assertEquals(late, wheel.exactNextDeadlineNanos());
    assertEquals(late, wheel.nextDeadlineNanos());
  }

  @Test
  @DisplayName(
      "A clock reading older than one seen before fires nothing early and moves nothing back")
  void staleReading() {
    TimerWheel wheel = wheel(0);
    wheel.advance(100 * TICK);
    wheel.start(timer("x"), 150 * TICK);
    assertEquals(0, wheel.advance(-5));
    assertEquals(0, wheel.advance(50 * TICK));
    wheel.checkInvariants();
    assertEquals(1, wheel.advance(150 * TICK));
  }

  @Test
  @DisplayName("A timer that throws reaches the error handler and all others still fire")
  void throwing() {
    TimerWheel wheel = wheel(0);
    RuntimeException thrown = new IllegalStateException("on purpose");
    wheel.start(timer("a"), 1);
    wheel.start(
        timer(
            () -> {
              throw thrown;
            }),
        2);
    wheel.start(timer("b"), 3);
    assertEquals(3, wheel.advance(10));
    assertEquals(List.of("a", "b"), fired);
    assertEquals(1, errors.size());
    assertSame(thrown, errors.getFirst());
    wheel.checkInvariants();
  }

  @Test
  @DisplayName("A timer that starts itself without delay fires once for each advance")
  void reentry() {
    TimerWheel wheel = wheel(0);
    TimerNode[] self = new TimerNode[1];
    self[0] =
        timer(
            () -> {
              fired.add("x");
              wheel.start(self[0], 0);
            });
    wheel.start(self[0], 0);
    for (int i = 1; i <= 3; i++) {
      assertEquals(1, wheel.advance(i * 10L * TICK));
      assertEquals(0, wheel.nanosToNext(i * 10L * TICK));
      wheel.checkInvariants();
    }
    assertEquals(3, fired.size());
  }

  @Test
  @DisplayName("A timer that is armed cannot be started again")
  void doubleStart() {
    TimerWheel wheel = wheel(0);
    TimerNode node = timer("x");
    wheel.start(node, 5);
    assertThrows(IllegalStateException.class, () -> wheel.start(node, 6));
    assertEquals(1, wheel.size());
  }

  @Test
  @DisplayName("T2 the time of a timer started without a look at the clock begins at the next one")
  void undated() {
    ManualClock clock = new ManualClock(5);
    TimerWheel wheel = wheel(clock.nanoTime());
    TimerNode node = timer("x");
    wheel.startUndated(node, 100);
    assertTrue(node.isArmed());
    assertThrows(IllegalStateException.class, node::deadlineNanos);
    assertEquals(0, wheel.advance(clock.advanceBy(1_000)));
    wheel.checkInvariants();
    wheel.setDeadlines(clock);
    assertEquals(1_105, node.deadlineNanos());
    assertEquals(1_105, wheel.nextDeadlineNanos());
    assertEquals(0, wheel.advance(1_104));
    assertEquals(1, wheel.advance(1_105));
    assertEquals(0, wheel.size());
  }

  @Test
  @DisplayName("T9 whoever asks how long a timer has left begins its time")
  void undatedAsked() {
    ManualClock clock = new ManualClock(Long.MAX_VALUE - 10);
    TimerWheel wheel = wheel(clock.nanoTime());
    TimerNode node = timer("x");
    assertEquals(-1, node.nanosLeft(clock));
    wheel.startUndated(node, 100);
    assertEquals(100, node.nanosLeft(clock));
    clock.advanceBy(30);
    assertEquals(70, node.nanosLeft(clock));
    clock.advanceBy(300);
    assertEquals(0, node.nanosLeft(clock));
    assertTrue(node.cancel());
    assertEquals(-1, node.nanosLeft(clock));
  }

  @Test
  @DisplayName("T11 a timer cancelled before the clock was read leaves nothing behind")
  void undatedCancelled() {
    ManualClock clock = new ManualClock(0);
    TimerWheel wheel = wheel(0);
    TimerNode first = timer("x");
    TimerNode second = timer("y");
    for (int i = 0; i < 1_000; i++) {
      wheel.startUndated(first, i);
      wheel.startUndated(second, i);
      assertTrue(first.cancel());
      assertTrue(second.cancel());
      assertFalse(first.cancel());
      wheel.checkInvariants();
    }
    wheel.setDeadlines(clock);
    assertEquals(Long.MAX_VALUE, wheel.nextDeadlineNanos());
    assertEquals(0, wheel.size());
  }

  private static void startAndCancel(TimerWheel wheel, MonotonicClock clock, int times) {
    TimerNode node = timer(() -> {});
    for (int i = 0; i < times; i++) {
      wheel.startAfter(node, 1_000, clock);
      assertTrue(node.cancel());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, WheelState.HABIT - 1})
  @DisplayName("T3 a timer is not overtaken by a shorter one that was started when its time ran")
  void datedAtStart(int cancelledBefore) {
    ManualClock clock = new ManualClock(7);
    TimerWheel wheel = wheel(7);
    startAndCancel(wheel, clock, cancelledBefore);
    for (String round : List.of("first", "second")) {
      wheel.startAfter(timer(round + " long"), 20_000, clock);
      clock.advanceBy(5_000);
      wheel.startAfter(timer(round + " short"), 17_000, clock);
    }
    wheel.setDeadlines(clock);
    wheel.advance(clock.advanceBy(100_000));
    assertEquals(List.of("first long", "first short", "second long", "second short"), fired);
  }

  @Test
  @DisplayName("T3 a timer that is kept after many that were not costs the trust in the next ones")
  void keptOne() {
    ManualClock clock = new ManualClock(0);
    TimerWheel wheel = wheel(0);
    startAndCancel(wheel, clock, 10 * WheelState.HABIT);
    wheel.startAfter(timer("kept"), 1_000, clock);
    wheel.startAfter(timer("long"), 20_000, clock);
    clock.advanceBy(5_000);
    wheel.startAfter(timer("short"), 17_000, clock);
    startAndCancel(wheel, clock, WheelState.HABIT - 2);
    wheel.startAfter(timer("last"), 30_000, clock);
    assertEquals(1_000, wheel.nextDeadlineNanos());
    wheel.advance(clock.advanceBy(100_000));
    assertEquals(List.of("kept", "long", "short", "last"), fired);
  }

  @Test
  @DisplayName("A process that cancels each timer before it starts the next one reads no clock")
  void habit() {
    AtomicInteger readings = new AtomicInteger();
    MonotonicClock clock = readings::incrementAndGet;
    TimerWheel wheel = wheel(0);
    startAndCancel(wheel, clock, WheelState.HABIT);
    assertEquals(WheelState.HABIT, readings.get());
    startAndCancel(wheel, clock, 1_000);
    assertEquals(WheelState.HABIT, readings.get());
    TimerNode waits = timer("x");
    wheel.startAfter(waits, 5, clock);
    assertThrows(IllegalStateException.class, waits::deadlineNanos);
    wheel.startAfter(timer("y"), 5, clock);
    assertEquals(WheelState.HABIT + 1, readings.get());
    assertEquals(WheelState.HABIT + 6, waits.deadlineNanos());
    assertEquals(2, wheel.advance(1_000));
  }

  @Test
  @DisplayName("T3 what one group cancels is no habit of another one")
  void habitOfGroup() {
    AtomicInteger readings = new AtomicInteger();
    TimerWheel wheel = wheel(0);
    TimerGroup one = new TimerGroup();
    for (int i = 0; i < 2 * WheelState.HABIT; i++) {
      GroupedTimer timer = grouped(one);
      wheel.startAfter(timer, 1_000, readings::incrementAndGet);
      assertTrue(timer.cancel());
    }
    assertEquals(WheelState.HABIT, readings.get());
    wheel.startAfter(grouped(new TimerGroup()), 1_000, readings::incrementAndGet);
    assertEquals(WheelState.HABIT + 1, readings.get());
  }

  private static GroupedTimer grouped(TimerGroup group) {
    return new GroupedTimer(group) {
      @Override
      protected void onExpiry(long nowNanos) {}
    };
  }

  @Test
  @DisplayName("T3 who cancels a timer after the start of the next one reads the clock each time")
  void overlapping() {
    AtomicInteger readings = new AtomicInteger();
    TimerWheel wheel = wheel(0);
    TimerNode older = timer("older");
    TimerNode newer = timer("newer");
    for (int i = 1; i <= 5 * WheelState.HABIT; i++) {
      wheel.startAfter(newer, 1_000, readings::incrementAndGet);
      assertEquals(i, readings.get());
      assertEquals(i > 1, older.cancel());
      TimerNode swapped = older;
      older = newer;
      newer = swapped;
    }
    assertEquals(1, wheel.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("When the error handler throws, the timers that are left fire in the next advance")
  void throwingHandler(boolean oneMore) {
    RuntimeException broken = new IllegalStateException("the handler is broken");
    TimerWheel wheel =
        new TimerWheel(
            0,
            (node, thrown) -> {
              throw broken;
            });
    wheel.start(timer("a"), 1);
    wheel.start(
        timer(
            () -> {
              throw new IllegalArgumentException("on purpose");
            }),
        2);
    wheel.start(timer("c"), 4);
    wheel.start(timer("b"), 3);
    List<String> all = new ArrayList<>(List.of("a", "b", "c"));
    if (oneMore) {
      wheel.start(timer("d"), 50 * TICK);
      all.add("d");
    }
    assertSame(broken, assertThrows(IllegalStateException.class, () -> wheel.advance(100 * TICK)));
    assertEquals(List.of("a"), fired);
    assertEquals(all.size() - 1, wheel.size());
    assertEquals(0, wheel.nanosToNext(100 * TICK));
    wheel.advance(100 * TICK);
    assertEquals(all, fired);
    wheel.checkInvariants();
  }

  @Test
  @DisplayName("A timer may cancel one that is due in the same advance, and that one does not fire")
  void cancelFromCallback() {
    TimerWheel wheel = wheel(0);
    TimerNode later = timer("later");
    TimerNode sameTick = timer("same tick");
    List<Boolean> won = new ArrayList<>();
    wheel.start(
        timer(
            () -> {
              won.add(sameTick.cancel());
              won.add(later.cancel());
            }),
        1);
    wheel.start(sameTick, 2);
    wheel.start(later, 200 * TICK);
    assertEquals(1, wheel.advance(300 * TICK));
    assertEquals(List.of(true, true), won);
    assertEquals(List.of(), fired);
    assertEquals(0, wheel.size());
    wheel.checkInvariants();
  }

  @Test
  @DisplayName("A timer that is moved from within another's expiry fires at its new deadline only")
  void moveFromCallback() {
    TimerWheel wheel = wheel(0);
    TimerNode moved = timer("moved");
    wheel.start(
        timer(
            () -> {
              assertTrue(moved.cancel());
              wheel.start(moved, 500 * TICK);
            }),
        1);
    wheel.start(moved, 2);
    assertEquals(1, wheel.advance(3));
    assertEquals(0, wheel.advance(500 * TICK - 1));
    assertEquals(1, wheel.advance(500 * TICK));
    assertEquals(List.of("moved"), fired);
  }

  @Test
  @DisplayName("Advancing from within an expiry does nothing and says so")
  void nestedAdvance() {
    TimerWheel wheel = wheel(0);
    List<Integer> inner = new ArrayList<>();
    wheel.start(timer(() -> inner.add(wheel.advance(100 * TICK))), 1);
    wheel.start(timer("b"), 90 * TICK);
    assertEquals(2, wheel.advance(100 * TICK));
    assertEquals(List.of(TimerWheel.BUSY), inner);
  }

  @Test
  @DisplayName("A node can serve again after it fired and after it was cancelled, in any wheel")
  void reuse() {
    TimerWheel one = wheel(0);
    TimerWheel other = wheel(1_000);
    TimerNode node = timer("x");
    assertFalse(node.isArmed());
    assertThrows(IllegalStateException.class, node::deadlineNanos);
    one.start(node, 5);
    one.advance(5);
    other.start(node, 1_005);
    assertFalse(one.cancel(node));
    assertEquals(1_005, node.deadlineNanos());
    assertEquals(0, one.size());
    assertTrue(node.cancel());
    one.start(node, 7);
    other.advance(2_000);
    one.advance(7);
    assertEquals(List.of("x", "x"), fired);
    one.checkInvariants();
    other.checkInvariants();
  }

  @Test
  @DisplayName("T11 a million timers started and cancelled leave nothing behind")
  void leavesNothing() {
    TimerWheel wheel = wheel(0);
    TimerNode[] nodes = new TimerNode[1000];
    for (int i = 0; i < 1_000_000; i++) {
      TimerNode previous = nodes[i % 1000];
      if (previous != null) {
        assertTrue(previous.cancel());
      }
      nodes[i % 1000] = timer("x");
      wheel.start(nodes[i % 1000], i * 1_000_003L % 1_000_000_000_000L + 1);
    }
    assertEquals(1000, wheel.size());
    wheel.checkInvariants();
    for (TimerNode node : nodes) {
      assertTrue(node.cancel());
    }
    assertEquals(0, wheel.size());
    wheel.checkInvariants();
    assertEquals(Long.MAX_VALUE, wheel.exactNextDeadlineNanos());
  }

  @Test
  @DisplayName("T11 the wheel keeps neither a cancelled timer nor one that has fired")
  void keepsNoReference() {
    TimerWheel wheel = wheel(0);
    List<WeakReference<TimerNode>> gone = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      TimerNode cancelled = timer("cancelled");
      wheel.start(cancelled, 1_000_000 + i);
      cancelled.cancel();
      gone.add(new WeakReference<>(cancelled));
      TimerNode due = timer("due");
      wheel.start(due, i);
      gone.add(new WeakReference<>(due));
    }
    wheel.advance(10);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              System.gc();
              return gone.stream().allMatch(node -> node.refersTo(null));
            });
    assertEquals(10, fired.size());
  }
}
