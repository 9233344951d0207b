package io.coppice.behaviours.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChannelTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void inNode(ProcessBody body) {
    try (TestNode node = TestNode.start(1)) {
      node.run(body);
    }
  }

  @Test
  @DisplayName("Items come out in the order in which they went in, whoever receives")
  void order() {
    inNode(
        self -> {
          Channel<Integer> channel = Channel.unbounded(self);
          IntStream.range(0, 100).forEach(channel::send);
          assertEquals(100, channel.size());
          for (int i = 0; i < 100; i++) {
            assertEquals(i, channel.receive());
          }
          assertEquals(Optional.empty(), channel.tryReceive());
        });
  }

  @Test
  @DisplayName(
      "A full channel refuses who does not wait, and holds up who does until there is room")
  void pushesBack() {
    inNode(
        self -> {
          Channel<Integer> channel = Channel.bounded(self, 2);
          assertTrue(channel.trySend(1));
          assertTrue(channel.trySend(2));
          assertFalse(channel.trySend(3));
          long start = self.monotonicNanos();
          assertFalse(channel.send(3, SECOND));
          assertEquals(SECOND.toNanos(), self.monotonicNanos() - start);
          Pid sender =
              self.spawn(
                  other -> {
                    channel.send(4);
                    other.send(self.pid(), "sent");
                  });
          self.sleep(SECOND);
          assertEquals(WaitReason.HANDOFF, self.info(sender).orElseThrow().waitReason());
          assertEquals(1, channel.receive());
          assertEquals("sent", self.receive());
          assertEquals(List.of(2, 4), List.of(channel.receive(), channel.receive()));
        });
  }

  @Test
  @DisplayName("A channel without capacity is a meeting: a sender waits until its item is received")
  void meeting() {
    inNode(
        self -> {
          Channel<Integer> channel = Channel.bounded(self, 0);
          assertFalse(channel.trySend(1));
          List<String> order = new ArrayList<>();
          self.spawn(
              other -> {
                channel.send(1);
                order.add("sent");
                channel.send(2);
              });
          self.sleep(SECOND);
          order.add("receives");
          assertEquals(1, channel.receive());
          assertEquals(2, channel.receive());
          self.sleep(SECOND);
          assertEquals(List.of("receives", "sent"), order);
          assertThrows(IllegalArgumentException.class, () -> Channel.bounded(self, -1));
        });
  }

  @Test
  @DisplayName("A receiver waits as long as it says, and leaves nothing behind in its mailbox")
  void timeout() {
    inNode(
        self -> {
          Channel<String> channel = Channel.unbounded(self);
          long start = self.monotonicNanos();
          assertEquals(Optional.empty(), channel.receive(SECOND));
          assertEquals(SECOND.toNanos(), self.monotonicNanos() - start);
          channel.send("late");
          assertEquals(Optional.empty(), self.receive(SECOND));
          assertEquals(Optional.of("late"), channel.receive(Duration.ZERO));
          assertTrue(
              channel.toString().contains("0 senders and 0 receivers wait"), channel::toString);
        });
  }

  @Test
  @DisplayName(
      "A closed channel takes nothing more, gives what it has, and then says that it ended")
  void close() {
    inNode(
        self -> {
          Channel<Integer> channel = Channel.bounded(self, 1);
          channel.send(1);
          self.spawn(
              other -> {
                assertThrows(ChannelClosed.class, () -> channel.send(2));
                other.send(self.pid(), "refused");
              });
          self.sleep(SECOND);
          assertTrue(channel.close());
          assertFalse(channel.close());
          assertEquals("refused", self.receive());
          assertThrows(ChannelClosed.class, () -> channel.trySend(3));
          assertEquals(1, channel.receive());
          assertThrows(ChannelClosed.class, channel::receive);
          assertThrows(ChannelClosed.class, channel::tryReceive);
        });
  }

  @Test
  @DisplayName("Closing wakes all receivers, and they see the cause, if there is one")
  void closeWithCause() {
    inNode(
        self -> {
          Channel<Integer> channel = Channel.unbounded(self);
          RuntimeException cause = new RuntimeException("the source broke");
          for (int i = 0; i < 3; i++) {
            self.spawn(
                other -> {
                  ChannelClosed closed = assertThrows(ChannelClosed.class, channel::receive);
                  other.send(self.pid(), Objects.requireNonNull(closed.getCause()));
                });
          }
          self.sleep(SECOND);
          channel.close(cause);
          for (int i = 0; i < 3; i++) {
            assertSame(cause, self.receive());
          }
          ChannelClosed thrown =
              assertThrows(ChannelClosed.class, () -> channel.forEach(item -> {}));
          assertSame(cause, thrown.getCause());
        });
  }

  @Test
  @DisplayName("An item goes to the first receiver that still waits: not to one that was killed")
  void killedReceiver() {
    inNode(
        self -> {
          Channel<String> channel = Channel.unbounded(self);
          Pid first = self.spawn(other -> other.send(self.pid(), "first: " + channel.receive()));
          self.sleep(SECOND);
          self.spawn(other -> other.send(self.pid(), "second: " + channel.receive()));
          self.sleep(SECOND);
          self.exit(first, ExitReason.KILL);
          self.sleep(SECOND);
          channel.send("item");
          assertEquals("second: item", self.receive());
        });
  }

  @Test
  @DisplayName("An item that was handed to a receiver killed before it ran goes to the next one")
  void killedWithItem() {
    AtomicInteger passedOn = new AtomicInteger();
    TestNode.forSeeds(
        50,
        node ->
            node.run(
                self -> {
                  Channel<String> channel = Channel.unbounded(self);
                  Channel<String> taken = Channel.unbounded(self);
                  Pid first = self.spawn(other -> taken.send(channel.receive()));
                  self.sleep(SECOND);
                  channel.send("item"); // it is ready, and may not have run
                  self.exit(first, ExitReason.KILL);
                  self.sleep(SECOND);
                  Optional<String> left = channel.tryReceive();
                  left.ifPresent(item -> passedOn.incrementAndGet());
                  assertTrue(taken.size() + left.stream().count() <= 1, "twice");
                }));
    assertTrue(passedOn.get() > 0, "it always ran");
  }

  @Test
  @DisplayName("A pipeline of stages ends when its source does")
  void pipeline() {
    try (TestNode node = TestNode.start(1)) {
      node.run(
          self ->
              assertEquals(
                  List.of(1, 2, 3),
                  ChannelSnippets.pipeline(self.node(), List.of("a", "bb", "ccc"))));
    }
  }
}
