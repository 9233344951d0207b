package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.AliasMode;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MonitorOptions;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.TaggedDown;
import io.coppice.kernel.testkit.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conformance, area signal, as far as it is about priority messages (semantics 1.8). */
class PriorityConformanceTest extends ConformanceCase {
  private static final MonitorOptions FIRST = MonitorOptions.DEFAULT.priority(Priority.HIGH);

  private static Alias priorityAlias(Context self) {
    return self.alias(AliasMode.EXPLICIT_UNALIAS, Priority.HIGH);
  }

  /** Kills a process and waits until everybody else has been told. */
  private static void end(Context self, Pid pid) {
    self.exit(pid, ExitReason.KILL);
    assertFalse(self.isAlive(pid));
  }

  @Test
  @DisplayName(
      "SIG-006 P74 a process takes priority messages as long as it has a link with priority")
  void linkEnableDisable() throws Exception {
    run(
        self -> {
          self.trapExit(true);
          assertFalse(self.takesPriorityMessages());
          Pid peer = self.spawn(PARKED);
          self.link(peer, Priority.HIGH);
          assertTrue(self.takesPriorityMessages());
          self.link(peer);
          assertFalse(self.takesPriorityMessages());
          self.link(peer, Priority.HIGH);
          self.unlink(peer);
          assertFalse(self.takesPriorityMessages());
          self.link(peer, Priority.HIGH);
          end(self, peer);
          assertFalse(self.takesPriorityMessages());
          assertEquals(new Exit(peer, ExitReason.KILLED), self.receive());
          Pid child = self.spawn(PARKED, SpawnOptions.DEFAULT.link(Priority.HIGH));
          assertTrue(self.takesPriorityMessages());
          end(self, child);
          assertFalse(self.takesPriorityMessages());
        });
  }

  @Test
  @DisplayName("P74 when the other side unlinks, the priority of the link ends as well")
  void unlinkByPeer() throws Exception {
    run(
        self -> {
          Pid peer =
              self.spawn(
                  (me, message) -> {
                    me.unlink(self.pid());
                    ((Request) message).reply("done");
                  });
          self.link(peer, Priority.HIGH);
          assertEquals("done", self.call(peer, "unlink", LIMIT));
          assertFalse(self.takesPriorityMessages());
        });
  }

  @Test
  @DisplayName(
      "SIG-007 P74 a process takes priority messages as long as it has a monitor with priority")
  void monitorEnableDisable() throws Exception {
    run(
        self -> {
          Pid peer = self.spawn(PARKED);
          Ref monitor = self.monitor(peer, FIRST);
          assertTrue(self.takesPriorityMessages());
          assertTrue(self.demonitor(monitor));
          assertFalse(self.takesPriorityMessages());
          Ref down = self.monitor(peer, FIRST);
          Ref other = self.monitor(peer, FIRST);
          boolean _ = self.demonitor(other);
          assertTrue(self.takesPriorityMessages(), "one is left");
          end(self, peer);
          assertFalse(self.takesPriorityMessages());
          assertEquals(new Down(down, peer, ExitReason.KILLED), self.receive());
          Ref dead = self.monitor(peer, FIRST);
          assertEquals(new Down(dead, peer, ExitReason.NO_PROCESS), self.receive());
          assertFalse(self.takesPriorityMessages());
          var spawned = self.spawnMonitor(PARKED, SpawnOptions.DEFAULT.monitor(FIRST));
          assertTrue(self.takesPriorityMessages());
          end(self, spawned.pid());
          assertFalse(self.takesPriorityMessages());
        });
  }

  @Test
  @DisplayName("P74 unalias, and the reply through a one-shot alias, end its priority")
  void aliasEnableDisable() throws Exception {
    run(
        self -> {
          Alias alias = priorityAlias(self);
          assertTrue(self.takesPriorityMessages());
          assertTrue(self.unalias(alias));
          assertFalse(self.takesPriorityMessages());
          Alias once = self.alias(AliasMode.REPLY, Priority.HIGH);
          assertTrue(self.takesPriorityMessages());
          self.send(once, "reply", Priority.HIGH);
          assertEquals("reply", self.receive());
          assertFalse(self.takesPriorityMessages());
        });
  }

  /** The mailbox of the worked example, made while the receiver does not look into it. */
  private List<Object> workedExample(Context self) {
    self.trapExit(true);
    Pid ordinaryLink = self.spawnLink(PARKED);
    Pid priorityLink = self.spawn(PARKED, SpawnOptions.DEFAULT.link(Priority.HIGH));
    var ordinaryMonitor = self.spawnMonitor(PARKED);
    var priorityMonitor = self.spawnMonitor(PARKED, SpawnOptions.DEFAULT.monitor(FIRST));
    Alias alias = priorityAlias(self);
    self.send(self.pid(), "m1");
    end(self, ordinaryLink);
    end(self, priorityLink);
    end(self, ordinaryMonitor.pid());
    end(self, priorityMonitor.pid());
    self.send(self.pid(), "m2");
    self.send(alias, "first", Priority.HIGH);
    self.send(alias, "m3");
    self.send(self.pid(), "m4", Priority.HIGH);
    self.exit(alias, ExitReason.of("alias"), Priority.HIGH);
    self.exit(self.pid(), ExitReason.of("pid"), Priority.HIGH);
    ExitReason killed = ExitReason.KILLED;
    return List.of(
        new Exit(priorityLink, killed),
        new Down(priorityMonitor.monitor(), priorityMonitor.pid(), killed),
        "first",
        new Exit(self.pid(), ExitReason.of("alias")),
        "m1",
        new Exit(ordinaryLink, killed),
        new Down(ordinaryMonitor.monitor(), ordinaryMonitor.pid(), killed),
        "m2",
        "m3",
        "m4",
        new Exit(self.pid(), ExitReason.of("pid")));
  }

  @Test
  @DisplayName(
      "P70 P71 P72 priority messages come before all ordinary ones, each class in its order")
  void workedExample() throws Exception {
    for (int round = 0; round < 50; round++) {
      run(
          self -> {
            List<Object> expected = workedExample(self);
            for (Object message : expected) {
              assertEquals(message, self.receive());
            }
            assertMailboxEmpty(self);
          });
    }
  }

  @Test
  @DisplayName("P72 a selective receive looks at priority messages first and leaves the rest")
  void selective() throws Exception {
    run(
        self -> {
          List<Object> expected = new ArrayList<>(workedExample(self));
          while (!expected.isEmpty()) {
            Object fromTheEnd = expected.removeLast();
            assertEquals(fromTheEnd, self.receive(fromTheEnd::equals));
          }
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P72 a priority message comes before those that were refused, or taken out already")
  void beforeWhatWasTaken() throws Exception {
    run(
        self -> {
          Alias alias = priorityAlias(self);
          for (int i = 0; i < 500; i++) {
            self.send(self.pid(), i);
          }
          assertEquals(100, self.receive(m -> m.equals(100)));
          self.send(alias, "first", Priority.HIGH);
          assertEquals("first", self.receive());
          assertEquals(0, self.receive());
          self.send(alias, "second", Priority.HIGH);
          self.send(alias, "third", Priority.HIGH);
          assertEquals("third", self.receive(m -> m.equals("third")));
          assertEquals(1, self.receive(m -> m.equals(1)));
          assertEquals("second", self.receive());
          assertEquals(2, self.receive());
        });
  }

  @Test
  @DisplayName("P72 a reactive process that is busy gets a priority message before its batch")
  void beforeTheBatch() throws Exception {
    List<Object> seen = new ArrayList<>();
    CompletableFuture<List<Object>> all = new CompletableFuture<>();
    CompletableFuture<Alias> made = new CompletableFuture<>();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Pid receiver =
        node.spawn(
            (self, message) -> {
              switch (message.toString()) {
                case "make" -> made.complete(priorityAlias(self));
                case "block" -> {
                  entered.countDown();
                  go.await();
                }
                case "end" -> all.complete(seen);
                default -> seen.add(message);
              }
            });
    node.send(receiver, "make");
    Alias alias = get(made);
    CountDownLatch sent = new CountDownLatch(1);
    Pid _ =
        node.spawn( // one turn: all of it is in the batch when the receiver blocks
            self -> {
              self.send(receiver, "block");
              for (int i = 0; i < 10; i++) {
                self.send(receiver, i);
              }
              sent.countDown();
            });
    sent.await();
    entered.await();
    node.send(receiver, 10);
    node.send(alias, "first", Priority.HIGH);
    node.send(alias, "ordinary");
    node.send(receiver, "end");
    go.countDown();
    assertEquals(List.of("first", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "ordinary"), get(all));
  }

  @Test
  @DisplayName("SIG-010 P75 priority sends through an alias after unalias are dropped")
  void unalias() throws Exception {
    run(
        self -> {
          Alias alias = priorityAlias(self);
          self.send(alias, 1, Priority.HIGH);
          assertTrue(self.unalias(alias));
          self.send(alias, 2, Priority.HIGH);
          self.exit(alias, ExitReason.KILL, Priority.HIGH);
          self.send(self.pid(), 3);
          assertEquals(1, self.receive());
          assertEquals(3, self.receive());
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P71 the option counts only for an alias made with priority, and only with it")
  void bothSidesMustWant() throws Exception {
    run(
        self -> {
          Alias ordinary = self.alias();
          Alias first = priorityAlias(self);
          self.send(self.pid(), 1);
          self.send(ordinary, 2, Priority.HIGH);
          self.send(first, 3);
          self.send(self.pid(), 4, Priority.HIGH);
          self.send(first, 0, Priority.HIGH);
          for (int i = 0; i < 5; i++) {
            assertEquals(i, self.receive());
          }
        });
  }

  @Test
  @DisplayName(
      "SIG-015 P73 a priority message among a thousand others neither loses nor moves any of them")
  void noOvertake() throws Exception {
    for (int round = 0; round < 30; round++) {
      run(
          self -> {
            Alias alias = priorityAlias(self);
            Pid _ =
                self.spawn(
                    other -> {
                      for (int i = 1; i <= 1_000; i++) {
                        other.send(i % 3 == 0 ? alias : self.pid(), i);
                      }
                      other.send(alias, "first", Priority.HIGH);
                      other.send(self.pid(), "end");
                    });
            int next = 1;
            int firsts = 0;
            for (Object message = self.receive();
                !message.equals("end");
                message = self.receive()) {
              if (message.equals("first")) {
                firsts++;
              } else {
                assertEquals(next++, message);
              }
            }
            assertEquals(1_001, next);
            assertEquals(1, firsts);
          });
    }
  }

  @Test
  @DisplayName("P72 P73 in every order of events each class keeps its order and nothing is lost")
  void manySeeds() {
    TestNode.forSeeds(
        300,
        sim ->
            sim.run(
                self -> {
                  Alias alias = priorityAlias(self);
                  Pid receiverPid = self.pid();
                  for (int s = 0; s < 2; s++) {
                    int sender = s;
                    self.spawn(
                        other -> {
                          for (int i = 0; i < 4; i++) {
                            other.send(receiverPid, new Numbered(sender, false, i));
                            other.send(alias, new Numbered(sender, true, i), Priority.HIGH);
                          }
                        });
                  }
                  int[][] next = new int[2][2];
                  for (int i = 0; i < 16; i++) {
                    boolean ordinaryLeft = next[0][0] + next[1][0] < 8;
                    Object message =
                        i % 3 == 0 && ordinaryLeft
                            ? self.receive(x -> x instanceof Numbered n && !n.first())
                            : self.receive();
                    Numbered m = assertInstanceOf(Numbered.class, message);
                    assertEquals(next[m.sender()][m.first() ? 1 : 0]++, m.number());
                  }
                  assertMailboxEmpty(self);
                }));
  }

  private record Numbered(int sender, boolean first, int number) {}

  @Test
  @DisplayName("P47 a monitor with a tag gives a message with that tag in place of Down")
  void tags() throws Exception {
    run(
        self -> {
          Pid target = self.spawn(PARKED);
          Ref tagged = self.monitor(target, MonitorOptions.DEFAULT.tag("mine"));
          Ref named = self.monitor("nobody", MonitorOptions.DEFAULT.tag("other"));
          assertEquals(
              new TaggedDown("other", named, "nobody", ExitReason.NO_PROCESS), self.receive());
          self.exit(target, ExitReason.KILL);
          assertEquals(new TaggedDown("mine", tagged, target, ExitReason.KILLED), self.receive());
          Ref flushed = self.monitor(target, MonitorOptions.DEFAULT.tag("flushed"));
          assertFalse(self.isAlive(target)); // its Down has come
          assertFalse(self.demonitorFlush(flushed));
          assertMailboxEmpty(self);
          Pid child =
              self.spawn(me -> {}, SpawnOptions.DEFAULT.monitor(MonitorOptions.DEFAULT.tag(7)));
          TaggedDown down = expect(self, TaggedDown.class);
          assertEquals(7, down.tag());
          assertEquals(child, down.target());
          assertEquals(ExitReason.NORMAL, down.reason());
        });
  }
}
