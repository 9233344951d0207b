package io.coppice.kernel.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Several senders at once: nothing is lost, doubled, or out of its sender's order. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MailboxOrderTest {

  private static final int SENDERS = 3;
  private static final int MESSAGES = 100_000; // of each sender

  static Stream<Arguments> upTo1024() {
    return QueueKind.with(1, 2, 16, 1024);
  }

  static Stream<Arguments> upTo16() {
    return QueueKind.with(1, 2, 16);
  }

  private record Numbered(int sender, int number) {}

  /** The numbers expected next, one per sender. Used by the consumer of the moment. */
  private static final class Ledger {
    private final int[] next = new int[SENDERS];
    private int received;

    void receive(Object message) {
      Numbered numbered = (Numbered) message;
      assertEquals(next[numbered.sender]++, numbered.number, "from sender " + numbered.sender);
      received++;
    }

    boolean complete() {
      return received == SENDERS * MESSAGES;
    }
  }

  @DisplayName("Each sender's messages arrive once and in order, while the ring overflows")
  @ParameterizedTest
  @MethodSource("upTo1024")
  void greedyConsumer(QueueKind queues, int capacity) throws InterruptedException {
    Mailbox mailbox = new Mailbox(queues, capacity);
    List<Thread> senders = startSenders(mailbox, MESSAGES);
    Ledger ledger = new Ledger();
    while (!ledger.complete()) {
      Object message = mailbox.poll();
      if (message != null) {
        ledger.receive(message);
      } else {
        Thread.onSpinWait();
      }
    }
    join(senders);
    assertTrue(mailbox.isEmpty());
    assertTrue(
        queues.most(capacity) > 48 || mailbox.everSpilled(), "the test must reach the overflow");
  }

  @DisplayName("The same holds when the ring is released at every chance")
  @ParameterizedTest
  @MethodSource("upTo16")
  void ringReleased(QueueKind queues, int capacity) throws InterruptedException {
    AtomicInteger rings = new AtomicInteger();
    Mailbox mailbox =
        new Mailbox(
            wanted -> {
              rings.incrementAndGet();
              return queues.create(wanted);
            },
            capacity);
    List<Thread> senders = startSenders(mailbox, 7);
    Ledger ledger = new Ledger();
    while (!ledger.complete()) {
      Object message = mailbox.poll();
      if (message != null) {
        ledger.receive(message);
      } else {
        mailbox.releaseRing();
      }
    }
    join(senders);
    assertTrue(mailbox.isEmpty());
    assertTrue(rings.get() > 1, "the test must release a ring under load");
  }

  @DisplayName("The same holds when the role of the consumer moves between threads")
  @ParameterizedTest
  @MethodSource("upTo16")
  void movingConsumer(QueueKind queues, int capacity) throws InterruptedException {
    Mailbox mailbox = new Mailbox(queues, capacity);
    Ledger ledger = new Ledger();
    AtomicBoolean token = new AtomicBoolean(); // its CAS and its reset order the hand-over
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> consumers = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    Runnable consumer =
        () -> {
          while (!done.get()) {
            if (token.compareAndSet(false, true)) {
              try {
                for (int turn = 0; turn < 10; turn++) {
                  Object message = mailbox.poll();
                  if (message != null) {
                    ledger.receive(message);
                  }
                }
              } catch (AssertionError e) {
                failures.add(e);
                done.set(true);
              }
              if (ledger.complete()) {
                done.set(true);
              }
              token.set(false);
            }
          }
        };
    consumers.add(Thread.ofPlatform().start(consumer));
    consumers.add(Thread.ofPlatform().start(consumer));
    List<Thread> senders = startSenders(mailbox, MESSAGES);
    join(senders);
    join(consumers);
    assertEquals(List.of(), failures);
    assertTrue(mailbox.isEmpty());
  }

  @DisplayName(
      "A thread that has sent is never told that the mailbox is empty before it is received")
  @ParameterizedTest
  @MethodSource("upTo16")
  void ownMessageIsNeverMissed(QueueKind queues, int capacity) throws InterruptedException {
    Mailbox mailbox = new Mailbox(queues, capacity);
    AtomicBoolean stop = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    mailbox.offer("noise");
                    while (!mailbox.isEmpty()) {
                      Thread.onSpinWait();
                    }
                  }
                });
    for (int i = 0; i < MESSAGES; i++) {
      mailbox.offer(i);
      Object message;
      do {
        message = pollOrInFlight(mailbox);
      } while (message == null || message.equals("noise"));
      assertEquals(i, message);
    }
    stop.set(true);
    while (other.isAlive()) {
      mailbox.poll();
    }
    join(List.of(other));
  }

  private static @Nullable Object pollOrInFlight(Mailbox mailbox) {
    Object message = mailbox.poll();
    if (message == null) {
      assertFalse(mailbox.isEmpty(), "my own message is in there");
    }
    return message;
  }

  /** Starts senders that give the consumer some time to empty the mailbox after each burst. */
  private static List<Thread> startSenders(Mailbox mailbox, int burst) {
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      int sender = i;
      senders.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int number = 0; number < MESSAGES; number++) {
                      mailbox.offer(new Numbered(sender, number));
                      int patience = number % burst == burst - 1 ? 200 : 0;
                      while (patience-- > 0 && !mailbox.isEmpty()) {
                        Thread.onSpinWait();
                      }
                    }
                  }));
    }
    return senders;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
      if (thread.isAlive()) {
        fail("Still running after 30 s: " + thread + List.of(thread.getStackTrace()));
      }
    }
  }
}
