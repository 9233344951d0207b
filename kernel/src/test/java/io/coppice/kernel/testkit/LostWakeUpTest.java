package io.coppice.kernel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.cell.Dispatcher;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.scheduler.SimulatedScheduler;
import io.coppice.kernel.time.MonotonicClock;
import io.coppice.kernel.time.TimerNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The test kit finds a wake-up that a scheduler loses now and then, and repeats it. */
class LostWakeUpTest {
  private static final int SEEDS = 2000;
  private static final int CLIENTS = 3;

  /**
   * A scheduler with a planted error: it keeps those that become ready within one step in a row of
   * two places, so as to run them without going through a queue. What finds the row full should go
   * to the queue, and is forgotten.
   */
  private static final class ForgetfulRow implements Dispatcher {
    private static final int PLACES = 2;
    private final SimulatedScheduler scheduler;
    private long step = -1;
    private int taken;

    ForgetfulRow(SimulatedScheduler scheduler) {
      this.scheduler = scheduler;
    }

    @Override
    public void ready(ProcessCell cell) {
      if (scheduler.steps() != step) {
        step = scheduler.steps();
        taken = 0;
      }
      if (taken < PLACES) {
        taken++;
        scheduler.ready(cell);
      }
    }

    @Override
    public void readyLast(ProcessCell cell) {
      scheduler.readyLast(cell);
    }

    @Override
    public boolean worthYielding() {
      return scheduler.worthYielding();
    }

    @Override
    public void startDedicated(ProcessCell cell) {
      scheduler.startDedicated(cell);
    }

    @Override
    public void startTimer(TimerNode timer, long deadlineNanos) {
      scheduler.startTimer(timer, deadlineNanos);
    }

    @Override
    public MonotonicClock clock() {
      return scheduler.clock();
    }

    @Override
    public <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
      return scheduler.blocking(code);
    }

    @Override
    public <T extends @Nullable Object> T cpuBound(Callable<T> code) throws Exception {
      return scheduler.cpuBound(code);
    }

    @Override
    public boolean isSimulated() {
      return true;
    }

    @Override
    public boolean preempts(@Nullable ProcessCell caller) {
      return scheduler.preempts(caller);
    }

    @Override
    public boolean holdsBack(
        @Nullable ProcessCell from, ProcessCell to, Object item, @Nullable Object message) {
      return scheduler.holdsBack(from, to, item, message);
    }

    @Override
    public void ended(ProcessCell cell, ExitReason reason) {
      scheduler.ended(cell, reason);
    }

    @Override
    public void parkOutside(Object blocker, BooleanSupplier done, long deadlineNanos) {
      scheduler.parkOutside(blocker, done, deadlineNanos);
    }
  }

  /** A server that lets its clients wait until all have asked. */
  private static void barrier(TestNode node) {
    List<Request> waiting = new ArrayList<>();
    Pid server =
        node.spawn(
            (self, message) -> {
              waiting.add((Request) message);
              if (waiting.size() == CLIENTS) {
                waiting.forEach(request -> request.reply("all are here"));
              }
            });
    node.run(
        self -> {
          for (int i = 0; i < CLIENTS; i++) {
            self.spawn(
                me -> {
                  me.call(server, "wait", null);
                  me.send(self.pid(), "through");
                });
          }
          for (int i = 0; i < CLIENTS; i++) {
            assertEquals("through", self.receive());
          }
        });
  }

  private static @Nullable SimulationFailure brokenRun(long seed) {
    TestNode node = TestNode.start(seed, TestOptions.DEFAULT, ForgetfulRow::new);
    try (node) {
      barrier(node);
      return null;
    } catch (SimulationFailure failure) {
      return failure;
    }
  }

  @Test
  @DisplayName("a planted lost wake-up is found as a deadlock, and its seed finds it each time")
  void found() {
    int found = 0;
    SimulationFailure first = null;
    for (long seed = 1; seed <= 200; seed++) {
      SimulationFailure failure = brokenRun(seed);
      if (failure != null) {
        found++;
        first = first == null ? failure : first;
      }
    }
    assertTrue(found > 0 && first != null, "no seed of 200 has found it");
    assertTrue(found < 200, "it is found by some orders only, not by " + found + " of 200");
    SimulationFailure again = brokenRun(first.seed());
    assertEquals(first.getMessage(), again == null ? "no failure" : again.getMessage());
    assertTrue(first.getMessage().contains("deadlock"), first.getMessage());
    assertTrue(first.getMessage().contains("RUNNABLE"), first.getMessage());
    System.out.println("A planted lost wake-up, found by " + found + " of 200 seeds:\n" + first);
  }

  @Test
  @DisplayName("the scheduler as it is passes the same test, in thousands of orders")
  void notPlanted() {
    int different = TestNode.forSeeds(SEEDS, LostWakeUpTest::barrier);
    assertTrue(different > SEEDS / 2, () -> different + " different orders");
    System.out.println("barrier: " + SEEDS + " seeds, " + different + " different interleavings");
  }

  @Test
  @DisplayName("replay takes the same steps, and returns the fingerprint that names them")
  void replay() {
    for (long seed = 1; seed <= 20; seed++) {
      assertEquals(
          TestNode.replay(seed, LostWakeUpTest::barrier),
          TestNode.replay(seed, LostWakeUpTest::barrier));
    }
    assertThrows(
        SimulationFailure.class,
        () ->
            TestNode.replay(
                3,
                node -> {
                  throw new AssertionError("thrown by the test itself");
                }));
  }
}
