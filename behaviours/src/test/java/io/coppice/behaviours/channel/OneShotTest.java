package io.coppice.behaviours.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OneShotTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void inNode(ProcessBody body) {
    try (TestNode node = TestNode.start(1)) {
      node.run(body);
    }
  }

  @Test
  @DisplayName("The first value counts, before or after somebody waits, and stays")
  void once() {
    inNode(
        self -> {
          OneShot<Integer> early = OneShot.create(self);
          assertTrue(early.send(1));
          assertFalse(early.send(2));
          assertFalse(early.close());
          assertEquals(1, early.receive());
          assertEquals(1, early.receive());
          assertEquals("done", ChannelSnippets.oneShot(self));
        });
  }

  @Test
  @DisplayName("A wait ends in time, and the value can be received afterwards")
  void timeout() {
    inNode(
        self -> {
          OneShot<String> late = OneShot.create(self);
          long start = self.monotonicNanos();
          assertEquals(Optional.empty(), late.receive(SECOND));
          assertEquals(SECOND.toNanos(), self.monotonicNanos() - start);
          assertTrue(late.send("late"));
          assertEquals(Optional.of("late"), late.receive(Duration.ZERO));
        });
  }

  @Test
  @DisplayName("Closing tells who waits that no value will come")
  void close() {
    inNode(
        self -> {
          OneShot<String> none = OneShot.create(self);
          self.spawn(
              other -> {
                assertThrows(ChannelClosed.class, none::receive);
                other.send(self.pid(), "told");
              });
          self.sleep(SECOND);
          assertTrue(none.close());
          assertEquals("told", self.receive());
          assertFalse(none.send("late"));
          assertThrows(ChannelClosed.class, () -> none.receive(SECOND));
        });
  }

  @Test
  @DisplayName("One waits at a time: a second one is refused, and takes the place of one that died")
  void oneWaiter() {
    inNode(
        self -> {
          OneShot<String> shot = OneShot.create(self);
          Pid first = self.spawn(other -> shot.receive());
          self.sleep(SECOND);
          assertThrows(IllegalStateException.class, () -> shot.receive(SECOND));
          self.exit(first, ExitReason.KILL);
          self.sleep(SECOND);
          self.spawn(other -> shot.send("value"));
          assertEquals("value", shot.receive());
        });
  }
}
