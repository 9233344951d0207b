package io.coppice.kernel.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
 * Lincheck walks through interleavings of the run queue.
 *
 * <p>What null and false mean: {@code poll} returns null if the queue is empty, or if the push that
 * is the oldest has not filled its slot; {@code offer} returns false if the queue is full, or if
 * the take before it has not freed its slot. So neither is linearizable by itself. The operations
 * here tell the two apart by the size; with one taker a size of zero is exact (its head stands
 * still), and a size of the capacity always is.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs it.
 */
class RunQueueLincheckTest {

  private static final int INTERLEAVINGS = 2_000;

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(15)
        .invocationsPerIteration(400)
        .threads(3)
        .actorsPerThread(2)
        .minimizeFailedScenario(false);
  }

  private static boolean push(RunQueue queue, int capacity, int item) {
    while (!queue.offer(item)) {
      if (queue.size() == capacity) {
        return false;
      }
    }
    return true;
  }

  /** Any number of pushers, one taker. */
  public static class OneTaker {
    private final int capacity;
    private final RunQueue queue;

    OneTaker(int capacity) {
      this.capacity = capacity;
      queue = new RunQueue(capacity);
    }

    @Operation
    public boolean offer(int item) {
      return push(queue, capacity, item);
    }

    @Operation(nonParallelGroup = "taker")
    public @Nullable Integer poll() {
      while (true) {
        Object item = queue.poll();
        if (item != null || queue.size() == 0) {
          return (Integer) item;
        }
      }
    }
  }

  public static class OneTakerOfTwo extends OneTaker {
    public OneTakerOfTwo() {
      super(2);
    }
  }

  public static class OneTakerOfFour extends OneTaker {
    public OneTakerOfFour() {
      super(4);
    }
  }

  /** Any number of takers; the queue has gone round and holds more than they take. */
  public static class ManyTakers {
    private final RunQueue queue = new RunQueue(8);

    public ManyTakers() {
      for (int i = 0; i < 5; i++) {
        queue.offer(i);
        queue.poll();
      }
      for (int i = 0; i < 6; i++) {
        queue.offer(-i);
      }
    }

    @Operation
    public boolean offer(int item) {
      return push(queue, 8, item);
    }

    @Operation
    public @Nullable Integer poll() {
      return (Integer) queue.poll();
    }
  }

  /** What they are compared with. */
  public static class Fifo {
    private final Queue<Integer> items = new ArrayDeque<>();
    private final int capacity;

    Fifo(int capacity) {
      this.capacity = capacity;
    }

    public boolean offer(int item) {
      return items.size() < capacity && items.add(item);
    }

    public @Nullable Integer poll() {
      return items.poll();
    }
  }

  public static final class FifoOfTwo extends Fifo {
    public FifoOfTwo() {
      super(2);
    }
  }

  public static final class FifoOfFour extends Fifo {
    public FifoOfFour() {
      super(4);
    }
  }

  public static final class FilledFifo extends Fifo {
    public FilledFifo() {
      super(8);
      for (int i = 0; i < 6; i++) {
        offer(-i);
      }
    }
  }

  @DisplayName("With one taker a queue of two is linearizable as a bounded FIFO queue")
  @Test
  void oneTakerOfTwo() {
    options().sequentialSpecification(FifoOfTwo.class).check(OneTakerOfTwo.class);
  }

  @DisplayName("With one taker a queue of four is linearizable as a bounded FIFO queue")
  @Test
  void oneTakerOfFour() {
    options().sequentialSpecification(FifoOfFour.class).check(OneTakerOfFour.class);
  }

  @DisplayName("With many takers a queue that does not run empty is linearizable")
  @Test
  void manyTakers() {
    options()
        .actorsBefore(0)
        .actorsAfter(0)
        .sequentialSpecification(FilledFifo.class)
        .check(ManyTakers.class);
  }

  @DisplayName("Two pushers and two takers in two slots: nothing is lost, doubled or overtaken")
  @Test
  void takersWait() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          RunQueue queue = new RunQueue(2);
          int[] mine = new int[2];
          int[] others = new int[2];
          Thread pusher = Thread.ofPlatform().start(() -> pushBoth(queue, 1, 2));
          Thread other = Thread.ofPlatform().start(() -> pushBoth(queue, 10, 20));
          Thread taker = Thread.ofPlatform().start(() -> takeTwo(queue, others));
          takeTwo(queue, mine);
          join(pusher, other, taker);
          assertEquals(33, mine[0] + mine[1] + others[0] + others[1], "lost or doubled");
          assertFalse(overtaken(mine) || overtaken(others), "overtaken");
        });
  }

  @DisplayName("Null means empty, or that a push was under way")
  @Test
  void nullMeans() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          RunQueue queue = new RunQueue(2);
          AtomicInteger begun = new AtomicInteger();
          AtomicInteger finished = new AtomicInteger();
          Runnable push =
              () -> {
                begun.incrementAndGet();
                assertTrue(queue.offer(1));
                finished.incrementAndGet();
              };
          Thread one = Thread.ofPlatform().start(push);
          Thread two = Thread.ofPlatform().start(push);
          int taken = 0;
          for (int i = 0; i < 2; i++) {
            int before = finished.get();
            if (queue.poll() != null) {
              taken++;
            } else {
              assertFalse(begun.get() == before && before > taken, "an item was overlooked");
            }
          }
          join(one, two);
          assertEquals(2 - taken, queue.size());
        });
  }

  private static void pushBoth(RunQueue queue, int first, int second) {
    while (!queue.offer(first)) {
      Thread.onSpinWait();
    }
    while (!queue.offer(second)) {
      Thread.onSpinWait();
    }
  }

  private static void takeTwo(RunQueue queue, int[] into) {
    for (int i = 0; i < 2; i++) {
      Object item = queue.poll();
      while (item == null) {
        Thread.onSpinWait();
        item = queue.poll();
      }
      into[i] = (Integer) item;
    }
  }

  /** Whether somebody's second item came before his first. */
  private static boolean overtaken(int[] taken) {
    return taken[1] * 2 == taken[0];
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
