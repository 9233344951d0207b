package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Monitors (semantics 1.5), beyond the table of cases. */
class MonitorRulesTest extends ConformanceCase {
  @Test
  @DisplayName("P43 a monitor by name stays with the process that had the name")
  void bindsToTheHolder() throws Exception {
    run(
        self -> {
          Pid first = self.spawn(PARKED, SpawnOptions.DEFAULT.name("passed on"));
          Ref monitor = self.monitor("passed on");
          self.unregister("passed on");
          Pid second = self.spawn(PARKED, SpawnOptions.DEFAULT.name("passed on"));
          self.exit(second, ExitReason.KILL);
          assertFalse(self.isAlive(second));
          assertMailboxEmpty(self);
          self.exit(first, ExitReason.KILL);
          Down down = new Down(monitor, "passed on", ExitReason.KILLED);
          assertEquals(down, expect(self, Down.class));
        });
  }

  @Test
  @DisplayName("P44 demonitor leaves a Down that is queued, flush takes it out")
  void queuedDown() throws Exception {
    Pid dead = ended();
    run(
        self -> {
          Ref kept = self.monitor(dead);
          Ref flushed = self.monitor(dead);
          Ref later = self.monitor("nobody");
          assertFalse(self.isAlive(dead)); // both Downs have come
          assertFalse(self.demonitor(kept));
          assertFalse(self.demonitorFlush(flushed));
          assertEquals(kept, expect(self, Down.class).ref());
          assertEquals(later, expect(self, Down.class).ref());
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P45 P48 a monitor has no effect on its target, nor has the end of the watcher")
  void watcherEnds() throws Exception {
    run(
        self -> {
          Pid target = self.spawn((me, message) -> ((Request) message).reply("untouched"));
          Pid watcher =
              self.spawn(
                  me -> {
                    for (int i = 0; i < 100; i++) {
                      var _ = me.monitor(target);
                    }
                    throw me.exit(ExitReason.of("watcher"));
                  });
          var _ = fate(self, watcher);
          assertTrue(self.isAlive(target));
          assertEquals("untouched", self.call(target, "?", LIMIT));
        });
  }
}
