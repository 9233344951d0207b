package io.coppice.kernel.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Lincheck walks through interleavings of those who start and cancel the timers of a group.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs it.
 */
class TimerGroupLincheckTest {
  private static final int INTERLEAVINGS = 2_000;
  private static final long LATER = 1L << 40;

  /** Made in advance: Lincheck takes the loop that makes its slots for a livelock. */
  private static final TimerWheel WHEEL = wheel();

  private static final TimerWheel OTHER = wheel();

  private static TimerWheel wheel() {
    return new TimerWheel(
        0,
        (node, thrown) -> {
          throw new AssertionError(thrown);
        });
  }

  private static final class Timer extends GroupedTimer {
    Timer(TimerGroup group) {
      super(group);
    }

    @Override
    protected void onExpiry(long nowNanos) {}
  }

  private static Timer started(TimerGroup group, TimerWheel wheel) {
    Timer timer = new Timer(group);
    wheel.start(timer, LATER);
    return timer;
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

  @DisplayName("T6 no timer of a closed group is armed, in whatever wheel it was started meanwhile")
  @Test
  void closed() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          TimerGroup group = new TimerGroup();
          Timer before = started(group, WHEEL);
          Timer[] meanwhile = new Timer[2];
          Thread one = Thread.ofPlatform().start(() -> meanwhile[0] = started(group, WHEEL));
          Thread two = Thread.ofPlatform().start(() -> meanwhile[1] = started(group, OTHER));
          group.close();
          join(one, two);
          assertFalse(before.isArmed(), "it was started before");
          assertFalse(meanwhile[0].isArmed(), "in a part that was there");
          assertFalse(meanwhile[1].isArmed(), "in a part that was not");
          assertEquals(0, group.size());
        });
  }

  @DisplayName("T6 no timer is armed in a group that was closed when it had no part yet")
  @Test
  void closedWhileEmpty() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          TimerGroup group = new TimerGroup();
          Timer[] meanwhile = new Timer[1];
          Thread one = Thread.ofPlatform().start(() -> meanwhile[0] = started(group, WHEEL));
          group.close();
          join(one);
          assertFalse(meanwhile[0].isArmed());
        });
  }

  @DisplayName("T6 timers started and cancelled side by side stay one list")
  @Test
  void cancelled() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          TimerGroup group = new TimerGroup();
          Timer[] timers = {started(group, WHEEL), started(group, WHEEL)};
          Thread one = Thread.ofPlatform().start(() -> timers[0].cancel());
          Thread two = Thread.ofPlatform().start(() -> timers[1].cancel());
          Timer third = started(group, WHEEL);
          join(one, two);
          assertEquals(1, group.size());
          group.close();
          assertFalse(third.isArmed());
          assertEquals(0, group.size());
        });
  }
}
