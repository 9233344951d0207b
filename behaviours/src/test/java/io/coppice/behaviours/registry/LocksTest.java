package io.coppice.behaviours.registry;

import static io.coppice.behaviours.registry.Worker.MOMENT;
import static io.coppice.behaviours.registry.Worker.kill;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Address;
import io.coppice.behaviours.Sys;
import io.coppice.behaviours.generic.Cast;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.FaultRule;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LocksTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Holds the lock of a key until it is told to go on, and says what it does. */
  private static Pid holder(Context self, Registry<String, Integer> registry, String key) {
    Pid tester = self.pid();
    return self.spawn(
        me -> {
          me.send(tester, "asks");
          registry.lock(
              me,
              key,
              () -> {
                me.send(tester, me.pid());
                return me.receive(message -> message.equals("go on"));
              });
          me.receive();
        });
  }

  private static Pid spawnHolder(Context self, Registry<String, Integer> registry, String key) {
    Pid pid = holder(self, registry, key);
    assertEquals("asks", self.receive("asks"::equals));
    self.sleep(MOMENT);
    return pid;
  }

  private static boolean does(Context self, Pid worker, Worker.Job<Boolean> job) {
    return Worker.ask(self, worker, job);
  }

  private static Registry<String, Integer> started(Context self) {
    return Registry.<String, Integer>unique("reg").start(self);
  }

  @Test
  @DisplayName("the example of the documentation")
  @Timeout(20)
  void example() {
    List<String> printed = new ArrayList<>();
    try (Node node = Node.start()) {
      // @start region="locks"
      Locks locks = Locks.start(node);
      Pid printer =
          node.spawn(self -> locks.hold(self, "printer", () -> printed.add("a whole page")));
      // @end
      while (node.isAlive(printer)) {
        Thread.onSpinWait();
      }
    }
    assertEquals(List.of("a whole page"), printed);
  }

  @Test
  @DisplayName("REG-017 RG10 of two that lock a key the second waits; other keys are free")
  void sameKey() throws Exception {
    inProcess(
        self -> {
          Registry<String, Integer> registry = started(self);
          Pid first = spawnHolder(self, registry, "key");
          assertEquals(first, self.receive());
          Pid second = spawnHolder(self, registry, "key");
          expectNothing(self);
          Pid other = spawnHolder(self, registry, "other key");
          assertEquals(other, self.receive());
          assertEquals(5, registry.lock(self, "third key", () -> 5));
          self.send(first, "go on");
          assertEquals(second, self.receive());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("RG10 a lock is given back when the code throws, and when its holder is killed")
  void givenBack() throws Exception {
    inProcess(
        self -> {
          Registry<String, Integer> registry = started(self);
          assertThrows(
              IllegalStateException.class,
              () ->
                  registry.lock(
                      self,
                      "key",
                      () -> {
                        throw new IllegalStateException("in the middle");
                      }));
          Pid first = spawnHolder(self, registry, "key");
          assertEquals(first, self.receive());
          Pid second = spawnHolder(self, registry, "key");
          kill(self, first);
          assertEquals(second, self.receive());
          self.send(second, "go on");
          int nested = registry.lock(self, "key", () -> registry.lock(self, "key", () -> 3));
          assertEquals(3, nested);
          Pid locks = locksOf(self);
          self.sleep(MOMENT);
          assertEquals(Map.of(), Sys.of(self, locks).getState(), "nothing is locked");
          assertFalse(self.links().contains(locks));
        });
  }

  private static Pid locksOf(Context self) {
    return self.processes().stream()
        .filter(
            pid ->
                self.info(pid)
                    .filter(info -> (info.initialCall() + info.state()).contains("LockServer"))
                    .isPresent())
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("REG-019 RG10 when the first who waits is killed the next one gets the lock")
  void waiterKilled() throws Exception {
    inProcess(
        self -> {
          Registry<String, Integer> registry = started(self);
          Pid first = spawnHolder(self, registry, "key");
          assertEquals(first, self.receive());
          Pid second = spawnHolder(self, registry, "key");
          Pid third = spawnHolder(self, registry, "key");
          Pid fourth = spawnHolder(self, registry, "key");
          kill(self, second);
          self.send(first, "go on");
          assertEquals(third, self.receive());
          expectNothing(self);
          kill(self, third);
          assertEquals(fourth, self.receive());
        });
  }

  @Test
  @DisplayName("REG-023 set_lock excludes other requesters, and is undone by its holder or its end")
  void requesters() throws Exception {
    inProcess(
        self -> {
          Locks locks = Locks.start(self);
          Pid a = Worker.spawn(self);
          Pid b = Worker.spawn(self);
          Pid c = Worker.spawn(self);
          assertTrue(does(self, a, me -> locks.set(me, "resource", "one")));
          assertFalse(does(self, b, me -> locks.set(me, "resource", "two")));
          assertTrue(does(self, c, me -> locks.set(me, "resource", "one")), "the same requester");
          assertTrue(does(self, b, me -> locks.set(me, "another", "two")));
          assertFalse(does(self, b, me -> locks.delete(me, "resource", "two")), "not its own");
          assertFalse(does(self, b, me -> locks.delete(me, "resource", "one")), "not its own");
          assertFalse(does(self, a, me -> locks.delete(me, "resource", "two")));
          assertTrue(does(self, a, me -> locks.set(me, "resource", "one")), "once more");
          assertTrue(does(self, a, me -> locks.delete(me, "resource", "one")));
          assertTrue(does(self, a, me -> locks.delete(me, "resource", "one")));
          assertFalse(does(self, a, me -> locks.delete(me, "resource", "one")));
          assertFalse(
              does(self, b, me -> locks.set(me, "resource", "two", SECOND)), "c holds it, too");
          kill(self, c);
          assertTrue(does(self, b, me -> locks.set(me, "resource", "two", SECOND)));
          assertFalse(does(self, a, me -> locks.set(me, "resource", "one", Duration.ZERO)));
          kill(self, b);
          self.sleep(MOMENT);
          assertTrue(does(self, a, me -> locks.set(me, "resource", "one")));
          assertTrue(does(self, a, me -> locks.set(me, "another", "one")));
        });
  }

  @Test
  @DisplayName("who has given up waiting for a lock does not get it, and those of a kind share it")
  void givenUp() throws Exception {
    inProcess(
        self -> {
          Locks locks = Locks.start(self);
          assertTrue(locks.set(self, "resource", "mine"));
          Pid impatient = Worker.spawn(self);
          Pid b = Worker.spawn(self);
          Pid c = Worker.spawn(self);
          Pid d = Worker.spawn(self);
          for (int i = 0; i < 40; i++) {
            assertFalse(does(self, impatient, me -> locks.set(me, "resource", "no", MOMENT)));
          }
          List<Pid> got = new ArrayList<>();
          for (Pid pid : List.of(b, c, d)) {
            Object requester = pid.equals(c) ? "other" : "same";
            Worker.tell(
                self,
                pid,
                me -> {
                  boolean set = locks.set(me, "resource", requester, null);
                  got.add(me.pid());
                  return set;
                });
            self.sleep(MOMENT);
          }
          assertTrue(locks.delete(self, "resource", "mine"));
          self.sleep(MOMENT);
          assertTrue(got.size() == 2 && got.containsAll(List.of(b, d)), got::toString);
          assertTrue(does(self, b, me -> locks.delete(me, "resource", "same")));
          self.sleep(MOMENT);
          assertEquals(2, got.size());
          assertTrue(does(self, d, me -> locks.delete(me, "resource", "same")));
          self.sleep(MOMENT);
          assertEquals(c, got.getLast());
        });
  }

  @Test
  @DisplayName("locks survive strangers, and when they are killed so are their holders")
  void strangers() throws Exception {
    inProcess(
        self -> {
          Locks locks = Locks.start(self);
          Pid server = locksOf(self);
          Pid holder = Worker.spawn(self);
          assertTrue(does(self, holder, me -> locks.set(me, "resource", "one")));
          self.send(server, "hello");
          self.send(server, new Cast("hello"));
          assertThrows(CallFailed.class, () -> Address.of(self, server).ask("hello", SECOND));
          self.exit(server, ExitReason.of("go away"));
          assertFalse(locks.set(self, "resource", "two"));
          kill(self, server);
          assertFalse(self.isAlive(holder));
          assertEquals(
              ExitReason.NO_PROCESS,
              assertThrows(CallFailed.class, () -> locks.set(self, "resource", "two")).reason());
          CallFailed early =
              assertThrows(CallFailed.class, () -> Locks.create().set(self, "resource", "two"));
          assertEquals(ExitReason.NO_PROCESS, early.reason());
        });
  }

  @Test
  @DisplayName("RG10 two never hold the lock of a key, wherever they are killed")
  void exclusion() {
    int[] turns = {0};
    int different =
        TestNode.forSeeds(
            100,
            node -> {
              Registry<String, Integer> registry =
                  Registry.<String, Integer>unique("reg").start(node);
              List<Pid> inside = new ArrayList<>();
              for (int i = 0; i < 4; i++) {
                node.spawn(
                    self -> {
                      self.setLabel("worker");
                      for (int j = 0; j < 4; j++) {
                        registry.lock(
                            self,
                            "key",
                            () -> {
                              inside.removeIf(node::hasEnded);
                              assertEquals(List.of(), inside);
                              inside.add(self.pid());
                              self.yieldNow();
                              turns[0]++;
                              return inside.remove(self.pid());
                            });
                      }
                    });
              }
              node.inject(FaultRule.kill().label("worker").probability(0.03));
              node.advance(SECOND);
              assertEquals(List.of(), node.reports(CrashReport.class));
              node.heal();
              inside.removeIf(node::hasEnded);
              assertEquals(List.of(), inside, "all have had their turns, or have been killed");
              node.run(self -> assertEquals(1, registry.lock(self, "key", () -> 1)));
            });
    assertTrue(turns[0] > 300 && different > 50, () -> different + " interleavings");
  }
}
