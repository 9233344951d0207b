package io.coppice.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EffortTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  @DisplayName("A warm-up lasts for its time and its runs, but after 15 s three runs will do")
  void warmUp() {
    assertFalse(Effort.FULL.isWarm(19, 14 * SECOND));
    assertFalse(Effort.FULL.isWarm(1_000, 3 * SECOND));
    assertTrue(Effort.FULL.isWarm(20, 4 * SECOND));
    assertFalse(Effort.FULL.isWarm(2, 100 * SECOND));
    assertTrue(Effort.FULL.isWarm(3, 15 * SECOND));
  }

  @Test
  @DisplayName("A JVM gets one collector, and a young generation if that does not size its own")
  void collector() {
    List<String> like = List.of("java", "-XX:+UseParallelGC", "-Xmn2g", "-XX:+UseNUMA", "-cp", "x");
    assertEquals(
        List.of("java", "-XX:+UseSerialGC", "-Xmn2g", "-XX:+UseNUMA", "-cp", "x"),
        Fork.withCollector(like, "-XX:+UseSerialGC"));
    assertEquals(
        List.of("java", "-XX:+UseG1GC", "-XX:+UseNUMA", "-cp", "x"),
        Fork.withCollector(like, "-XX:+UseG1GC"));
    assertEquals(
        List.of("java", "-XX:+UseZGC", "-XX:+UseNUMA", "-cp", "x"),
        Fork.withCollector(like, "-XX:+UseZGC"));
  }

  @Test
  @DisplayName("A JVM without flags lacks what opens the JDK's packages, and nothing else")
  void withoutFlags() {
    List<String> like =
        List.of("java", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-Xmn2g", "-cp", "x");
    assertEquals(List.of("java", "-Xmn2g", "-cp", "x"), Fork.withoutFlags(like));
  }
}
