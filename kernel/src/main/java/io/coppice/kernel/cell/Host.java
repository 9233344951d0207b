package io.coppice.kernel.cell;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
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
  private static final int SMALL_BATCH = 4; // slots of a host that many wait with

  private static final VarHandle CURRENT;

  static {
    try {
      CURRENT = MethodHandles.lookup().findVarHandle(Host.class, "current", ProcessCell.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The process whose code runs, or is suspended, on this host. */
  @Nullable ProcessCell current;

  /** Its thread runs a process on the stack of the current one; see {@link GuestHost}. */
  boolean lent;

  private @Nullable Object[] batch = NONE; // grows to SMALL_BATCH, then to BATCH
  private int head; // the slot before it holds the message that is being handled
  private int tail;

  /**
   * The process this host is in the middle of; for its own thread and the carrier that mounts it.
   */
  public final @Nullable ProcessCell current() {
    return current;
  }

  /** The same for others: whoever it was when this thread last told. */
  final @Nullable ProcessCell currentVolatile() {
    return (ProcessCell) CURRENT.getVolatile(this);
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
   * The same for a process that is SCHEDULED already: it goes on after all others that are ready.
   *
   * @param cell the current process
   */
  protected void letOthersRun(ProcessCell cell) {
    resume(cell);
    suspend(cell);
  }

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

  /**
   * The host of a process that runs on the stack of the current one.
   *
   * @return null if that may not be now
   */
  protected @Nullable GuestHost guest() {
    return null;
  }

  /** The current turn goes on, and counts as a new one from here. */
  protected void beginSlice() {}

  /**
   * Whether it is in the middle of a process that runs on the stack of another, whose host it is.
   *
   * @return true while its thread is lent
   */
  public final boolean isLent() {
    return lent;
  }

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
    batchReserve();
    batch[tail++] = message;
  }

  /** Makes room for one more message. */
  final void batchReserve() {
    if (tail == batch.length) {
      if (tail > 0 && head == tail) { // all are taken: the one that is being handled stays
        moveHandled(batch);
      } else {
        batch = Arrays.copyOf(batch, tail == 0 ? SMALL_BATCH : BATCH);
      }
    }
  }

  final boolean batchIsFull() {
    return tail == BATCH && head < BATCH;
  }

  /**
   * Before its process waits: the slots that a burst has needed go, else every process has them.
   */
  final void batchTrim() {
    if (head == tail && batch.length > SMALL_BATCH) {
      moveHandled(new @Nullable Object[SMALL_BATCH]);
    }
  }

  /** Nothing but the message that is being handled, if it is known, is in the batch afterwards. */
  private void moveHandled(@Nullable Object[] to) {
    if (head > 0) {
      Object handled = batch[head - 1];
      batch[head - 1] = null;
      to[0] = handled;
      head = 1;
      tail = 1;
    }
    batch = to;
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

  /** The next message, which is then the one being handled; null if there is none, nor is it. */
  final @Nullable Object batchPoll() {
    if (head > 0) {
      batch[head - 1] = null;
    }
    if (head == tail) {
      head = 0;
      tail = 0;
      return null;
    }
    return batch[head++];
  }

  /** Says which message is being handled, if it came from elsewhere. */
  final void batchHandles(Object message) {
    if (head > 0) {
      batch[head - 1] = message;
    } else if (tail == 0) {
      try {
        batchAdd(message);
        head = 1;
      } catch (OutOfMemoryError noMemory) {
        // it is not known
      }
    } // else it is not known: there is no place for it
  }

  /** No message is being handled any more. */
  final void batchHandled() {
    if (head > 0) {
      batch[head - 1] = null;
      if (head == tail) {
        head = 0;
        tail = 0;
      }
    }
  }

  /** The message that is being handled, or was received last; for any thread, a momentary value. */
  final @Nullable Object handling() {
    @Nullable Object[] messages = batch;
    int before = head - 1;
    return before >= 0 && before < messages.length ? messages[before] : null;
  }

  /**
   * Whether its process blocks outside of the kernel; for any thread, a momentary value.
   *
   * @return false if it computes, or waits in a kernel operation
   */
  protected abstract boolean blocksOutside();

  /**
   * Since when the code of its process blocks outside of the kernel.
   *
   * @return on the clock of the node; {@link Long#MIN_VALUE} if that is not known
   */
  protected long blockedSinceNanos() {
    return Long.MIN_VALUE;
  }
}
