package io.coppice.kernel.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Spawned;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conformance, area process: life, death, dictionary (semantics 1.1, 1.9). */
class ProcessConformanceTest extends ConformanceCase {
  private static final List<ExitReason> REASONS =
      List.of(
          ExitReason.NORMAL,
          ExitReason.SHUTDOWN,
          ExitReason.shutdown("why"),
          ExitReason.KILL,
          ExitReason.KILLED,
          ExitReason.NO_PROCESS,
          ExitReason.TIMEOUT,
          ExitReason.CALLING_SELF,
          ExitReason.of("kb_101"),
          ExitReason.of(42),
          ExitReason.of(List.of("a", List.of(1, 2), "c")),
          new ExitReason.CallFailure(ExitReason.TIMEOUT, "call"));

  @Test
  @DisplayName("PROC-001 P3 P33 a parent that traps exits gets exactly the reason of each child")
  void exitReasons() throws Exception {
    run(
        self -> {
          self.trapExit(true);
          for (ExitReason reason : REASONS) {
            Pid child =
                self.spawnLink(
                    me -> {
                      throw me.exit(reason);
                    });
            expectExit(self, child, reason);
          }
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("PROC-002 an exit signal ends another process, its trapping link gets the reason")
  void exitOther() throws Exception {
    ExitReason reason = ExitReason.of("kb_101");
    run(
        self -> {
          self.trapExit(true);
          Pid child = self.spawnLink(PARKED);
          self.exit(child, reason);
          expectExit(self, child, reason);
          assertFalse(self.isAlive(child));
        });
  }

  @Test
  @DisplayName("PROC-003 exit with normal does nothing to another process that waits in receive")
  void exitOtherNormal() throws Exception {
    run(
        self -> {
          Pid child = self.spawn(me -> ((Request) me.receive()).reply("still here"));
          self.exit(child, ExitReason.NORMAL);
          assertTrue(self.isAlive(child)); // the answer comes after the signal was handled (P6)
          assertEquals("still here", self.call(child, "?", LIMIT));
        });
  }

  @Test
  @DisplayName("PROC-006 a process that sends itself a big exit reason ends with exactly that term")
  void bigReason() throws Exception {
    List<Integer> term = IntStream.range(0, 1024).boxed().toList();
    run(
        self -> {
          self.trapExit(true);
          Pid child = self.spawnLink(me -> me.exit(me.pid(), ExitReason.of(term)));
          expectExit(self, child, ExitReason.of(term));
        });
  }

  @Test
  @DisplayName("PROC-007 P4 an exit signal ends a process inside of a try block")
  void exitInsideTry() throws Exception {
    ExitReason reason = ExitReason.of("kb_101");
    var caught = new AtomicBoolean();
    var wentOn = new AtomicBoolean();
    run(
        self -> {
          Spawned victim =
              self.spawnMonitor(
                  me -> {
                    try {
                      self.node().send(self.pid(), "inside");
                      me.receive();
                    } catch (Exception e) {
                      caught.set(true);
                    }
                    wentOn.set(true);
                  });
          assertEquals("inside", expect(self, String.class));
          self.exit(victim.pid(), reason);
          assertEquals(reason, expect(self, Down.class).reason());
        });
    assertFalse(caught.get());
    assertFalse(wentOn.get());
  }

  @Test
  @DisplayName("PROC-010 P3 an uncaught exception is the reason, with its stack")
  void uncaught() throws Exception {
    var error = new IllegalArgumentException("badarg");
    run(
        self -> {
          self.trapExit(true);
          Pid child =
              self.spawnLink(
                  me -> {
                    throw error;
                  });
          Exit exit = expect(self, Exit.class);
          assertEquals(child, exit.from());
          var crashed = assertInstanceOf(ExitReason.Crashed.class, exit.reason());
          assertSame(error, crashed.error());
          assertNotEquals(0, crashed.error().getStackTrace().length);
        });
  }

  // Names are strings: what is left of the bad names is the empty one and null.
  @Test
  @SuppressWarnings("NullAway")
  @DisplayName("PROC-011 P60 registering a bad name, or what is no living process, leaves no name")
  void badRegister() throws Exception {
    Pid dead = ended();
    Pid living = node.spawn(PARKED);
    assertThrows(IllegalArgumentException.class, () -> node.register("", living));
    assertThrows(NullPointerException.class, () -> node.register(null, living));
    assertThrows(NullPointerException.class, () -> node.register("nobody", null));
    assertThrows(IllegalArgumentException.class, () -> node.register("dead", dead));
    assertThrows(IllegalArgumentException.class, () -> node.register("foreign", foreign()));
    assertEquals(Set.of(), node.registered());
    node.register("free", living);
    assertEquals(Set.of("free"), node.registered());
  }

  // The arguments of a Java process are what its code captures.
  @Test
  @DisplayName("PROC-015 a child gets a very long list of arguments, in order")
  void hugeArguments() throws Exception {
    List<Integer> arguments = IntStream.range(0, 100_000).boxed().toList();
    run(
        self -> {
          Pid _ =
              self.spawn(
                  me -> {
                    List<Integer> seen = new ArrayList<>();
                    arguments.forEach(seen::add);
                    me.send(self.pid(), List.copyOf(seen));
                  });
          assertEquals(arguments, expect(self, List.class));
        });
  }

  // Nothing can be undefined in Java; code that is missing at run time shows as an Error.
  @Test
  @DisplayName("PROC-016 P2 a monitored child that dies at once gives its error, never noproc")
  void monitoredChildDiesAtOnce() throws Exception {
    Error undef = new NoSuchMethodError("undef");
    run(
        self -> {
          for (int i = 0; i < 2_000; i++) {
            Spawned child =
                self.spawnMonitor(
                    me -> {
                      throw undef;
                    });
            Down down = new Down(child.monitor(), child.pid(), ExitReason.crashed(undef));
            assertEquals(down, expect(self, Down.class));
          }
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName(
      "PROC-018 P2 children linked at birth get the exit of a parent that dies right after")
  void parentDiesAfterSpawn() throws Exception {
    var born = new AtomicInteger();
    for (int i = 0; i < 500; i++) {
      boolean fromOutside = i % 2 == 0;
      Pid parent =
          node.spawn(
              self -> {
                for (int child = 0; child < 5; child++) {
                  self.spawnLink(PARKED);
                  born.incrementAndGet();
                }
                throw self.exit(ExitReason.of("parent"));
              });
      if (fromOutside) {
        node.exit(parent, ExitReason.KILL);
      }
    }
    await().atMost(LIMIT).until(() -> node.processCount() == 0);
    assertNotEquals(0, born.get());
  }

  @Test
  @DisplayName("PROC-021 of many processes that yield in loops every one comes to its end")
  void yielding() throws Exception {
    int processes = 100;
    int yields = 1_000;
    var turns = new AtomicInteger();
    run(
        self -> {
          for (int i = 0; i < processes; i++) {
            self.spawnMonitor(
                me -> {
                  for (int turn = 0; turn < yields; turn++) {
                    me.yieldNow();
                    turns.incrementAndGet();
                  }
                });
          }
          for (int i = 0; i < processes; i++) {
            assertEquals(ExitReason.NORMAL, expect(self, Down.class).reason());
          }
        });
    assertEquals(processes * yields, turns.get());
  }

  @Test
  @DisplayName("PROC-028 normal is a message for a process that traps exits, nothing for another")
  void normalToOthers() throws Exception {
    run(
        self -> {
          Pid plain = self.spawn((me, message) -> ((Request) message).reply("alive"));
          Pid trapping =
              self.spawn(
                  me -> {
                    me.trapExit(true);
                    self.node().send(self.pid(), "ready");
                    self.node().send(self.pid(), me.receive());
                    me.receive();
                  });
          assertEquals("ready", expect(self, String.class));
          self.exit(plain, ExitReason.NORMAL);
          self.exit(trapping, ExitReason.NORMAL);
          expectExit(self, self.pid(), ExitReason.NORMAL); // forwarded: it came from us
          assertTrue(self.isAlive(trapping));
          assertEquals("alive", self.call(plain, "?", LIMIT));
        });
  }

  @Test
  @DisplayName("PROC-029 P22 a process that sends itself normal ends with normal")
  void normalToItself() throws Exception {
    var wentOn = new AtomicBoolean();
    run(
        self -> {
          Spawned child =
              self.spawnMonitor(
                  me -> {
                    me.exit(me.pid(), ExitReason.NORMAL);
                    wentOn.set(true);
                  });
          Down down = new Down(child.monitor(), child.pid(), ExitReason.NORMAL);
          assertEquals(down, expect(self, Down.class));
        });
    assertFalse(wentOn.get());
  }

  @Test
  @DisplayName(
      "PROC-030 P80 the dictionary returns old values, null for what is absent, to its owner")
  void dictionary() throws Exception {
    run(
        self -> {
          assertNull(self.put("key", 1));
          assertEquals(1, self.put("key", 2));
          assertEquals(2, self.get("key"));
          assertNull(self.get("other"));
          assertEquals(2, self.erase("key"));
          assertNull(self.erase("key"));
          assertNull(self.get("key"));
          self.put("mine", "secret");
          Pid child = self.spawn((me, m) -> ((Request) m).reply(me.get("mine")));
          assertNull(self.call(child, "?", LIMIT));
        });
  }

  @Test
  @DisplayName("PROC-031 P81 the label set last is seen from another process, null if none was set")
  void label() throws Exception {
    run(
        self -> {
          Pid child =
              self.spawn(
                  (me, message) -> {
                    me.setLabel(((Request) message).payload());
                    ((Request) message).reply(null);
                  });
          assertNull(self.info(child).orElseThrow().label());
          self.call(child, "first", LIMIT);
          assertEquals("first", self.info(child).orElseThrow().label());
          self.call(child, List.of("second", 2), LIMIT);
          assertEquals(List.of("second", 2), self.info(child).orElseThrow().label());
        });
  }
}
