package io.coppice.behaviours.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs tests in a process that traps exits, on virtual time, under many schedules. */
final class TaskBed {
  static final Duration SOON = Duration.ofSeconds(10);
  static final Duration HOUR = Duration.ofHours(1);
  static final Duration MOMENT = Duration.ofMillis(1);
  private static final int SEEDS = 20;

  private TaskBed() {}

  /** Runs a test; it must leave no process, timer or thread behind that does not end when told. */
  static void inProcess(ProcessBody test) {
    inProcess(test, node -> {});
  }

  /** Runs a test, and looks at the node afterwards. */
  static void inProcess(ProcessBody test, Consumer<TestNode> afterwards) {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          node.run(
              self -> {
                self.trapExit(true);
                test.run(self);
              });
          afterwards.accept(node);
        });
  }

  /** Waits until a process that does not trap exits has ended of its code, and says why it did. */
  static ExitReason endOf(Context self, ProcessBody code) {
    return endOf(self, self.spawnMonitor(code).monitor());
  }

  static ExitReason endOf(Context self, Ref monitor) {
    Object end =
        self.receive(m -> m instanceof Down down && down.ref().equals(monitor), SOON).orElseThrow();
    return ((Down) end).reason();
  }

  /** The answer of a process to a request. */
  static @Nullable Object ofPid(Context self, Pid pid) {
    return self.call(pid, "?", SOON);
  }

  /** Waits until a task, or whoever else, has sent a word to this process. */
  static void await(Context self, String word) {
    assertTrue(self.receive(word::equals, SOON).isPresent(), () -> word + " never came");
  }

  /** That nothing is in the mailbox, nor comes, but for the exits of links. */
  static void expectNothing(Context self) {
    self.sleep(SOON);
    List<Object> left =
        self.messages(self.pid(), 100).orElseThrow().stream()
            .filter(m -> !(m instanceof Exit))
            .toList();
    assertEquals(List.of(), left);
  }

  /** That nothing is in the mailbox, nor comes, exits among it. */
  static void expectNothingAtAll(Context self) {
    self.sleep(SOON);
    assertEquals(List.of(), self.messages(self.pid(), 100).orElseThrow());
  }
}
