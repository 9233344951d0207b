package io.coppice.kernel.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random operations by one thread, some of them left half done as by producers that were stopped,
 * compared with a plain queue after every step.
 */
class GrowingQueueModelTest {

  private static final int SEEDS = 300;
  private static final int STEPS = 500;

  /** A message, or a place for one that has not arrived. */
  private static final class Entry {
    @Nullable Object message;
  }

  /** A producer between its claim and the slot. */
  private record Stopped(Ring ring, long position, Entry entry) {}

  /** Has no memory from time to time. */
  private static final class Poor extends GrowingQueue {
    private boolean poor;

    Poor(int capacity, int mostSlots) {
      super(capacity, mostSlots);
    }

    @Override
    Ring createRing(int slots) {
      if (poor) {
        throw new OutOfMemoryError("on purpose");
      }
      return super.createRing(slots);
    }
  }

  @DisplayName("By one thread it is used like a FIFO queue in which some messages arrive late")
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "1, 16", "2, 8", "4, 64", "16, 256"})
  void behavesLikeAQueue(int capacity, int bound) {
    for (long seed = 0; seed < SEEDS; seed++) {
      new Run(capacity, bound, seed).all();
    }
  }

  private static final class Run {
    private final int capacity;
    private final int bound;
    private final RandomGenerator random;
    private final Poor queue;
    private final Queue<Entry> model = new ArrayDeque<>();
    private final List<Stopped> stopped = new ArrayList<>();
    private final long seed;
    private int sent;
    private boolean closed;
    private String where = "";

    Run(int capacity, int bound, long seed) {
      this.capacity = capacity;
      this.bound = bound;
      this.seed = seed;
      this.queue = new Poor(capacity, bound);
      this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    void all() {
      int offerShare = 50;
      for (int step = 0; step < STEPS; step++) {
        where = "capacity " + capacity + ", bound " + bound + ", seed " + seed + ", step " + step;
        if (random.nextInt(50) == 0) {
          offerShare = 10 + random.nextInt(71); // phases that fill, phases that drain
        }
        int dice = random.nextInt(100);
        if (dice < offerShare) {
          offer();
        } else if (dice < 85) {
          poll();
        } else if (dice < 90) {
          claim();
        } else if (dice < 98) {
          fill();
        } else if (step > STEPS / 2) {
          close();
        }
        assertEquals(model.size(), queue.size(), where);
        assertEquals(model.isEmpty(), queue.isEmpty(), where);
      }
    }

    private void offer() {
      queue.poor = random.nextInt(20) == 0;
      Entry entry = new Entry();
      entry.message = sent++;
      if (queue.offer(entry.message)) {
        assertFalse(closed, where);
        model.add(entry);
      } else {
        int full = queue.poor ? capacity : bound;
        assertTrue(closed || model.size() >= full, () -> where + ": refused, with room");
      }
    }

    private void claim() {
      Ring ring = queue.newestAcquire();
      long tail = ring.tailAcquire();
      boolean open = tail >= 0 && tail < Integer.MAX_VALUE; // marks are high bits
      if (open && !ring.isFull(tail) && ring.casTail(tail, tail + 1)) {
        Entry entry = new Entry();
        model.add(entry);
        stopped.add(new Stopped(ring, tail, entry));
      }
    }

    private void fill() {
      if (!stopped.isEmpty()) {
        Stopped producer = stopped.remove(random.nextInt(stopped.size()));
        producer.entry.message = sent++;
        producer.ring.setSlotRelease(producer.position, producer.entry.message);
      }
    }

    private void poll() {
      Entry oldest = model.peek();
      if (oldest == null || oldest.message == null) {
        assertNull(queue.poll(), where);
      } else {
        assertEquals(oldest.message, queue.poll(), where);
        model.remove();
      }
    }

    private void close() {
      if (!closed) {
        closed = queue.closeIfEmpty();
        assertEquals(model.isEmpty(), closed, where);
      }
    }
  }
}
