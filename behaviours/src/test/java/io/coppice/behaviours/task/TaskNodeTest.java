package io.coppice.behaviours.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tasks on a node with real time and real threads. */
class TaskNodeTest {
  private static final List<Integer> NUMBERS = IntStream.range(0, 500).boxed().toList();
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Runs the code in a process of a node and gives its result. */
  private static <T> T onNode(TaskBody<T> code, SpawnOptions options) throws Exception {
    try (Node node = Node.start()) {
      CompletableFuture<T> result = new CompletableFuture<>();
      node.spawn(
          self -> {
            try {
              result.complete(code.run(self));
            } catch (Throwable failed) {
              result.completeExceptionally(failed);
            }
          },
          options);
      return result.get(60, TimeUnit.SECONDS);
    }
  }

  private static Integer square(Context worker, Integer number) throws InterruptedException {
    if (number % 7 == 0) {
      TimeUnit.MICROSECONDS.sleep(number); // blocks where the kernel does not see it
    }
    return number * number;
  }

  @Test
  @DisplayName("a stream gives all results in order, from a blocking process and one with a thread")
  void streams() throws Exception {
    List<Integer> squares = NUMBERS.stream().map(n -> n * n).toList();
    StreamOptions options = StreamOptions.DEFAULT.maxConcurrency(8).timeout(LONG);
    TaskBody<List<Integer>> code =
        self ->
            TaskStream.of(self, NUMBERS, TaskNodeTest::square, options).stream()
                .map(TaskResult::orThrow)
                .toList();
    assertEquals(squares, onNode(code, SpawnOptions.DEFAULT));
    assertEquals(squares, onNode(code, SpawnOptions.DEFAULT.dedicatedThread()));
  }

  @Test
  @DisplayName("many tasks beside each other, under a supervisor and not, give their results")
  void tasks() throws Exception {
    long sum =
        onNode(
            self -> {
              TaskSupervisorRef supervisor = TaskSupervisor.create().start(self);
              List<Task<Integer>> tasks = new ArrayList<>();
              for (int number : NUMBERS) {
                tasks.add(
                    number % 2 == 0
                        ? Task.async(self, worker -> square(worker, number))
                        : supervisor.asyncNoLink(self, worker -> square(worker, number)));
              }
              return Task.awaitMany(tasks, LONG).stream().mapToLong(each -> each).sum();
            },
            SpawnOptions.DEFAULT);
    assertEquals(NUMBERS.stream().mapToLong(n -> (long) n * n).sum(), sum);
  }

  @Test
  @DisplayName("a stream may have as many tasks at a time as its supervisor, on real time, too")
  void justEnoughRoom() throws Exception {
    assertEquals(
        NUMBERS,
        onNode(
            self -> {
              TaskSupervisorRef tasks = TaskSupervisor.create().maxChildren(2).start(self);
              StreamOptions two = StreamOptions.DEFAULT.maxConcurrency(2).underNoLink(tasks);
              return TaskStream.of(self, NUMBERS, (worker, number) -> number, two).stream()
                  .map(TaskResult::orThrow)
                  .toList();
            },
            SpawnOptions.DEFAULT));
  }

  @Test
  @DisplayName("a task that hangs is given up and killed")
  void hangs() throws Exception {
    ExitReason reason =
        onNode(
            self -> {
              Task<Object> task = Task.async(self, worker -> worker.receive("never"::equals));
              try {
                return ExitReason.of(task.await(Duration.ofMillis(5)));
              } catch (CallFailed late) {
                assertTrue(task.shutdown().isEmpty());
                return Join.one(self, task.pid().orElseThrow(), LONG).orElseThrow();
              }
            },
            SpawnOptions.DEFAULT);
    assertEquals(ExitReason.NO_PROCESS, reason);
  }
}
