package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RestartWindowTest {
  private static final long PERIOD_NANOS = 1_000;

  @DisplayName("as many restarts as the intensity are fine within a period, one more is not")
  @ParameterizedTest(name = "clock starts at {0}")
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - PERIOD_NANOS})
  void limit(long origin) {
    RestartWindow window = new RestartWindow(3, PERIOD_NANOS);
    assertFalse(window.exceededBy(origin));
    assertFalse(window.exceededBy(origin + 1));
    assertFalse(window.exceededBy(origin + 500));
    assertTrue(window.exceededBy(origin + 999));
  }

  @DisplayName("a restart that is exactly one period old still counts, an older one does not")
  @ParameterizedTest(name = "clock starts at {0}")
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - PERIOD_NANOS})
  void edge(long origin) {
    RestartWindow exactly = new RestartWindow(1, PERIOD_NANOS);
    assertFalse(exactly.exceededBy(origin));
    assertTrue(exactly.exceededBy(origin + PERIOD_NANOS));
    RestartWindow later = new RestartWindow(1, PERIOD_NANOS);
    assertFalse(later.exceededBy(origin));
    assertFalse(later.exceededBy(origin + PERIOD_NANOS + 1));
  }

  @Test
  @DisplayName("intensity 0 allows no restart at all")
  void zero() {
    assertTrue(new RestartWindow(0, PERIOD_NANOS).exceededBy(7));
  }

  @Test
  @DisplayName("new limits count the restarts so far")
  void newLimits() {
    RestartWindow window = new RestartWindow(5, PERIOD_NANOS);
    assertFalse(window.exceededBy(0));
    assertFalse(window.exceededBy(1));
    window.limit(2, PERIOD_NANOS);
    assertTrue(window.exceededBy(2));
  }
}
