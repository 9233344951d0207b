package io.coppice.kernel.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.NoSuchProcess;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import io.coppice.kernel.testkit.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The life of a process and its name (semantics 1.1, 1.7), beyond the table of cases. */
class ProcessLifeTest extends ConformanceCase {
  @Test
  @DisplayName("P1 spawn returns while the child cannot have run, and no pid comes twice")
  void pids() throws Exception {
    var hold = new CountDownLatch(1);
    Pid held = node.spawn(self -> hold.await());
    assertTrue(node.isAlive(held));
    hold.countDown();
    awaitEnd(held);
    Set<Pid> pids = new HashSet<>();
    var numbers = LongStream.builder();
    for (int i = 0; i < 10_000; i++) {
      Pid pid = node.spawn(self -> {});
      pids.add(pid);
      numbers.add(pid.number());
    }
    assertEquals(10_000, pids.size());
    assertEquals(10_000, numbers.build().distinct().count());
    assertFalse(pids.contains(held));
    assertFalse(node.isAlive(held));
  }

  @Test
  @DisplayName("P2 a linked and monitored child gives one Exit and one Down with its real reason")
  void linkAndMonitor() throws Exception {
    ExitReason reason = ExitReason.of("first instruction");
    run(
        self -> {
          self.trapExit(true);
          for (int i = 0; i < 1_000; i++) {
            Spawned child =
                self.spawnMonitor(
                    me -> {
                      throw me.exit(reason);
                    },
                    SpawnOptions.DEFAULT.link());
            Object one = self.receive();
            Object other = self.receive();
            Exit exit = new Exit(child.pid(), reason);
            Down down = new Down(child.monitor(), child.pid(), reason);
            assertEquals(Set.of(exit, down), Set.of(one, other));
          }
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P4 a process that catches its own end gets it again from each kernel operation")
  void endIsSticky() throws Exception {
    ExitReason reason = ExitReason.of("enough");
    var thrown = new AtomicInteger();
    run(
        self -> {
          Spawned victim =
              self.spawnMonitor(
                  me -> {
                    self.node().send(self.pid(), "started");
                    List<Runnable> operations =
                        List.of(
                            () -> me.receive(),
                            () -> me.send(self.pid(), "from the dead"),
                            () -> me.spawn(PARKED),
                            () -> me.link(self.pid()),
                            () -> me.monitor(self.pid()),
                            () -> me.yieldNow(),
                            () -> me.sleep(Duration.ofHours(1)),
                            () -> me.trapExit(true));
                    for (Runnable operation : operations) {
                      try {
                        operation.run();
                      } catch (ProcessExit end) {
                        assertEquals(reason, end.reason());
                        thrown.incrementAndGet();
                      }
                    }
                  });
          assertEquals("started", expect(self, String.class));
          self.exit(victim.pid(), reason);
          assertEquals(reason, expect(self, Down.class).reason());
          assertMailboxEmpty(self);
        });
    assertEquals(8, thrown.get());
  }

  @Test
  @DisplayName(
      "P3 a handler that throws, stops or exits gives that reason, a body that returns normal")
  void reasonByCause() throws Exception {
    var error = new IOException("disk");
    ExitReason stop = ExitReason.of("stop");
    run(
        self -> {
          Spawned returns = self.spawnMonitor(me -> {});
          assertEquals(
              new Down(returns.monitor(), returns.pid(), ExitReason.NORMAL), self.receive());
          Spawned throwsIt =
              self.spawnMonitor(
                  (me, message) -> {
                    throw error;
                  });
          self.send(throwsIt.pid(), "go");
          assertEquals(ExitReason.crashed(error), expect(self, Down.class).reason());
          Spawned stops = self.spawnMonitor((me, message) -> me.stop(stop));
          self.send(stops.pid(), "go");
          assertEquals(stop, expect(self, Down.class).reason());
          Spawned exits =
              self.spawnMonitor(
                  (me, message) -> {
                    throw me.exit(stop);
                  });
          self.send(exits.pid(), "go");
          assertEquals(stop, expect(self, Down.class).reason());
        });
  }

  @Test
  @DisplayName("P60 one process per name, one name per process; an unknown name cannot be freed")
  void names() throws Exception {
    Pid one = node.spawn(PARKED);
    Pid other = node.spawn(PARKED);
    node.register("a", one);
    assertSame(one, assertThrows(NameTaken.class, () -> node.register("a", other)).holder());
    assertSame(one, assertThrows(NameTaken.class, () -> node.register("b", one)).holder());
    assertThrows(IllegalArgumentException.class, () -> node.unregister("b"));
    assertEquals(Optional.of(one), node.whereis("a"));
    assertEquals(Optional.empty(), node.whereis("b"));
    node.unregister("a");
    assertEquals(Optional.empty(), node.whereis("a"));
    node.register("b", one);
    node.register("a", other);
    assertEquals(Set.of("a", "b"), node.registered());
    SpawnOptions taken = SpawnOptions.DEFAULT.name("a");
    int before = node.processCount();
    assertThrows(NameTaken.class, () -> node.spawn(PARKED, taken));
    assertEquals(before, node.processCount());
  }

  @Test
  @DisplayName("P61 a process that has ended is not among the registered names")
  void namesOfTheDead() throws Exception {
    Pid pid = node.spawn(PARKED, SpawnOptions.DEFAULT.name("short"));
    assertEquals(Set.of("short"), node.registered());
    node.exit(pid, ExitReason.KILL);
    assertFalse(node.isAlive(pid));
    assertEquals(Set.of(), node.registered());
    assertThrows(IllegalArgumentException.class, () -> node.unregister("short"));
  }

  @Test
  @DisplayName(
      "P4 a handler does not run for a message sent before or after its process was killed")
  void noCodeAfterKill() throws Exception {
    var handled = new AtomicInteger();
    var busy = new CountDownLatch(1);
    run(
        self -> {
          Spawned victim =
              self.spawnMonitor(
                  (me, message) -> {
                    if (message.equals("block")) {
                      busy.await();
                    }
                    handled.incrementAndGet();
                  });
          self.send(victim.pid(), "block");
          self.send(victim.pid(), "before");
          self.exit(victim.pid(), ExitReason.of("now"));
          self.send(victim.pid(), "after");
          assertEquals(ExitReason.of("now"), expect(self, Down.class).reason());
        });
    assertEquals(0, handled.get());
  }

  @Test
  @DisplayName(
      "P5 who hears of an end finds the name free, the timers gone and the process not alive")
  void releasedBeforeAnnounced() throws Exception {
    SpawnOptions named = SpawnOptions.DEFAULT.name("resource").link();
    run(
        self -> {
          self.trapExit(true);
          for (int i = 0; i < 300; i++) {
            Pid child = self.spawn(PARKED, named);
            Ref timer = self.sendAfter(Duration.ofHours(1), child, "never");
            self.exit(child, ExitReason.of("end"));
            expectExit(self, child, ExitReason.of("end"));
            assertEquals(Optional.empty(), self.whereis("resource"));
            assertEquals(Optional.empty(), self.readTimer(timer));
            assertFalse(self.isAlive(child));
            self.register("resource", self.pid());
            self.unregister("resource");
          }
        });
    assertEquals(0, node.timerCount());
  }

  @Test
  @DisplayName("P5 who hears of an end, or finds the name free, sees that the process has ended")
  void hasEnded() {
    TestNode.forSeeds(
        100,
        sim ->
            sim.run(
                self -> {
                  self.trapExit(true);
                  Pid child = self.spawn(PARKED, SpawnOptions.DEFAULT.name("child").link());
                  Ref monitor = self.monitor(child);
                  assertFalse(self.hasEnded(child));
                  assertFalse(self.hasEnded(self.pid()));
                  self.exit(child, ExitReason.KILL);
                  if (self.whereis("child").isEmpty()) {
                    assertTrue(self.hasEnded(child));
                  }
                  assertEquals(new Exit(child, ExitReason.KILLED), self.receive());
                  assertTrue(self.hasEnded(child));
                  assertEquals(new Down(monitor, child, ExitReason.KILLED), self.receive());
                  assertTrue(self.hasEnded(child));
                }));
    Pid ours = node.spawn(PARKED);
    try (Node other = Node.start()) {
      assertThrows(IllegalArgumentException.class, () -> other.hasEnded(ours));
    }
  }

  @Test
  @DisplayName("P6 isAlive is answered after the caller's own kill, whatever the process does")
  void aliveAfterKill() throws Exception {
    run(
        self -> {
          for (int i = 0; i < 1_000; i++) {
            Pid waiting = self.spawn(PARKED);
            Pid fresh = self.spawn((me, message) -> {});
            Pid turning =
                self.spawn(
                    me -> {
                      while (true) {
                        me.yieldNow();
                      }
                    });
            for (Pid pid : List.of(waiting, fresh, turning)) {
              self.exit(pid, ExitReason.KILL);
              assertFalse(self.isAlive(pid), "round " + i);
            }
          }
        });
  }

  @Test
  @DisplayName("P7 a process that is giving back what it holds is dead for links, calls and sends")
  void exiting() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    try (Node slow = Node.start(NodeOptions.DEFAULT.withSchedulers(2).withReporter(r -> {}))) {
      Pid crashing =
          slow.spawn(
              self -> {
                self.receive();
                self.receive();
                throw new IllegalStateException("on purpose");
              });
      holdEnd(slow, crashing, entered, go);
      entered.await();
      var outcome = new CompletableFuture<Down>();
      var _ = slow.spawn(self -> exitingSeenBy(self, crashing, go, outcome));
      Down down = get(outcome);
      assertEquals(crashing, down.target());
    } finally {
      go.countDown();
    }
  }

  private static void exitingSeenBy(
      Context self, Pid crashing, CountDownLatch go, CompletableFuture<Down> outcome) {
    try {
      assertThrows(NoSuchProcess.class, () -> self.link(crashing));
      self.send(crashing, "dropped");
      CallFailed failed = assertThrows(CallFailed.class, () -> self.call(crashing, "?", LIMIT));
      assertEquals(ExitReason.NO_PROCESS, failed.reason());
      Ref monitor = self.monitor(crashing);
      go.countDown();
      Down down = expect(self, Down.class);
      assertEquals(monitor, down.ref());
      assertFalse(self.isAlive(crashing));
      assertMailboxEmpty(self);
      outcome.complete(down);
    } catch (Throwable thrown) {
      outcome.completeExceptionally(thrown);
      throw thrown;
    }
  }

  @Test
  @DisplayName("P13 a message to a dead pid is dropped, one to an unknown name is refused")
  void sendToTheDead() throws Exception {
    Pid dead = ended();
    node.send(dead, "dropped");
    run(self -> self.send(dead, "dropped"));
    run(self -> assertThrows(IllegalArgumentException.class, () -> self.send("nobody", "refused")));
  }

  @Test
  @DisplayName("P16 an exit signal ends code that computes, or blocks outside of the kernel")
  void signalsActOnArrival() throws Exception {
    var release = new AtomicBoolean();
    run(
        self -> {
          Spawned blocked = self.spawnMonitor(me -> new CountDownLatch(1).await());
          Spawned computing =
              self.spawnMonitor(
                  me -> {
                    self.node().send(self.pid(), "computing");
                    while (!release.get()) {
                      Thread.onSpinWait();
                    }
                  });
          assertEquals("computing", expect(self, String.class));
          for (Spawned victim : List.of(blocked, computing)) {
            self.exit(victim.pid(), ExitReason.of("now"));
            Down down = new Down(victim.monitor(), victim.pid(), ExitReason.of("now"));
            assertEquals(down, expect(self, Down.class));
            assertFalse(self.isAlive(victim.pid()));
          }
        });
    release.set(true); // the computing code was cut off: what is left of it ends now
    await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
  }

  @Test
  @DisplayName("P16 an exit signal behind a thousand messages ends a handler that blocks")
  void signalBehindMessages() throws Exception {
    run(
        self -> {
          Spawned victim = self.spawnMonitor((me, message) -> new CountDownLatch(1).await());
          for (int i = 0; i < 1_000; i++) {
            self.send(victim.pid(), i);
          }
          self.exit(victim.pid(), ExitReason.of("now"));
          assertEquals(ExitReason.of("now"), expect(self, Down.class).reason());
        });
  }

  @Test
  @DisplayName("P16 an exit signal that comes together with an answer ends code that blocks later")
  void signalWithAnswer() throws Exception {
    run(
        self -> {
          Pid server =
              self.spawn(
                  (me, message) -> {
                    Request request = (Request) message;
                    me.exit(Objects.requireNonNull(request.caller()), ExitReason.of("and go"));
                    request.reply("take this");
                  });
          for (int i = 0; i < 100; i++) {
            Spawned victim =
                self.spawnMonitor(
                    me -> {
                      me.call(server, "?", LIMIT);
                      new CountDownLatch(1).await();
                    });
            Down down = new Down(victim.monitor(), victim.pid(), ExitReason.of("and go"));
            assertEquals(down, expect(self, Down.class));
          }
        });
  }
}
