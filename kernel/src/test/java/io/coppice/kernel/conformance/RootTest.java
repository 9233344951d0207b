package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The root of a node, which processes started from outside have as parent. */
class RootTest extends ConformanceCase {
  @Test
  @DisplayName("the root outlives all exit signals, keeps no message and lets no caller wait")
  void root() throws Exception {
    run(
        self -> {
          Pid root = self.parent();
          assertTrue(self.isAlive(root));
          Ref monitor = self.monitor(root);
          self.link(root);
          self.exit(root, ExitReason.of("no effect"));
          self.exit(root, ExitReason.KILL);
          assertTrue(self.isAlive(root));
          self.send(root, "dropped");
          CallFailed failed = assertThrows(CallFailed.class, () -> self.call(root, "?", null));
          assertEquals(ExitReason.NO_PROCESS, failed.reason());
          assertEquals(0, self.info(root).orElseThrow().queueLength());
          assertTrue(self.demonitor(monitor));
          self.unlink(root);
          assertEquals(List.of(), self.links());
          assertMailboxEmpty(self);
        });
  }
}
