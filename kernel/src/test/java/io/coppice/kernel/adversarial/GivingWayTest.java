package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.LongTurnReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Who runs when, on one scheduler: what counts is turns, so no time-out and no second scheduler is
 * to interfere.
 */
class GivingWayTest {
  private static final String BESIDE =
      "elsewhere a process that has waited runs beside the schedulers, and others beside it";
  private static final int MANY = 10_000;

  private static Node node() {
    return Node.start(
        NodeOptions.DEFAULT
            .withSchedulers(1)
            .withTimeSlice(Duration.ofSeconds(10))
            .withStuckLimit(Duration.ofMinutes(10)));
  }

  /** Sends itself a message and lets others run before it handles that. */
  private abstract static class Yielder implements Reactive {
    @Override
    public void onStart(Context self) {
      self.send(self.pid(), "again");
      self.yieldAfterHandler();
    }

    @Override
    public void onMessage(Context self, Object message) {
      if (isToGoOn()) {
        self.send(self.pid(), "again");
        self.yieldAfterHandler();
      } else {
        self.stop(ExitReason.NORMAL);
      }
    }

    abstract boolean isToGoOn();
  }

  @Test
  @DisplayName("two processes that yield after each handler take turns, message by message")
  void takeTurns() throws Exception {
    List<Integer> order = new CopyOnWriteArrayList<>();
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    try (Node node = node()) {
      node.spawn(
          self -> { // both are there before either runs
            for (int i = 0; i < 2; i++) {
              int me = i;
              self.spawn(
                  new Yielder() {
                    private int left = 100;

                    @Override
                    boolean isToGoOn() {
                      order.add(me);
                      if (--left == 0 && order.size() == 200) {
                        done.complete(true);
                      }
                      return left > 0;
                    }
                  });
            }
          });
      assertTrue(done.get(20, SECONDS));
    }
    for (int i = 1; i < order.size(); i++) {
      assertEquals(1 - order.get(i - 1), order.get(i), "who had turn " + i + " of " + order);
    }
  }

  @Test
  @DisplayName("a process that yields after its handlers with messages left still handles them all")
  void yieldsWithMessagesLeft() throws Exception {
    CompletableFuture<Integer> sum = new CompletableFuture<>();
    try (Node node = node()) {
      AtomicInteger others = new AtomicInteger();
      Pid yielder =
          node.spawn(
              new Reactive() {
                private int handled;

                @Override
                public void onMessage(Context self, Object message) {
                  assertEquals(handled, message);
                  self.yieldAfterHandler();
                  if (++handled == 100) {
                    sum.complete(others.get());
                  }
                }
              });
      node.spawn(
          self -> {
            for (int i = 0; i < 100; i++) {
              self.send(yielder, i);
            }
            for (int i = 0; i < 100; i++) {
              others.getAndIncrement();
              self.yieldNow();
            }
          });
      int turns = sum.get(20, SECONDS);
      boolean inTurn = JdkInternals.isOpen(); // else the other runs beside the scheduler
      assertTrue(turns >= 98 || !inTurn, "turns of the other: " + turns);
    }
  }

  @Test
  @DisplayName("10 000 spawns run beside 8 processes that always yield, in few turns of those")
  void burstAmongYielders() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    AtomicInteger ticks = new AtomicInteger();
    CompletableFuture<Integer> done = new CompletableFuture<>();
    try (Node node = node()) {
      node.spawn(
          self -> {
            for (int i = 0; i < 8; i++) {
              self.spawn(
                  new Yielder() {
                    @Override
                    boolean isToGoOn() {
                      ticks.getAndIncrement();
                      return !done.isDone();
                    }
                  });
            }
            for (int i = 0; i < MANY; i++) {
              self.spawn(
                  child -> {
                    if (ended.incrementAndGet() == MANY) {
                      done.complete(ticks.get());
                    }
                  });
            }
          });
      int turns = done.get(60, SECONDS);
      assertTrue(turns < 5 * MANY, turns + " turns of the others"); // one in 61: 60 * MANY
    }
  }

  @Test
  @NeedsOpenJdk(BESIDE)
  @DisplayName(
      "who sends to a process that is far behind gives way to it, and who spawns to the new")
  void givesWay() throws Exception {
    for (boolean reactive : List.of(false, true)) {
      AtomicInteger handled = new AtomicInteger();
      AtomicInteger ended = new AtomicInteger();
      CompletableFuture<List<Integer>> seen = new CompletableFuture<>();
      try (Node node = node()) {
        Pid consumer = node.spawn((self, message) -> handled.getAndIncrement());
        Produces work =
            self -> {
              for (int i = 0; i < MANY; i++) {
                self.send(consumer, i);
              }
              int behind = MANY - handled.get();
              for (int i = 0; i < MANY; i++) {
                self.spawn(child -> ended.getAndIncrement());
              }
              seen.complete(List.of(behind, MANY - ended.get()));
            };
        if (reactive) {
          node.spawn(
              new Reactive() {
                @Override
                public void onStart(Context self) {
                  work.produce(self);
                }

                @Override
                public void onMessage(Context self, Object message) {}
              });
        } else {
          node.spawn(work::produce);
        }
        List<Integer> left = seen.get(60, SECONDS);
        assertTrue(left.get(0) < MANY / 2, "messages that wait: " + left.get(0));
        assertTrue(left.get(1) < 1_000, "processes that wait: " + left.get(1));
      }
    }
  }

  @Test
  @NeedsOpenJdk(BESIDE)
  @DisplayName("of 1 000 processes that always yield each has its turn before another has its 20th")
  void crowdOfYielders() throws Exception {
    int crowd = 1_000;
    int[] turns = new int[crowd]; // one scheduler: no two run at the same time
    AtomicInteger waiting = new AtomicInteger(crowd);
    CompletableFuture<Integer> most = new CompletableFuture<>();
    try (Node node = node()) {
      node.spawn(
          self -> {
            for (int i = 0; i < crowd; i++) {
              int me = i;
              self.spawn(
                  new Yielder() {
                    @Override
                    boolean isToGoOn() {
                      if (turns[me]++ == 0 && waiting.decrementAndGet() == 0) {
                        most.complete(Arrays.stream(turns).max().orElseThrow());
                      }
                      return !most.isDone();
                    }
                  });
            }
          });
      assertTrue(most.get(60, SECONDS) < 20, "turns before the first of another: " + most.get());
    }
  }

  @Test
  @DisplayName("one that yields all the time, and is alone, takes many turns and not one long one")
  void loneYielderIsNotStuck() throws Exception {
    List<Report> reports = new CopyOnWriteArrayList<>();
    AtomicBoolean stop = new AtomicBoolean();
    NodeOptions options = NodeOptions.DEFAULT.withSchedulers(1).withReporter(reports::add);
    try (Node node = Node.start(options.withLongTurn(Duration.ofSeconds(1)))) {
      AtomicInteger handled = new AtomicInteger();
      Pid yielder =
          node.spawn(
              new Yielder() {
                @Override
                boolean isToGoOn() {
                  handled.getAndIncrement();
                  return !stop.get();
                }
              });
      long until = node.monotonicNanos() + Duration.ofSeconds(3).toNanos();
      await("it runs for three times what would be a long turn")
          .atMost(60, SECONDS)
          .until(() -> node.monotonicNanos() > until && handled.get() > 100_000);
      stop.set(true);
      await("it ends").atMost(20, SECONDS).until(() -> !node.isAlive(yielder));
      assertTrue(reports.stream().noneMatch(r -> r instanceof LongTurnReport), reports::toString);
    } finally {
      stop.set(true);
    }
  }

  private interface Produces {
    void produce(Context self);
  }
}
