package io.coppice.kernel.testkit;

import java.util.HashSet;
import java.util.Set;

/** Runs a test with many seeds. */
final class Seeds {
  private static final String PROPERTY = "coppice.testkit.seed";

  private Seeds() {}

  /** As {@link TestNode#forSeeds}. */
  static int run(int count, Scenario scenario) {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + ", at least 1 seed is needed");
    }
    Long only = Long.getLong(PROPERTY);
    Set<Long> schedules = new HashSet<>();
    for (long seed = 1; seed <= count; seed++) {
      schedules.add(once(only == null ? seed : only, scenario));
      if (only != null) {
        break;
      }
    }
    return schedules.size();
  }

  private static long once(long seed, Scenario scenario) {
    try (TestNode node = TestNode.start(seed)) {
      scenario.run(node);
      return node.scheduleFingerprint();
    } catch (Exception | AssertionError e) {
      String again = "TestNode.start(" + seed + ") or -D" + PROPERTY + "=" + seed;
      throw new SimulationFailure(seed, e + "\n  to see it again: " + again, e);
    }
  }
}
