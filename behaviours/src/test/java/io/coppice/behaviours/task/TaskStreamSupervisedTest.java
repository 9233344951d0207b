package io.coppice.behaviours.task;

import static io.coppice.behaviours.task.TaskBed.SOON;
import static io.coppice.behaviours.task.TaskBed.endOf;
import static io.coppice.behaviours.task.TaskBed.expectNothingAtAll;
import static io.coppice.behaviours.task.TaskBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams whose tasks run under a supervisor (semantics TS1, TS2). */
class TaskStreamSupervisedTest {
  private static final ExitReason BYE = ExitReason.of("bye");

  @Test
  @DisplayName("the tasks of a stream run under a supervisor, linked with its consumer or not")
  void streams() {
    inProcess(
        self -> {
          TaskSupervisorRef tasks = TaskSupervisor.create().start(self);
          TaskFunction<Integer, Pid> parents =
              (worker, input) -> input == 0 ? fail(worker) : worker.parent();
          Pid supervisor = tasks.supervisor().pid();
          StreamOptions free = StreamOptions.DEFAULT.maxConcurrency(2).underNoLink(tasks);
          ExitReason unlinked =
              endOf(
                  self,
                  consumer ->
                      assertEquals(
                          List.of(
                              new TaskResult.Ok<>(supervisor),
                              new TaskResult.Failed<Pid>(BYE),
                              new TaskResult.Ok<>(supervisor)),
                          TaskStream.of(consumer, List.of(1, 0, 2), parents, free).stream()
                              .toList()));
          assertEquals(ExitReason.NORMAL, unlinked);
          ExitReason linked =
              endOf(
                  self,
                  consumer ->
                      TaskStream.of(consumer, List.of(1, 0, 2), parents, free.under(tasks))
                          .forEach(each -> {}));
          assertTrue(
              linked.equals(BYE)
                  || (linked instanceof ExitReason.CallFailure(var why, _) && why.equals(BYE)),
              linked::toString);
          self.sleep(SOON);
          assertEquals(List.of(), tasks.children());
        });
  }

  private static Pid fail(Context worker) {
    throw worker.exit(BYE);
  }

  @Test
  @DisplayName("a stream under a supervisor without room fails and says why")
  void streamWithoutRoom() {
    inProcess(
        self -> {
          TaskSupervisorRef tasks = TaskSupervisor.create().maxChildren(1).start(self);
          StreamOptions two = StreamOptions.DEFAULT.maxConcurrency(2).underNoLink(tasks);
          TaskStream<String> stream =
              TaskStream.of(
                  self,
                  List.of(1, 2),
                  (worker, input) -> (String) worker.receive("go"::equals),
                  two);
          CallFailed failed = assertThrows(CallFailed.class, () -> stream.iterator().hasNext());
          assertTrue(
              String.valueOf(failed.getMessage()).contains("max_children"), failed::toString);
          self.sleep(SOON);
          assertEquals(List.of(), tasks.children());
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("a stream may run as many tasks as its supervisor may have")
  void streamWithJustEnoughRoom() {
    inProcess(
        self -> {
          TaskSupervisorRef tasks = TaskSupervisor.create().maxChildren(2).start(self);
          StreamOptions two = StreamOptions.DEFAULT.maxConcurrency(2).underNoLink(tasks);
          List<Integer> inputs = List.of(1, 2, 3, 4, 5, 6, 7, 8);
          assertEquals(
              inputs,
              TaskStream.of(self, inputs, (worker, input) -> input, two).stream()
                  .map(TaskResult::orThrow)
                  .toList());
        });
  }
}
