package io.coppice.kernel.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
}
