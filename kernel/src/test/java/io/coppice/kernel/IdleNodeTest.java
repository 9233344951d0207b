package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IdleNodeTest {
  @Test
  @NeedsOpenJdk("it looks at the threads of the schedulers")
  @DisplayName("T11 a node whose timers were all cancelled sleeps with no time limit")
  void sleeps() {
    NodeOptions options = NodeOptions.DEFAULT.withSchedulers(2).withName("sleeper");
    try (Node node = Node.start(options)) {
      Pid pid = node.spawn(self -> self.receive());
      List<Ref> timers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        timers.add(node.sendAfter(Duration.ofSeconds(3), pid, "never"));
      }
      for (Ref timer : timers) {
        assertTrue(node.cancelTimer(timer).isPresent());
      }
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(IdleNodeTest::allSleep);
    }
  }

  private static boolean allSleep() {
    List<Thread> schedulers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("sleeper-scheduler"))
            .toList();
    return schedulers.size() == 2
        && schedulers.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING);
  }
}
