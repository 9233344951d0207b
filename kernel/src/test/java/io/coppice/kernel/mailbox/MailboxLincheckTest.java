package io.coppice.kernel.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lincheck walks through interleavings of the mailbox's own code, with a small ring that it can see
 * into. The order tests are the races that the essay in {@link Mailbox} argues about; each finds
 * its error when the line it stands for is taken out.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs it.
 */
public class MailboxLincheckTest {

  private static final int INTERLEAVINGS = 2_000;

  @DisplayName("A sender keeps its order while the first slot is closed under its hands")
  @ParameterizedTest
  @EnumSource
  void firstSlotClosed(RingKind ring) {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(new Mailbox(new Spares(ring, 2), 2));
          inbox.mailbox.offer("in the first slot");
          Thread owner =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        inbox.mailbox.offer("into the ring");
                        inbox.poll(3);
                      });
          inbox.mailbox.offer(1);
          inbox.mailbox.offer(2);
          inbox.finish(owner);
          assertEquals("12", inbox.received());
        });
  }

  @DisplayName("A sender keeps its order on its way into the overflow and back to the ring")
  @ParameterizedTest
  @EnumSource
  void spilledAndBack(RingKind ring) {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(withRing(ring, 1));
          Thread sender = inbox.sender(1, 2, 3);
          inbox.poll(4);
          inbox.finish(sender);
          assertEquals("123", inbox.received());
        });
  }

  @DisplayName("A slot that is in flight does not let spilled messages overtake those behind it")
  @ParameterizedTest
  @EnumSource
  void spilledBehindInFlight(RingKind ring) {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(withRing(ring, 2));
          Thread slow = Thread.ofPlatform().start(() -> inbox.mailbox.offer("in flight"));
          Thread sender = inbox.sender(1, 2);
          inbox.poll(3);
          inbox.finish(slow, sender);
          assertEquals("12", inbox.received());
        });
  }

  @DisplayName("Nothing is lost or overtaken when the ring is released under late senders")
  @ParameterizedTest
  @EnumSource
  void ringReleased(RingKind ring) {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(withRing(ring, 2));
          Thread late = Thread.ofPlatform().start(() -> inbox.mailbox.offer("late"));
          Thread sender = inbox.sender(1, 2);
          inbox.mailbox.releaseRing();
          inbox.poll(2);
          inbox.mailbox.releaseRing();
          inbox.finish(late, sender);
          assertEquals("12", inbox.received());
        });
  }

  @DisplayName("A sender is never told 'empty' before its messages were asked for")
  @ParameterizedTest
  @EnumSource
  void emptinessFromOutside(RingKind ring) {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(withRing(ring, 1));
          Thread owner = Thread.ofPlatform().start(() -> inbox.poll(3));
          for (int number = 1; number <= 3; number++) {
            inbox.mailbox.offer(number);
          }
          boolean empty = inbox.mailbox.isEmpty();
          assertTrue(!empty || inbox.polls.get() >= 3, "three were sent");
          inbox.finish(owner);
        });
  }

  // ---- linearizability

  /** What senders and the consumer do. */
  public static class Operations {
    private final Mailbox mailbox;

    Operations(RingKind ring) {
      mailbox = new Mailbox(new Spares(ring, 2), 2);
    }

    @Operation
    public void offer(int message) {
      mailbox.offer(message);
    }

    @Operation(nonParallelGroup = "consumer")
    public @Nullable Integer receive() {
      while (true) {
        Object message = mailbox.poll();
        if (message != null || mailbox.isEmpty()) {
          return (Integer) message;
        }
      }
    }

    @Operation(nonParallelGroup = "consumer")
    public void releaseRing() {
      mailbox.releaseRing();
    }
  }

  public static final class OnTransparentRings extends Operations {
    public OnTransparentRings() {
      super(RingKind.TRANSPARENT);
    }
  }

  public static final class OnGrowingRings extends Operations {
    public OnGrowingRings() {
      super(RingKind.GROWING);
    }
  }

  @DisplayName("A mailbox is linearizable as an unbounded FIFO queue with one consumer")
  @ParameterizedTest
  @ValueSource(classes = {OnTransparentRings.class, OnGrowingRings.class})
  void linearizable(Class<?> operations) {
    new ModelCheckingOptions()
        .iterations(20)
        .invocationsPerIteration(500)
        .threads(3)
        .actorsBefore(2)
        .actorsPerThread(2)
        .actorsAfter(2)
        .sequentialSpecification(Fifo.class)
        .check(operations);
  }

  /** What it is compared with. */
  public static final class Fifo {
    private final Queue<Integer> messages = new ArrayDeque<>();

    public void offer(int message) {
      messages.add(message);
    }

    public @Nullable Integer receive() {
      return messages.poll();
    }

    public void releaseRing() {}
  }

  /** What a mailbox may stand on here: Lincheck cannot see into Agrona's. */
  enum RingKind {
    TRANSPARENT {
      @Override
      MessageQueue create(int capacity) {
        return new TransparentQueue(capacity);
      }
    },
    GROWING {
      @Override
      MessageQueue create(int capacity) {
        return new SpareRings(capacity, 2 * capacity, 4);
      }
    };

    abstract MessageQueue create(int capacity);
  }

  /** Rings made in advance, for the reason that {@link SpareRings} gives. */
  private static final class Spares implements MessageQueue.Factory {
    private final MessageQueue[] queues;
    private final AtomicInteger used = new AtomicInteger();

    Spares(RingKind ring, int capacity) {
      queues = new MessageQueue[8];
      for (int i = 0; i < queues.length; i++) {
        queues[i] = ring.create(capacity);
      }
    }

    @Override
    public MessageQueue create(int capacity) {
      return queues[used.getAndIncrement()];
    }
  }

  // ---- the consumer of the order tests

  private static Mailbox withRing(RingKind ring, int capacity) {
    Mailbox mailbox = new Mailbox(new Spares(ring, capacity), capacity);
    mailbox.offer("one");
    mailbox.offer("two");
    while (mailbox.poll() != null) {}
    return mailbox;
  }

  private static final class Inbox {
    final Mailbox mailbox;
    final AtomicInteger polls = new AtomicInteger();
    private String numbers = "";

    Inbox(Mailbox mailbox) {
      this.mailbox = mailbox;
    }

    Thread sender(int... messages) {
      return Thread.ofPlatform()
          .start(
              () -> {
                for (int message : messages) {
                  mailbox.offer(message);
                }
              });
    }

    void poll(int times) {
      for (int i = 0; i < times; i++) {
        polls.incrementAndGet();
        if (mailbox.poll() instanceof Integer number) {
          numbers += number;
        }
      }
    }

    void finish(Thread... others) {
      try {
        for (Thread other : others) {
          other.join();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      while (!mailbox.isEmpty()) {
        poll(1);
      }
    }

    String received() {
      return numbers;
    }
  }
}
