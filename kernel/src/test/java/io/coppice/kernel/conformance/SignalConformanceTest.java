package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import io.coppice.kernel.testkit.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conformance, area signal: order and effect of signals (semantics 1.2, 1.3). */
class SignalConformanceTest extends ConformanceCase {
  @Test
  @DisplayName("SIG-001 P12 no message sent after an exit signal is handled, in a thousand rounds")
  void messagesAroundExit() throws Exception {
    ExitReason reason = ExitReason.of("xm");
    var late = new AtomicInteger();
    var early = new AtomicInteger();
    run(
        self -> {
          for (int i = 0; i < 1_000; i++) {
            Spawned receiver =
                i % 2 == 0
                    ? self.spawnMonitor((me, message) -> count(message, early, late))
                    : self.spawnMonitor(
                        me -> {
                          while (true) {
                            count(me.receive(), early, late);
                          }
                        });
            send3(self, receiver.pid(), "before");
            self.exit(receiver.pid(), reason);
            send3(self, receiver.pid(), "after");
            Down down = new Down(receiver.monitor(), receiver.pid(), reason);
            assertEquals(down, expect(self, Down.class));
          }
        });
    assertEquals(0, late.get());
    assertTrue(early.get() <= 3_000);
  }

  private static void count(Object message, AtomicInteger early, AtomicInteger late) {
    (message.equals("before") ? early : late).incrementAndGet();
  }

  private static void send3(Context self, Pid to, String message) {
    for (int i = 0; i < 3; i++) {
      self.send(to, message);
    }
  }

  /** A chain of linked processes; what the last one does with each message is given. */
  private static ProcessBody chain(int length, Pid reportTo, ProcessBody last) {
    return self -> {
      if (length == 1) {
        self.send(reportTo, self.pid());
        last.run(self);
      } else {
        self.spawnLink(chain(length - 1, reportTo, last));
        PARKED.run(self);
      }
    };
  }

  @Test
  @DisplayName("SIG-003 P20 the head of a chain gets killed when the last one kills itself")
  void killItself() throws Exception {
    run(
        self -> {
          Spawned head =
              self.spawnMonitor(chain(10, self.pid(), me -> me.exit(me.pid(), ExitReason.KILL)));
          Pid _ = expect(self, Pid.class);
          Down down = new Down(head.monitor(), head.pid(), ExitReason.KILLED);
          assertEquals(down, expect(self, Down.class));
        });
  }

  @Test
  @DisplayName("SIG-004 P20 the head of a chain gets killed when an outsider kills the last one")
  void killFromOutside() throws Exception {
    run(
        self -> {
          Spawned head = self.spawnMonitor(chain(10, self.pid(), PARKED));
          self.exit(expect(self, Pid.class), ExitReason.KILL);
          Down down = new Down(head.monitor(), head.pid(), ExitReason.KILLED);
          assertEquals(down, expect(self, Down.class));
        });
  }

  @Test
  @DisplayName("P21 the head of a chain gets kill, not killed, when the last one ends with kill")
  void endWithKill() throws Exception {
    run(
        self -> {
          Spawned head =
              self.spawnMonitor(
                  chain(
                      10,
                      self.pid(),
                      me -> {
                        throw me.exit(ExitReason.KILL);
                      }));
          Pid _ = expect(self, Pid.class);
          Down down = new Down(head.monitor(), head.pid(), ExitReason.KILL);
          assertEquals(down, expect(self, Down.class));
        });
  }

  @Test
  @DisplayName("SIG-005 many processes that query one in a long native operation all get answers")
  void queriesOfABusyProcess() throws Exception {
    int askers = 50;
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    run(
        self -> {
          Pid busy =
              self.spawn(
                  (me, message) -> {
                    if (message instanceof Request request) {
                      request.reply("free again");
                    } else {
                      me.blocking(
                          () -> {
                            entered.countDown();
                            return leave.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                          });
                    }
                  });
          self.send(busy, "go");
          entered.await();
          for (int i = 0; i < askers; i++) {
            self.spawnMonitor(
                me -> {
                  me.link(busy);
                  me.unlink(busy);
                  boolean demonitored = me.demonitor(me.monitor(busy));
                  me.exit(busy, ExitReason.NORMAL);
                  if (demonitored && me.isAlive(busy) && me.info(busy).isPresent()) {
                    me.send(self.pid(), "alive");
                  }
                  me.send(self.pid(), String.valueOf(me.call(busy, "?", LIMIT)));
                });
          }
          for (int i = 0; i < askers; i++) {
            assertEquals("alive", self.receive(String.class::isInstance));
          }
          leave.countDown();
          for (int i = 0; i < askers; i++) {
            assertEquals("free again", self.receive(String.class::isInstance));
          }
          for (int i = 0; i < askers; i++) {
            assertEquals(ExitReason.NORMAL, expect(self, Down.class).reason());
          }
        });
  }

  @Test
  @DisplayName("SIG-011 P20 kill ends a process that traps exits, which handles nothing of it")
  void killTrapping() throws Exception {
    var handled = new AtomicInteger();
    run(
        self -> {
          Spawned victim =
              self.spawnMonitor(
                  me -> {
                    me.trapExit(true);
                    self.node().send(self.pid(), "ready");
                    while (true) {
                      me.receive();
                      handled.incrementAndGet();
                    }
                  });
          assertEquals("ready", expect(self, String.class));
          self.exit(victim.pid(), ExitReason.KILL);
          Down down = new Down(victim.monitor(), victim.pid(), ExitReason.KILLED);
          assertEquals(down, expect(self, Down.class));
        });
    assertEquals(0, handled.get());
  }

  private record Numbered(int sender, int number) {}

  @Test
  @DisplayName(
      "SIG-013 P10 eight senders of 50 000 messages: in order per sender, none lost or doubled")
  void fifoStress() throws Exception {
    int senders = 8;
    int messages = 50_000;
    run(
        self -> {
          for (int i = 0; i < senders; i++) {
            int sender = i;
            Pid _ =
                self.spawn(
                    me -> {
                      for (int n = 0; n < messages; n++) {
                        me.send(self.pid(), new Numbered(sender, n));
                      }
                    });
          }
          int[] next = new int[senders];
          for (int i = 0; i < senders * messages; i++) {
            Numbered message = expect(self, Numbered.class);
            assertEquals(next[message.sender()]++, message.number());
          }
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P10 messages, exits, monitors and links of one sender act in the order sent")
  void mixedKinds() throws Exception {
    run(
        self -> {
          self.trapExit(true);
          self.register("receiver", self.pid());
          for (int i = 0; i < 200; i++) {
            Pid sender =
                self.spawn(
                    me -> {
                      me.send(self.pid(), "by pid");
                      me.exit(self.pid(), ExitReason.of(1));
                      me.send("receiver", "by name");
                      me.link(self.pid());
                      me.exit(self.pid(), ExitReason.NORMAL);
                      me.sendRequest(self.pid(), "request");
                      throw me.exit(ExitReason.of("linked"));
                    });
            List<Object> seen = new ArrayList<>();
            for (int n = 0; n < 6; n++) {
              Object message = self.receive();
              seen.add(message instanceof Request request ? request.payload() : message);
            }
            assertEquals(
                List.of(
                    "by pid",
                    new Exit(sender, ExitReason.of(1)),
                    "by name",
                    new Exit(sender, ExitReason.NORMAL),
                    "request",
                    new Exit(sender, ExitReason.of("linked"))),
                seen);
          }
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P23 turning trapExit off leaves the Exit messages that are queued")
  void trapExitIsReadOnArrival() throws Exception {
    run(
        self -> {
          assertFalse(self.trapExit(true));
          self.exit(self.pid(), ExitReason.of("queued"));
          assertTrue(self.trapExit(false));
          expectExit(self, self.pid(), ExitReason.of("queued"));
          Pid child = self.spawnLink(PARKED); // P84: the setting is the parent's own
          assertFalse(self.info(child).orElseThrow().trapExit());
        });
  }

  @Test
  @DisplayName("P25 the first exit signal that decides fixes the reason")
  void exitTwice() throws Exception {
    var hold = new CountDownLatch(1);
    run(
        self -> {
          for (int i = 0; i < 500; i++) {
            Spawned waiting = self.spawnMonitor(PARKED);
            exitTwice(self, waiting);
          }
          SpawnOptions patient =
              SpawnOptions.DEFAULT.onKill(io.coppice.kernel.process.KillPolicy.AWAIT_TERMINATION);
          Spawned computing =
              self.spawnMonitor(
                  me -> {
                    me.send(self.pid(), "in");
                    hold.await();
                    throw me.exit(ExitReason.of("its own"));
                  },
                  patient);
          assertEquals("in", expect(self, String.class));
          self.exit(computing.pid(), ExitReason.of("first"));
          self.exit(computing.pid(), ExitReason.KILL);
          hold.countDown();
          assertEquals(ExitReason.of("first"), expect(self, Down.class).reason());
        });
  }

  private static void exitTwice(Context self, Spawned victim) {
    self.exit(victim.pid(), ExitReason.NORMAL);
    self.exit(victim.pid(), ExitReason.of("first"));
    self.exit(victim.pid(), ExitReason.of("second"));
    self.exit(victim.pid(), ExitReason.KILL);
    assertEquals(ExitReason.of("first"), expect(self, Down.class).reason());
  }

  @Test
  @DisplayName("P10 a process handles all of more messages than a batch that a signal comes behind")
  void manyMessagesThenSignal() {
    TestNode.forSeeds(
        20,
        sim -> {
          List<Object> seen = new ArrayList<>();
          Pid receiver = sim.spawn((self, message) -> seen.add(message));
          for (int i = 0; i < 1_000; i++) {
            sim.send(receiver, i);
          }
          sim.exit(receiver, ExitReason.NORMAL); // without effect, but no message
          sim.runUntilIdle();
          assertEquals(1_000, seen.size());
        });
  }
}
