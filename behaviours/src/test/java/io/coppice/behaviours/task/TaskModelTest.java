package io.coppice.behaviours.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.Shutdown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random operations on tasks and streams of tasks, against models that know what time it is. */
class TaskModelTest {
  private static final int SEEDS = 300;
  private static final ExitReason BYE = ExitReason.of("bye");

  /** Time in seconds: tasks end at odd ones, everything else happens at even ones. */
  private static Duration seconds(int count) {
    return Duration.ofSeconds(count);
  }

  private static TaskResult<Integer> outcome(int id, boolean fails) {
    return fails ? new TaskResult.Failed<>(BYE) : new TaskResult.Ok<>(id);
  }

  /** What is known of a task. */
  private static final class Model {
    final Task<Integer> task;
    final TaskResult<Integer> outcome;
    final int end;
    boolean over; // nothing comes of it any more

    Model(Task<Integer> task, TaskResult<Integer> outcome, int end) {
      this.task = task;
      this.outcome = outcome;
      this.end = end;
    }

    Optional<TaskResult<Integer>> at(int time) {
      return !over && end <= time ? Optional.of(outcome) : Optional.empty();
    }
  }

  /** One run. */
  private static final class Run {
    final Context self;
    final Random random;
    final TaskSupervisorRef supervisor;
    final List<Model> tasks = new ArrayList<>();
    int now;

    Run(Context self, Random random) {
      this.self = self;
      this.random = random;
      this.supervisor = TaskSupervisor.create().start(self);
    }

    void step() {
      if (tasks.isEmpty() || random.nextInt(3) == 0) {
        start();
        return;
      }
      Model model = tasks.get(random.nextInt(tasks.size()));
      int patience = 2 * random.nextInt(3);
      switch (random.nextInt(5)) {
        case 0 -> yieldOne(model, patience);
        case 1 -> awaitOne(model, patience);
        case 2 -> {
          assertEquals(model.at(now), model.task.ignore());
          model.over = true;
        }
        case 3 -> {
          Shutdown how = random.nextBoolean() ? Shutdown.brutal() : Shutdown.within(seconds(1));
          assertEquals(model.at(now), model.task.shutdown(how));
          model.over = true;
        }
        default -> {
          self.sleep(seconds(patience));
          now += patience;
        }
      }
      even();
    }

    private void start() {
      int lasting = 1 + 2 * random.nextInt(3);
      boolean fails = random.nextInt(3) == 0;
      int id = tasks.size();
      TaskBody<Integer> code =
          worker -> {
            worker.sleep(seconds(lasting));
            if (fails) {
              throw worker.exit(BYE);
            }
            return id;
          };
      Task<Integer> task =
          switch (random.nextInt(3)) {
            case 0 -> Task.async(self, code);
            case 1 -> supervisor.async(self, code);
            default -> supervisor.asyncNoLink(self, code);
          };
      tasks.add(new Model(task, outcome(id, fails), now + lasting));
    }

    private void yieldOne(Model model, int patience) {
      Optional<TaskResult<Integer>> expected = model.at(now + patience);
      assertEquals(expected, model.task.yield(seconds(patience)));
      took(model, expected.isPresent(), patience);
    }

    private void awaitOne(Model model, int patience) {
      Optional<TaskResult<Integer>> expected = model.at(now + patience);
      if (expected.isPresent() && expected.get() instanceof TaskResult.Ok<Integer>(Integer value)) {
        assertEquals(value, model.task.await(seconds(patience)));
      } else {
        CallFailed failed =
            assertThrows(CallFailed.class, () -> model.task.await(seconds(patience)));
        assertEquals(expected.isPresent() ? BYE : ExitReason.TIMEOUT, failed.reason());
      }
      took(model, expected.isPresent(), patience);
      model.over = true;
    }

    private void took(Model model, boolean present, int patience) {
      now = present ? Math.max(now, model.end) : now + patience;
      model.over |= present;
    }

    private void even() {
      assertEquals(seconds(now), Duration.ofNanos(self.monotonicNanos()));
      if (now % 2 == 1) {
        self.sleep(seconds(1));
        now++;
      }
    }
  }

  @Test
  @DisplayName(
      "tasks do what a naive model says, and nothing is left in the mailbox of their owner")
  void tasks() {
    TestNode.forSeeds(
        SEEDS,
        node ->
            node.run(
                self -> {
                  self.trapExit(true);
                  Run run = new Run(self, new Random(node.seed()));
                  for (int i = 0; i < 30; i++) {
                    run.step();
                  }
                  run.tasks.forEach(model -> model.task.ignore());
                  TaskBed.expectNothing(self);
                  assertEquals(List.of(), run.supervisor.children());
                }));
  }

  @Test
  @DisplayName("whatever an owner does while its task ends, it gets the outcome once or never")
  void races() {
    Set<String> seen = new TreeSet<>();
    TestNode.forSeeds(
        2 * SEEDS,
        node ->
            node.run(
                self -> {
                  self.trapExit(true);
                  Random random = new Random(node.seed());
                  Task<Integer> task = Task.async(self, worker -> 1);
                  for (int i = random.nextInt(4); i > 0; i--) {
                    self.yieldNow();
                  }
                  int what = random.nextInt(4);
                  Optional<TaskResult<Integer>> result =
                      switch (what) {
                        case 0 -> task.shutdown(Shutdown.brutal());
                        case 1 -> task.shutdown();
                        case 2 -> task.ignore();
                        default -> task.yield(Duration.ZERO).or(task::ignore);
                      };
                  result.ifPresent(one -> assertEquals(new TaskResult.Ok<>(1), one));
                  seen.add(what + (result.isPresent() ? " in time" : " too late"));
                  if (what == 3) {
                    TaskBed.expectNothing(self); // its link is there still
                  } else {
                    TaskBed.expectNothingAtAll(self);
                  }
                }));
    assertEquals(8, seen.size(), seen::toString);
  }

  // ---- streams

  /** An element: what its task does. */
  private record Element(int id, int lasting, boolean fails) {}

  /** What a stream is going to give, and when its last result is there. */
  private record Forecast(List<TaskResult<Integer>> inOrder, List<Integer> ends, int total) {}

  private static Integer work(Context worker, Element element) {
    worker.sleep(seconds(element.lasting()));
    if (element.fails()) {
      throw worker.exit(BYE);
    }
    return element.id();
  }

  /** Runs the stream second by second; a consumer takes each result at once. */
  private static Forecast forecast(List<Element> elements, StreamOptions options, int limit) {
    int[] ends = new int[elements.size()];
    List<TaskResult<Integer>> results = new ArrayList<>();
    int next = 0;
    int delivered = 0;
    int time = 0;
    while (true) {
      int running = 0;
      for (int i = 0; i < next; i++) {
        running += ends[i] > time ? 1 : 0;
      }
      while (options.ordered() && delivered < next && ends[delivered] <= time) {
        delivered++;
      }
      int underWay = options.ordered() ? next - delivered : running;
      if (next < elements.size()
          && running < options.concurrencyMax()
          && underWay < options.window()) {
        Element element = elements.get(next);
        boolean late = element.lasting() > limit;
        ends[next++] = time + (late ? limit : element.lasting());
        results.add(
            late
                ? new TaskResult.Failed<>(ExitReason.TIMEOUT)
                : outcome(element.id(), element.fails()));
      } else if (next == elements.size() && running == 0) {
        return new Forecast(results, Arrays.stream(ends).boxed().toList(), time);
      } else {
        time++;
      }
    }
  }

  private static List<Element> elements(Random random) {
    List<Element> all = new ArrayList<>();
    int count = random.nextInt(12);
    for (int id = 0; id < count; id++) {
      all.add(new Element(id, 1 + 2 * random.nextInt(8), random.nextInt(4) == 0));
    }
    return all;
  }

  private static void stream(Context self, Random random) {
    List<Element> elements = elements(random);
    int limit = 2 * (1 + random.nextInt(8));
    StreamOptions options =
        StreamOptions.DEFAULT
            .maxConcurrency(1 + random.nextInt(4))
            .ahead(random.nextInt(6))
            .timeout(seconds(limit))
            .killOnTimeout();
    options = random.nextBoolean() ? options : options.unordered();
    options = random.nextBoolean() ? options : options.under(TaskSupervisor.create().start(self));
    int processes = self.processes().size();
    Forecast forecast = forecast(elements, options, limit);
    int wanted = random.nextBoolean() ? elements.size() : random.nextInt(elements.size() + 1);
    List<TaskResult<Integer>> got = new ArrayList<>();
    List<Integer> times = new ArrayList<>();
    try (var results = TaskStream.of(self, elements, TaskModelTest::work, options)) {
      for (var result : (Iterable<TaskResult<Integer>>) results.stream().limit(wanted)::iterator) {
        got.add(result);
        times.add((int) Duration.ofNanos(self.monotonicNanos()).toSeconds());
      }
    }
    assertEquals(processes, self.processes().size(), "no process is left when it is closed");
    assertEquals(List.of(), self.messages(self.pid(), 100).orElseThrow());
    compare(forecast, options, got, times);
  }

  private static void compare(
      Forecast forecast,
      StreamOptions options,
      List<TaskResult<Integer>> got,
      List<Integer> times) {
    int count = got.size();
    if (options.ordered()) {
      assertEquals(forecast.inOrder().subList(0, count), got);
      for (int i = 0; i < count; i++) {
        int there = forecast.ends().subList(0, i + 1).stream().mapToInt(end -> end).max().orElse(0);
        assertEquals(there, times.get(i), "when the result of element " + i + " was there");
      }
    } else {
      assertEquals(forecast.ends().stream().sorted().limit(count).toList(), times);
      List<TaskResult<Integer>> left = new ArrayList<>(forecast.inOrder());
      got.forEach(result -> assertTrue(left.remove(result), () -> result + " came twice"));
    }
    if (count == forecast.ends().size()) {
      assertEquals(forecast.total(), times.isEmpty() ? 0 : times.getLast());
    }
  }

  @Test
  @DisplayName("streams give what a naive model says and when it says, and leave nothing behind")
  void streams() {
    TestNode.forSeeds(
        SEEDS,
        node ->
            node.run(
                self -> {
                  self.trapExit(true);
                  stream(self, new Random(node.seed()));
                }));
  }
}
