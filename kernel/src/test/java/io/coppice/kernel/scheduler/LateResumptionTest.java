package io.coppice.kernel.scheduler;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A resumption may come when its wait is over: there was no stack or memory to wait with. */
class LateResumptionTest {
  private static final int PROCESSES = 100;

  @Test
  @DisplayName("runners that were resumed too late run one thing at a time afterwards")
  void lateResumptions() throws Exception {
    NodeOptions options =
        NodeOptions.DEFAULT
            .withSchedulers(2)
            .withShutdownTime(Duration.ZERO)
            .withReporter(report -> {});
    try (Node node = Node.start(options)) {
      CountDownLatch late = new CountDownLatch(PROCESSES);
      for (int i = 0; i < PROCESSES; i++) {
        node.spawn(
            self -> {
              self.sleep(Duration.ofMillis(1)); // it has no seat afterwards
              resumeOnceMore();
              late.countDown();
            });
      }
      assertTrue(late.await(20, SECONDS));
      CountDownLatch waiting = new CountDownLatch(PROCESSES);
      CountDownLatch over = new CountDownLatch(PROCESSES);
      List<Pid> all = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        all.add(
            node.spawn(
                self -> {
                  waiting.countDown();
                  self.receive();
                  over.countDown();
                }));
      }
      assertTrue(waiting.await(20, SECONDS), "processes that do not start: " + waiting.getCount());
      for (Pid pid : all) {
        node.send(pid, "go on");
      }
      assertTrue(over.await(20, SECONDS), "processes that do not go on: " + over.getCount());
    }
  }

  /** On our own carriers a late resumption is told by the state of the runner. */
  private static void resumeOnceMore() {
    if (JdkInternals.currentCarrier() instanceof SeatedRunner runner) {
      ProcessCell cell = runner.current();
      if (cell != null) {
        runner.resume(cell);
      }
    }
  }
}
