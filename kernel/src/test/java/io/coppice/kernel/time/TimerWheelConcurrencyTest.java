package io.coppice.kernel.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that start and cancel while others advance. */
@Timeout(60)
class TimerWheelConcurrencyTest {
  private static final long TICK = 1L << TimerWheel.TICK_SHIFT;

  private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private static final class Counted extends TimerNode {
    private final AtomicInteger ends = new AtomicInteger();
    private int starts;

    @Override
    protected void onExpiry(long nowNanos) {
      ends.incrementAndGet();
    }
  }

  private TimerWheel wheel(long now) {
    return new TimerWheel(now, (node, thrown) -> error.compareAndSet(null, thrown));
  }

  @AfterEach
  void noErrors() throws InterruptedException {
    threads.shutdown();
    assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
    Throwable thrown = error.get();
    if (thrown != null) {
      throw new AssertionError("in an expiry: " + thrown.getMessage(), thrown);
    }
  }

  private static void join(List<Future<?>> futures) throws InterruptedException {
    for (Future<?> future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new AssertionError("in a thread: " + e.getMessage(), e);
      }
    }
  }

  @Test
  @DisplayName("Each start ends once, fired or cancelled, with nodes moving between two wheels")
  void eachStartEndsOnce() throws InterruptedException {
    ManualClock clock = new ManualClock(Long.MAX_VALUE - 100 * TICK);
    TimerWheel[] wheels = {wheel(clock.nanoTime()), wheel(clock.nanoTime())};
    AtomicBoolean stop = new AtomicBoolean();
    List<Future<?>> owners = new ArrayList<>();
    for (TimerWheel own : wheels) {
      owners.add(threads.submit(() -> advanceUntil(stop, clock, own, own)));
    }
    owners.add(threads.submit(() -> advanceUntil(stop, clock, wheels[0], wheels[1])));
    List<Future<?>> starters = new ArrayList<>();
    List<Counted> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<Counted> nodes = new ArrayList<>();
      for (int k = 0; k < 64; k++) {
        nodes.add(new Counted());
      }
      all.addAll(nodes);
      int seed = i;
      starters.add(threads.submit(() -> startAndCancel(new Random(seed), clock, wheels, nodes)));
    }
    join(starters);
    stop.set(true);
    join(owners);
    for (TimerWheel wheel : wheels) {
      wheel.checkInvariants();
      wheel.advance(clock.nanoTime() + TimeUnit.DAYS.toNanos(1));
      assertEquals(0, wheel.size());
      wheel.checkInvariants();
    }
    for (Counted node : all) {
      assertTrue(node.starts > 0);
      assertEquals(node.starts, node.ends.get());
    }
  }

  private static void advanceUntil(
      AtomicBoolean stop, ManualClock clock, TimerWheel one, TimerWheel other) {
    Random random = new Random(1);
    while (!stop.get()) {
      long now = clock.advanceBy(random.nextInt((int) TICK));
      (random.nextBoolean() ? one : other).advance(now);
    }
  }

  private static void startAndCancel(
      Random random, ManualClock clock, TimerWheel[] wheels, List<Counted> nodes) {
    for (int i = 0; i < 200_000; i++) {
      Counted node = nodes.get(random.nextInt(nodes.size()));
      if (!node.isArmed()) {
        node.starts++;
        long delay = random.nextLong() >>> (64 - 30 + random.nextInt(25));
        wheels[random.nextInt(2)].start(node, clock.nanoTime() + delay);
      } else if (random.nextInt(4) == 0 && node.cancel()) {
        node.ends.incrementAndGet();
      }
    }
  }

  @Test
  @DisplayName("T7 of several cancels and the expiry exactly one wins, for each of many timers")
  void oneWinner() throws InterruptedException {
    TimerWheel wheel = wheel(0);
    long now = 0;
    for (int round = 0; round < 200; round++) {
      List<Counted> nodes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        nodes.add(new Counted());
        wheel.start(nodes.get(i), now + i * 1000L);
      }
      long target = now + 300_000;
      CountDownLatch ready = new CountDownLatch(3);
      List<Future<?>> futures = new ArrayList<>();
      for (int c = 0; c < 2; c++) {
        int first = c * 150;
        futures.add(threads.submit(() -> cancelAll(nodes, first, ready)));
      }
      ready.countDown();
      ready.await();
      wheel.advance(target);
      join(futures);
      assertEquals(0, wheel.size());
      for (Counted node : nodes) {
        assertEquals(1, node.ends.get());
      }
      now = target;
    }
    wheel.checkInvariants();
  }

  private static @Nullable Void cancelAll(List<Counted> nodes, int first, CountDownLatch ready)
      throws InterruptedException {
    ready.countDown();
    ready.await();
    for (int i = 0; i < nodes.size(); i++) {
      Counted node = nodes.get((first + i) % nodes.size());
      if (node.cancel()) {
        node.ends.incrementAndGet();
      }
    }
    return null;
  }

  @Test
  @DisplayName("An owner who sleeps until the next deadline is woken for each earlier one")
  void sleepAndWake() throws InterruptedException {
    SystemClock clock = SystemClock.INSTANCE;
    TimerWheel wheel = wheel(clock.nanoTime());
    AtomicBoolean stop = new AtomicBoolean();
    AtomicBoolean asleep = new AtomicBoolean();
    wheel.start(new Counted(), clock.nanoTime() + TimeUnit.HOURS.toNanos(1));
    Thread owner =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    wheel.advance(clock.nanoTime());
                    asleep.set(true);
                    long left = wheel.nanosToNext(clock.nanoTime());
                    if (left > 0 && !stop.get()) {
                      LockSupport.parkNanos(left);
                    }
                    asleep.set(false);
                  }
                });
    Callable<@Nullable Void> starter =
        () -> {
          Random random = new Random(7);
          for (int i = 1; i <= 4000; i++) {
            Counted node = new Counted();
            long delay = random.nextInt(3) == 0 ? 0 : random.nextInt(60_000);
            if (wheel.start(node, clock.nanoTime() + delay) && asleep.get()) {
              LockSupport.unpark(owner);
            }
            long limit = clock.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            for (int spins = 0; node.ends.get() == 0; spins++) {
              assertTrue(clock.nanoTime() - limit < 0, "the owner sleeps on");
              if (spins < 1_000) {
                Thread.onSpinWait();
              } else {
                Thread.yield(); // the owner may need this very processor
              }
            }
          }
          return null;
        };
    try {
      join(List.of(threads.submit(starter)));
    } finally {
      stop.set(true);
      LockSupport.unpark(owner);
      owner.join();
    }
    assertEquals(1, wheel.size());
  }
}
