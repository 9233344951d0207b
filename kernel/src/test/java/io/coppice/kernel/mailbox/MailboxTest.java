package io.coppice.kernel.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mailbox promises to one thread; {@link MailboxOrderTest} is about many. */
@ParameterizedClass
@MethodSource("io.coppice.kernel.mailbox.QueueKind#usable")
class MailboxTest {

  private final QueueKind kind;
  private final CountingFactory queues;

  MailboxTest(QueueKind kind) {
    this.kind = kind;
    this.queues = new CountingFactory(kind);
  }

  @DisplayName("Messages come out in the order they went in, however many there are")
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 16, 1024})
  void order(int capacity) {
    Mailbox mailbox = new Mailbox(queues, capacity);
    List<Integer> sent = IntStream.range(0, 3000).boxed().toList();
    sent.forEach(mailbox::offer);
    assertEquals(sent, drain(mailbox));
  }

  @DisplayName("A mailbox is empty at first, after its last message, and not in between")
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 16, 1024})
  void emptiness(int capacity) {
    Mailbox mailbox = new Mailbox(queues, capacity);
    assertTrue(mailbox.isEmpty());
    assertNull(mailbox.poll());
    for (int burst = 1; burst < 3000; burst *= 3) {
      IntStream.range(0, burst).forEach(mailbox::offer);
      for (int left = burst; left > 0; left--) {
        assertEquals(left, mailbox.size());
        assertFalse(mailbox.isEmpty());
        assertEquals(burst - left, mailbox.poll());
      }
      assertEquals(0, mailbox.size());
      assertTrue(mailbox.isEmpty());
      assertNull(mailbox.poll());
    }
  }

  @DisplayName("Who receives each message before the next one never has a ring")
  @Test
  void oneMessageAtATime() {
    Mailbox mailbox = new Mailbox(queues, 16);
    for (int i = 0; i < 100; i++) {
      mailbox.offer(i);
      assertEquals(i, mailbox.poll());
    }
    assertEquals(0, queues.created);
  }

  @DisplayName("The second waiting message creates the ring, and there is only one")
  @Test
  void ringIsLazy() {
    Mailbox mailbox = new Mailbox(queues, 16);
    for (int burst = 0; burst < 10; burst++) {
      mailbox.offer("one");
      mailbox.offer("two");
      assertEquals(List.of("one", "two"), drain(mailbox));
    }
    assertEquals(1, queues.created);
  }

  @DisplayName("A mailbox knows whether a message was ever spilled, also after all were received")
  @Test
  void everSpilled() {
    Mailbox mailbox = new Mailbox(queues, 4);
    int most = 1 + kind.most(4); // one in the first slot, the others in the ring
    IntStream.range(0, most).forEach(mailbox::offer);
    assertFalse(mailbox.everSpilled());
    mailbox.offer(most);
    assertTrue(mailbox.everSpilled());
    assertEquals(most + 1, drain(mailbox).size());
    assertTrue(mailbox.everSpilled());
  }

  @DisplayName("After spilling, a drained mailbox uses its ring again")
  @Test
  void spillingEnds() {
    Mailbox mailbox = new Mailbox(queues, 4);
    IntStream.range(0, kind.most(4) + 6).forEach(mailbox::offer);
    assertTrue(mailbox.everSpilled());
    drain(mailbox);
    assertTrue(queues.latest().isEmpty());
    mailbox.offer("next");
    assertFalse(queues.latest().isEmpty());
  }

  @DisplayName("A released ring is not used again, and the next single message needs none")
  @Test
  void releaseRing() {
    Mailbox mailbox = new Mailbox(queues, 4);
    mailbox.offer("one");
    mailbox.offer("two");
    assertFalse(mailbox.releaseRing(), "two messages are waiting");
    drain(mailbox);
    assertTrue(mailbox.releaseRing());
    assertFalse(queues.latest().offer("to the old ring"), "a late sender must be refused");
    mailbox.offer("alone");
    assertEquals(1, queues.created);
    assertEquals("alone", mailbox.poll());
    IntStream.range(0, 3).forEach(mailbox::offer);
    assertEquals(2, queues.created);
    assertEquals(List.of(0, 1, 2), drain(mailbox));
  }

  @DisplayName("The ring stays while a message is in the first slot, the ring or the overflow")
  @Test
  void releaseRingRefused() {
    Mailbox mailbox = new Mailbox(queues, 2);
    int sent = kind.most(2) + 4; // three of them are spilled
    IntStream.range(0, sent).forEach(mailbox::offer);
    for (int i = 0; i < sent; i++) {
      assertFalse(mailbox.releaseRing());
      assertEquals(i, mailbox.poll());
    }
    assertTrue(mailbox.releaseRing());
  }

  @DisplayName("A claimed slot that is not filled yet makes a null poll mean in flight, not empty")
  @Test
  void inFlight() {
    HoldingQueue ring = new HoldingQueue();
    Mailbox mailbox = new Mailbox(capacity -> ring, 4);
    mailbox.offer("first");
    mailbox.offer("second");
    assertEquals("first", mailbox.poll());
    assertEquals("second", mailbox.poll());
    ring.claimOnly();
    mailbox.offer("hidden behind the claim");
    assertNull(mailbox.poll());
    assertFalse(mailbox.isEmpty());
    assertFalse(mailbox.releaseRing());
    ring.fill("late");
    assertEquals(List.of("late", "hidden behind the claim"), drain(mailbox));
    assertTrue(mailbox.isEmpty());
  }

  @DisplayName("Spilled messages wait for a slot that is in flight, since it may hide older ones")
  @Test
  void spilledBehindInFlight() {
    HoldingQueue ring = new HoldingQueue();
    Mailbox mailbox = new Mailbox(capacity -> ring, 4);
    mailbox.offer("first");
    ring.claimOnly();
    IntStream.range(0, 6).forEach(mailbox::offer); // three fill the ring, three are spilled
    assertEquals("first", mailbox.poll());
    assertNull(mailbox.poll());
    assertFalse(mailbox.isEmpty());
    ring.fill("late");
    assertEquals(List.of("late", 0, 1, 2, 3, 4, 5), drain(mailbox));
  }

  @DisplayName("A null message is refused with a sentence")
  @Test
  @SuppressWarnings("NullAway") // on purpose
  void nullMessage() {
    Mailbox mailbox = new Mailbox(queues, 4);
    assertThrows(NullPointerException.class, () -> mailbox.offer(null));
    assertTrue(mailbox.isEmpty());
  }

  static List<Object> drain(Mailbox mailbox) {
    List<Object> messages = new ArrayList<>();
    for (Object message = mailbox.poll(); message != null; message = mailbox.poll()) {
      messages.add(message);
    }
    return messages;
  }

  private static final class CountingFactory implements MessageQueue.Factory {
    private final QueueKind kind;
    private final List<MessageQueue> all = new ArrayList<>();
    int created;

    CountingFactory(QueueKind kind) {
      this.kind = kind;
    }

    @Override
    public MessageQueue create(int capacity) {
      MessageQueue queue = kind.create(capacity);
      all.add(queue);
      created++;
      return queue;
    }

    MessageQueue latest() {
      return all.getLast();
    }
  }
}
