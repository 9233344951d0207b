package io.coppice.kernel.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunQueueTest {

  private static final int SEEDS = 200;
  private static final int STEPS = 500;
  private static final int PUSHERS = 3;
  private static final int TAKERS = 3;
  private static final int ITEMS = 20_000; // of each pusher

  @DisplayName("Items come out in the order they went in; a full queue refuses")
  @Test
  void fifo() {
    RunQueue queue = new RunQueue(2);
    assertNull(queue.poll());
    assertTrue(queue.offer("a"));
    assertTrue(queue.offer("b"));
    assertFalse(queue.offer("c"), "full");
    assertEquals(2, queue.size());
    assertEquals("a", queue.poll());
    assertTrue(queue.offer("c"));
    assertEquals("b", queue.poll());
    assertEquals("c", queue.poll());
    assertNull(queue.poll());
    assertEquals(0, queue.size());
  }

  @DisplayName("A capacity that is no power of two from 2 on is refused")
  @ParameterizedTest
  @ValueSource(ints = {-4, 0, 1, 3, 6, 100})
  void capacity(int capacity) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new RunQueue(capacity));
    assertTrue(String.valueOf(refused.getMessage()).contains(" " + capacity + ","));
  }

  @DisplayName("One thread sees a bounded FIFO queue, whatever it does")
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 256})
  void model(int capacity) {
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      RunQueue queue = new RunQueue(capacity);
      Queue<Integer> model = new ArrayDeque<>();
      int pushShare = 50;
      for (int step = 0; step < STEPS; step++) {
        String where = "seed " + seed + ", step " + step;
        if (random.nextInt(60) == 0) {
          pushShare = 20 + random.nextInt(61);
        }
        if (random.nextInt(100) < pushShare) {
          boolean room = model.size() < capacity;
          assertEquals(room, queue.offer(step), where);
          if (room) {
            model.add(step);
          }
        } else {
          assertEquals(model.poll(), queue.poll(), where);
        }
        assertEquals(model.size(), queue.size(), where);
      }
    }
  }

  @DisplayName(
      "Of many pushers and takers each item is taken once, and each pusher keeps its order")
  @ParameterizedTest
  @ValueSource(ints = {2, 64})
  void manyThreads(int capacity) throws InterruptedException {
    RunQueue queue = new RunQueue(capacity);
    AtomicInteger left = new AtomicInteger(PUSHERS * ITEMS);
    CountDownLatch done = new CountDownLatch(PUSHERS + TAKERS);
    BitSet[] taken = new BitSet[TAKERS];
    AtomicInteger overtaken = new AtomicInteger();
    for (int i = 0; i < PUSHERS; i++) {
      int first = i * ITEMS;
      Thread.ofPlatform()
          .start(
              () -> {
                for (int item = first; item < first + ITEMS; item++) {
                  while (!queue.offer(item)) {
                    Thread.yield();
                  }
                }
                done.countDown();
              });
    }
    for (int i = 0; i < TAKERS; i++) {
      BitSet own = new BitSet();
      taken[i] = own;
      Thread.ofPlatform()
          .start(
              () -> {
                overtaken.addAndGet(takeAll(queue, left, own));
                done.countDown();
              });
    }
    assertTrue(done.await(60, TimeUnit.SECONDS), () -> left + " items were not taken");
    BitSet all = new BitSet();
    for (BitSet own : taken) {
      assertFalse(all.intersects(own), "an item was taken twice");
      all.or(own);
    }
    assertEquals(PUSHERS * ITEMS, all.cardinality());
    assertEquals(0, overtaken.get());
  }

  /** Takes until nothing is left; how many items came after a later one of the same pusher. */
  private static int takeAll(RunQueue queue, AtomicInteger left, BitSet own) {
    int[] last = new int[PUSHERS];
    int overtaken = 0;
    while (left.get() > 0) {
      if (queue.poll() instanceof Integer item) {
        left.getAndDecrement();
        own.set(item);
        int pusher = item / ITEMS;
        if (item < last[pusher]) {
          overtaken++;
        }
        last[pusher] = item;
      } else {
        Thread.yield();
      }
    }
    return overtaken;
  }
}
