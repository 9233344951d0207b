package io.coppice.kernel.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManualClockTest {
  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
  @DisplayName("The clock moves by exactly what it is told, across the wrap too, and never back")
  void moves(long start) {
    ManualClock clock = new ManualClock(start);
    assertEquals(start, clock.nanoTime());
    assertEquals(start + 5, clock.advanceBy(5));
    clock.advanceTo(start + 7);
    clock.advanceTo(start + 7);
    assertEquals(start + 7, clock.nanoTime());
    assertThrows(IllegalArgumentException.class, () -> clock.advanceTo(start + 6));
    assertThrows(IllegalArgumentException.class, () -> clock.advanceBy(-1));
    assertEquals(start + 7, clock.nanoTime());
  }

  @Test
  @DisplayName("The system's clock does not go back")
  void system() {
    long before = SystemClock.INSTANCE.nanoTime();
    assertTrue(SystemClock.INSTANCE.nanoTime() - before >= 0);
  }
}
