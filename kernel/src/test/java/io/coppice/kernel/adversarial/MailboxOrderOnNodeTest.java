package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the mailbox promises, seen through processes (design 2.2). */
class MailboxOrderOnNodeTest {
  private record Numbered(int sender, int number) {}

  @ParameterizedTest(name = "ring of {0}")
  @ValueSource(ints = {2, 16})
  @DisplayName(
      "messages that spill over a full ring arrive in each sender's order, none lost or doubled")
  void spilling(int capacity) throws Exception {
    int senders = 6;
    int each = 20_000;
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(4))) {
      CompletableFuture<String> result = new CompletableFuture<>();
      int[] next = new int[senders];
      int[] total = {0};
      Pid receiver =
          node.spawn(
              (self, message) -> {
                Numbered n = (Numbered) message;
                if (next[n.sender]++ != n.number) {
                  result.complete("sender " + n.sender + " out of order at " + n.number);
                }
                if (++total[0] == senders * each) {
                  result.complete("all in order");
                }
              },
              SpawnOptions.DEFAULT.mailboxCapacity(capacity));
      for (int s = 0; s < senders; s++) {
        int sender = s;
        node.spawn(
            self -> {
              for (int i = 0; i < each; i++) {
                self.send(receiver, new Numbered(sender, i));
              }
            });
      }
      assertEquals("all in order", result.get(120, SECONDS));
    }
  }

  @ParameterizedTest(name = "ring of {0}")
  @ValueSource(ints = {2, 16})
  @DisplayName(
      "receive after 0 finds what the process has sent to itself, whatever others are sending")
  void ownSendIsSeen(int capacity) throws Exception {
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(2))) {
      CompletableFuture<Integer> missed = new CompletableFuture<>();
      AtomicBoolean over = new AtomicBoolean();
      Pid receiver =
          node.spawn(
              self -> {
                int misses = 0;
                for (int i = 0; i < 30_000; i++) {
                  Integer own = i;
                  self.send(self.pid(), own);
                  if (self.receive(own::equals, Duration.ZERO).isEmpty()) {
                    misses++;
                  }
                  while (self.receive(Duration.ZERO).isPresent()) {
                    Thread.onSpinWait(); // the others' messages
                  }
                }
                missed.complete(misses);
              },
              SpawnOptions.DEFAULT.mailboxCapacity(capacity));
      Thread[] others = new Thread[2];
      for (int i = 0; i < others.length; i++) {
        others[i] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (!over.get()) {
                        node.send(receiver, "noise");
                        for (int spin = 0; spin < 200; spin++) {
                          Thread.onSpinWait();
                        }
                      }
                    });
      }
      try {
        assertEquals(0, missed.get(120, SECONDS));
      } finally {
        over.set(true);
        for (Thread other : others) {
          other.join();
        }
      }
    }
  }
}
