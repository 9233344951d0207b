package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;

/**
 * A process that the monitor has seen in the middle of a message.
 *
 * @param cell the process
 * @param messages how many it had been given
 * @param turns how many turns the scheduler had begun
 * @param sinceNanos when this was seen first
 */
record Running(ProcessCell cell, long messages, long turns, long sinceNanos) {
  /** Since when a process has been seen with one message, or {@link Long#MIN_VALUE}. */
  static long sinceNanos(ProcessCell cell, Scheduler[] schedulers) {
    for (Scheduler scheduler : schedulers) {
      Running seen = scheduler.running();
      if (seen != null && seen.cell == cell) {
        return seen.sinceNanos;
      }
    }
    return Long.MIN_VALUE;
  }
}
