package io.coppice.kernel.mailbox;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The queues that mailboxes may have; the tests of mailboxes run over all of them. */
enum QueueKind implements MessageQueue.Factory {
  AGRONA {
    @Override
    public MessageQueue create(int capacity) {
      return new AgronaQueue(capacity);
    }

    @Override
    int most(int capacity) {
      return capacity;
    }
  },

  GROWING {
    @Override
    public MessageQueue create(int capacity) {
      return new GrowingQueue(capacity);
    }

    @Override
    int most(int capacity) {
      int most = capacity;
      for (int slots = 2 * capacity; slots <= GrowingQueue.MOST_SLOTS; slots *= 2) {
        most += slots;
      }
      return most;
    }
  },

  /** Is soon full, so that mailboxes spill. */
  GROWING_ONCE {
    @Override
    public MessageQueue create(int capacity) {
      return new GrowingQueue(capacity, 2 * capacity);
    }

    @Override
    int most(int capacity) {
      return 3 * capacity;
    }
  };

  /** How many messages a new queue takes, if the capacity is a power of two. */
  abstract int most(int capacity);

  /** All that work in this JVM: the tests run with and without the flag that Agrona's needs. */
  static List<QueueKind> usable() {
    return Arrays.stream(values())
        .filter(kind -> kind != AGRONA || Queues.isAgronaUsable())
        .toList();
  }

  /** Each with each of the capacities. */
  static Stream<Arguments> with(int... capacities) {
    return usable().stream()
        .flatMap(
            kind -> Arrays.stream(capacities).mapToObj(capacity -> Arguments.of(kind, capacity)));
  }
}
