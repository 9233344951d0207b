package io.coppice.kernel.adversarial;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a node does when it has nothing to do. */
class IdleNodeTest {
  private static final double CPU_MAX = 0.01; // of one core; busy waiting takes 1.0
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @DisplayName(
      "An idle node takes less than a hundredth of a core, whatever its processes wait for")
  @Test
  void idleTakesNoCpu() throws Exception {
    NodeOptions options = NodeOptions.DEFAULT.withName("idle-node").withSchedulers(4);
    try (Node node = Node.start(options)) {
      for (int i = 0; i < 100; i++) {
        node.send(node.spawn((Reactive) (self, message) -> {}), "message");
        node.spawn((ProcessBody) self -> self.receive());
        node.spawn((ProcessBody) self -> self.receive(Duration.ofHours(1)));
        node.spawn((ProcessBody) self -> self.sleep(Duration.ofHours(1)));
        node.sendAfter(Duration.ofHours(1), "nobody", "message");
      }
      List<Thread> threads = threads(node);
      assertFalse(threads.isEmpty(), "the threads of the node have its name");
      // Cold code may still be on its way to sleep: it has a few seconds.
      await()
          .atMost(Duration.ofSeconds(20))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .untilAsserted(
              () -> {
                double share = share(threads);
                assertTrue(share < CPU_MAX, () -> share + " of a core");
              });
    }
  }

  private static List<Thread> threads(Node node) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains(node.options().name()))
        .toList();
  }

  /** The processor time of the threads, by the time that passes: one second. */
  private static double share(List<Thread> threads) throws InterruptedException {
    long before = cpuNanos(threads);
    long start = System.nanoTime();
    assertFalse(new CountDownLatch(1).await(1, TimeUnit.SECONDS));
    return (double) (cpuNanos(threads) - before) / (System.nanoTime() - start);
  }

  private static long cpuNanos(List<Thread> threads) {
    return threads.stream().mapToLong(t -> THREADS.getThreadCpuTime(t.threadId())).sum();
  }
}
