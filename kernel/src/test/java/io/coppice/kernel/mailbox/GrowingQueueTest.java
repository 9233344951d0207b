package io.coppice.kernel.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The moments in which a producer can be stopped, each held still: all threads of a test are the
 * one that runs it. {@link MessageQueueTest} is about what holds for every queue.
 */
class GrowingQueueTest {

  /** Does something when a ring is about to be made: its producer has found the last one full. */
  private static final class Interrupted extends GrowingQueue {
    private Runnable meanwhile = () -> {};
    private int rings = 1;

    Interrupted(int capacity, int mostSlots) {
      super(capacity, mostSlots);
    }

    @Override
    Ring createRing(int slots) {
      Runnable now = meanwhile;
      meanwhile = () -> {};
      now.run();
      rings++;
      return super.createRing(slots);
    }
  }

  /** A producer that has claimed a slot. */
  private record Claim(Ring ring, long position) {
    static Claim in(GrowingQueue queue) {
      Ring ring = queue.newestAcquire();
      Claim claim = new Claim(ring, ring.tailAcquire());
      assertTrue(ring.casTail(claim.position, claim.position + 1));
      return claim;
    }

    void fill(Object message) {
      ring.setSlotRelease(position, message);
    }
  }

  private static void offer(GrowingQueue queue, int from, int to) {
    for (int i = from; i < to; i++) {
      assertTrue(queue.offer(i));
    }
  }

  private static List<Object> drain(GrowingQueue queue) {
    List<Object> messages = new ArrayList<>();
    while (!queue.isEmpty()) {
      Object message = queue.poll();
      messages.add(message == null ? "null" : message);
    }
    return messages;
  }

  private static List<Object> numbers(int from, int to) {
    return IntStream.range(from, to).<Object>mapToObj(i -> i).toList();
  }

  @DisplayName("It begins with its capacity and doubles up to its bound, beyond which it is full")
  @ParameterizedTest
  @CsvSource({"1, 8, 15, 8", "2, 8, 14, 8", "3, 8, 12, 8", "16, 8, 16, 16", "16, 16, 16, 16"})
  void grows(int capacity, int bound, int most, int afterwards) {
    GrowingQueue queue = new GrowingQueue(capacity, bound);
    offer(queue, 0, most);
    assertFalse(queue.offer("one too many"));
    assertEquals(most, queue.size());
    assertEquals(numbers(0, most), drain(queue));
    offer(queue, 0, afterwards);
    assertFalse(queue.offer("one too many"));
    assertEquals(numbers(0, afterwards), drain(queue));
  }

  @DisplayName("It keeps one ring, of the first size, while its consumer keeps up")
  @Test
  void keepsItsRing() {
    Interrupted queue = new Interrupted(4, 256);
    for (int i = 0; i < 100; i++) {
      offer(queue, 0, 4);
      assertEquals(numbers(0, 4), drain(queue));
    }
    assertEquals(1, queue.rings);
    assertEquals(4, queue.newestAcquire().length());
  }

  @DisplayName("A claimed slot that is not filled hides all behind it, also those in newer rings")
  @Test
  void claimedInOldRing() {
    GrowingQueue queue = new GrowingQueue(2, 8);
    offer(queue, 0, 1);
    Claim late = Claim.in(queue);
    offer(queue, 2, 8); // two rings further
    assertEquals(8, queue.size());
    assertEquals(0, queue.poll());
    for (int i = 0; i < 3; i++) {
      assertNull(queue.poll());
      assertFalse(queue.isEmpty());
      assertFalse(queue.closeIfEmpty());
      assertEquals(7, queue.size());
    }
    late.fill(1);
    assertEquals(numbers(1, 8), drain(queue));
    assertTrue(queue.closeIfEmpty());
  }

  @DisplayName("A producer that was stopped before its claim finds its place behind all others")
  @Test
  void claimsTooLate() {
    GrowingQueue queue = new GrowingQueue(2, 8);
    offer(queue, 0, 1);
    Ring seen = queue.newestAcquire();
    long tail = seen.tailAcquire();
    offer(queue, 1, 5); // the ring that it saw is full, and sealed
    assertFalse(seen.casTail(tail, tail + 1));
    assertEquals(numbers(0, 5), drain(queue));
    offer(queue, 5, 6); // used up, too
    assertFalse(seen.casTail(tail, tail + 1));
    assertEquals(numbers(5, 6), drain(queue));
  }

  @DisplayName("Of two producers that grow it at the same time one does, and neither waits")
  @Test
  void bothGrow() {
    Interrupted queue = new Interrupted(2, 8);
    offer(queue, 0, 2);
    queue.meanwhile = () -> offer(queue, 2, 5);
    offer(queue, 5, 6);
    assertEquals(numbers(0, 6), drain(queue));
  }

  @DisplayName("A ring that was found full is used on if the consumer has made room meanwhile")
  @Test
  void roomWasMade() {
    Interrupted queue = new Interrupted(2, 8);
    offer(queue, 0, 2);
    queue.meanwhile =
        () -> {
          assertEquals(0, queue.poll());
          offer(queue, 2, 3);
          assertEquals(1, queue.poll());
        };
    offer(queue, 3, 4); // there is room, and a next ring
    assertEquals(2, queue.newestAcquire().length());
    offer(queue, 4, 8); // full again
    assertEquals(2, queue.rings, "the next ring is used, and no other one made");
    assertEquals(numbers(2, 8), drain(queue));
  }

  @DisplayName("A producer that was stopped after it has sealed a ring keeps neither side waiting")
  @Test
  void stoppedAfterSealing() {
    GrowingQueue queue = new GrowingQueue(2, 8);
    offer(queue, 0, 2);
    assertTrue(queue.seal(queue.newestAcquire(), 2));
    assertEquals(2, queue.size());
    assertEquals(0, queue.poll());
    offer(queue, 2, 3); // the sealed ring has room, but it is sealed
    assertEquals(numbers(1, 3), drain(queue));
    assertTrue(queue.isEmpty());
  }

  @DisplayName(
      "A ring that is drained before it is sealed leaves the queue empty, and to be closed")
  @Test
  void sealedEmpty() {
    GrowingQueue queue = new GrowingQueue(2, 8);
    offer(queue, 0, 2);
    Ring full = queue.newestAcquire();
    assertEquals(numbers(0, 2), drain(queue));
    assertTrue(queue.seal(full, 2)); // by a producer that was stopped when it had found it full
    assertTrue(queue.isEmpty());
    assertEquals(0, queue.size());
    assertNull(queue.poll());
    assertTrue(queue.closeIfEmpty());
    assertFalse(queue.offer("late"));
  }

  @DisplayName("A producer that is about to grow it is refused if it is closed meanwhile")
  @Test
  void closedWhileGrowing() {
    Interrupted queue = new Interrupted(2, 8);
    offer(queue, 0, 2);
    queue.meanwhile =
        () -> {
          assertFalse(queue.closeIfEmpty(), "two messages are in it");
          assertEquals(numbers(0, 2), drain(queue));
          assertTrue(queue.closeIfEmpty());
        };
    assertFalse(queue.offer("late"));
    assertTrue(queue.isEmpty());
    for (int i = 0; i < 20; i++) {
      assertFalse(queue.offer("later"));
    }
  }

  @DisplayName("A grown queue can be closed once all of its rings are drained, not before")
  @Test
  void closeGrown() {
    GrowingQueue queue = new GrowingQueue(1, 8);
    offer(queue, 0, 10);
    for (int i = 0; i < 10; i++) {
      assertFalse(queue.closeIfEmpty());
      assertEquals(i, queue.poll());
    }
    assertTrue(queue.closeIfEmpty());
    assertFalse(queue.offer("late"));
    assertTrue(queue.isEmpty());
    assertEquals(0, queue.size());
  }

  @DisplayName("Without memory for a larger ring it is full, loses nothing, and grows later")
  @Test
  void noMemory() {
    Interrupted queue = new Interrupted(2, 8);
    Runnable fails =
        () -> {
          throw new OutOfMemoryError("on purpose");
        };
    offer(queue, 0, 2);
    for (int i = 0; i < 3; i++) {
      queue.meanwhile = fails;
      assertFalse(queue.offer("there is no memory"));
      assertEquals(2, queue.size());
    }
    assertEquals(0, queue.poll());
    offer(queue, 2, 3);
    queue.meanwhile = fails;
    assertFalse(queue.offer("there is no memory"));
    offer(queue, 3, 7);
    assertEquals(numbers(1, 7), drain(queue));
    assertTrue(queue.closeIfEmpty());
  }

  @DisplayName("A mailbox whose ring finds no memory to grow spills, in order, and uses it again")
  @Test
  void mailboxWithoutMemory() {
    Interrupted queue = new Interrupted(2, 8);
    Mailbox mailbox = new Mailbox(capacity -> queue, 2);
    queue.meanwhile =
        () -> {
          throw new OutOfMemoryError("on purpose");
        };
    for (int i = 0; i < 6; i++) {
      mailbox.offer(i);
    }
    assertTrue(mailbox.everSpilled());
    assertEquals(2, queue.size());
    assertEquals(numbers(0, 6), MailboxTest.drain(mailbox));
    for (int i = 0; i < 7; i++) {
      mailbox.offer(i);
    }
    assertEquals(7, queue.size(), "it has grown");
    assertEquals(numbers(0, 7), MailboxTest.drain(mailbox));
    assertTrue(mailbox.releaseRing());
  }
}
