package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Handoff;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HandoffTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void inNode(ProcessBody body) {
    try (TestNode node = TestNode.start(1)) {
      node.run(body);
    }
  }

  @Test
  @DisplayName("The first value that is offered is the one, whether it comes before or in the wait")
  void first() {
    inNode(
        self -> {
          Handoff<String> before = self.handoff("before");
          assertTrue(before.offer("a"));
          assertFalse(before.offer("b"));
          assertEquals(Optional.of("a"), before.await(null));
          Handoff<String> during = self.handoff("during");
          self.spawn(other -> during.offer("c"));
          assertEquals(Optional.of("c"), during.await(SECOND));
        });
  }

  @Test
  @DisplayName(
      "When the time is over nobody can hand over any more; nothing is left in the mailbox")
  void timeout() {
    inNode(
        self -> {
          Handoff<String> place = self.handoff("place");
          long start = self.monotonicNanos();
          assertEquals(Optional.empty(), place.await(SECOND));
          assertEquals(SECOND.toNanos(), self.monotonicNanos() - start);
          assertFalse(place.offer("late"));
          assertEquals(Optional.empty(), place.await(null));
          assertEquals(Optional.empty(), self.receive(Duration.ZERO));
        });
  }

  @Test
  @DisplayName("What was offered to a process that was told to die can be withdrawn by it")
  void withdraw() {
    inNode(
        self -> {
          CompletableFuture<Handoff<String>> place = new CompletableFuture<>();
          CompletableFuture<Optional<String>> found = new CompletableFuture<>();
          Pid dies =
              self.spawn(
                  other -> {
                    Handoff<String> mine = other.handoff("mine");
                    place.complete(mine);
                    try {
                      mine.await(null);
                    } catch (ProcessExit exit) {
                      found.complete(mine.withdraw());
                      throw exit;
                    }
                  });
          self.sleep(SECOND);
          assertTrue(place.getNow(null).offer("value"));
          self.exit(dies, ExitReason.KILL);
          self.sleep(SECOND);
          Optional<String> left = found.getNow(Optional.of("it went on with it"));
          assertTrue(left.isPresent(), "accepted, and then lost");
          Handoff<String> given = self.handoff("given");
          assertEquals(Optional.empty(), given.withdraw());
          assertFalse(given.offer("late"));
        });
  }

  @Test
  @DisplayName("A process that waits so is shown with the type of what it waits at")
  void shown() {
    inNode(
        self -> {
          Pid waits = self.spawn(other -> other.handoff(new Object()).await(SECOND));
          self.sleep(Duration.ofMillis(1));
          ProcessInfo info = self.info(waits).orElseThrow();
          assertEquals(WaitReason.HANDOFF, info.waitReason());
          assertEquals("java.lang.Object", info.waiting().request());
        });
  }

  @Test
  @DisplayName("Threads from outside wait and hand over, too; only who made it may wait")
  void threads() throws Exception {
    try (Node node = Node.start()) {
      Handoff<String> mine = node.handoff("mine");
      node.spawn(self -> mine.offer("from a process"));
      assertEquals(Optional.of("from a process"), mine.await(Duration.ofSeconds(20)));
      Handoff<String> none = node.handoff("none");
      assertEquals(Optional.empty(), none.await(Duration.ofMillis(1)));
      Handoff<String> other = node.handoff("other");
      CompletableFuture<IllegalStateException> refused = new CompletableFuture<>();
      node.spawn(
          self ->
              refused.complete(
                  assertThrows(IllegalStateException.class, () -> other.await(SECOND))));
      String message = String.valueOf(refused.get(20, TimeUnit.SECONDS).getMessage());
      assertTrue(message.startsWith("A handoff is awaited by who has made it"), message);
    }
  }
}
