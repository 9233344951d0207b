package io.coppice.behaviours.task;

import static io.coppice.behaviours.task.TaskBed.SOON;
import static io.coppice.behaviours.task.TaskBed.await;
import static io.coppice.behaviours.task.TaskBed.endOf;
import static io.coppice.behaviours.task.TaskBed.expectNothing;
import static io.coppice.behaviours.task.TaskBed.expectNothingAtAll;
import static io.coppice.behaviours.task.TaskBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.Outcome;
import io.coppice.supervisor.Refusal;
import io.coppice.supervisor.Restart;
import io.coppice.supervisor.Shutdown;
import io.coppice.supervisor.StartOutcome;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tasks under a supervisor (semantics TS1). */
class TaskSupervisorTest {
  private static final ExitReason BYE = ExitReason.of("bye");

  private static String waitForWord(Context worker) {
    return (String) worker.receive("go"::equals);
  }

  private static String bye(Context worker) {
    throw worker.exit(BYE);
  }

  @Test
  @DisplayName("tasks under a supervisor give results, and are its children while they run")
  void async() {
    inProcess(
        self -> {
          // @start region="supervisor"
          TaskSupervisorRef tasks = TaskSupervisor.create().maxChildren(100).start(self);
          Task<String> task = tasks.asyncNoLink(self, worker -> "done"); // may fail for itself
          String done = task.await(Duration.ofSeconds(1));
          // @end
          assertEquals("done", done);
          Task<String> waiting = tasks.async(self, TaskSupervisorTest::waitForWord);
          Pid pid = waiting.pid().orElseThrow();
          assertEquals(List.of(pid), tasks.children());
          Task<List<Pid>> callers = tasks.async(self, Task::callers);
          assertEquals(List.of(self.pid()), callers.await());
          assertEquals(
              tasks.supervisor().pid(), tasks.async(self, Context::parent).await(), "its parent");
          self.send(pid, "go");
          assertEquals("go", waiting.await());
          expectNothing(self);
          assertEquals(List.of(), tasks.children());
        });
  }

  @Test
  @DisplayName("TASK-022 a task too many raises, and one whose result nobody wants is refused")
  void maxChildren() {
    inProcess(
        self -> {
          TaskSupervisorRef tasks = TaskSupervisor.create().maxChildren(1).start(self);
          Task<String> only = tasks.async(self, TaskSupervisorTest::waitForWord);
          IllegalStateException raised =
              assertThrows(
                  IllegalStateException.class,
                  () -> tasks.async(self, TaskSupervisorTest::waitForWord));
          assertTrue(
              String.valueOf(raised.getMessage()).contains("max_children"), raised::toString);
          assertEquals(
              new StartOutcome.Refused(Refusal.MAX_CHILDREN),
              tasks.startChild(self, TaskSupervisorTest::waitForWord));
          assertEquals(Optional.empty(), only.shutdown());
          self.sleep(TaskBed.MOMENT); // the supervisor hears of it by itself
          assertEquals("room", tasks.asyncNoLink(self, worker -> "room").await());
          assertThrows(
              IllegalArgumentException.class,
              () -> TaskSupervisor.create().maxChildren(-1).start(self));
        });
  }

  @Test
  @DisplayName("TASK-023 a task is restarted if it asks for it, others never are")
  void restart() {
    inProcess(
        self -> {
          Pid test = self.pid();
          TaskSupervisorRef tasks = TaskSupervisor.create().intensity(1, SOON).start(self);
          TaskBody<String> code =
              worker -> {
                worker.send(test, worker.pid());
                return waitForWord(worker);
              };
          tasks.startChild(self, code, Restart.PERMANENT).pid();
          Pid first = (Pid) self.receive(Pid.class::isInstance);
          self.send(first, "go");
          Pid second = (Pid) self.receive(Pid.class::isInstance);
          assertNotEquals(first, second);
          assertEquals(List.of(second), tasks.children());
          assertEquals(Outcome.done(), tasks.terminateChild(second));
          assertEquals(List.of(), tasks.children());

          tasks.startChild(self, code, Restart.TRANSIENT).pid();
          self.send((Pid) self.receive(Pid.class::isInstance), "go");
          tasks.startChild(self.node(), code).pid();
          self.exit((Pid) self.receive(Pid.class::isInstance), BYE);
          expectNothingAtAll(self);
          assertEquals(List.of(), tasks.children());
        });
  }

  @Test
  @DisplayName("the supervisor can restart all tasks that nobody awaits, and never those awaited")
  void restartAll() {
    inProcess(
        self -> {
          Pid test = self.pid();
          TaskSupervisorRef tasks =
              TaskSupervisor.create().name("tasks").restart(Restart.TRANSIENT).start(self);
          assertThrows(
              CallFailed.class, () -> tasks.asyncNoLink(self, TaskSupervisorTest::bye).await());
          TaskBody<String> code =
              worker -> {
                worker.send(test, worker.pid());
                return waitForWord(worker);
              };
          tasks.startChild(self, code).pid();
          self.exit((Pid) self.receive(Pid.class::isInstance), BYE);
          Pid second = (Pid) self.receive(Pid.class::isInstance);
          assertEquals(List.of(second), TaskSupervisorRef.named(self, "tasks").children());
        });
  }

  @Test
  @DisplayName("a crash without a link is an outcome only, with a link it ends the owner")
  void links() {
    inProcess(
        self -> {
          TaskSupervisorRef tasks = TaskSupervisor.create().start(self);
          ExitReason unlinked =
              endOf(
                  self,
                  owner -> {
                    Task<String> task = tasks.asyncNoLink(owner, TaskSupervisorTest::bye);
                    assertEquals(BYE, assertThrows(CallFailed.class, task::await).reason());
                  });
          assertEquals(ExitReason.NORMAL, unlinked);
          ExitReason linked =
              endOf(
                  self,
                  owner -> {
                    tasks.async(owner, TaskSupervisorTest::bye);
                    owner.receive();
                  });
          assertEquals(BYE, linked);
        });
  }

  @Test
  @DisplayName("the end of an owner ends tasks that are linked with it and no others")
  void ownerEnds() {
    inProcess(
        self -> {
          Pid test = self.pid();
          TaskSupervisorRef tasks = TaskSupervisor.create().start(self);
          Pid owner =
              self.spawn(
                  process -> {
                    Task<String> linked = tasks.async(process, TaskSupervisorTest::waitForWord);
                    process.send(test, linked.pid().orElseThrow());
                    Task<String> free = tasks.asyncNoLink(process, TaskSupervisorTest::waitForWord);
                    process.send(test, free.pid().orElseThrow());
                    process.receive();
                  });
          Ref linked = self.monitor((Pid) self.receive(Pid.class::isInstance));
          Pid free = (Pid) self.receive(Pid.class::isInstance);
          self.exit(owner, BYE);
          assertEquals(BYE, endOf(self, linked));
          self.sleep(SOON);
          assertEquals(List.of(free), tasks.children());
          self.send(free, "go");
          self.sleep(SOON);
          assertEquals(List.of(), tasks.children());
        });
  }

  @Test
  @DisplayName("a task whose owner is killed before it could ask for the result does not linger")
  void ownerKilledEarly() {
    TestNode.forSeeds(
        300,
        node -> {
          TaskSupervisorRef tasks = TaskSupervisor.create().start(node);
          Pid owner =
              node.spawn(
                  self -> {
                    for (int i = 0; i < 5; i++) {
                      tasks.asyncNoLink(self, worker -> "unheard");
                    }
                  });
          node.spawn(
              self -> {
                for (int i = 0; i < node.seed() % 40; i++) {
                  self.yieldNow();
                }
                self.exit(owner, ExitReason.KILL);
              });
          node.runUntilIdle();
          assertEquals(List.of(), tasks.children());
        });
  }

  @Test
  @DisplayName("a supervisor that stops tells its tasks, and kills those that do not end in time")
  void stops() {
    inProcess(
        self -> {
          Pid test = self.pid();
          TaskSupervisorRef tasks =
              TaskSupervisor.create().shutdown(Shutdown.within(Duration.ofSeconds(3))).start(self);
          Task<String> obedient = tasks.asyncNoLink(self, TaskSupervisorTest::waitForWord);
          Task<String> deaf =
              tasks.asyncNoLink(
                  self,
                  worker -> {
                    worker.trapExit(true);
                    worker.send(test, "deaf");
                    return (String) worker.receive("never"::equals);
                  });
          await(self, "deaf");
          long start = self.monotonicNanos();
          tasks.supervisor().stop();
          assertEquals(3, Duration.ofNanos(self.monotonicNanos() - start).toSeconds());
          assertEquals(
              Optional.of(new TaskResult.Failed<>(ExitReason.SHUTDOWN)), obedient.yield(SOON));
          assertEquals(Optional.of(new TaskResult.Failed<>(ExitReason.KILLED)), deaf.yield(SOON));
          assertThrows(CallFailed.class, () -> tasks.async(self, worker -> "no more"));
        });
  }

  @Test
  @DisplayName("a supervisor of tasks is a child of any other supervisor")
  void asChild() {
    inProcess(
        self -> {
          Supervisor.oneForOne()
              .child(TaskSupervisor.create().name("tasks").childSpec("tasks"))
              .start(self);
          TaskSupervisorRef tasks = TaskSupervisorRef.named(self, "tasks");
          Pid before = tasks.supervisor().pid();
          self.exit(before, ExitReason.KILL);
          self.sleep(SOON);
          assertNotEquals(before, tasks.supervisor().pid());
          assertEquals("again", tasks.async(self, worker -> "again").await());
        });
  }
}
