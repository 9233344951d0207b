package io.coppice.kernel.testkit;

import java.util.HashSet;
import java.util.Set;

/** Runs a test with many seeds. */
final class Seeds {
  static final String PROPERTY = "coppice.seed";
  private static final System.Logger LOG = System.getLogger("io.coppice.kernel.testkit");

  private Seeds() {}

  /** As {@link TestNode#forSeeds}. */
  static int run(int count, TestOptions options, Scenario scenario) {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + ", at least 1 seed is needed");
    }
    Long only = Long.getLong(PROPERTY);
    if (only != null) {
      long _ = once(only, options, scenario);
      return 1;
    }
    Set<Long> schedules = new HashSet<>();
    for (long seed = 1; seed <= count; seed++) {
      schedules.add(once(seed, options, scenario));
    }
    LOG.log(
        System.Logger.Level.DEBUG,
        () -> count + " seeds, " + schedules.size() + " different interleavings");
    return schedules.size();
  }

  /** Runs it once; the fingerprint of the schedule. */
  static long once(long seed, TestOptions options, Scenario scenario) {
    try (TestNode node = TestNode.start(seed, options)) {
      try {
        scenario.run(node);
      } catch (SimulationFailure failure) {
        throw failure;
      } catch (Exception | AssertionError e) {
        throw node.failure(e);
      }
      return node.scheduleFingerprint();
    }
  }

  /** The line that repeats a run. */
  static String again(long seed) {
    return "to see it again: TestNode.replay("
        + seed
        + ", ...), or the same test with -D"
        + PROPERTY
        + "="
        + seed;
  }
}
