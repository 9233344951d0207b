package io.coppice.behaviours.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.channel.Channel;
import io.coppice.behaviours.channel.ChannelClosed;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.Supervisor;
import io.coppice.supervisor.SupervisorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void inNode(ProcessBody body) {
    try (TestNode node = TestNode.start(1)) {
      node.run(body);
    }
  }

  /** Sleeps for a job's number of seconds; a negative one crashes, zero ends the process. */
  private static final class Sleeper implements Worker<Integer, Pid> {
    @Override
    public Pid work(Context self, Integer job) {
      if (job < 0) {
        throw new IllegalStateException("job " + job);
      }
      if (job == 0) {
        throw self.exit(new ExitReason.Custom("enough"));
      }
      self.sleep(Duration.ofSeconds(job));
      return self.pid();
    }
  }

  private static WorkerPool<Integer, Pid> sleepers(int workers) {
    return WorkerPool.of("sleepers", workers, Sleeper::new);
  }

  @Test
  @DisplayName("As many jobs run at once as there are workers, and each ticket gets its own result")
  void shares() {
    inNode(
        self -> {
          WorkerPool<Integer, Pid> pool = sleepers(3).queue(10);
          SupervisorRef tree = pool.start(self.node());
          long start = self.monotonicNanos();
          List<Ticket<Pid>> tickets = IntStream.range(0, 6).mapToObj(i -> pool.submit(1)).toList();
          long different = tickets.stream().map(Ticket::await).distinct().count();
          assertEquals(3, different);
          assertEquals(2 * SECOND.toNanos(), self.monotonicNanos() - start);
          assertEquals(new PoolStats(0, 0, 6, 0, 0), pool.stats());
          tree.stop();
        });
  }

  @Test
  @DisplayName("Who submits to a full queue waits, and the queue is never longer than it may be")
  void pushesBack() {
    inNode(
        self -> {
          WorkerPool<Integer, Pid> pool = sleepers(1).queue(2);
          SupervisorRef tree = pool.start(self.node());
          long start = self.monotonicNanos();
          Ticket<Pid> first = pool.submit(1);
          self.sleep(Duration.ofMillis(1));
          pool.submit(1);
          pool.submit(1);
          assertEquals(Optional.empty(), pool.submit(1, Duration.ZERO));
          assertEquals(2, pool.stats().queued());
          pool.submit(1);
          assertEquals(SECOND.toNanos(), self.monotonicNanos() - start);
          first.await();
          tree.stop();
        });
  }

  @Test
  @DisplayName("A job that crashes its worker fails with the reason; the worker is restarted")
  void crash() {
    inNode(
        self -> {
          WorkerPool<Integer, Pid> pool = sleepers(1).intensity(5, SECOND);
          SupervisorRef tree = pool.start(self.node());
          Pid before = pool.call(1, Duration.ofMinutes(1));
          Ticket<Pid> crashes = pool.submit(-1);
          JobFailed failure = assertThrows(JobFailed.class, crashes::await);
          assertInstanceOf(ExitReason.Crashed.class, failure.reason());
          assertEquals("job -1", Objects.requireNonNull(failure.getCause()).getMessage());
          assertTrue(failure.wasRun());
          JobFailed ended = assertThrows(JobFailed.class, () -> pool.submit(0).await());
          assertEquals(new ExitReason.Custom("enough"), ended.reason());
          Pid after = pool.call(1, Duration.ofMinutes(1));
          assertFalse(before.equals(after));
          assertEquals(new PoolStats(0, 0, 2, 2, 0), pool.stats());
          tree.stop();
        });
  }

  @Test
  @DisplayName("A job that fails on a closed channel of its own is a crash like any other")
  void closedChannel() {
    inNode(
        self -> {
          Channel<Integer> closed = Channel.unbounded(self);
          closed.close();
          WorkerPool<Integer, Integer> pool =
              WorkerPool.of("readers", 1, () -> (me, job) -> job == 0 ? closed.receive() : job);
          SupervisorRef tree = pool.start(self.node());
          JobFailed failure = assertThrows(JobFailed.class, () -> pool.submit(0).await());
          assertInstanceOf(ChannelClosed.class, failure.getCause());
          assertEquals(7, pool.call(7, Duration.ofMinutes(1)));
          tree.stop();
        });
  }

  @Test
  @DisplayName("A worker that is killed fails its job at once, and no other")
  void kill() {
    inNode(
        self -> {
          WorkerPool<Integer, Pid> pool = sleepers(1).queue(5);
          SupervisorRef tree = pool.start(self.node());
          Pid worker = pool.call(1, Duration.ofMinutes(1));
          Ticket<Pid> killed = pool.submit(100);
          Ticket<Pid> next = pool.submit(1);
          self.sleep(SECOND);
          self.exit(worker, ExitReason.KILL);
          long start = self.monotonicNanos();
          assertEquals(
              ExitReason.KILLED,
              assertThrows(JobFailed.class, () -> killed.await(SECOND)).reason());
          assertEquals(0, self.monotonicNanos() - start);
          next.await();
          tree.stop();
        });
  }

  @Test
  @DisplayName("Draining takes no more jobs, does all it has, and ends the pool for good")
  void drain() {
    inNode(
        self -> {
          WorkerPool<Integer, Pid> pool = sleepers(2).queue(10);
          SupervisorRef tree = Supervisor.oneForOne().child(pool.childSpec()).start(self.node());
          List<Ticket<Pid>> tickets = IntStream.range(0, 6).mapToObj(i -> pool.submit(1)).toList();
          assertFalse(pool.drain(SECOND));
          JobFailed refused = assertThrows(JobFailed.class, () -> pool.submit(1));
          assertFalse(refused.wasRun());
          assertTrue(pool.drain(Duration.ofMinutes(1)));
          tickets.forEach(Ticket::await);
          self.sleep(SECOND);
          assertEquals(0, tree.countChildren().active());
          assertEquals(new PoolStats(0, 0, 6, 0, 0), pool.stats());
          tree.stop();
        });
  }

  @Test
  @DisplayName("A pool that is stopped fails what waits in its queue, and says that it was not run")
  void stop() {
    inNode(
        self -> {
          WorkerPool<Integer, Pid> pool = sleepers(1).queue(5);
          SupervisorRef tree = pool.start(self.node());
          List<Ticket<Pid>> tickets =
              IntStream.range(0, 3).mapToObj(i -> pool.submit(100)).toList();
          self.sleep(SECOND);
          tree.stop();
          List<Boolean> run = new ArrayList<>();
          tickets.forEach(t -> run.add(assertThrows(JobFailed.class, t::await).wasRun()));
          assertEquals(List.of(true, false, false), run);
          assertThrows(JobFailed.class, () -> pool.submit(1));
          assertEquals(2, pool.stats().dropped());
        });
  }

  @Test
  @DisplayName("A job is not run when its caller's time is over, or when it was cancelled")
  void expired() {
    inNode(
        self -> {
          AtomicInteger runs = new AtomicInteger();
          WorkerPool<Integer, Integer> pool =
              WorkerPool.<Integer, Integer>of(
                      "counting",
                      1,
                      () ->
                          (me, job) -> {
                            me.sleep(Duration.ofSeconds(job));
                            return runs.incrementAndGet();
                          })
                  .queue(5);
          SupervisorRef tree = pool.start(self.node());
          Ticket<Integer> first = pool.submit(10);
          Ticket<Integer> cancelled = pool.submit(1);
          JobFailed late = assertThrows(JobFailed.class, () -> pool.call(1, SECOND));
          assertEquals(ExitReason.TIMEOUT, late.reason());
          assertFalse(late.wasRun());
          assertTrue(cancelled.cancel());
          assertFalse(first.cancel(), "a worker has begun with it");
          assertEquals(1, first.await());
          assertThrows(JobFailed.class, cancelled::await);
          assertEquals(2, pool.call(1, Duration.ofMinutes(1)));
          assertEquals(new PoolStats(0, 0, 2, 0, 2), pool.stats());
          tree.stop();
        });
  }

  @Test
  @DisplayName("Workers that cannot work end the pool, and who waits is told")
  void givesUp() {
    inNode(
        self -> {
          WorkerPool<Integer, Pid> pool = sleepers(1).queue(5).intensity(0, SECOND);
          SupervisorRef tree = pool.start(self.node());
          assertThrows(JobFailed.class, () -> pool.submit(-1).await());
          assertThrows(JobFailed.class, () -> pool.submit(-1).await());
          assertThrows(JobFailed.class, () -> pool.submit(-1).await());
          self.sleep(SECOND);
          assertFalse(tree.isAlive());
          assertThrows(JobFailed.class, () -> pool.submit(1));
        });
  }

  @Test
  @DisplayName("Threads from outside submit, wait and drain, and a stage carries the result on")
  void outside() throws Exception {
    try (Node node = Node.start()) {
      List<String> lines = IntStream.range(0, 1_000).mapToObj(Integer::toString).toList();
      int expected = lines.stream().mapToInt(String::length).sum();
      assertEquals(expected, PoolSnippets.pool(node, lines));
      WorkerPool<Integer, Integer> pool =
          WorkerPool.of("twice", 2, () -> (self, number) -> 2 * number);
      pool.start(node);
      CompletionStage<Integer> stage = pool.submit(4).stage().thenApply(result -> result + 1);
      assertEquals(9, stage.toCompletableFuture().get());
      assertTrue(pool.drain(Duration.ofSeconds(20)));
    }
  }

  @Test
  @DisplayName("A pool that was not started, or has no workers, is a clear error")
  void mistakes() {
    inNode(
        self -> {
          IllegalStateException early =
              assertThrows(IllegalStateException.class, () -> sleepers(1).submit(1));
          assertTrue(String.valueOf(early.getMessage()).contains("has not been started"));
          assertThrows(IllegalArgumentException.class, () -> sleepers(0));
          assertThrows(IllegalArgumentException.class, () -> sleepers(1).queue(-1));
        });
  }
}
