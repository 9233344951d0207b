package io.coppice.kernel.cell;

import io.coppice.kernel.process.LongQueueReport;
import io.coppice.kernel.process.Watermarks;
import org.jspecify.annotations.Nullable;

/**
 * Watches the queues of all processes of a node that have no watermarks of their own (P85).
 *
 * <p>Threads: any thread may call {@link #look}; {@link #lookAgain} is for the owner of the
 * process. Both read counts of other threads: what they find is an estimate.
 */
final class QueueWatch {
  /* A count per process would cost each message of each process two atomic operations, to find the
   * one queue in a million that is long. But a long queue has spilled out of its rings, and a spilled
   * message knows how many have spilled below it. So the sender of each EVERYth spilled message adds
   * up the sizes of the queues, and nobody else does anything. What is found is late by two
   * times EVERY messages (the owner may begin a new count just before), by the rings if they hold
   * more than the mark, and by what is sent while one of the two is kept from running: the sender
   * that looks, or the owner, who turns the spilled messages round and counts them anew.
   *
   * Messages that a selective receive has refused are no longer in the mailbox. The owner looks at
   * each EVERYth of them, else a process that never takes the messages that it gets would not be
   * found as long as they come slowly.
   *
   * The owner looks again when it takes out a batch, and only if its queue has been found long.
   *
   *   SHORT -> FOUND_LONG    whoever looks; it reports that
   *   FOUND_LONG -> LONG     when it has reported
   *   LONG -> FOUND_SHORT    the owner; it reports that
   *   FOUND_SHORT -> SHORT   when it has reported
   *
   * So the reports of a process come in order. Nobody waits: if the owner comes while the state is
   * FOUND_LONG, it finds LONG with its next batch, and the report that the queue is short comes
   * that much later.
   */
  private static final int EVERY = 64;
  private static final byte SHORT = 0; // as a new process is
  private static final byte FOUND_LONG = 1;
  static final byte LONG = 2;
  private static final byte FOUND_SHORT = 3;

  private final @Nullable Watermarks marks;

  /**
   * A watch.
   *
   * @param high messages that are many, 0 to watch nothing; few are half of them
   */
  QueueWatch(int high) {
    this.marks = high == 0 ? null : new Watermarks(high, high / 2);
  }

  /**
   * By a sender whose message was the {@code number}th of those that have spilled; by the owner
   * when it has refused so many.
   */
  void look(ProcessCell cell, int number) {
    if (marks == null || number % EVERY != 0 || cell.isWatched()) {
      return;
    }
    int length = cell.queueLength();
    if (length >= marks.high() && cell.casLongQueue(SHORT, FOUND_LONG)) {
      try {
        report(cell, marks, length, true);
      } finally {
        cell.setLongQueueRelease(LONG);
      }
    }
  }

  /** By the owner of a process whose queue was found long. */
  void lookAgain(ProcessCell cell) {
    if (marks == null) {
      return;
    }
    int length = cell.queueLength();
    if (length <= marks.low() && cell.casLongQueue(LONG, FOUND_SHORT)) {
      try {
        report(cell, marks, length, false);
      } finally {
        cell.setLongQueueRelease(SHORT);
      }
    }
  }

  /** Whose message was sent, or who goes on, is not to suffer from it: never throws. */
  static void report(ProcessCell cell, Watermarks marks, long length, boolean above) {
    try {
      cell.kernel.report(
          new LongQueueReport(
              cell, cell.name(), cell.label(), cell.initialCall(), length, marks, above));
    } catch (OutOfMemoryError noMemory) {
      cell.kernel.counters().lost();
    }
  }
}
