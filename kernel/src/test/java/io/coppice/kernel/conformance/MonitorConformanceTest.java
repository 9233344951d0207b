package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conformance, area monitor (semantics 1.5). */
class MonitorConformanceTest extends ConformanceCase {
  /** Ends with the reason it is sent. */
  private static final ProcessBody TOLD =
      me -> {
        throw me.exit((ExitReason) me.receive());
      };

  @Test
  @DisplayName("MON-001 a process that kills its watcher and then ends leaves no stray message")
  void killTheWatcher() throws Exception {
    run(
        self -> {
          for (int i = 0; i < 300; i++) {
            Pid target =
                self.spawn(
                    me -> {
                      me.exit((Pid) me.receive(), ExitReason.KILL);
                      assertMailboxEmpty(me);
                    });
            Pid watcher =
                self.spawn(
                    me -> {
                      var _ = me.monitor(target);
                      me.send(target, me.pid());
                      PARKED.run(me);
                    });
            ExitReason killed = fate(self, watcher);
            assertTrue(Set.of(ExitReason.KILLED, ExitReason.NO_PROCESS).contains(killed));
            ExitReason end = fate(self, target);
            assertTrue(Set.of(ExitReason.NORMAL, ExitReason.NO_PROCESS).contains(end), "" + end);
          }
        });
  }

  // Types leave null and pids of other makers as bad items.
  @Test
  @SuppressWarnings("NullAway")
  @DisplayName("MON-003 a monitor of what is no pid or name of this node is refused")
  void badItem() throws Exception {
    run(
        self -> {
          assertThrows(IllegalArgumentException.class, () -> self.monitor(foreign()));
          assertThrows(NullPointerException.class, () -> self.monitor((Pid) null));
          assertThrows(NullPointerException.class, () -> self.monitor((String) null));
          assertEquals(List.of(), self.monitors());
          assertMailboxEmpty(self);
        });
  }

  // Types leave null as a non-reference.
  @Test
  @SuppressWarnings("NullAway")
  @DisplayName("MON-004 P44 demonitor refuses null and ignores a monitor of another process")
  void badDemonitor() throws Exception {
    run(
        self -> {
          assertThrows(NullPointerException.class, () -> self.demonitor(null));
          Pid target = self.spawn(TOLD);
          Ref monitor = self.monitor(target);
          boolean other =
              (Boolean)
                  self.call(
                      self.spawn(
                          (me, message) -> {
                            boolean existed = me.demonitor(monitor) || me.demonitorFlush(monitor);
                            ((Request) message).reply(existed);
                          }),
                      "?",
                      LIMIT);
          assertFalse(other);
          self.send(target, ExitReason.of("still watched"));
          Down down = new Down(monitor, target, ExitReason.of("still watched"));
          assertEquals(down, expect(self, Down.class));
        });
  }

  @Test
  @DisplayName("MON-005 P44 demonitor of a reference that never was a monitor does nothing")
  void freshReference() throws Exception {
    run(
        self -> {
          assertFalse(self.demonitor(Ref.create()));
          assertFalse(self.demonitorFlush(Ref.create()));
          Ref timer = self.sendAfter(LIMIT, self.pid(), "later");
          assertFalse(self.demonitor(timer));
          assertTrue(self.cancelTimer(timer).isPresent());
        });
  }

  @Test
  @DisplayName(
      "MON-006 P41 P42 a monitor of a living or dead process, by pid or name, shows what was asked")
  void liveAndDead() throws Exception {
    ExitReason reason = ExitReason.of("mon_1");
    Pid dead = ended();
    run(
        self -> {
          Pid target = self.spawn(TOLD, SpawnOptions.DEFAULT.name("target"));
          Ref byPid = self.monitor(target);
          Ref byName = self.monitor("target");
          self.send(target, reason);
          Set<Down> expected =
              Set.of(new Down(byPid, target, reason), new Down(byName, "target", reason));
          Down first = expect(self, Down.class);
          Down second = expect(self, Down.class);
          assertEquals(expected, new HashSet<>(List.of(first, second)));
          Ref ofDead = self.monitor(dead);
          Down down = new Down(ofDead, dead, ExitReason.NO_PROCESS);
          assertEquals(down, expect(self, Down.class));
          Ref ofNobody = self.monitor("nobody");
          down = new Down(ofNobody, "nobody", ExitReason.NO_PROCESS);
          assertEquals(down, expect(self, Down.class));
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("MON-007 P40 several monitors on one process give one Down each")
  void independent() throws Exception {
    ExitReason reason = ExitReason.of("mon_2");
    run(
        self -> {
          Pid target = self.spawn(TOLD);
          Set<Down> expected = new HashSet<>();
          for (int i = 0; i < 5; i++) {
            expected.add(new Down(self.monitor(target), target, reason));
          }
          assertEquals(5, expected.size());
          Ref dropped = self.monitor(target);
          assertTrue(self.demonitor(dropped));
          self.send(target, reason);
          Set<Down> downs = new HashSet<>();
          for (int i = 0; i < 5; i++) {
            downs.add(expect(self, Down.class));
          }
          assertEquals(expected, downs);
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName(
      "MON-008 P44 P45 no message of a monitor on itself, or of one dropped before the end")
  void demonitor() throws Exception {
    run(
        self -> {
          Ref ofSelf = self.monitor(self.pid());
          var _ = self.demonitor(ofSelf);
          assertFalse(self.demonitor(ofSelf));
          Pid target = self.spawn(TOLD);
          Ref monitor = self.monitor(target);
          assertTrue(self.demonitor(monitor));
          assertFalse(self.demonitor(monitor));
          self.send(target, ExitReason.of("unwatched"));
          assertNotEquals(ExitReason.NORMAL, fate(self, target));
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("MON-012 a Down carries a huge reason unchanged")
  void hugeReason() throws Exception {
    ExitReason reason = ExitReason.of(IntStream.range(0, 200_000).boxed().toList());
    run(
        self -> {
          Pid target = self.spawn(TOLD);
          Ref monitor = self.monitor(target);
          self.send(target, reason);
          assertEquals(new Down(monitor, target, reason), expect(self, Down.class));
        });
  }

  @Test
  @DisplayName(
      "MON-013 P48 thousands of monitors in both directions: each Down comes, nothing stays")
  void listCleanup() throws Exception {
    int count = 5_000;
    run(
        self -> {
          List<Pid> targets = new ArrayList<>();
          Set<Ref> monitors = new HashSet<>();
          for (int i = 0; i < count; i++) {
            Pid target =
                self.spawn(
                    me -> {
                      var _ = me.monitor(self.pid());
                      throw me.exit((ExitReason) me.receive());
                    });
            targets.add(target);
            monitors.add(self.monitor(target));
            assertTrue(self.demonitor(self.monitor(target)));
          }
          assertEquals(monitors, Set.copyOf(self.monitors()));
          Collections.shuffle(targets, new Random(13));
          targets.forEach(target -> self.send(target, ExitReason.of("cleanup")));
          for (int i = 0; i < count; i++) {
            assertTrue(monitors.remove(expect(self, Down.class).ref()));
          }
          assertEquals(List.of(), self.monitors());
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName(
      "MON-014 of random monitors, demonitors and exits each monitor fires once or was removed")
  void mixer() throws Exception {
    int watchers = 20;
    run(
        self -> {
          List<Pid> pids = new ArrayList<>();
          for (int i = 0; i < 400; i++) {
            pids.add(self.spawn(PARKED));
          }
          List<Pid> targets = List.copyOf(pids);
          for (int i = 0; i < watchers; i++) {
            Random random = new Random(i);
            Pid _ = self.spawn(me -> mix(me, self.pid(), targets, random));
          }
          Collections.shuffle(pids, new Random(14));
          for (Pid pid : pids) {
            self.exit(pid, ExitReason.KILL);
            self.yieldNow();
          }
          int fired = 0;
          for (int i = 0; i < watchers; i++) {
            fired += expect(self, Integer.class);
          }
          assertNotEquals(0, fired);
        });
  }

  private static void mix(Context me, Pid tester, List<Pid> targets, Random random) {
    Set<Ref> open = new HashSet<>();
    List<Ref> all = new ArrayList<>();
    int fired = 0;
    for (int i = 0; i < 3_000; i++) {
      if (random.nextInt(3) > 0 || all.isEmpty()) {
        Ref monitor = me.monitor(targets.get(random.nextInt(targets.size())));
        open.add(monitor);
        all.add(monitor);
      } else {
        Ref monitor = all.get(random.nextInt(all.size()));
        boolean flush = random.nextBoolean();
        if (flush ? me.demonitorFlush(monitor) : me.demonitor(monitor)) {
          assertTrue(open.remove(monitor), "removed twice, or after it fired");
        } else if (open.remove(monitor) && !flush) {
          var down = me.receive(m -> m instanceof Down d && d.ref().equals(monitor), Duration.ZERO);
          assertTrue(down.isPresent(), "neither removed nor fired");
          fired++;
        }
      }
    }
    fired += open.size();
    while (!open.isEmpty()) {
      assertTrue(open.remove(expect(me, Down.class).ref()), "fired twice, or after its removal");
    }
    assertEquals(List.of(), me.monitors());
    assertMailboxEmpty(me);
    me.send(tester, fired);
  }

  @Test
  @DisplayName("MON-015 P5 P46 on the Down of a monitor by name the name can be registered at once")
  void namedDown() throws Exception {
    SpawnOptions named = SpawnOptions.DEFAULT.name("named_down");
    run(
        self -> {
          for (int i = 0; i < 1_000; i++) {
            Pid target = i % 2 == 0 ? self.spawn(PARKED, named) : self.spawn((me, m) -> {}, named);
            Ref monitor = self.monitor("named_down");
            self.exit(target, ExitReason.of("kb_101"));
            Down down = new Down(monitor, "named_down", ExitReason.of("kb_101"));
            assertEquals(down, expect(self, Down.class));
            self.register("named_down", self.pid());
            self.unregister("named_down");
          }
        });
  }

  @Test
  @DisplayName("MON-019 P48 the list of monitors counts what was created and not removed")
  void monitorLists() throws Exception {
    run(
        self -> {
          Pid one = self.spawn(PARKED);
          Pid other = self.spawn(PARKED);
          List<Ref> made = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            made.add(self.monitor(i % 2 == 0 ? one : other));
            assertEquals(Set.copyOf(made), Set.copyOf(self.monitors()));
            assertEquals(made.size(), self.monitors().size());
          }
          assertTrue(self.demonitor(made.removeLast()));
          assertTrue(self.demonitorFlush(made.removeFirst()));
          assertEquals(Set.copyOf(made), Set.copyOf(self.monitors()));
          self.exit(one, ExitReason.of("one"));
          for (int i = 0; i < 4; i++) {
            Down down = expect(self, Down.class);
            assertEquals(one, down.target());
            assertTrue(made.remove(down.ref()));
          }
          assertEquals(Set.copyOf(made), Set.copyOf(self.monitors()));
          self.exit(other, ExitReason.of("other"));
          for (int i = 0; i < 4; i++) {
            assertTrue(made.remove(expect(self, Down.class).ref()));
          }
          assertEquals(List.of(), self.monitors());
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("MON-020 P44 after exit, demonitor and flush no late Down comes")
  void noLateDown() throws Exception {
    run(
        self -> {
          for (int i = 0; i < 1_000; i++) {
            Pid target = i % 2 == 0 ? self.spawn(PARKED) : self.spawn((me, message) -> {});
            Ref monitor = self.monitor(target);
            self.exit(target, ExitReason.of("bang"));
            if (i % 4 < 2) {
              self.yieldNow();
            }
            var _ = self.demonitorFlush(monitor);
            var _ = fate(self, target); // its Down would come after that of the first monitor
            assertMailboxEmpty(self);
          }
        });
  }
}
