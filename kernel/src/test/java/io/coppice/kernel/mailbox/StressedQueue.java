package io.coppice.kernel.mailbox;

/**
 * The queue of the stress tests: Agrona's, or one that grows once and is full then, as a stressed
 * mailbox is to spill. The profile verify-concurrency runs them with the flag that Agrona's needs,
 * and without.
 */
final class StressedQueue {
  private static final MessageQueue.Factory QUEUES =
      Queues.isAgronaUsable()
          ? Queues.factory()
          : capacity -> new GrowingQueue(capacity, 2 * capacity);

  private StressedQueue() {}

  static MessageQueue create(int capacity) {
    return QUEUES.create(capacity);
  }
}
