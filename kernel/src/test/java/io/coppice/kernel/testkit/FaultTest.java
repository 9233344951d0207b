package io.coppice.kernel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.AliasMode;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxFull;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Overflow;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FaultTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private record Add(int amount) {}

  private record Get() {}

  /** Adds up; answers with the sum. */
  private static Reactive counter() {
    int[] sum = {0};
    return (self, message) -> {
      switch (message) {
        case Add(int amount) -> sum[0] += amount;
        case Request request when request.payload() instanceof Get -> request.reply(sum[0]);
        case Request request -> request.reply("?");
        default -> {}
      }
    };
  }

  private static Reactive collecting(List<Object> seen) {
    return (self, message) -> seen.add(message);
  }

  // ---- drop

  @Test
  @DisplayName("the n-th message of a type is lost, and no other")
  void dropsNth() {
    TestNode.forSeeds(
        20,
        node -> {
          Pid counter = node.spawn(counter());
          node.inject(FaultRule.drop().message(Add.class).nth(2));
          for (int i = 0; i < 4; i++) {
            node.send(counter, new Add(1 << i));
            node.call(counter, "between", null);
          }
          assertEquals(0b1101, node.call(counter, new Get(), null));
          InjectedFault fault = node.injectedFaults().getFirst();
          assertEquals(1, node.injectedFaults().size());
          assertTrue(fault.toString().contains("dropped"), fault::toString);
          assertTrue(fault.toString().contains("Add to <1>"), fault::toString);
        });
  }

  @Test
  @DisplayName("a lost request times out, and fails at once when its receiver ends")
  void dropsRequests() {
    try (TestNode node = TestNode.start(1)) {
      Pid counter = node.spawn(counter());
      node.inject(FaultRule.drop().pid(counter).message(Get.class).atMost(2));
      CallFailed late = assertThrows(CallFailed.class, () -> node.call(counter, new Get(), SECOND));
      assertEquals(ExitReason.TIMEOUT, late.reason());
      node.run(
          self -> {
            self.sendAfter(SECOND, counter, "later");
            Pid killer =
                self.spawn(
                    me -> {
                      me.sleep(SECOND);
                      me.exit(counter, ExitReason.KILL);
                    });
            CallFailed failed =
                assertThrows(CallFailed.class, () -> self.call(counter, new Get(), null));
            assertEquals(ExitReason.KILLED, failed.reason());
            assertFalse(self.isAlive(killer));
          });
    }
  }

  @Test
  @DisplayName("a probability drops about that share, the same messages in each run of a seed")
  void probability() {
    Set<List<Object>> different = new HashSet<>();
    for (long seed = 1; seed <= 10; seed++) {
      List<Object> first = survivors(seed);
      assertEquals(first, survivors(seed));
      assertTrue(first.size() > 600 && first.size() < 800, () -> first.size() + " of 1000");
      different.add(first);
    }
    assertEquals(10, different.size());
  }

  private static List<Object> survivors(long seed) {
    try (TestNode node = TestNode.start(seed)) {
      List<Object> seen = new ArrayList<>();
      Pid sink = node.spawn(collecting(seen));
      node.inject(FaultRule.drop().probability(0.3));
      for (int i = 0; i < 1000; i++) {
        node.send(sink, i);
      }
      node.runUntilIdle();
      return List.copyOf(seen);
    }
  }

  // ---- delay

  @Test
  @DisplayName("a delayed message comes later in virtual time, and what is sent behind it too")
  void delays() {
    TestNode.forSeeds(
        20,
        node -> {
          List<Object> seen = new ArrayList<>();
          Pid sink = node.spawn(collecting(seen), SpawnOptions.DEFAULT.name("sink"));
          node.inject(FaultRule.delay(SECOND).name("sink").message(Add.class));
          node.spawn(
              self -> {
                self.send(sink, "before");
                self.send(sink, new Add(1));
                self.send(sink, "behind");
              });
          node.runUntilIdle();
          node.spawn(self -> self.send(sink, "of another"));
          node.runUntilIdle();
          assertEquals(List.of("before", "of another"), seen);
          node.advance(SECOND);
          assertEquals(List.of("before", "of another", new Add(1), "behind"), seen);
        });
  }

  @Test
  @DisplayName("P10 a delayed message keeps its place before exits, monitors and questions")
  void delayKeepsOrder() {
    Set<Integer> cut = new HashSet<>();
    TestNode.forSeeds(
        20,
        node -> {
          List<Object> seen = new ArrayList<>();
          node.inject(FaultRule.delay(Duration.ZERO, SECOND).message(String.class));
          Pid sink =
              node.spawn(
                  self -> {
                    self.trapExit(true);
                    while (true) {
                      seen.add(self.receive() instanceof Exit ? "exit" : "message");
                    }
                  });
          node.runUntilIdle();
          node.run(
              self -> {
                self.send(sink, "first");
                self.exit(sink, ExitReason.SHUTDOWN);
                self.send(sink, "second");
                self.exit(sink, ExitReason.KILL);
                assertFalse(self.isAlive(sink), "asked behind the kill");
              });
          List<String> all = List.of("message", "exit", "message"); // the kill cuts it short
          assertEquals(all.subList(0, seen.size()), seen);
          cut.add(seen.size());
        });
    assertTrue(cut.size() > 1, cut::toString);
  }

  @Test
  @DisplayName("what is still delayed at the end of a test is no leftover")
  void delayAtTheEnd() {
    try (TestNode node = TestNode.start(1)) {
      Pid sink = node.spawn(counter());
      node.inject(FaultRule.delay(Duration.ofDays(1)));
      node.send(sink, new Add(1));
      node.runUntilIdle();
      assertEquals(1, node.timerCount());
    }
  }

  // ---- kill

  @Test
  @DisplayName("a process is killed at its n-th turn, between two of its operations, too")
  void killsAtTurn() {
    Set<Integer> progress = new HashSet<>();
    TestNode.forSeeds(
        100,
        node -> {
          int[] done = {0};
          node.inject(FaultRule.kill().label("victim").nth(2));
          node.run(
              self -> {
                Spawned victim =
                    self.spawnMonitor(
                        me -> {
                          for (int i = 0; i < 20; i++) {
                            me.put("step", i);
                            done[0] = i;
                          }
                          me.receive();
                        },
                        SpawnOptions.DEFAULT.label("victim"));
                self.spawn(
                    me -> {
                      for (int i = 0; i < 50; i++) {
                        me.yieldNow();
                      }
                    });
                self.sendAfter(SECOND, victim.pid(), "go");
                assertEquals(ExitReason.KILLED, ((Down) self.receive()).reason());
              });
          progress.add(done[0]);
        });
    assertTrue(progress.size() > 5, () -> "killed after steps " + progress);
  }

  @Test
  @DisplayName("a process is killed by a message of a type, which it does not handle")
  void killsAtMessage() {
    TestNode.forSeeds(
        20,
        node -> {
          List<Object> seen = new ArrayList<>();
          Pid sink = node.spawn(collecting(seen));
          node.inject(FaultRule.kill().message(m -> m.equals(3)));
          for (int i = 1; i <= 5; i++) {
            node.send(sink, i);
          }
          node.runUntilIdle();
          assertFalse(node.isAlive(sink));
          assertFalse(seen.contains(3));
          assertEquals(1, node.injectedFaults().size());
        });
  }

  @Test
  @DisplayName("an exit signal with another reason can be trapped, and the test itself is spared")
  void trappable() {
    try (TestNode node = TestNode.start(1)) {
      node.inject(FaultRule.kill(ExitReason.SHUTDOWN));
      node.run(
          self -> {
            self.sleep(SECOND);
            Pid trapping =
                self.spawn(
                    me -> {
                      me.trapExit(true);
                      me.receive(m -> m instanceof Request);
                    });
            self.spawn(me -> me.receive());
            self.sleep(SECOND);
            self.monitor(trapping);
            self.receive();
          });
    }
  }

  @Test
  @DisplayName("a rule for a predicate on processes meets those only")
  void processes() {
    try (TestNode node = TestNode.start(1)) {
      List<Object> one = new ArrayList<>();
      List<Object> two = new ArrayList<>();
      Pid first = node.spawn(collecting(one), SpawnOptions.DEFAULT.initialCall("a"));
      Pid second = node.spawn(collecting(two), SpawnOptions.DEFAULT.initialCall("b"));
      node.inject(FaultRule.drop().process(info -> info.initialCall().equals("a")));
      node.send(first, "x");
      node.send(second, "x");
      node.runUntilIdle();
      assertEquals(List.of(), one);
      assertEquals(List.of("x"), two);
    }
  }

  @Test
  @DisplayName("a failure lists the faults that were injected, and the line that repeats the run")
  void listed() {
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                TestNode.forSeeds(
                    100,
                    node -> {
                      Pid counter = node.spawn(counter(), SpawnOptions.DEFAULT.name("counter"));
                      node.inject(FaultRule.drop().message(Add.class).probability(0.1));
                      for (int i = 0; i < 3; i++) {
                        node.send(counter, new Add(1));
                      }
                      assertEquals(3, node.call(counter, new Get(), null));
                    }));
    String message = failure.getMessage();
    assertTrue(message.contains("faults injected: 1"), message);
    assertTrue(message.contains("Add to <1> 'counter'"), message);
    assertTrue(message.contains("probability 0.1"), message);
    assertTrue(message.contains("-Dcoppice.seed=" + failure.seed()), message);
  }

  @Test
  @DisplayName("faults do not change what the seed chooses until they have an effect")
  void ownDice() {
    long[] fingerprints = new long[2];
    for (int i = 0; i < 2; i++) {
      try (TestNode node = TestNode.start(5)) {
        if (i == 1) {
          node.inject(FaultRule.drop().message(Get.class).probability(0.5));
        }
        Pid sink = node.spawn(counter());
        for (int k = 0; k < 10; k++) {
          node.spawn(self -> self.send(sink, new Add(1)));
        }
        node.runUntilIdle();
        fingerprints[i] = node.scheduleFingerprint();
      }
    }
    assertEquals(fingerprints[0], fingerprints[1]);
  }

  @Test
  @DisplayName("a killed process makes no crash report")
  void quiet() {
    try (TestNode node = TestNode.start(1)) {
      node.inject(FaultRule.kill());
      Pid victim = node.spawn(self -> self.receive());
      node.runUntilIdle();
      assertFalse(node.isAlive(victim));
      assertEquals(List.of(), node.reports(CrashReport.class));
    }
  }

  @Test
  @DisplayName("rules with impossible numbers are refused")
  void refused() {
    assertThrows(IllegalArgumentException.class, () -> FaultRule.drop().nth(0));
    assertThrows(IllegalArgumentException.class, () -> FaultRule.drop().atMost(0));
    assertThrows(IllegalArgumentException.class, () -> FaultRule.drop().probability(0));
    assertThrows(IllegalArgumentException.class, () -> FaultRule.drop().probability(1.1));
    assertThrows(IllegalArgumentException.class, () -> FaultRule.delay(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> FaultRule.delay(SECOND, Duration.ZERO));
  }

  // ---- with limits, aliases and sections

  @Test
  @DisplayName("a lost message gives its place in a bounded mailbox back, a late one keeps it")
  void boundedMailbox() {
    TestNode.forSeeds(
        20,
        node -> {
          List<Object> seen = new ArrayList<>();
          SpawnOptions bounded =
              SpawnOptions.DEFAULT.mailboxLimit(MailboxLimit.of(2, Overflow.FAIL_SEND));
          Pid sink = node.spawn(collecting(seen), bounded);
          node.inject(FaultRule.drop().message(m -> m.equals("lost")));
          node.inject(FaultRule.delay(SECOND).message(m -> m.equals("late")));
          for (int i = 0; i < 10; i++) {
            node.send(sink, "lost");
          }
          node.send(sink, "late");
          node.send(sink, "late");
          assertThrows(MailboxFull.class, () -> node.send(sink, "too much"));
          node.advance(SECOND);
          assertEquals(List.of("late", "late"), seen);
          node.send(sink, "there is room");
          node.runUntilIdle();
          assertEquals(3, seen.size());
        });
  }

  @Test
  @DisplayName("what comes through an alias is lost and late as well, priority messages too")
  void aliases() {
    TestNode.forSeeds(
        20,
        node -> {
          node.inject(FaultRule.drop().message(m -> m.equals("lost")));
          node.inject(FaultRule.delay(SECOND).message(m -> m.equals("late")));
          List<Object> seen = new ArrayList<>();
          node.run(
              self -> {
                Pid receiver =
                    self.spawn(
                        me -> {
                          me.send(self.pid(), me.alias(AliasMode.EXPLICIT_UNALIAS, Priority.HIGH));
                          while (true) {
                            seen.add(me.receive());
                          }
                        });
                Alias alias = (Alias) self.receive();
                self.send(alias, "lost", Priority.HIGH);
                self.send(alias, "lost");
                self.send(alias, "late", Priority.HIGH);
                self.sleep(SECOND.minusNanos(1));
                assertEquals(List.of(), seen);
                self.sleep(SECOND);
                assertEquals(List.of("late"), seen);
                assertTrue(self.isAlive(receiver));
              });
        });
  }

  @Test
  @DisplayName("cpuBound computes in place: the run is the same each time")
  void cpuBound() {
    for (long seed = 1; seed <= 10; seed++) {
      Scenario scenario =
          node -> {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
              int number = i;
              node.spawn(self -> order.add(self.cpuBound(() -> number)));
            }
            node.runUntilIdle();
            assertEquals(3, order.size());
          };
      assertEquals(TestNode.replay(seed, scenario), TestNode.replay(seed, scenario));
    }
  }
}
