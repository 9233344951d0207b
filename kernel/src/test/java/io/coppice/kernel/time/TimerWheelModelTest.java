package io.coppice.kernel.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random operations, also from within expiries, against a list that is searched each time. */
class TimerWheelModelTest {
  private static final int SEEDS = 1500;
  private static final int STEPS = 120;
  private static final int NODES = 24;
  private static final long[] STARTS = {
    0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 70_000, -70_000, 5_000_000_000L
  };

  /** Delays and steps are drawn up to one of these, so that every level is in use. */
  private static final int[] BITS = {1, 8, 16, 17, 22, 23, 28, 34, 40, 46, 52, 58};

  @Test
  @DisplayName("The wheel does what a sorted list would do, and is whole after every step")
  void model() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = new Run(seed);
      try {
        run.play();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", step " + run.step + ": " + e.getMessage(), e);
      }
    }
  }

  private static final long ELAPSED_MAX = 1L << 60;

  /** Of a timer that waits for a reading of the clock. */
  private static final long UNDATED = Long.MAX_VALUE;

  private static final class Run {
    private final Random random;
    private final long origin;
    private final TimerWheel wheel;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> armed = new ArrayList<>();
    private long elapsed;
    private long starts;
    private long startsBeforeAdvance = -1;
    private int firedInAdvance;
    private boolean older;
    private int step;

    Run(int seed) {
      random = new Random(seed);
      origin = STARTS[seed % STARTS.length];
      wheel =
          new TimerWheel(
              origin,
              (node, thrown) -> {
                if (!(thrown instanceof OnPurpose)) {
                  throw new AssertionError(thrown.getMessage(), thrown);
                }
              });
      for (int i = 0; i < NODES; i++) {
        nodes.add(new Node());
      }
    }

    void play() {
      for (step = 0; step < STEPS; step++) {
        switch (random.nextInt(9)) {
          case 0, 1, 2, 3 -> startOne();
          case 4 -> cancelOne();
          case 5 -> setDeadlines();
          default -> advance();
        }
        wheel.checkInvariants();
        assertEquals(armed.size(), wheel.size());
        checkNext();
      }
    }

    private void checkNext() {
      Node first = firstUpTo(UNDATED - 1, Long.MAX_VALUE);
      long left = wheel.nanosToNext(origin + elapsed);
      if (first == null) {
        assertEquals(Long.MAX_VALUE, wheel.exactNextDeadlineNanos());
      } else {
        assertTrue(left <= Math.max(0, first.when - elapsed), "the bound is too late");
        if (random.nextInt(4) == 0) {
          wheel.exactNextDeadlineNanos();
          assertEquals(
              Math.max(0, first.when - elapsed), wheel.nanosToNext(origin + elapsed), "exact");
        }
      }
    }

    private long amount() {
      return random.nextLong() >>> (64 - BITS[random.nextInt(BITS.length)]);
    }

    void startOne() {
      Node node = nodes.get(random.nextInt(NODES));
      if (node.isArmed()) {
        return;
      }
      long delay = random.nextInt(8) == 0 ? -amount() : amount();
      if (random.nextInt(3) == 0) {
        delay = delay >> 16 << 16;
      }
      if (random.nextInt(50) == 0) {
        delay = Long.MAX_VALUE;
      }
      node.start = starts++;
      armed.add(node);
      if (delay >= 0 && random.nextInt(3) == 0) {
        node.delay = delay;
        node.when = UNDATED;
        wheel.startUndated(node, delay);
        assertTrue(node.isArmed());
        return;
      }
      node.when = after(delay);
      long boundBefore = wheel.nanosToNext(origin + elapsed);
      boolean earlier = wheel.start(node, origin + elapsed + delay);
      assertTrue(!earlier || wheel.nanosToNext(origin + elapsed) <= boundBefore);
      assertTrue(node.isArmed());
    }

    private long after(long delay) {
      long sum = elapsed + delay;
      return delay > 0 && sum < 0 ? Long.MAX_VALUE - 1 : Math.min(sum, Long.MAX_VALUE - 1);
    }

    private void setDeadlines() {
      wheel.setDeadlines(() -> origin + elapsed);
      for (Node node : armed) {
        if (node.when == UNDATED) {
          node.when = after(node.delay);
        }
      }
    }

    void cancelOne() {
      Node node = nodes.get(random.nextInt(NODES));
      assertEquals(armed.remove(node), node.cancel());
    }

    private void advance() {
      older = random.nextInt(10) == 0;
      if (!older) {
        moveClock();
      }
      startsBeforeAdvance = starts;
      firedInAdvance = 0;
      int fired = wheel.advance(origin + elapsed - (older ? amount() : 0));
      assertEquals(firedInAdvance, fired);
      if (!older) {
        assertNull(firstUpTo(elapsed, startsBeforeAdvance), "not fired though due");
      }
      startsBeforeAdvance = -1;
    }

    private void moveClock() {
      Node first = firstUpTo(UNDATED - 1, Long.MAX_VALUE);
      if (first != null && first.when > elapsed && random.nextBoolean()) {
        elapsed = Math.min(first.when - random.nextInt(2), ELAPSED_MAX);
      } else {
        elapsed = Math.min(elapsed + amount(), ELAPSED_MAX);
      }
    }

    private @Nullable Node firstUpTo(long when, long startedBefore) {
      return armed.stream()
          .filter(node -> node.when <= when && node.start < startedBefore)
          .min(Comparator.comparingLong((Node n) -> n.when).thenComparingLong(n -> n.start))
          .orElse(null);
    }

    private final class Node extends TimerNode {
      private long when;
      private long start;
      private long delay;

      @Override
      protected void onExpiry(long nowNanos) {
        assertTrue(older || nowNanos == origin + elapsed, "wrong time");
        assertTrue(nowNanos - origin >= when, "early");
        assertSame(firstUpTo(elapsed, startsBeforeAdvance), this, "out of order");
        armed.remove(this);
        firedInAdvance++;
        wheel.checkInvariants();
        for (int i = random.nextInt(3); i > 0; i--) {
          startOne();
        }
        if (random.nextInt(2) == 0) {
          cancelOne();
        }
        if (random.nextInt(8) == 0) {
          throw new OnPurpose();
        }
      }
    }
  }

  @SuppressWarnings("serial") // never written
  private static final class OnPurpose extends RuntimeException {
    OnPurpose() {
      super("on purpose", null, false, false);
    }
  }
}
