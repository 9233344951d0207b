package io.coppice.kernel.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Timers that go together. */
class TimerGroupTest {
  private static final long TICK = 1L << TimerWheel.TICK_SHIFT;

  private final List<String> fired = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();

  private TimerWheel wheel(long now) {
    return new TimerWheel(now, (node, thrown) -> errors.add(thrown));
  }

  @Test
  @DisplayName(
      "T6 closing a group cancels its timers in all wheels, whatever their state, for good")
  void closedGroup() {
    TimerWheel one = wheel(0);
    TimerWheel other = wheel(0);
    TimerGroup group = new TimerGroup();
    List<GroupedTimer> timers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      timers.add(grouped(group, () -> fired.add("grouped")));
      if (i % 3 == 0) {
        one.startUndated(timers.get(i), 5);
      } else {
        (i % 3 == 1 ? one : other).start(timers.get(i), 5 + i * TICK);
      }
    }
    one.start(grouped(null, () -> fired.add("alone")), 7);
    assertTrue(timers.get(40).cancel());
    assertEquals(99, group.size());
    assertEquals(10, group.some(10).size());
    GroupedTimer closer = grouped(null, group::close);
    one.start(closer, 4);
    one.setDeadlines(() -> 0);
    assertEquals(2, one.advance(10 + 20 * TICK));
    assertEquals(List.of("alone"), fired);
    assertEquals(0, one.size() + other.size() + group.size());
    GroupedTimer late = grouped(group, () -> fired.add("late"));
    assertFalse(one.start(late, 0));
    assertFalse(late.isArmed());
    assertEquals(List.of(), group.some(10));
    one.checkInvariants();
    other.checkInvariants();
  }

  @Test
  @DisplayName(
      "A grouped timer that has fired is in its group no more, and cannot be started again")
  void groupedFires() {
    TimerWheel wheel = wheel(0);
    TimerGroup group = new TimerGroup();
    GroupedTimer timer = grouped(group, () -> assertEquals(0, group.size()));
    wheel.start(timer, 5);
    assertEquals(List.of(timer), group.some(5));
    assertEquals(1, wheel.advance(5));
    assertEquals(List.of(), errors);
    assertThrows(IllegalStateException.class, () -> wheel.start(timer, 6));
  }

  private static GroupedTimer grouped(@Nullable TimerGroup group, Runnable action) {
    return new GroupedTimer(group) {
      @Override
      protected void onExpiry(long nowNanos) {
        action.run();
      }
    };
  }
}
