package io.coppice.kernel.scheduler;

import io.coppice.bench.micro.Nanoseconds;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * One item in and out of a run queue, alone and with a second thread. It stands in the package of
 * the queue, which shows itself to nobody else, and not in the kernel's folder: what the kernel
 * ships knows nothing of JMH. On the class path that is allowed.
 */
@State(Scope.Benchmark)
public class RunQueueBenchmark extends Nanoseconds {
  private final RunQueue queue = new RunQueue(256);

  /**
   * One thread.
   *
   * @return the item
   */
  @Benchmark
  @Threads(1)
  public Object alone() {
    return exchange();
  }

  /**
   * Two threads on one queue.
   *
   * @return an item of either
   */
  @Benchmark
  @Threads(2)
  public Object contended() {
    return exchange();
  }

  /**
   * As many taken as added, so the queue is as short at the end as at the beginning. A slot that
   * the other thread has claimed and not yet filled looks empty, one that it has not yet cleared
   * full.
   */
  private Object exchange() {
    while (!queue.offer(this)) {
      Thread.onSpinWait();
    }
    while (true) {
      Object item = queue.poll();
      if (item != null) {
        return item;
      }
      Thread.onSpinWait();
    }
  }
}
