package io.coppice.kernel.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
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
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conformance, area alias (semantics 1.6). */
class AliasConformanceTest extends ConformanceCase {
  private static MonitorOptions with(AliasMode mode) {
    return MonitorOptions.DEFAULT.alias(mode);
  }

  /** Has another process send through the alias, and waits until it has. */
  private static void sendByOther(Context self, Alias alias, Object... messages) {
    Pid sender =
        self.spawn(
            other -> {
              for (Object message : messages) {
                other.send(alias, message);
              }
            });
    Ref end = self.monitor(sender);
    Object _ = self.receive(m -> m instanceof Down down && down.ref().equals(end));
  }

  @Test
  @DisplayName("ALI-001 P50 P51 messages arrive through an alias until unalias, none after it")
  void untilUnalias() throws Exception {
    run(
        self -> {
          Alias alias = self.alias();
          sendByOther(self, alias, 1, 2);
          self.send(alias, 3);
          assertTrue(self.unalias(alias));
          sendByOther(self, alias, 4, 5);
          self.send(alias, 6);
          self.send(self.pid(), "last");
          for (Object expected : List.of(1, 2, 3, "last")) {
            assertEquals(expected, self.receive());
          }
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("ALI-002 P52 of four messages through an alias with reply exactly the first arrives")
  void reply() throws Exception {
    run(
        self -> {
          Alias alias = self.alias(AliasMode.REPLY);
          sendByOther(self, alias, 1, 2, 3, 4);
          self.send(self.pid(), "last");
          assertEquals(1, self.receive());
          assertEquals("last", self.receive());
          assertFalse(self.unalias(alias));
        });
  }

  @Test
  @DisplayName(
      "ALI-003 P53 a monitor's alias with explicit_unalias survives its Down, and demonitor")
  void explicitUnalias() throws Exception {
    run(
        self -> {
          Pid target = self.spawn(PARKED);
          Alias both = self.monitor(target, with(AliasMode.EXPLICIT_UNALIAS));
          sendByOther(self, both, 1);
          assertEquals(1, self.receive());
          self.exit(target, ExitReason.KILL);
          assertEquals(new Down(both, target, ExitReason.KILLED), self.receive());
          sendByOther(self, both, 2);
          assertEquals(2, self.receive());
          assertTrue(self.unalias(both));
          sendByOther(self, both, 3);
          assertMailboxEmpty(self);

          Alias other = self.monitor(self.spawn(PARKED), with(AliasMode.EXPLICIT_UNALIAS));
          assertTrue(self.demonitor(other));
          sendByOther(self, other, 4);
          assertEquals(4, self.receive());
        });
  }

  @Test
  @DisplayName("ALI-003 P53 after unalias of a monitor's alias its Down still comes")
  void downAfterUnalias() throws Exception {
    run(
        self -> {
          for (AliasMode mode :
              List.of(AliasMode.EXPLICIT_UNALIAS, AliasMode.DEMONITOR, AliasMode.REPLY_DEMONITOR)) {
            Pid target = self.spawn(PARKED);
            Alias both = self.monitor(target, with(mode));
            assertTrue(self.unalias(both));
            assertFalse(self.unalias(both));
            sendByOther(self, both, "dropped");
            self.exit(target, ExitReason.KILL);
            assertEquals(new Down(both, target, ExitReason.KILLED), self.receive());
          }
        });
  }

  @Test
  @DisplayName("P53 a monitor's alias with demonitor ends with the Down")
  void endsWithDown() throws Exception {
    run(
        self -> {
          for (AliasMode mode : List.of(AliasMode.DEMONITOR, AliasMode.REPLY_DEMONITOR)) {
            Pid target = self.spawn(PARKED);
            Alias both = self.monitor(target, with(mode));
            self.exit(target, ExitReason.KILL);
            assertEquals(new Down(both, target, ExitReason.KILLED), self.receive());
            sendByOther(self, both, "dropped");
            assertMailboxEmpty(self);
            assertFalse(self.unalias(both));
          }
          Alias unknown = self.monitor("nobody", with(AliasMode.DEMONITOR));
          assertEquals(new Down(unknown, "nobody", ExitReason.NO_PROCESS), self.receive());
          sendByOther(self, unknown, "dropped");
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P53 the first message through a reply_demonitor alias ends alias and monitor")
  void replyDemonitor() throws Exception {
    run(
        self -> {
          Pid target = self.spawn(PARKED);
          Alias both = self.monitor(target, with(AliasMode.REPLY_DEMONITOR));
          sendByOther(self, both, 1, 2);
          assertEquals(1, self.receive());
          assertFalse(self.demonitor(both), "the reply has ended the monitor");
          Ref plain = self.monitor(target);
          self.exit(target, ExitReason.KILL);
          assertEquals(new Down(plain, target, ExitReason.KILLED), self.receive());
          assertMailboxEmpty(self);
          assertEquals(List.of(), self.monitors());
        });
  }

  @Test
  @DisplayName(
      "MON-017 P54 after demonitor nothing arrives through a demonitor or reply_demonitor alias")
  void demonitorEndsAlias() throws Exception {
    run(
        self -> {
          for (AliasMode mode : List.of(AliasMode.DEMONITOR, AliasMode.REPLY_DEMONITOR)) {
            for (boolean flush : new boolean[] {false, true}) {
              Alias both = self.monitor(self.spawn(PARKED), with(mode));
              assertTrue(flush ? self.demonitorFlush(both) : self.demonitor(both));
              sendByOther(self, both, "dropped");
              assertMailboxEmpty(self);
              Alias own = self.monitor(self.pid(), with(mode));
              sendByOther(self, own, "mine");
              assertEquals("mine", self.receive());
              boolean _ = self.demonitor(own); // fires never, but its alias is one (P45)
              sendByOther(self, own, "dropped");
              assertMailboxEmpty(self);
            }
          }
        });
  }

  @Test
  @DisplayName("ALI-007 P50 P55 unalias is true once, and false for a process that does not own it")
  void unaliasResult() throws Exception {
    run(
        self -> {
          Alias alias = self.alias();
          Pid stranger =
              self.spawn((other, message) -> ((Request) message).reply(other.unalias(alias)));
          assertEquals(false, self.call(stranger, "unalias", LIMIT));
          sendByOther(self, alias, "still active");
          assertEquals("still active", self.receive());
          assertTrue(self.unalias(alias));
          assertFalse(self.unalias(alias));
          Alias noAlias = self.monitor(self.pid(), MonitorOptions.DEFAULT);
          assertFalse(self.unalias(noAlias));
          self.send(noAlias, "dropped");
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("ALI-008 P52 of two own messages through an alias with reply one arrives")
  void replyToSelf() throws Exception {
    run(
        self -> {
          Alias alias = self.alias(AliasMode.REPLY);
          self.send(alias, 1);
          self.send(alias, 2);
          assertEquals(1, self.receive());
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("ALI-009 P56 a send through an inactive alias, or one of a dead owner, never fails")
  void inactive() throws Exception {
    AtomicReference<Pid> owner = new AtomicReference<>();
    Alias orphan =
        ask(
            self -> {
              owner.set(self.pid());
              return self.alias();
            });
    awaitEnd(owner.get()); // else it may end with the messages unread
    run(
        self -> {
          Alias alias = self.alias();
          assertTrue(self.unalias(alias));
          self.send(alias, "dropped");
          self.send(alias, "dropped", Priority.HIGH);
          self.exit(alias, ExitReason.KILL, Priority.HIGH);
          self.send(orphan, "dropped");
          self.exit(orphan, ExitReason.KILL, Priority.NORMAL);
          assertMailboxEmpty(self);
        });
    node.send(orphan, "dropped");
    await("each of them is counted") // perhaps by the owner, which looks once more when it is over
        .atMost(LIMIT)
        .until(() -> node.counters().undelivered(Undelivered.INACTIVE_ALIAS) == 4);
  }

  @Test
  @DisplayName("P52 P53 an exit signal through an alias for one reply does not use it up")
  void exitIsNoReply() throws Exception {
    Pid other = node.spawn(PARKED);
    run(
        self -> {
          self.trapExit(true);
          Alias reply = self.alias(AliasMode.REPLY);
          Alias monitor =
              self.monitor(other, MonitorOptions.DEFAULT.alias(AliasMode.REPLY_DEMONITOR));
          for (Alias alias : List.of(reply, monitor)) {
            self.exit(alias, ExitReason.of("no reply"), Priority.NORMAL);
            expectExit(self, self.pid(), ExitReason.of("no reply"));
            self.send(alias, "reply");
            self.send(alias, "dropped");
            assertEquals("reply", self.receive());
            self.exit(alias, ExitReason.of("dropped"), Priority.NORMAL);
            assertMailboxEmpty(self);
          }
        });
    kill(other);
  }

  @Test
  @DisplayName("P50 any thread, and a process of whatever kind, sends through an alias")
  void fromOutside() throws Exception {
    AtomicReference<Alias> shared = new AtomicReference<>();
    CountDownLatch made = new CountDownLatch(1);
    Pid owner =
        node.spawn(
            self -> {
              shared.set(self.alias());
              made.countDown();
              Object question = self.receive();
              ((Request) self.receive()).reply(question);
            });
    assertTrue(made.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    node.send(shared.get(), "from a thread");
    assertEquals("from a thread", node.call(owner, "what came?", LIMIT));
  }

  @Test
  @DisplayName("P50 an alias of another node, and the wrong mode for one, are refused")
  void refused() throws Exception {
    try (Node other = Node.start()) {
      AtomicReference<Alias> shared = new AtomicReference<>();
      Pid owner = other.spawn(self -> shared.set(self.alias()));
      while (other.isAlive(owner)) {
        Thread.onSpinWait();
      }
      Alias foreign = shared.get();
      assertThrows(IllegalArgumentException.class, () -> node.send(foreign, 1));
      run(
          self -> {
            assertThrows(IllegalArgumentException.class, () -> self.unalias(foreign));
            assertThrows(IllegalArgumentException.class, () -> self.alias(AliasMode.DEMONITOR));
            assertThrows(
                IllegalArgumentException.class, () -> self.alias(AliasMode.REPLY_DEMONITOR));
            assertThrows(IllegalArgumentException.class, () -> with(AliasMode.REPLY));
          });
    }
  }

  @Test
  @DisplayName(
      "P51 what a message's alias allows is decided when the message is received, in order")
  void decidedAtReception() {
    TestNode.forSeeds(
        200,
        sim ->
            sim.run(
                self -> {
                  Alias alias = self.alias();
                  Pid sender =
                      self.spawn(
                          other -> {
                            for (int i = 0; i < 6; i++) {
                              other.send(i % 2 == 0 ? alias : self.pid(), i);
                            }
                          });
                  self.yieldNow();
                  boolean _ = self.unalias(alias);
                  Ref end = self.monitor(sender);
                  boolean dropped = false;
                  int last = -1;
                  Object message = self.receive();
                  while (message instanceof Integer i) {
                    assertTrue(i > last, i + " after " + last);
                    assertTrue(i % 2 == 1 || !dropped, "let in after one was dropped");
                    dropped |= i == last + 2;
                    last = i;
                    message = self.receive();
                  }
                  assertEquals(5, last, "what is sent to the pid always arrives");
                  assertEquals(end, assertInstanceOf(Down.class, message).ref());
                }));
  }

  @Test
  @DisplayName("P10 alias sends, messages, exits and monitors of one sender act in the order sent")
  void orderAcrossKinds() throws Exception {
    for (int round = 0; round < 300; round++) {
      run(
          self -> {
            self.trapExit(true);
            Alias alias = self.alias();
            Alias first = self.alias(AliasMode.EXPLICIT_UNALIAS, Priority.HIGH);
            Pid sender =
                self.spawn(
                    other -> {
                      other.send(alias, 1);
                      other.send(self.pid(), 2);
                      other.exit(alias, ExitReason.of(3), Priority.NORMAL);
                      other.send(alias, 4);
                      other.exit(self.pid(), ExitReason.of(5));
                      other.send(first, 6); // without the option: an ordinary message (P71)
                      other.send(self.pid(), 7);
                    });
            assertEquals(1, self.receive());
            assertEquals(2, self.receive());
            assertEquals(new Exit(sender, ExitReason.of(3)), self.receive());
            assertEquals(4, self.receive());
            assertEquals(new Exit(sender, ExitReason.of(5)), self.receive());
            assertEquals(6, self.receive());
            assertEquals(7, self.receive());
          });
    }
  }

  @Test
  @DisplayName("P12 no message sent through an alias after an exit signal is handled")
  void nothingAfterExit() throws Exception {
    for (int round = 0; round < 300; round++) {
      AtomicReference<Object> last = new AtomicReference<>("nothing");
      run(
          self -> {
            Pid victim =
                self.spawn(
                    me -> {
                      self.send(self.pid(), me.alias());
                      while (true) {
                        last.set(me.receive());
                      }
                    });
            Alias alias = expect(self, Alias.class);
            Ref monitor = self.monitor(victim);
            self.send(alias, "before");
            self.exit(alias, ExitReason.of("over"), Priority.NORMAL);
            self.send(alias, "after");
            assertEquals(new Down(monitor, victim, ExitReason.of("over")), self.receive());
          });
      assertTrue(List.of("nothing", "before").contains(last.get()), "handled: " + last.get());
    }
  }

  @Test
  @DisplayName("P51 aliases created and forgotten leave the process as it was")
  void noResidue() throws Exception {
    run(
        self -> {
          for (int i = 0; i < 10_000; i++) {
            Alias alias = self.alias(AliasMode.REPLY, Priority.HIGH);
            self.send(alias, i, Priority.HIGH);
            assertEquals(i, self.receive());
          }
          assertFalse(self.takesPriorityMessages());
          assertEquals(Optional.empty(), self.receive(Duration.ZERO));
        });
  }
}
