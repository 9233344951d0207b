package io.coppice.kernel.cell;

import java.util.concurrent.atomic.LongAdder;

/** What a node counts. Any thread; sums are read without stopping anybody. */
final class Counters {
  final LongAdder spawned = new LongAdder();
  final LongAdder ended = new LongAdder();
  final LongAdder crashed = new LongAdder();
  final LongAdder exitsDecided = new LongAdder();
  final LongAdder messagesToTheDead = new LongAdder();
  final LongAdder signalsToTheDead = new LongAdder();
  final LongAdder reportsLost = new LongAdder();
  final LongAdder zombies = new LongAdder();
}
