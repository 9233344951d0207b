package io.coppice.kernel.cell;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What runs the code of processes: a runner (a virtual thread of ours) or a dedicated thread. It
 * runs one process at a time; a process that blocks keeps ("captures") its host until it goes on.
 *
 * <p>All fields belong to the thread that hosts; they move between carriers with the continuation.
 */
public abstract class Host {
  private static final @Nullable Object[] NONE = {};
  private static final int BATCH = 64; // messages taken from the queue at once

  /** The process whose code runs, or is suspended, on this host. */
  @Nullable ProcessCell current;

  private @Nullable Object[] batch = NONE; // made with the first message
  private int head;
  private int tail;

  /**
   * The process this host is in the middle of; for its own thread and the carrier that mounts it.
   */
  public final @Nullable ProcessCell current() {
    return current;
  }

  /** The thread whose stack is that of the process. */
  public abstract Thread thread();

  /**
   * Suspends the current process, which has just left RUNNING. Returns when somebody has resumed
   * it.
   *
   * @param cell the current process
   */
  protected abstract void suspend(ProcessCell cell);

  /**
   * Makes a suspended process go on; called once for each suspension, by whoever moved its state.
   */
  protected abstract void resume(ProcessCell cell);

  /** Whether the current turn has used up its time slice. */
  protected abstract boolean sliceUsed();

  /**
   * Takes the process's traces off the thread at the end of a turn: clears the interrupt status,
   * restores the name and the context class loader.
   *
   * @return its thread locals, or null if it has none
   */
  protected abstract @Nullable Object leaveThread();

  /** Not to be used for another process: a zombie ran on it. */
  protected abstract void discard();

  // ---- the batch: messages the current process has taken out of its queue and not yet handled

  static int batchLimit() {
    return BATCH;
  }

  final boolean batchIsEmpty() {
    return head == tail;
  }

  final int batchSize() {
    return tail - head;
  }

  final void batchAdd(Object message) {
    if (batch.length == 0) {
      batch = new @Nullable Object[BATCH];
    }
    batch[tail++] = message;
  }

  final boolean batchIsFull() {
    return tail == BATCH;
  }

  /** Shows the batch, oldest first; also to the fencer, while the owner may be clearing it. */
  final void batchForEach(Consumer<Object> action) {
    @Nullable Object[] messages = batch;
    int end = Math.min(tail, messages.length);
    for (int i = head; i < end; i++) {
      Object message = messages[i];
      if (message != null) {
        action.accept(message);
      }
    }
  }

  final void batchClear() {
    while (batchPoll() != null) {
      // each slot is emptied: the host lives longer than its messages
    }
  }

  final @Nullable Object batchPoll() {
    if (head == tail) {
      return null;
    }
    Object message = batch[head];
    batch[head++] = null;
    if (head == tail) {
      head = 0;
      tail = 0;
    }
    return message;
  }
}
