package io.coppice.kernel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxFull;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Overflow;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Undelivered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bounded mailboxes under many schedules, on virtual time. */
class MailboxLimitSeedsTest {
  private static final Duration PATIENCE = Duration.ofHours(5);

  private static SpawnOptions limit(int messages, Overflow overflow) {
    return SpawnOptions.DEFAULT.mailboxLimit(new MailboxLimit(messages, overflow, PATIENCE));
  }

  // ---- a random run against a model

  private record Numbered(int sender, int number) {}

  /** What happened in one run. */
  private static final class Run {
    final List<Numbered> received = new ArrayList<>();
    final List<Numbered> refused = new ArrayList<>();
    int sent;
    int killedInSend; // senders that ended in a send: its message may or may not have been sent
    int longest;
  }

  private static Run play(TestNode node, Overflow overflow) {
    RandomGenerator random = new Random(node.seed());
    int limit = 1 + random.nextInt(4);
    int senders = 1 + random.nextInt(4);
    int each = 12;
    Run run = new Run();
    ProcessBody receiver =
        self -> {
          while (true) {
            int length = self.info(self.pid()).orElseThrow().queueLength();
            run.longest = Math.max(run.longest, length);
            switch (random.nextInt(4)) {
              case 0 -> self.yieldNow();
              case 1 -> self.sleep(Duration.ofMillis(random.nextInt(3)));
              case 2 ->
                  self.receive(
                          m -> ((Numbered) m).number() % 2 == 0,
                          Duration.ofMillis(random.nextInt(3)))
                      .ifPresent(m -> run.received.add((Numbered) m));
              default ->
                  self.receive(Duration.ofMillis(random.nextInt(3)))
                      .ifPresent(m -> run.received.add((Numbered) m));
            }
          }
        };
    Pid pid = node.spawn(receiver, limit(limit, overflow));
    List<Pid> pids = new ArrayList<>();
    for (int s = 0; s < senders; s++) {
      int number = s;
      pids.add(
          node.spawn(
              self -> {
                for (int i = 0; i < each; i++) {
                  Numbered message = new Numbered(number, i);
                  boolean finished = false;
                  try {
                    self.send(pid, message);
                    finished = true;
                    run.sent++;
                  } catch (MailboxFull full) {
                    finished = true;
                    run.refused.add(message);
                  } finally {
                    run.killedInSend += finished ? 0 : 1;
                  }
                }
              }));
    }
    boolean killing = random.nextBoolean();
    if (killing) {
      node.advance(Duration.ofMillis(random.nextInt(4)));
      node.exit(pids.getFirst(), ExitReason.KILL);
    }
    for (Pid sender : pids) {
      node.runUntil(() -> !node.isAlive(sender));
    }
    node.advance(Duration.ofMillis(200));
    if (overflow != Overflow.DROP_OLDEST) {
      assertTrue(run.longest <= limit, run.longest + " waited, allowed are " + limit);
    }
    check(node, run, overflow);
    node.exit(pid, ExitReason.KILL);
    return run;
  }

  private static void check(TestNode node, Run run, Overflow overflow) {
    long lost = node.counters().undelivered(Undelivered.MAILBOX_FULL) - run.refused.size();
    long missing = run.sent - run.received.size() - lost;
    assertTrue(
        missing <= 0 && -missing <= run.killedInSend,
        run.sent + " sent, " + run.received.size() + " received, " + lost + " lost");
    if (overflow == Overflow.SUSPEND_SENDER) {
      assertEquals(0, lost);
      assertEquals(List.of(), run.refused, "nobody had to wait for hours");
    }
    if (overflow != Overflow.DROP_NEWEST && overflow != Overflow.DROP_OLDEST) {
      assertEquals(0, lost);
    }
    for (int parity = 0; parity < 2; parity++) { // selective receives take even ones out of turn
      Map<Integer, Integer> last = new HashMap<>();
      for (Numbered message : run.received) {
        if (message.number() % 2 == parity) {
          Integer before = last.put(message.sender(), message.number());
          assertTrue(before == null || before < message.number(), run.received.toString());
        }
      }
    }
  }

  @Test
  @DisplayName("each message is received, refused or counted as lost, in order, within the limit")
  void nothingDisappears() {
    for (Overflow overflow : Overflow.values()) {
      if (overflow != Overflow.END_RECEIVER) {
        int schedules = TestNode.forSeeds(300, node -> play(node, overflow));
        assertTrue(schedules > 250, schedules + " schedules");
      }
    }
  }

  // ---- waiting for room

  @Test
  @DisplayName("a sender waits exactly for its patience, on the node's clock")
  void patience() {
    TestNode.forSeeds(
        50,
        node -> {
          Pid full =
              node.spawn(self -> self.sleep(Duration.ofDays(9)), limit(1, Overflow.SUSPEND_SENDER));
          node.run(
              self -> {
                self.send(full, "fills it");
                long before = self.monotonicNanos();
                assertThrows(MailboxFull.class, () -> self.send(full, "too much"));
                assertEquals(PATIENCE.toNanos(), self.monotonicNanos() - before);
              });
          node.exit(full, ExitReason.KILL);
        });
  }

  @Test
  @DisplayName("G21 a call that waits for room ends with its own time-out, if that comes first")
  void callTimeout() {
    TestNode.forSeeds(
        50,
        node -> {
          Pid full =
              node.spawn(self -> self.sleep(Duration.ofDays(9)), limit(1, Overflow.SUSPEND_SENDER));
          node.run(
              self -> {
                self.send(full, "fills it");
                CallFailed late =
                    assertThrows(
                        CallFailed.class, () -> self.call(full, "?", Duration.ofSeconds(1)));
                assertEquals(ExitReason.TIMEOUT, late.reason());
                CallFailed refused =
                    assertThrows(CallFailed.class, () -> self.call(full, "?", Duration.ofDays(1)));
                assertEquals(new ExitReason.MailboxOverflow(1), refused.reason());
              });
          assertEquals(Duration.ofSeconds(1).plus(PATIENCE), node.elapsed());
          node.exit(full, ExitReason.KILL);
        });
  }

  @Test
  @DisplayName("two processes that wait for each other's room are told so, by name")
  void circleOfTwo() {
    TestNode.forSeeds(50, node -> circle(node, 2));
  }

  @Test
  @DisplayName("so are five processes in a circle")
  void circleOfFive() {
    TestNode.forSeeds(20, node -> circle(node, 5));
  }

  /** Each process sends to the next until nobody can. */
  private static void circle(TestNode node, int size) {
    List<String> failures = new ArrayList<>();
    Pid[] pids = new Pid[size];
    for (int i = 0; i < size; i++) {
      int next = (i + 1) % size;
      pids[i] =
          node.spawn(
              self -> {
                self.receive(); // until all are there
                try {
                  for (int n = 0; n < 5; n++) {
                    self.send(pids[next], "more");
                  }
                } catch (MailboxFull full) {
                  failures.add(self.pid() + ": " + full.getMessage());
                }
              },
              limit(2, Overflow.SUSPEND_SENDER).name("p" + i));
    }
    for (Pid pid : pids) {
      node.send(pid, "go");
    }
    node.advance(PATIENCE.multipliedBy(size + 1));
    assertEquals(0, node.processCount(), "the circle was not broken");
    String first = failures.getFirst();
    for (int i = 0; i < size; i++) {
      assertTrue(first.contains(pids[i] + " 'p" + i + "'"), first);
    }
    assertTrue(first.contains("wait for each other in a circle"), first);
  }

  @Test
  @DisplayName("P10 what a sender says to a process after it has waited for room comes after that")
  void orderOfSignals() {
    TestNode.forSeeds(
        200,
        node -> {
          List<Object> received = new ArrayList<>();
          Pid slow =
              node.spawn(
                  self -> {
                    boolean _ = self.trapExit(true);
                    for (int i = 0; i < 5; i++) {
                      self.sleep(Duration.ofMillis(1));
                      received.add(self.receive());
                    }
                  },
                  limit(1, Overflow.SUSPEND_SENDER));
          node.run(
              self -> {
                for (int i = 0; i < 4; i++) {
                  self.send(slow, i);
                }
                self.exit(slow, ExitReason.of("last"));
              });
          node.advance(Duration.ofMillis(10));
          assertEquals(List.of(0, 1, 2, 3), received.subList(0, 4));
          assertInstanceOf(io.coppice.kernel.process.Exit.class, received.get(4));
        });
  }

  @Test
  @DisplayName("who waited first is let in first, and nobody who comes later gets in between")
  void fair() {
    TestNode.forSeeds(
        100,
        node -> {
          List<Object> received = new ArrayList<>();
          Pid slow =
              node.spawn(
                  self -> {
                    self.sleep(Duration.ofSeconds(1));
                    for (int i = 0; i < 6; i++) {
                      received.add(self.receive());
                    }
                  },
                  limit(1, Overflow.SUSPEND_SENDER));
          node.send(slow, 0);
          for (int i = 1; i < 6; i++) {
            int number = i;
            node.spawn(self -> self.send(slow, number));
            node.runUntilIdle(); // it waits
          }
          node.advance(Duration.ofSeconds(2));
          assertEquals(List.of(0, 1, 2, 3, 4, 5), received);
        });
  }

  @Test
  @DisplayName("a place that is given to a sender that is just being killed goes to the next")
  void placeOfTheDying() {
    TestNode.forSeeds(
        100,
        node -> {
          List<Object> received = new ArrayList<>();
          node.run(
              self -> {
                Pid full =
                    self.spawn(
                        me -> {
                          Pid victim = (Pid) me.receive();
                          me.sleep(Duration.ofSeconds(1));
                          me.exit(victim, ExitReason.KILL);
                          received.add(me.receive());
                          me.receive(Duration.ofSeconds(1)).ifPresent(received::add);
                        },
                        limit(1, Overflow.SUSPEND_SENDER));
                Pid victim =
                    self.spawn(
                        me -> {
                          me.sleep(Duration.ofMillis(1));
                          me.send(full, "fills it");
                          me.send(full, "of the dying");
                        });
                self.spawn(
                    me -> {
                      me.sleep(Duration.ofMillis(2));
                      me.send(full, "of the next");
                    });
                self.send(full, victim);
              });
          node.advance(Duration.ofSeconds(3));
          assertEquals(List.of("fills it", "of the next"), received);
        });
  }

  @Test
  @DisplayName("a process that overflows ends once, whatever else happens at that time")
  void endReceiver() {
    TestNode.forSeeds(
        200,
        node -> {
          List<@Nullable ExitReason> reasons = new ArrayList<>();
          Pid weak =
              node.spawn(self -> self.sleep(Duration.ofDays(1)), limit(3, Overflow.END_RECEIVER));
          node.spawn(
              self -> {
                var _ = self.monitor(weak);
                reasons.add(((io.coppice.kernel.process.Down) self.receive()).reason());
              });
          node.runUntilIdle();
          for (int s = 0; s < 3; s++) {
            node.spawn(
                self -> {
                  for (int i = 0; i < 4; i++) {
                    self.send(weak, i);
                  }
                });
          }
          node.advance(Duration.ofSeconds(1));
          assertEquals(List.of(new ExitReason.MailboxOverflow(3)), reasons);
          assertEquals(0, node.processCount());
        });
  }
}
