package io.coppice.behaviours.pool;

import io.coppice.kernel.process.Processes;
import java.time.Duration;
import java.util.List;

/** The code that the Javadoc shows. */
final class PoolSnippets {
  private PoolSnippets() {}

  static int pool(Processes node, List<String> lines) {
    // @start region="pool"
    WorkerPool<String, Integer> pool =
        WorkerPool.<String, Integer>of("lengths", 4, () -> (self, line) -> line.length())
            .queue(100);
    pool.start(node);
    List<Ticket<Integer>> tickets = lines.stream().map(pool::submit).toList();
    int sum = tickets.stream().mapToInt(Ticket::await).sum();
    pool.drain(Duration.ofSeconds(5));
    // @end
    return sum;
  }
}
