package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.cell.Occupancy.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random operations on an occupancy, compared with a number and a list; and many threads on one.
 */
class OccupancyModelTest {
  private static final int SEEDS = 500;
  private static final int STEPS = 400;

  /** Notes its crossings. */
  private static final class Noted extends Occupancy {
    final List<Boolean> crossings = new ArrayList<>();

    Noted(long limit, long high, long low) {
      super(limit, high, low);
    }

    @Override
    void crossed(boolean above, long count) {
      crossings.add(above);
    }
  }

  private static final class Waiting extends Occupancy.Waiter {
    private int woken;

    @Override
    void wake() {
      woken++;
    }
  }

  /** The obvious implementation. */
  private static final class Model {
    final Deque<Waiting> waiting = new ArrayDeque<>();
    final List<Boolean> crossings = new ArrayList<>();
    final long limit;
    final long high;
    final long low;
    long count;
    boolean above;

    Model(long limit, long high, long low) {
      this.limit = limit;
      this.high = high;
      this.low = low;
    }

    void move(long by) {
      count += by;
      if (above ? count <= low : count >= high) {
        above = !above;
        crossings.add(above);
      }
    }
  }

  @DisplayName("count, waiters and crossings are those of a number and a list")
  @Test
  void behavesLikeANumberAndAList() {
    for (long seed = 0; seed < SEEDS; seed++) {
      run(seed);
    }
  }

  private static void run(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    long limit = random.nextLong(1, 6);
    long low = random.nextLong(4);
    long high = random.nextLong(low + 1, low + 4);
    Noted real = new Noted(limit, high, low);
    Model model = new Model(limit, high, low);
    for (int step = 0; step < STEPS; step++) {
      String where = "seed " + seed + ", step " + step;
      switch (random.nextInt(6)) {
        case 0, 1 -> enter(real, model, where);
        case 2 -> {
          boolean room = model.waiting.isEmpty() && model.count < limit;
          assertEquals(room, real.tryAdmit(), where);
          if (room) {
            model.move(1);
          }
        }
        case 3 -> {
          if (random.nextInt(4) == 0) { // own timers come seldom
            assertEquals(model.count + 1, real.admitAlways(), where);
            model.move(1);
          }
        }
        case 4 -> leave(real, model, where);
        default -> {
          if (!model.waiting.isEmpty()) {
            Waiting one = new ArrayList<>(model.waiting).get(random.nextInt(model.waiting.size()));
            model.waiting.remove(one);
            assertTrue(real.cancel(one), where);
          }
        }
      }
      assertEquals(model.count, real.count(), where);
      assertEquals(model.count > limit, real.isOverLimit(), where);
      assertEquals(List.copyOf(model.waiting), real.waiters(), where);
      assertEquals(!model.waiting.isEmpty(), real.hasWaiters(), where);
      assertEquals(model.crossings, real.crossings, where);
    }
    real.close();
    for (Waiting left : model.waiting) {
      assertTrue(left.isSettled() && !left.isAdmitted() && left.woken == 1);
    }
    assertEquals(Entry.CLOSED, real.enqueue(new Waiting()));
    assertTrue(real.tryAdmit(), "it is let in, to find out that the receiver has ended");
  }

  private static void enter(Noted real, Model model, String where) {
    Waiting waiter = new Waiting();
    boolean room = model.waiting.isEmpty() && model.count < model.limit;
    assertEquals(room ? Entry.ADMITTED : Entry.QUEUED, real.enqueue(waiter), where);
    if (room) {
      model.move(1);
    } else {
      model.waiting.add(waiter);
    }
  }

  private static void leave(Noted real, Model model, String where) {
    if (model.count == 0) {
      return;
    }
    real.release();
    if (model.count > model.limit || model.waiting.isEmpty()) {
      model.move(-1);
    } else {
      Waiting next = model.waiting.remove();
      assertTrue(next.isAdmitted() && next.woken == 1, where);
    }
  }

  /** A thread that waits for room, and gives up now and then. */
  private static final class Parked extends Occupancy.Waiter {
    private final Thread thread = Thread.currentThread();

    @Override
    void wake() {
      LockSupport.unpark(thread);
    }
  }

  @DisplayName("with many threads no place is lost or given twice, and nobody waits in vain")
  @Test
  void manyThreads() throws Exception {
    int limit = 3;
    int senders = 6;
    int each = 20_000;
    Noted real = new Noted(limit, Long.MAX_VALUE, Long.MIN_VALUE);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicLong entered = new AtomicLong();
    CountDownLatch done = new CountDownLatch(senders);
    for (int i = 0; i < senders; i++) {
      boolean impatient = i % 2 == 0;
      Thread.ofPlatform()
          .start(
              () -> {
                for (int n = 0; n < each; n++) {
                  if (entered(real, impatient && n % 3 == 0)) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    entered.incrementAndGet();
                    inside.decrementAndGet();
                    real.release();
                  }
                }
                done.countDown();
              });
    }
    assertTrue(done.await(60, java.util.concurrent.TimeUnit.SECONDS), "a sender waits in vain");
    assertEquals(0, real.count());
    assertEquals(List.of(), real.waiters());
    assertTrue(most.get() <= limit, most + " were inside, allowed are " + limit);
    assertTrue(entered.get() > 0);
  }

  @DisplayName("crossings are told in the order in which they happened, whoever crosses")
  @Test
  void crossingsInOrder() throws Exception {
    int rounds = 50;
    int threads = 4;
    int each = Crossings.HELD_BACK / threads / 2;
    for (int round = 0; round < rounds; round++) {
      Noted real = new Noted(Long.MAX_VALUE, 1, 0);
      CountDownLatch done = new CountDownLatch(threads);
      for (int i = 0; i < threads; i++) {
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int n = 0; n < each; n++) {
                    long _ = real.admitAlways();
                    real.release();
                  }
                  done.countDown();
                });
      }
      assertTrue(done.await(60, java.util.concurrent.TimeUnit.SECONDS));
      for (int i = 0; i < real.crossings.size(); i++) {
        assertEquals(i % 2 == 0, real.crossings.get(i), "crossing " + i);
      }
      assertTrue(!real.crossings.isEmpty() && real.crossings.size() % 2 == 0);
    }
  }

  @DisplayName(
      "a crossing that is not told keeps back a number of others, not more; numbers go round")
  @Test
  void lostCrossing() {
    Noted noted = new Noted(1, Long.MAX_VALUE, 0);
    Crossings order = new Crossings(noted);
    long round = 1L << Occupancy.CROSSING_BITS;
    for (long i = 1; i <= 2 * round; i++) {
      order.add(i % round, true, 1);
    }
    assertEquals(2 * round, noted.crossings.size());
    noted.crossings.clear();
    order.add(3, true, 1);
    order.add(2, false, 1);
    assertEquals(List.of(), noted.crossings);
    order.add(1, true, 1);
    assertEquals(List.of(true, false, true), noted.crossings);
    noted.crossings.clear();
    for (int i = 0; i < Crossings.HELD_BACK; i++) {
      order.add(5 + i, i % 2 == 1, 1);
    }
    assertEquals(List.of(), noted.crossings, "the fourth has not come");
    order.add(5 + Crossings.HELD_BACK, true, 1);
    assertEquals(Crossings.HELD_BACK + 1, noted.crossings.size());
    order.add(4, true, 1);
    assertEquals(Crossings.HELD_BACK + 2, noted.crossings.size());
  }

  private static boolean entered(Noted real, boolean impatient) {
    Parked waiter = new Parked();
    if (real.enqueue(waiter) == Entry.ADMITTED) {
      return true;
    }
    if (impatient && real.cancel(waiter)) {
      return false;
    }
    while (!waiter.isSettled()) {
      LockSupport.park(waiter);
    }
    return true;
  }
}
