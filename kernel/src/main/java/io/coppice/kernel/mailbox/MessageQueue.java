package io.coppice.kernel.mailbox;

import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of messages with many producers and one consumer at a time: the one place where a
 * {@link Mailbox} meets a queue implementation.
 *
 * <p>Threads: {@link #offer} on any thread, without locking, parking or throwing; {@link #poll} and
 * {@link #closeIfEmpty} on the consumer, a role that may move between threads if each hand-over is
 * ordered by happens-before; {@link #isEmpty} and {@link #size} on any thread.
 *
 * <p>Memory: an offer that returns true happens-before the poll that returns its message. Messages
 * of one producer are polled in the order of their offers.
 */
public interface MessageQueue {

  /** Creates the queues of the mailboxes of a node. */
  @FunctionalInterface
  interface Factory {
    /**
     * Returns an empty queue that holds at least {@code capacity} messages, {@code capacity > 0}.
     */
    MessageQueue create(int capacity);

    /** Returns an empty queue for messages that were taken out and not received yet. */
    default SaveQueue createSaveQueue() {
      return new SaveQueue();
    }
  }

  /** Adds a message, or returns false, with no effect, if the queue is full or closed. */
  boolean offer(Object message);

  /**
   * Takes the oldest message. Null does not mean empty: a producer may have claimed the oldest slot
   * and not filled it yet, and completed offers, the caller's own among them, may be hidden behind
   * that slot. Only {@link #isEmpty} tells.
   */
  @Nullable Object poll();

  /**
   * True only if nothing is in the queue and no slot is claimed: every offer that happens-before
   * this call and returned true has been polled.
   */
  boolean isEmpty();

  /** The number of claimed slots, filled or not; an estimate while others work on the queue. */
  int size();

  /**
   * Closes the queue for ever if it {@linkplain #isEmpty is empty}: from then on every offer, also
   * one that is under way, returns false. Returns false, with no effect, if it is not empty.
   * Afterwards only {@link #offer} may be called.
   */
  boolean closeIfEmpty();
}
