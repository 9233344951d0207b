package io.coppice.kernel.cell;

import io.coppice.kernel.process.LongQueueReport;
import io.coppice.kernel.process.Watermarks;
import org.jspecify.annotations.Nullable;

/**
 * Watches the queues of all processes of a node that have no watermarks of their own (P85).
 *
 * <p>Threads: any thread may call {@link #look}; {@link #lookAgain} is for the owner of the
 * process.
 */
final class QueueWatch {
  /* A count per process would cost each message of each process two atomic operations, to find the
   * one queue in a million that is long. But a long queue has spilled out of its ring, and a spilled
   * message knows how many have spilled below it. So the sender of each EVERYth spilled message adds
   * up the sizes of the queues, and nobody else does anything. What is found is late by two
   * times EVERY messages (the owner may begin a new count just before), by the ring if that is
   * larger than the mark, and by what is sent while one of the two is kept from running: the sender
   * that looks, or the owner, who turns the spilled messages round and counts them anew.
   *
   * The owner looks again when it takes out a batch, and only if its queue has been found long.
   * Sender and owner do not wait for each other: if the owner misses the flag that is just being
   * set, it finds it with its next batch, and the report that the queue is short comes that much
   * later.
   */
  private static final int EVERY = 64;

  private final @Nullable Watermarks marks;

  /**
   * A watch.
   *
   * @param high messages that are many, 0 to watch nothing; few are half of them
   */
  QueueWatch(int high) {
    this.marks = high == 0 ? null : new Watermarks(high, high / 2);
  }

  /** By a sender whose message was the {@code spilled}th of those that have spilled. */
  void look(ProcessCell cell, int spilled) {
    if (marks == null || spilled % EVERY != 0 || cell.isWatched()) {
      return;
    }
    int length = cell.queueLength();
    if (length >= marks.high() && cell.casLongQueue(true)) {
      report(cell, marks, length, true);
    }
  }

  /** By the owner of a process whose queue was found long. */
  void lookAgain(ProcessCell cell) {
    if (marks == null) {
      return;
    }
    int length = cell.queueLength();
    if (length <= marks.low() && cell.casLongQueue(false)) {
      report(cell, marks, length, false);
    }
  }

  static void report(ProcessCell cell, Watermarks marks, long length, boolean above) {
    cell.kernel.report(
        new LongQueueReport(
            cell, cell.name(), cell.label(), cell.initialCall(), length, marks, above));
  }
}
