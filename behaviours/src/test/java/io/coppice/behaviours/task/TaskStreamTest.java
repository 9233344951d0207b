package io.coppice.behaviours.task;

import static io.coppice.behaviours.task.TaskBed.SOON;
import static io.coppice.behaviours.task.TaskBed.endOf;
import static io.coppice.behaviours.task.TaskBed.expectNothingAtAll;
import static io.coppice.behaviours.task.TaskBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tasks for each element of a source (semantics TS2). */
class TaskStreamTest {
  private static final ExitReason BYE = ExitReason.of("bye");
  private static final StreamOptions TWO = StreamOptions.DEFAULT.maxConcurrency(2);
  private static final StreamOptions FOUR = StreamOptions.DEFAULT.maxConcurrency(4);

  /** Sleeps so many seconds, and gives back how many. */
  private static Integer nap(Context worker, Integer seconds) {
    worker.sleep(Duration.ofSeconds(seconds));
    return seconds;
  }

  /** Ends of a zero. */
  private static Integer noZero(Context worker, Integer input) {
    if (input == 0) {
      throw worker.exit(BYE);
    }
    return nap(worker, input);
  }

  private static List<Integer> values(TaskStream<Integer> stream) {
    return stream.stream().map(TaskResult::orThrow).toList();
  }

  private static TaskResult<Integer> ok(int value) {
    return new TaskResult.Ok<>(value);
  }

  private static Collection<Pid> others(Context self) {
    Collection<Pid> all = new ArrayList<>(self.processes());
    all.remove(self.pid());
    return all;
  }

  @Test
  @DisplayName("TASK-016 results come in the order of the elements, also if the first is slowest")
  void ordered() {
    inProcess(
        self -> {
          long start = self.monotonicNanos();
          assertEquals(
              List.of(4, 1, 2, 3),
              values(TaskStream.of(self, List.of(4, 1, 2, 3), TaskStreamTest::nap, FOUR)));
          long seconds = Duration.ofNanos(self.monotonicNanos() - start).toSeconds();
          assertEquals(4, seconds, "beside each other");
          expectNothingAtAll(self);
          assertEquals(List.of(), others(self));
        });
  }

  @Test
  @DisplayName("TASK-017 unordered results come as they get done")
  void unordered() {
    inProcess(
        self -> {
          assertEquals(
              List.of(1, 2, 3, 4),
              values(
                  TaskStream.of(self, List.of(4, 1, 3, 2), TaskStreamTest::nap, FOUR.unordered())));
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("TASK-020 the source is closed when a task fails in the middle")
  void closesSource() {
    inProcess(
        self -> {
          AtomicInteger closed = new AtomicInteger();
          AtomicInteger taken = new AtomicInteger();
          ExitReason end =
              endOf(
                  self,
                  consumer -> {
                    Stream<Integer> source =
                        IntStream.of(1, 0, 2, 3, 4, 5, 6, 7)
                            .boxed()
                            .peek(each -> taken.incrementAndGet())
                            .onClose(closed::incrementAndGet);
                    TaskStream.of(consumer, source, TaskStreamTest::noZero, TWO)
                        .forEach(each -> {});
                  });
          assertTrue(
              end.equals(BYE)
                  || (end instanceof ExitReason.CallFailure(var why, _) && why.equals(BYE)),
              end::toString);
          assertEquals(1, closed.get());
          assertTrue(taken.get() < 8, () -> taken + " were taken");
          self.sleep(SOON);
          assertEquals(List.of(), others(self), "left running");
        });
  }

  @Test
  @DisplayName(
      "a consumer that does not trap exits ends with a task that crashes, whatever it catches")
  void sharesCrashes() {
    inProcess(
        self -> {
          ExitReason end =
              endOf(
                  self,
                  consumer -> {
                    var inputs = List.of(1, 0, 3600);
                    var stream = TaskStream.of(consumer, inputs, TaskStreamTest::noZero, TWO);
                    try {
                      stream.forEach(each -> {});
                    } catch (CallFailed caught) {
                      consumer.receive();
                    }
                  });
          assertEquals(BYE, end);
        });
  }

  @Test
  @DisplayName("the source is closed after the last result, after a failure of its own, by close")
  void closesSourceOtherwise() {
    inProcess(
        self -> {
          AtomicInteger closed = new AtomicInteger();
          Stream<Integer> whole = Stream.of(1, 2, 3).onClose(closed::incrementAndGet);
          assertEquals(
              List.of(1, 2, 3), values(TaskStream.of(self, whole, TaskStreamTest::nap, TWO)));
          assertEquals(1, closed.get());

          var broken = new IllegalStateException("unreadable");
          Stream<Integer> breaking =
              Stream.<Integer>generate(() -> explode(broken)).onClose(closed::incrementAndGet);
          TaskStream<Integer> failing = TaskStream.of(self, breaking, TaskStreamTest::nap, TWO);
          assertEquals(
              broken,
              assertThrows(IllegalStateException.class, () -> failing.iterator().hasNext()));
          assertEquals(2, closed.get());
          assertTrue(failing.isDone());

          Stream<Integer> half = Stream.of(1, 3600, 3600).onClose(closed::incrementAndGet);
          try (TaskStream<Integer> some =
              TaskStream.of(self, half, TaskStreamTest::nap, TWO.timeout(null))) {
            assertEquals(ok(1), some.iterator().next());
          }
          assertEquals(3, closed.get());
          assertEquals(List.of(), others(self), "close waits for the end of all");
          expectNothingAtAll(self);
        });
  }

  private static Integer explode(RuntimeException thrown) {
    throw thrown;
  }

  @Test
  @DisplayName("a stream that is limited and closed kills what runs and leaves nothing behind")
  void limited() {
    inProcess(
        self -> {
          // @start region="stream"
          List<Integer> numbers = List.of(4, 1, 2, 1000);
          StreamOptions options = StreamOptions.DEFAULT.maxConcurrency(2).unordered().timeout(null);
          try (var results = TaskStream.of(self, numbers, TaskStreamTest::nap, options)) {
            List<Integer> firstTwo = results.stream().limit(2).map(TaskResult::orThrow).toList();
            assertEquals(List.of(1, 2), firstTwo);
          }
          // @end
          assertEquals(List.of(), others(self));
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName(
      "nothing is taken from the source before it is asked for, and then no more than needed")
  void lazy() {
    inProcess(
        self -> {
          AtomicInteger taken = new AtomicInteger();
          Stream<Integer> endless = Stream.generate(() -> taken.getAndIncrement() == 0 ? 1000 : 0);
          TaskStream<Integer> stream =
              TaskStream.of(self, endless, TaskStreamTest::nap, TWO.ahead(5).timeout(null));
          assertEquals(0, taken.get());
          assertEquals(List.of(), others(self));
          assertEquals(Optional.empty(), stream.poll());
          assertEquals(2, taken.get(), "as many as may run");
          assertTrue(stream.iterator().hasNext(), "the slow first one");
          assertEquals(5, taken.get(), "as many as may be under way");
          assertEquals(ok(1000), stream.iterator().next());
          assertEquals(ok(0), stream.iterator().next());
          assertEquals(6, taken.get());
          stream.close();
          assertThrows(NoSuchElementException.class, () -> stream.iterator().next());
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("never do more tasks run than may")
  void concurrency() {
    inProcess(
        self -> {
          AtomicInteger now = new AtomicInteger();
          AtomicInteger most = new AtomicInteger();
          TaskFunction<Integer, Integer> counting =
              (worker, input) -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                worker.sleep(Duration.ofMillis(input));
                now.decrementAndGet();
                return input;
              };
          List<Integer> inputs = IntStream.range(0, 20).map(i -> i * 7 % 10).boxed().toList();
          assertEquals(inputs, values(TaskStream.of(self, inputs, counting, FOUR)));
          assertEquals(4, most.get());
        });
  }

  @Test
  @DisplayName("a task that takes too long ends the stream with a time-out, unless told otherwise")
  void timesOut() {
    inProcess(
        self -> {
          StreamOptions brief = TWO.timeout(Duration.ofSeconds(2));
          TaskStream<Integer> stream =
              TaskStream.of(self, List.of(1, 3, 1), TaskStreamTest::nap, brief);
          Iterator<TaskResult<Integer>> results = stream.iterator();
          assertEquals(ok(1), results.next());
          CallFailed failed = assertThrows(CallFailed.class, results::hasNext);
          assertEquals(ExitReason.TIMEOUT, failed.reason());
          assertTrue(stream.isDone());
          assertEquals(List.of(), others(self));
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("a task that takes too long is killed in time, also while the consumer is busy")
  void killsLate() {
    inProcess(
        self -> {
          StreamOptions kill = TWO.timeout(Duration.ofSeconds(2)).killOnTimeout();
          TaskStream<Integer> stream =
              TaskStream.of(self, List.of(1, 1000, 0), TaskStreamTest::nap, kill.zipInputOnExit());
          Iterator<TaskResult<Integer>> results = stream.iterator();
          assertEquals(ok(1), results.next());
          self.sleep(SOON);
          assertEquals(1, others(self).size(), "only the guard is left");
          TaskResult<Integer> late = new TaskResult.Failed<>(ExitReason.TIMEOUT, 1000);
          assertEquals(late, results.next());
          assertEquals(ok(0), results.next());
          assertFalse(results.hasNext());
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName(
      "whoever traps exits gets the failure of a task as a result, with its element if asked")
  void failuresOfTasks() {
    inProcess(
        self -> {
          List<Integer> inputs = List.of(1, 0, 2);
          TaskResult<Integer> bye = new TaskResult.Failed<>(BYE);
          assertEquals(
              List.of(ok(1), bye, ok(2)),
              TaskStream.of(self, inputs, TaskStreamTest::noZero, TWO).stream().toList());
          TaskResult<Integer> zipped = new TaskResult.Failed<>(BYE, 0);
          assertEquals(
              List.of(ok(1), zipped, ok(2)),
              TaskStream.of(self, inputs, TaskStreamTest::noZero, TWO.zipInputOnExit()).stream()
                  .toList());
          CallFailed failed = assertThrows(CallFailed.class, zipped::orThrow);
          assertEquals(BYE, failed.reason());
          assertTrue(
              String.valueOf(failed.getMessage()).startsWith("the task for 0 failed"),
              failed::toString);
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("what a stream runs dies with its consumer, however that ends")
  void consumerEnds() {
    inProcess(
        self -> {
          for (ExitReason reason : List.of(ExitReason.NORMAL, BYE, ExitReason.KILL)) {
            Pid test = self.pid();
            Pid consumer =
                self.spawn(
                    process -> {
                      TaskStream<Integer> stream =
                          TaskStream.of(
                              process,
                              List.of(3600, 3600, 3600),
                              TaskStreamTest::nap,
                              TWO.timeout(null));
                      assertEquals(Optional.empty(), stream.poll());
                      process.send(test, "running");
                      process.receive("go"::equals);
                    });
            TaskBed.await(self, "running");
            self.sleep(Duration.ofSeconds(1));
            assertEquals(4, others(self).size(), "consumer, guard and two tasks");
            if (reason.equals(ExitReason.NORMAL)) {
              self.send(consumer, "go");
            } else {
              self.exit(consumer, reason);
            }
            self.sleep(Duration.ofSeconds(1));
            assertEquals(List.of(), others(self), () -> "after " + reason);
          }
        });
  }

  @Test
  @DisplayName("a stream whose guard is killed fails with that, and its tasks die with the guard")
  void guardKilled() {
    inProcess(
        self -> {
          TaskStream<Integer> stream =
              TaskStream.of(self, List.of(3600, 3600), TaskStreamTest::nap, TWO.timeout(null));
          assertEquals(Optional.empty(), stream.poll());
          Pid guard =
              others(self).stream().min(Comparator.comparingLong(Pid::number)).orElseThrow();
          self.sleep(Duration.ofSeconds(1));
          self.exit(guard, ExitReason.KILL);
          CallFailed failed = assertThrows(CallFailed.class, () -> stream.iterator().hasNext());
          assertEquals(ExitReason.KILLED, failed.reason());
          self.sleep(Duration.ofSeconds(1));
          assertEquals(List.of(), others(self));
          expectNothingAtAll(self);
        });
  }

  /** Takes results as they come, and says what it has got in the end. */
  private static final class Taker implements Reactive {
    private final Pid test;
    private final List<TaskResult<Integer>> got = new ArrayList<>();
    private @Nullable TaskStream<Integer> stream;

    Taker(Pid test) {
      this.test = test;
    }

    @Override
    public void onStart(Context self) {
      self.trapExit(true);
      stream = TaskStream.of(self, List.of(2, 0, 1, 3, 1), TaskStreamTest::noZero, TWO.ahead(2));
      take(self);
    }

    @Override
    public void onMessage(Context self, Object message) {
      if (Objects.requireNonNull(stream).accept(message)) {
        take(self);
      }
    }

    private void take(Context self) {
      TaskStream<Integer> results = Objects.requireNonNull(stream);
      for (var next = results.poll(); next.isPresent(); next = results.poll()) {
        got.add(next.get());
      }
      if (results.isDone()) {
        self.send(test, List.copyOf(got));
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  @Test
  @DisplayName("a reactive consumer takes results by messages and never waits")
  void reactive() {
    inProcess(
        self -> {
          self.spawn(new Taker(self.pid()), SpawnOptions.DEFAULT.neverBlocks());
          TaskResult<Integer> bye = new TaskResult.Failed<>(BYE);
          assertEquals(
              List.of(ok(2), bye, ok(1), ok(3), ok(1)), self.receive(List.class::isInstance));
          expectNothingAtAll(self);
          assertEquals(List.of(), others(self));
        });
  }

  /** Cancels its stream when it is told to, and sends on what it does not know. */
  private static final class Canceller implements Reactive {
    private final Pid test;
    private @Nullable TaskStream<Integer> stream;

    Canceller(Pid test) {
      this.test = test;
    }

    @Override
    public void onStart(Context self) {
      stream = TaskStream.of(self, List.of(1, 2, 3600), TaskStreamTest::nap, FOUR.timeout(null));
      assertEquals(Optional.empty(), stream.poll());
    }

    @Override
    public void onMessage(Context self, Object message) {
      TaskStream<Integer> results = Objects.requireNonNull(stream);
      if (message.equals("cancel")) {
        results.cancel();
        assertTrue(results.isDone());
        assertEquals(Optional.empty(), results.poll());
      } else if (!results.accept(message)) {
        self.send(test, message);
      }
    }
  }

  @Test
  @DisplayName(
      "a stream is cancelled without waiting, and no late result is taken for another message")
  void cancelled() {
    inProcess(
        self -> {
          Pid consumer = self.spawn(new Canceller(self.pid()), SpawnOptions.DEFAULT.neverBlocks());
          self.sleep(Duration.ofSeconds(1));
          self.send(consumer, "cancel");
          expectNothingAtAll(self);
          assertEquals(List.of(consumer), others(self));
        });
  }

  @Test
  @DisplayName("each task is called after its code and has its element as label")
  void labels() {
    inProcess(
        self -> {
          TaskFunction<String, Object> label =
              (worker, input) ->
                  Objects.requireNonNull(worker.info(worker.pid()).orElseThrow().label());
          assertEquals(
              List.of("a", "b"),
              TaskStream.of(self, List.of("a", "b"), label).stream()
                  .map(TaskResult::orThrow)
                  .toList());
        });
  }

  @Test
  @DisplayName("only the process that made a stream may use it")
  void ownerOnly() {
    inProcess(
        self -> {
          TaskStream<Integer> stream = TaskStream.of(self, List.of(1, 2), TaskStreamTest::nap, TWO);
          assertTrue(stream.iterator().hasNext());
          ExitReason end =
              endOf(
                  self,
                  other -> {
                    TaskStream<Integer> another =
                        TaskStream.of(self, List.of(1), TaskStreamTest::nap, TWO);
                    assertThrows(IllegalStateException.class, () -> another.iterator().hasNext());
                  });
          assertEquals(ExitReason.NORMAL, end);
          stream.close();
        });
  }

  @Test
  @DisplayName("options out of their range are refused")
  void options() {
    assertThrows(IllegalArgumentException.class, () -> TWO.maxConcurrency(0));
    assertThrows(IllegalArgumentException.class, () -> TWO.ahead(-1));
    assertThrows(IllegalArgumentException.class, () -> TWO.timeout(SOON.negated()));
    assertThrows(IllegalArgumentException.class, () -> YieldOptions.DEFAULT.limit(0));
  }
}
