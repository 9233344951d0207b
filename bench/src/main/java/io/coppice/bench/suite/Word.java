package io.coppice.bench.suite;

/** Messages that say nothing but themselves. */
enum Word {
  DONE,
  TICK,
  STOP,
  CRASH
}
