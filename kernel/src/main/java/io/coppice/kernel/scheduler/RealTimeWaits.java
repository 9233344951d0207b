package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What happened in real time beside a simulation. Any thread. */
final class RealTimeWaits {
  private final Queue<RealTimeWait> all = new ConcurrentLinkedQueue<>();
  private volatile boolean tolerant;

  /** From now on nothing is recorded. */
  void tolerate() {
    tolerant = true;
    all.clear();
  }

  /** By the carrier: a process has blocked outside of the kernel. */
  void checkBlocked(Runner runner, ProcessCell cell) {
    if (!tolerant) {
      RealTimeWait wait = RealTimeWait.of(runner, cell);
      if (wait != null) {
        all.add(wait);
      }
    }
  }

  /** Records that the calling thread acts on a process, if that is wrong. */
  void checkForeign(boolean wrong) {
    if (wrong && !tolerant) {
      all.add(RealTimeWait.foreign());
    }
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  List<RealTimeWait> all() {
    return List.copyOf(all);
  }
}
