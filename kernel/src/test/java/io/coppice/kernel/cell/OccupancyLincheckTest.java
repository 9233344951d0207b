package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.cell.Occupancy.Entry;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Lincheck walks through interleavings of those who enter, leave, give up and close.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs it.
 */
class OccupancyLincheckTest {
  private static final int INTERLEAVINGS = 2_000;

  private static final class Plain extends Occupancy {
    int above; // by one thread at a time: the tests read it after the threads have ended
    int below;

    Plain(long limit, long high, long low) {
      super(limit, high, low);
    }

    @Override
    synchronized void crossed(boolean isAbove, long count) {
      if (isAbove) {
        above++;
      } else {
        below++;
      }
    }
  }

  private static final class Waiting extends Occupancy.Waiter {
    volatile boolean woken;

    @Override
    void wake() {
      woken = true;
    }
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

  @DisplayName("Who waits while a place becomes free gets it, and is woken")
  @Test
  void noLostWakeUp() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Plain full = new Plain(1, Long.MAX_VALUE, Long.MIN_VALUE);
          assertTrue(full.tryAdmit());
          Waiting waiter = new Waiting();
          Thread receiver = Thread.ofPlatform().start(full::release);
          Entry entry = full.enqueue(waiter);
          join(receiver);
          assertTrue(entry == Entry.ADMITTED || (waiter.isAdmitted() && waiter.woken));
          assertEquals(1, full.count());
        });
  }

  @DisplayName("A place that becomes free while a waiter gives up is used once, or free")
  @Test
  void noLostPlace() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Plain full = new Plain(1, Long.MAX_VALUE, Long.MIN_VALUE);
          assertTrue(full.tryAdmit());
          Waiting one = new Waiting();
          Waiting two = new Waiting();
          assertEquals(Entry.QUEUED, full.enqueue(one));
          assertEquals(Entry.QUEUED, full.enqueue(two));
          Thread receiver = Thread.ofPlatform().start(full::release);
          boolean gaveUp = full.cancel(one);
          join(receiver);
          assertEquals(!gaveUp, one.isAdmitted());
          assertEquals(gaveUp, two.isAdmitted());
          assertEquals(1, full.count());
          assertEquals(!gaveUp, full.hasWaiters());
        });
  }

  @DisplayName("Who begins to wait while the receiver ends is told")
  @Test
  void endIsTold() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Plain full = new Plain(1, Long.MAX_VALUE, Long.MIN_VALUE);
          assertTrue(full.tryAdmit());
          Waiting waiter = new Waiting();
          Thread receiver = Thread.ofPlatform().start(full::close);
          Entry entry = full.enqueue(waiter);
          join(receiver);
          assertTrue(entry == Entry.CLOSED || (waiter.isSettled() && waiter.woken));
          assertEquals(0, full.waiters().size());
        });
  }

  @DisplayName("P85 each mark is told once each time it is crossed, whoever crosses it")
  @Test
  void crossings() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Plain watched = new Plain(10, 2, 1);
          assertTrue(watched.tryAdmit());
          Thread sender = Thread.ofPlatform().start(watched::tryAdmit);
          Thread other = Thread.ofPlatform().start(watched::tryAdmit);
          watched.release();
          join(sender, other);
          assertEquals(2, watched.count());
          assertEquals(1, watched.above - watched.below);
          watched.release();
          assertEquals(watched.above, watched.below);
        });
  }
}
