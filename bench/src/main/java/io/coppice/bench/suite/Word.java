package io.coppice.bench.suite;

/** Messages that say nothing but themselves. */
enum Word {
  READY,
  DONE,
  TICK,
  STOP,
  CRASH
}
