package io.coppice.kernel.testkit.junit;

import io.coppice.kernel.testkit.TestNode;
import io.coppice.kernel.testkit.TestOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What all invocations of one {@link Seeded} test share. They run one after another. */
final class SeededRun {
  private static final System.Logger LOG = System.getLogger("io.coppice.kernel.testkit");

  private final ExtensionContext context;
  private final TestOptions options;
  private final Set<Long> fingerprints = new HashSet<>();
  private int count;
  private boolean failed;

  SeededRun(Seeded seeded, ExtensionContext context) {
    this.context = context;
    TestOptions all =
        TestOptions.DEFAULT
            .withRealTimeLimit(Duration.ofMillis(seeded.realTimeLimitMillis()))
            .withLockCheck(seeded.lockCheck())
            .withMessageCheck(seeded.messageCheck());
    for (Class<?> type : seeded.mutableMessages()) {
      all = all.withMutableMessage(type);
    }
    this.options = all;
  }

  TestNode start(long seed) {
    return TestNode.start(seed, options);
  }

  void ended(TestNode node) {
    count++;
    fingerprints.add(node.scheduleFingerprint());
  }

  void fail() {
    failed = true;
  }

  boolean hasFailed() {
    return failed;
  }

  /** Tells how much of what could happen was seen. */
  void finish() {
    context.publishReportEntry(
        Map.of("seeds", "" + count, "interleavings", "" + fingerprints.size()));
    LOG.log(
        System.Logger.Level.INFO,
        () ->
            context.getDisplayName()
                + ": "
                + count
                + (count == 1 ? " seed, " : " seeds, ")
                + fingerprints.size()
                + " different interleavings"
                + (failed ? ", the last one failed" : ""));
  }
}
