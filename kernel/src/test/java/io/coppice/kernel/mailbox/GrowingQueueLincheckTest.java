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
import org.junit.jupiter.api.Test;

/**
 * Lincheck walks through interleavings of the growing queue.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs it.
 */
public class GrowingQueueLincheckTest {

  private static final int INTERLEAVINGS = 2_000;

  // ---- linearizability

  private final GrowingQueue queue = new SpareRings(1, 8, 4);
  private boolean closed; // the consumer's

  @Operation
  public boolean offer(int message) {
    return queue.offer(message);
  }

  @Operation
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  @Operation(nonParallelGroup = "consumer")
  public @Nullable Integer receive() {
    while (true) {
      Object message = queue.poll();
      if (message != null || queue.isEmpty()) {
        return (Integer) message;
      }
    }
  }

  @Operation(nonParallelGroup = "consumer")
  public boolean closeIfEmpty() {
    closed = closed || queue.closeIfEmpty();
    return closed;
  }

  @DisplayName("It is linearizable as an unbounded FIFO queue that can be closed")
  @Test
  void linearizable() {
    new ModelCheckingOptions()
        .iterations(40)
        .invocationsPerIteration(500)
        .threads(3)
        .actorsBefore(2)
        .actorsPerThread(2)
        .actorsAfter(2)
        .sequentialSpecification(Fifo.class)
        .check(GrowingQueueLincheckTest.class);
  }

  /** What it is compared with. */
  public static final class Fifo {
    private final Queue<Integer> messages = new ArrayDeque<>();
    private boolean closed;

    public boolean offer(int message) {
      return !closed && messages.add(message);
    }

    public boolean isEmpty() {
      return messages.isEmpty();
    }

    public @Nullable Integer receive() {
      return messages.poll();
    }

    public boolean closeIfEmpty() {
      closed = closed || messages.isEmpty();
      return closed;
    }
  }

  // ---- the races that the essay argues about

  /** The consumer, and what it got of the producer whose order matters. */
  private static final class Inbox {
    final GrowingQueue queue;
    private String numbers = "";

    Inbox(GrowingQueue queue) {
      this.queue = queue;
    }

    void poll(int times) {
      for (int i = 0; i < times; i++) {
        if (queue.poll() instanceof Integer number) {
          numbers += number;
        }
      }
    }

    String all(Thread... producers) {
      join(producers);
      while (!queue.isEmpty()) {
        poll(1);
      }
      return numbers;
    }
  }

  @DisplayName("A producer keeps its order while it and another one grow the queue")
  @Test
  void order() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(new SpareRings(1, 8, 3));
          Thread other = start(() -> inbox.queue.offer("in the way"));
          Thread producer = start(() -> offer(inbox.queue, 1, 2, 3));
          inbox.poll(3);
          assertEquals("123", inbox.all(other, producer));
        });
  }

  @DisplayName("The consumer leaves no slot behind that is filled after its ring was sealed")
  @Test
  void inFlight() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(new SpareRings(2, 4, 2));
          Thread slow = start(() -> offer(inbox.queue, 7));
          inbox.queue.offer("in the way");
          inbox.queue.offer("behind");
          inbox.queue.offer("in the next ring");
          inbox.poll(4);
          assertEquals("7", inbox.all(slow));
        });
  }

  @DisplayName("A message is refused or polled, also if the queue is closed while it grows")
  @Test
  void closedWhileGrowing() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(new SpareRings(1, 4, 3));
          AtomicInteger accepted = new AtomicInteger();
          inbox.queue.offer("in the way");
          Runnable one =
              () -> {
                if (inbox.queue.offer(1)) {
                  accepted.incrementAndGet();
                }
              };
          Thread first = start(one);
          Thread second = start(one);
          inbox.poll(1);
          boolean closed = inbox.queue.closeIfEmpty();
          inbox.poll(1);
          closed = closed || inbox.queue.closeIfEmpty();
          join(first, second);
          int before = accepted.get();
          assertEquals(!closed, inbox.queue.offer(1));
          assertEquals("1".repeat(closed ? before : before + 1), inbox.all());
        });
  }

  @DisplayName("Nobody is told 'empty' before its messages were asked for")
  @Test
  void emptinessForOthers() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Inbox inbox = new Inbox(new SpareRings(1, 4, 2));
          AtomicInteger polls = new AtomicInteger();
          Thread consumer =
              start(
                  () -> {
                    for (int i = 0; i < 3; i++) {
                      polls.incrementAndGet();
                      inbox.poll(1);
                    }
                  });
          offer(inbox.queue, 1, 2, 3);
          boolean empty = inbox.queue.isEmpty();
          assertTrue(!empty || polls.get() == 3, "three were offered");
          assertEquals("123", inbox.all(consumer));
        });
  }

  private static void offer(GrowingQueue queue, int... messages) {
    for (int message : messages) {
      assertTrue(queue.offer(message));
    }
  }

  private static Thread start(Runnable code) {
    return Thread.ofPlatform().start(code);
  }

  private static void join(Thread... threads) {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
