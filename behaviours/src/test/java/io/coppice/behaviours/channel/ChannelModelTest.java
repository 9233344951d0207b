package io.coppice.behaviours.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Channels under many schedules, with senders and receivers that give up or are killed. */
class ChannelModelTest {
  private static final int SEEDS = 300;
  private static final int EACH = 20;

  private record Item(int sender, int number) {}

  private record Taken(Pid receiver, Item item) {}

  /** What happened in one run. */
  private static final class Tally {
    final Set<Item> begun = new HashSet<>(); // sends
    final Set<Item> sent = new HashSet<>(); // sends that came back and said so
    final Set<Item> refused = new HashSet<>();
    final List<Taken> received = new ArrayList<>();
    int receiversKilled;
  }

  @Test
  @DisplayName(
      "Whatever gives up or is killed: no item twice, none that was refused, none lost but in the"
          + " hands of a receiver that was killed, and each sender's items in their order for each"
          + " receiver")
  void model() {
    int schedules = TestNode.forSeeds(SEEDS, node -> check(play(node)));
    assertTrue(schedules > SEEDS / 2, () -> schedules + " different schedules");
  }

  private static Tally play(TestNode node) {
    RandomGenerator random = new Random(node.seed());
    Tally tally = new Tally();
    node.run(
        self -> {
          Channel<Item> channel =
              random.nextInt(4) == 0
                  ? Channel.unbounded(self)
                  : Channel.bounded(self, random.nextInt(4));
          List<Pid> senders = new ArrayList<>();
          List<Pid> receivers = new ArrayList<>();
          for (int s = 0; s < 3; s++) {
            int number = s;
            senders.add(self.spawn(me -> send(me, channel, number, random, tally)));
          }
          for (int r = 0; r < 3; r++) {
            receivers.add(self.spawn(me -> receive(me, channel, random, tally)));
          }
          for (int i = 0; i < 3; i++) {
            self.sleep(Duration.ofMillis(random.nextInt(10)));
            if (random.nextBoolean()) {
              self.exit(senders.get(i), ExitReason.KILL);
            } else if (receivers.size() > 1) {
              self.exit(receivers.removeLast(), ExitReason.KILL);
              tally.receiversKilled++;
            }
          }
          self.sleep(Duration.ofSeconds(10));
          channel.close();
          self.sleep(Duration.ofSeconds(10));
          assertEquals(0, channel.size());
          senders.forEach(pid -> assertTrue(!self.isAlive(pid), () -> pid + " waits: " + channel));
          receivers.forEach(
              pid -> assertTrue(!self.isAlive(pid), () -> pid + " waits: " + channel));
        });
    return tally;
  }

  private static void send(
      Context self, Channel<Item> channel, int sender, RandomGenerator random, Tally tally) {
    for (int i = 0; i < EACH; i++) {
      Item item = new Item(sender, i);
      tally.begun.add(item);
      boolean done =
          switch (random.nextInt(3)) {
            case 0 -> channel.trySend(item);
            case 1 -> channel.send(item, Duration.ofMillis(random.nextInt(3)));
            default -> {
              channel.send(item);
              yield true;
            }
          };
      (done ? tally.sent : tally.refused).add(item);
      if (random.nextInt(4) == 0) {
        self.sleep(Duration.ofMillis(random.nextInt(2)));
      }
    }
  }

  private static void receive(
      Context self, Channel<Item> channel, RandomGenerator random, Tally tally) {
    Consumer<Item> take = item -> tally.received.add(new Taken(self.pid(), item));
    try {
      while (true) {
        switch (random.nextInt(3)) {
          case 0 -> channel.tryReceive().ifPresent(take);
          case 1 -> channel.receive(Duration.ofMillis(random.nextInt(3))).ifPresent(take);
          default -> take.accept(channel.receive());
        }
        self.yieldNow();
      }
    } catch (ChannelClosed end) {
      // all has been received
    }
  }

  private static void check(Tally tally) {
    Set<Item> received = new HashSet<>();
    tally.received.forEach(
        taken -> assertTrue(received.add(taken.item()), () -> "twice: " + taken));
    assertTrue(tally.begun.containsAll(received));
    tally.refused.forEach(
        item -> assertTrue(!received.contains(item), () -> item + " was refused"));
    long lost = tally.sent.stream().filter(item -> !received.contains(item)).count();
    assertTrue(lost <= tally.receiversKilled, () -> lost + " lost");
    if (tally.receiversKilled == 0) { // what is put back has lost its place
      Map<Object, Integer> last = new HashMap<>();
      for (Taken taken : tally.received) {
        Object flow = List.of(taken.receiver(), taken.item().sender());
        Integer before = last.put(flow, taken.item().number());
        assertTrue(
            before == null || before < taken.item().number(), () -> taken + ": out of order");
      }
    }
  }
}
