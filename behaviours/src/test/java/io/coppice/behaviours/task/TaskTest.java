package io.coppice.behaviours.task;

import static io.coppice.behaviours.task.TaskBed.HOUR;
import static io.coppice.behaviours.task.TaskBed.MOMENT;
import static io.coppice.behaviours.task.TaskBed.SOON;
import static io.coppice.behaviours.task.TaskBed.await;
import static io.coppice.behaviours.task.TaskBed.endOf;
import static io.coppice.behaviours.task.TaskBed.expectNothing;
import static io.coppice.behaviours.task.TaskBed.expectNothingAtAll;
import static io.coppice.behaviours.task.TaskBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.task.YieldOptions.OnTimeout;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.supervisor.Shutdown;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tasks of one process (semantics TK1–TK8). */
class TaskTest {
  private static final ExitReason BYE = ExitReason.of("bye");

  /** A task that goes on when it gets a word. */
  private static Task<String> waiting(Context self) {
    return Task.async(self, worker -> (String) worker.receive("go"::equals));
  }

  /** A task that does not end when it is told to. */
  private static Task<String> stubborn(Context self) {
    Pid test = self.pid();
    Task<String> task =
        Task.async(
            self,
            worker -> {
              worker.trapExit(true);
              worker.send(test, "deaf");
              return (String) worker.receive("never"::equals);
            });
    await(self, "deaf");
    return task;
  }

  private static void go(Context self, Task<?> task) {
    self.send(task.pid().orElseThrow(), "go");
  }

  private static <T extends @Nullable Object> Optional<TaskResult<T>> ok(T value) {
    return Optional.of(new TaskResult.Ok<>(value));
  }

  private static <T extends @Nullable Object> Optional<TaskResult<T>> failed(ExitReason reason) {
    return Optional.of(new TaskResult.Failed<>(reason));
  }

  @Test
  @DisplayName("TASK-001 a task gives its result to whoever awaits it, and knows who that is")
  void asyncAndAwait() {
    inProcess(
        self -> {
          // @start region="await"
          Task<Integer> sum = Task.async(self, worker -> 1 + 2); // runs beside this process
          int three = sum.await(Duration.ofSeconds(1));
          // @end
          assertEquals(3, three);
          assertEquals(List.of(self.pid()), Task.async(self, Task::callers).await());
          assertNull(Task.<@Nullable Object>async(self, worker -> null).await());
          assertEquals(List.of(), Task.callers(self));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("TASK-003 await fails with the reason of a task that throws, errs or exits")
  void failures() {
    inProcess(
        self -> {
          var exception = new IllegalStateException("boom");
          Task<?> throwing = Task.async(self, worker -> fail(exception));
          CallFailed failed = assertThrows(CallFailed.class, throwing::await);
          assertEquals(ExitReason.crashed(exception), failed.reason());
          assertSame(exception, failed.getCause());
          String pid = throwing.pid().orElseThrow().toString();
          assertEquals(
              "Task.await("
                  + pid
                  + ", PT5S) failed (crashed: java.lang.IllegalStateException: boom): its code"
                  + " threw java.lang.IllegalStateException: boom",
              failed.getMessage());

          var error = new AssertionError("bug");
          CallFailed erring =
              assertThrows(CallFailed.class, Task.async(self, worker -> fail(error))::await);
          assertEquals(ExitReason.crashed(error), erring.reason());

          Task<?> exiting = Task.async(self, worker -> fail(worker.exit(BYE)));
          assertEquals(BYE, assertThrows(CallFailed.class, exiting::await).reason());
          Task<?> normal = Task.async(self, worker -> fail(worker.exit(ExitReason.NORMAL)));
          assertEquals(ExitReason.NORMAL, assertThrows(CallFailed.class, normal::await).reason());
        });
  }

  /** Throws what it is given, as a task that promises a result would. */
  private static Object fail(Throwable thrown) throws Exception {
    switch (thrown) {
      case Exception exception -> throw exception;
      case Error error -> throw error;
      default -> throw new AssertionError(thrown);
    }
  }

  @Test
  @DisplayName("TASK-003 whoever traps exits and does not catch the failure ends with its reason")
  void uncaught() {
    inProcess(
        self -> {
          ExitReason end =
              endOf(
                  self,
                  owner -> {
                    owner.trapExit(true);
                    Task.async(owner, worker -> fail(worker.exit(BYE))).await();
                  });
          ExitReason.CallFailure failure = assertInstanceOf(ExitReason.CallFailure.class, end);
          assertEquals(BYE, failure.cause());
          assertTrue(failure.call().startsWith("Task.await("), failure::call);
        });
  }

  @Test
  @DisplayName("a task that crashes takes its owner along, and an owner its task")
  void linked() {
    inProcess(
        self -> {
          ExitReason ofOwner =
              endOf(
                  self,
                  owner -> {
                    Task<?> task = Task.async(owner, worker -> fail(worker.exit(BYE)));
                    task.await(HOUR);
                  });
          assertTrue(
              ofOwner.equals(BYE)
                  || (ofOwner instanceof ExitReason.CallFailure(var why, _) && why.equals(BYE)),
              ofOwner::toString);

          Pid test = self.pid();
          Pid owner =
              self.spawn(
                  process -> {
                    Task<String> task = waiting(process);
                    process.send(test, task.pid().orElseThrow());
                    task.await(null);
                  });
          Ref ofTask = self.monitor((Pid) self.receive(Pid.class::isInstance));
          self.exit(owner, BYE);
          assertEquals(BYE, endOf(self, ofTask));
        });
  }

  @Test
  @DisplayName("TASK-004 only the process that started a task may wait for it or end it")
  void ownerOnly() {
    inProcess(
        self -> {
          Task<String> task = Task.async(self, worker -> "mine");
          ExitReason end =
              endOf(
                  self,
                  thief -> {
                    IllegalArgumentException refused =
                        assertThrows(IllegalArgumentException.class, task::await);
                    assertTrue(
                        String.valueOf(refused.getMessage())
                            .contains("another process than " + task.owner()),
                        refused::toString);
                    List<Task<String>> tasks = List.of(task);
                    assertThrows(IllegalArgumentException.class, () -> Task.awaitMany(tasks));
                    assertThrows(
                        IllegalArgumentException.class,
                        () -> Task.yieldMany(tasks, YieldOptions.DEFAULT));
                    assertThrows(IllegalArgumentException.class, () -> task.yield(SOON));
                    assertThrows(IllegalArgumentException.class, task::shutdown);
                    assertThrows(IllegalArgumentException.class, task::ignore);
                  });
          assertEquals(ExitReason.NORMAL, end);
          assertEquals("mine", task.await());
        });
  }

  @Test
  @DisplayName("TASK-005 many are awaited in the order they are given, however they get done")
  void awaitMany() {
    inProcess(
        self -> {
          List<Task<Integer>> tasks = List.of(sleeper(self, 3), sleeper(self, 1), sleeper(self, 2));
          long start = self.monotonicNanos();
          assertEquals(List.of(3, 1, 2), Task.awaitMany(tasks));
          assertEquals(Duration.ofSeconds(3), took(self, start));
          assertEquals(List.of(), Task.awaitMany(List.<Task<Integer>>of()));
          expectNothing(self);
        });
  }

  private static Task<Integer> sleeper(Context self, int seconds) {
    return Task.async(
        self,
        worker -> {
          worker.sleep(Duration.ofSeconds(seconds));
          return seconds;
        });
  }

  /** How long something took, without the time that the schedule itself may take. */
  private static Duration took(Context self, long start) {
    return Duration.ofSeconds(Duration.ofNanos(self.monotonicNanos() - start).toSeconds());
  }

  @Test
  @DisplayName("TASK-006 the first of many that fails ends the wait at once")
  void awaitManyFails() {
    inProcess(
        self -> {
          Task<Integer> slow = sleeper(self, 4);
          Task<Integer> failing =
              Task.async(
                  self,
                  worker -> {
                    worker.sleep(Duration.ofSeconds(1));
                    throw worker.exit(BYE);
                  });
          Task<Integer> fast = sleeper(self, 0);
          long start = self.monotonicNanos();
          CallFailed failed =
              assertThrows(CallFailed.class, () -> Task.awaitMany(List.of(slow, failing, fast)));
          assertEquals(BYE, failed.reason());
          assertEquals(Duration.ofSeconds(1), took(self, start));
          assertEquals(4, slow.await(), "the others can be awaited still");
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("many have one deadline together, and those that miss it are never heard of again")
  void awaitManyTimesOut() {
    inProcess(
        self -> {
          List<Task<Integer>> tasks = List.of(sleeper(self, 1), sleeper(self, 3));
          CallFailed failed =
              assertThrows(CallFailed.class, () -> Task.awaitMany(tasks, Duration.ofSeconds(2)));
          assertEquals(ExitReason.TIMEOUT, failed.reason());
          assertTrue(
              String.valueOf(failed.getMessage()).contains("1 of the tasks"), failed::toString);
          Task<Integer> one = tasks.getFirst();
          assertThrows(
              IllegalArgumentException.class, () -> Task.awaitMany(List.of(one, one), SOON));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("TASK-008 yield gives nothing when the time is over, and the result later")
  void yieldTwice() {
    inProcess(
        self -> {
          Task<String> task = waiting(self);
          assertEquals(Optional.empty(), task.yield(MOMENT));
          assertEquals(Optional.empty(), task.yield(Duration.ZERO));
          go(self, task);
          assertEquals(ok("go"), task.yield(SOON));
          assertEquals(failed(BYE), Task.async(self, w -> fail(w.exit(BYE))).yield(SOON));
        });
  }

  @Test
  @DisplayName("TASK-009 yielding many kills those that are late, if it was told to")
  void yieldManyKills() {
    inProcess(
        self -> {
          Task<String> late = waiting(self);
          Task<String> done = Task.async(self, worker -> "done");
          YieldOptions options =
              YieldOptions.DEFAULT.timeout(MOMENT).onTimeout(OnTimeout.KILL_TASK);
          assertEquals(
              List.of(Optional.empty(), ok("done")), Task.yieldMany(List.of(late, done), options));
          assertFalse(self.isAlive(late.pid().orElseThrow()));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("yielding many lets late ones go on or ignores them, and ends with enough outcomes")
  void yieldManyOtherwise() {
    inProcess(
        self -> {
          Task<String> late = waiting(self);
          Task<String> other = waiting(self);
          YieldOptions brief = YieldOptions.DEFAULT.timeout(MOMENT);
          List<Task<String>> both = List.of(late, other);
          List<Optional<TaskResult<String>>> none = List.of(Optional.empty(), Optional.empty());
          assertEquals(none, Task.yieldMany(both, brief));
          go(self, other);
          YieldOptions one = YieldOptions.DEFAULT.limit(1).onTimeout(OnTimeout.KILL_TASK);
          assertEquals(List.of(Optional.empty(), ok("go")), Task.yieldMany(both, one));
          assertEquals(
              List.of(Optional.empty()),
              Task.yieldMany(List.of(late), brief.onTimeout(OnTimeout.IGNORE)));
          go(self, late);
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("TASK-011 a shutdown gives the result that was sent before, whatever happens then")
  void shutdownAfterReply() {
    inProcess(
        self -> {
          Task<String> task = Task.async(self, worker -> "in time");
          self.sleep(MOMENT);
          self.exit(task.pid().orElseThrow(), ExitReason.KILL);
          assertEquals(ok("in time"), task.shutdown());
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("TASK-014 a task that does not end when told is killed when the time is over")
  void shutdownKills() {
    inProcess(
        self -> {
          Task<String> task = stubborn(self);
          long start = self.monotonicNanos();
          assertEquals(
              failed(ExitReason.KILLED), task.shutdown(Shutdown.within(Duration.ofSeconds(2))));
          assertEquals(Duration.ofSeconds(2), took(self, start));
          assertEquals(Optional.empty(), stubborn(self).shutdown(Shutdown.brutal()));
          assertEquals(Optional.empty(), waiting(self).shutdown(Shutdown.unlimited()));
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("a shutdown says why a task ended that had ended, or ends for another reason")
  void shutdownOfOthers() {
    inProcess(
        self -> {
          Task<?> dead = Task.async(self, worker -> fail(worker.exit(BYE)));
          self.sleep(MOMENT);
          assertEquals(failed(BYE), dead.shutdown());
          Task<String> killed = waiting(self);
          self.exit(killed.pid().orElseThrow(), ExitReason.KILL);
          self.sleep(MOMENT);
          assertEquals(failed(ExitReason.KILLED), killed.shutdown());
          Task<String> late = waiting(self);
          assertThrows(CallFailed.class, () -> late.await(MOMENT));
          assertEquals(Optional.empty(), late.shutdown(), "given up before");
          assertFalse(self.isAlive(late.pid().orElseThrow()));
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("TASK-015 what a task comes to that is ignored never arrives")
  void ignore() {
    inProcess(
        self -> {
          Task<String> running = waiting(self);
          assertEquals(Optional.empty(), running.ignore());
          go(self, running);
          Task<String> done = Task.async(self, worker -> "done");
          self.sleep(MOMENT);
          assertEquals(ok("done"), done.ignore());
          Task<String> crashing =
              Task.async(
                  self,
                  worker -> {
                    worker.receive("go"::equals);
                    throw new IllegalStateException("unseen");
                  });
          assertEquals(Optional.empty(), crashing.ignore());
          go(self, crashing);
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("a result that comes after the time-out of await never arrives")
  void lateReply() {
    inProcess(
        self -> {
          Task<String> task = waiting(self);
          CallFailed failed = assertThrows(CallFailed.class, () -> task.await(MOMENT));
          assertEquals(ExitReason.TIMEOUT, failed.reason());
          go(self, task);
          expectNothing(self);
          assertThrows(IllegalArgumentException.class, () -> task.await(MOMENT.negated()));
        });
  }

  @Test
  @DisplayName("a second await lasts until its time-out and says so, and has no business for ever")
  void secondAwait() {
    inProcess(
        self -> {
          Task<String> task = Task.async(self, worker -> "once");
          assertEquals("once", task.await());
          long start = self.monotonicNanos();
          CallFailed failed = assertThrows(CallFailed.class, () -> task.await(SOON));
          assertEquals(ExitReason.TIMEOUT, failed.reason());
          assertEquals(SOON, took(self, start));
          assertTrue(
              String.valueOf(failed.getMessage()).contains("taken or given up"), failed::toString);
          assertThrows(IllegalStateException.class, () -> task.await(null));
        });
  }

  @Test
  @DisplayName("a task that is completed from the beginning has no process, and its result")
  void completed() {
    inProcess(
        self -> {
          Task<String> task = Task.completed(self, "known");
          assertEquals(Optional.empty(), task.pid());
          assertEquals("known", task.await(Duration.ZERO));
          assertEquals(ok("known"), Task.completed(self, "known").shutdown());
          assertEquals(ok("known"), Task.completed(self, "known").ignore());
          List<Task<Integer>> mixed = List.of(sleeper(self, 1), Task.completed(self, 2));
          assertEquals(List.of(1, 2), Task.awaitMany(mixed));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("a task whose result nobody wants gives none, and is linked only if it was to be")
  void startAndStartLink() {
    inProcess(
        self -> {
          Pid test = self.pid();
          Pid _ =
              Task.start(
                  self,
                  worker -> {
                    worker.send(test, Task.callers(worker));
                    throw worker.exit(BYE);
                  });
          assertEquals(List.of(test), self.receive(List.class::isInstance));
          expectNothingAtAll(self);
          ExitReason end =
              endOf(
                  self,
                  owner -> {
                    Task.startLink(owner, worker -> fail(worker.exit(BYE)));
                    owner.receive();
                  });
          assertEquals(BYE, end);
          assertEquals(
              List.of(), TaskBed.ofPid(self, Task.start(self.node(), TaskTest::callersToAsker)));
        });
  }

  private static Object callersToAsker(Context worker) {
    Request asked = (Request) worker.receive();
    return asked.reply(Task.callers(worker));
  }

  /** Takes the outcomes of its tasks as messages. */
  private static final class Owner implements Reactive {
    private final Pid test;
    private @Nullable Task<String> good;
    private @Nullable Task<String> bad;

    Owner(Pid test) {
      this.test = test;
    }

    @Override
    public void onStart(Context self) {
      self.trapExit(true);
      good = Task.async(self, worker -> "good");
      bad =
          Task.async(
              self,
              worker -> {
                throw worker.exit(BYE);
              });
    }

    @Override
    public void onMessage(Context self, Object message) {
      Objects.requireNonNull(good).check(message).ifPresent(result -> self.send(test, result));
      Objects.requireNonNull(bad).check(message).ifPresent(result -> self.send(test, result));
    }
  }

  @Test
  @DisplayName("a reactive owner gets the outcome of each task as a message")
  void reactiveOwner() {
    inProcess(
        self -> {
          Pid test = self.pid();
          self.spawn(new Owner(test));
          Object ok = self.receive(TaskResult.Ok.class::isInstance);
          Object bye = self.receive(TaskResult.Failed.class::isInstance);
          assertEquals(new TaskResult.Ok<>("good"), ok);
          assertEquals(new TaskResult.Failed<>(BYE), bye);
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("TASK-025 the report of a task that crashes names its label")
  void labelled() {
    inProcess(
        self -> {
          Task<?> task =
              Task.async(
                  self,
                  worker -> {
                    worker.setLabel("import of 2026");
                    throw new IllegalStateException("no such file");
                  });
          assertThrows(CallFailed.class, task::await);
        },
        node -> {
          CrashReport report = node.reports(CrashReport.class).getFirst();
          assertEquals("import of 2026", report.process().label());
          assertTrue(report.text().contains("import of 2026"), report::text);
          assertTrue(report.process().initialCall().startsWith("task "), report::text);
        });
  }

  @Test
  @DisplayName("TASK-026 a task inside a task knows both callers, nearest first")
  void nestedCallers() {
    inProcess(
        self -> {
          Task<List<Pid>> outer =
              Task.async(self, worker -> Task.async(worker, Task::callers).await());
          Pid outerPid = outer.pid().orElseThrow();
          assertEquals(List.of(outerPid, self.pid()), outer.await());
          Task<List<Pid>> ancestors = Task.async(self, Context::ancestors);
          assertEquals(self.pid(), ancestors.await().getFirst());
        });
  }
}
