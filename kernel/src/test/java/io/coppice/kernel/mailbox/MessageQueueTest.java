package io.coppice.kernel.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every queue of a mailbox promises to one thread. */
class MessageQueueTest {

  private static final int CAPACITY = 4;

  static Stream<Named<MessageQueue>> queues() {
    Stream<Named<MessageQueue>> always =
        Stream.of(
            Named.of("growing, at its bound", new GrowingQueue(CAPACITY, CAPACITY)),
            Named.of("growing, grown", grown()),
            Named.of("transparent, for Lincheck", new TransparentQueue(CAPACITY)));
    return Queues.isAgronaUsable()
        ? Stream.concat(always, Stream.of(Named.of("Agrona", new AgronaQueue(CAPACITY))))
        : always;
  }

  private static MessageQueue grown() {
    GrowingQueue queue = new GrowingQueue(1, CAPACITY);
    while (queue.offer("x")) {}
    while (queue.poll() != null) {}
    return queue;
  }

  @DisplayName("It takes as many messages as it has room for, refuses more, and keeps their order")
  @ParameterizedTest
  @MethodSource("queues")
  void bounded(MessageQueue queue) {
    for (int lap = 0; lap < 3; lap++) {
      for (int i = 0; i < CAPACITY; i++) {
        assertEquals(i, queue.size());
        assertTrue(queue.offer(i));
      }
      assertFalse(queue.offer("one too many"));
      for (int i = 0; i < CAPACITY; i++) {
        assertFalse(queue.isEmpty());
        assertEquals(i, queue.poll());
      }
      assertTrue(queue.isEmpty());
      assertNull(queue.poll());
    }
  }

  @DisplayName("It can be closed when it is empty, not before, and then refuses for ever")
  @ParameterizedTest
  @MethodSource("queues")
  void closeIfEmpty(MessageQueue queue) {
    for (int i = 0; i < 3; i++) {
      assertTrue(queue.offer(i));
      assertFalse(queue.closeIfEmpty(), "a message is in it");
      assertEquals(i, queue.poll());
    }
    assertTrue(queue.closeIfEmpty());
    for (int i = 0; i < 3 * CAPACITY; i++) {
      assertFalse(queue.offer(i));
    }
  }
}
