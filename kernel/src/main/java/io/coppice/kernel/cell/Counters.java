package io.coppice.kernel.cell;

import io.coppice.kernel.process.NodeCounters;
import io.coppice.kernel.process.Undelivered;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a node counts, apart from the starts and ends of processes, which the table counts. Any
 * thread; sums are read without stopping anybody.
 */
final class Counters {
  final LongAdder crashed = new LongAdder();
  final LongAdder exitsDecided = new LongAdder();
  final LongAdder refusedToZombies = new LongAdder();
  final LongAdder signalsToTheDead = new LongAdder();
  final LongAdder reportsLost = new LongAdder();
  final LongAdder callCycles = new LongAdder();

  /** Something could not be told; also where there may be no memory to count it. */
  void lost() {
    try {
      reportsLost.increment();
    } catch (OutOfMemoryError noMemory) {
      // nothing is left to do
    }
  }

  NodeCounters read(ProcessTable table, int zombies, Map<Undelivered, Long> undelivered) {
    return new NodeCounters(
        table.added(),
        table.removed(),
        crashed.sum(),
        zombies,
        refusedToZombies.sum(),
        undelivered,
        signalsToTheDead.sum(),
        reportsLost.sum(),
        callCycles.sum());
  }
}
