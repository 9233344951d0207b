package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NoSuchProcess;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conformance, area link (semantics 1.4). */
class LinkConformanceTest extends ConformanceCase {
  /** A process that traps exits and does what it is asked: link, unlink, links, exits. */
  private static void puppet(Context me) {
    me.trapExit(true);
    List<Exit> exits = new ArrayList<>();
    while (true) {
      switch (me.receive()) {
        case Exit exit -> exits.add(exit);
        case Request request -> request.reply(puppetAnswer(me, request.payload(), exits));
        default -> {}
      }
    }
  }

  private record LinkWith(Pid peer) {}

  private record UnlinkFrom(Pid peer) {}

  private static Object puppetAnswer(Context me, Object order, List<Exit> exits) {
    return switch (order) {
      case LinkWith(Pid peer) -> {
        me.link(peer);
        yield true;
      }
      case UnlinkFrom(Pid peer) -> {
        me.unlink(peer);
        yield true;
      }
      case String what when what.equals("links") -> Set.copyOf(me.links());
      default -> List.copyOf(exits);
    };
  }

  private Object askFor(Pid puppet, Object order) {
    return Objects.requireNonNull(node.call(puppet, order, LIMIT));
  }

  @Test
  @DisplayName("LINK-001 P30 P31 one link per pair, made and removed by either; none with itself")
  void links() {
    Pid one = node.spawn(LinkConformanceTest::puppet);
    Pid other = node.spawn(LinkConformanceTest::puppet);
    askFor(one, new LinkWith(one));
    assertEquals(Set.of(), askFor(one, "links"));
    askFor(one, new LinkWith(other));
    assertEquals(Set.of(other), askFor(one, "links"));
    assertEquals(Set.of(one), askFor(other, "links"));
    askFor(one, new LinkWith(other));
    askFor(other, new LinkWith(one));
    assertEquals(Set.of(other), askFor(one, "links"));
    assertEquals(Set.of(one), askFor(other, "links"));
    askFor(other, new UnlinkFrom(one)); // three times linked, once unlinked: no link
    assertEquals(Set.of(), askFor(other, "links"));
    assertTrue(node.isAlive(one));
    assertEquals(Set.of(), askFor(one, "links"));
    askFor(one, new UnlinkFrom(other)); // not linked any more: no effect
    node.exit(other, ExitReason.KILL);
    assertFalse(node.isAlive(other));
    assertEquals(List.of(), askFor(one, "exits"));
    askFor(one, new UnlinkFrom(other)); // nor with one that has ended
  }

  @Test
  @DisplayName("LINK-004 P35 random links and unlinks from both ends leave every pair of one mind")
  void randomLinks() throws Exception {
    int count = 24;
    var together = new CyclicBarrier(count);
    List<Pid> pids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Random random = new Random(17_127 + i);
      pids.add(node.spawn(me -> linkAtRandom(me, random, together)));
    }
    pids.forEach(pid -> node.send(pid, List.copyOf(pids)));
    Map<Pid, Set<?>> links = new HashMap<>();
    for (Pid pid : pids) {
      links.put(pid, (Set<?>) askFor(pid, "links"));
    }
    int pairs = 0;
    for (Pid one : pids) {
      for (Pid other : pids) {
        boolean linked = linksOf(links, one).contains(other);
        assertEquals(linked, linksOf(links, other).contains(one), one + " and " + other);
        pairs += linked ? 1 : 0;
      }
    }
    assertTrue(pairs > 0 && pairs < count * (count - 1), pairs + " linked pairs test nothing");
    assertExitsReachTheLinked(new ArrayList<>(pids), links);
  }

  private static Set<?> linksOf(Map<Pid, Set<?>> links, Pid pid) {
    return Objects.requireNonNull(links.get(pid));
  }

  private void assertExitsReachTheLinked(List<Pid> living, Map<Pid, Set<?>> links) {
    Map<Pid, Set<Exit>> expected = new HashMap<>();
    living.forEach(pid -> expected.put(pid, new HashSet<>()));
    while (living.size() > 1) {
      Pid victim = living.removeLast();
      Exit exit = new Exit(victim, ExitReason.KILLED);
      node.exit(victim, ExitReason.KILL);
      assertFalse(node.isAlive(victim)); // false only when everybody has been told
      for (Pid pid : living) {
        Set<Exit> known = Objects.requireNonNull(expected.get(pid));
        if (linksOf(links, pid).contains(victim)) {
          known.add(exit);
        }
        List<?> seen = (List<?>) askFor(pid, "exits");
        assertEquals(known, Set.copyOf(seen));
        assertEquals(known.size(), seen.size());
      }
    }
  }

  private static void linkAtRandom(Context me, Random random, CyclicBarrier together)
      throws Exception {
    me.trapExit(true);
    List<Pid> all = new ArrayList<>();
    for (Object pid : (List<?>) me.receive()) {
      all.add((Pid) pid);
    }
    together.await();
    for (int i = 0; i < 5_000; i++) {
      Pid peer = all.get(random.nextInt(all.size()));
      if (random.nextBoolean()) {
        me.link(peer);
      } else {
        me.unlink(peer);
      }
    }
    for (Pid peer : all) {
      assertTrue(me.isAlive(peer)); // answered after our links and unlinks have been handled (P6)
    }
    together.await();
    puppet(me);
  }

  @Test
  @DisplayName(
      "LINK-005 P32 a link with a dead pid gives noproc: a message to a trapper, else an error")
  void linkDead() throws Exception {
    Pid dead = ended();
    run(
        self -> {
          assertThrows(NoSuchProcess.class, () -> self.link(dead));
          assertEquals(List.of(), self.links());
          self.trapExit(true);
          self.link(dead);
          expectExit(self, dead, ExitReason.NO_PROCESS);
          assertMailboxEmpty(self);
          assertEquals(List.of(), self.links());
        });
  }

  @Test
  @DisplayName(
      "LINK-008 P36 a parent that does not trap exits outlives a linked child that ends normally")
  void normalEnd() throws Exception {
    run(
        self -> {
          Spawned child = self.spawnMonitor(me -> me.receive(), SpawnOptions.DEFAULT.link());
          assertEquals(List.of(child.pid()), self.links());
          self.send(child.pid(), "end");
          Down down = new Down(child.monitor(), child.pid(), ExitReason.NORMAL);
          assertEquals(down, expect(self, Down.class));
          assertFalse(self.isAlive(child.pid()));
          assertEquals(List.of(), self.links());
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName(
      "LINK-009 P21 a child that ends with kill gives a trapping parent a message, and it lives")
  void exitWithKill() throws Exception {
    run(
        self -> {
          self.trapExit(true);
          Pid child =
              self.spawnLink(
                  me -> {
                    throw me.exit(ExitReason.KILL);
                  });
          expectExit(self, child, ExitReason.KILL);
        });
  }

  @Test
  @DisplayName(
      "LINK-010 P20 of a ring of 1000 linked processes all die with killed when one is killed")
  void ring() throws Exception {
    int size = 1_000;
    run(
        self -> {
          List<Pid> ring = new ArrayList<>();
          for (int i = 0; i < size; i++) {
            ring.add(
                self.spawn(
                    me -> {
                      me.link((Pid) me.receive());
                      me.send(self.pid(), "linked");
                      PARKED.run(me);
                    }));
          }
          for (int i = 0; i < size; i++) {
            self.send(ring.get(i), ring.get((i + 1) % size));
          }
          for (int i = 0; i < size; i++) {
            assertEquals("linked", expect(self, String.class));
          }
          Set<Down> expected = new HashSet<>();
          for (Pid pid : ring) {
            expected.add(new Down(self.monitor(pid), pid, ExitReason.KILLED));
          }
          self.exit(ring.get(size / 2), ExitReason.KILL);
          Set<Down> downs = new HashSet<>();
          for (int i = 0; i < size; i++) {
            downs.add(expect(self, Down.class));
          }
          assertEquals(expected, downs);
        });
  }

  // "Not a pid" is, with types, a pid that no node has made, or null.
  @Test
  @SuppressWarnings("NullAway")
  @DisplayName("LINK-011 P24 exit to a dead pid does nothing, to what is no pid it is refused")
  void exitDead() throws Exception {
    Pid dead = ended();
    node.exit(dead, ExitReason.of("x"));
    node.exit(dead, ExitReason.KILL);
    run(
        self -> {
          self.exit(dead, ExitReason.of("x"));
          ExitReason reason = ExitReason.of("x");
          assertThrows(IllegalArgumentException.class, () -> self.exit(foreign(), reason));
          assertThrows(NullPointerException.class, () -> self.exit((Pid) null, reason));
          assertThrows(NullPointerException.class, () -> self.exit(dead, null));
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P34 after unlink no exit of that link takes effect; one that was queued stays")
  void unlinkGuarantee() throws Exception {
    run(
        self -> {
          for (int i = 0; i < 1_000; i++) {
            self.trapExit(true);
            Pid child =
                self.spawnLink(
                    me -> {
                      throw me.exit(ExitReason.of("crossing"));
                    });
            self.unlink(child);
            var _ = self.receive(Exit.class::isInstance, Duration.ZERO); // it may have come before
            self.trapExit(false); // an exit that took effect now would end us
            var _ = fate(self, child);
            assertMailboxEmpty(self);
          }
          self.trapExit(true);
          Pid child = self.spawnLink(PARKED);
          self.exit(child, ExitReason.of("queued"));
          assertFalse(self.isAlive(child));
          self.unlink(child);
          expectExit(self, child, ExitReason.of("queued"));
        });
  }

  @Test
  @DisplayName("P34 the exit of a process whose end had begun before the unlink is dropped")
  void unlinkDuringEnd() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var outcome = new CompletableFuture<Boolean>();
    try (Node slow = Node.start(NodeOptions.DEFAULT.withSchedulers(2).withReporter(r -> {}))) {
      Pid _ =
          slow.spawn(
              self -> {
                Spawned child =
                    self.spawnMonitor(
                        me -> {
                          me.receive();
                          me.receive();
                          throw new IllegalStateException("on purpose");
                        },
                        SpawnOptions.DEFAULT.link());
                holdEnd(self, child.pid(), entered, go);
                entered.await();
                self.unlink(child.pid());
                go.countDown();
                Down down = expect(self, Down.class); // we live, and the first message is this
                outcome.complete(down.ref().equals(child.monitor()));
              });
      assertTrue(get(outcome));
    } finally {
      go.countDown();
    }
  }

  @Test
  @DisplayName("P34 unlink does not stop an exit signal that is not of the link")
  void unlinkAndExit() throws Exception {
    ExitReason reason = ExitReason.of("aimed");
    run(
        self -> {
          Pid child = self.spawnLink(me -> me.exit(self.pid(), (ExitReason) me.receive()));
          self.trapExit(true);
          self.unlink(child);
          self.send(child, reason);
          expectExit(self, child, reason);
          var _ = fate(self, child);
          assertMailboxEmpty(self);
        });
  }

  @Test
  @DisplayName("P33 a dying process sends one exit with its reason to each process linked with it")
  void oneExitEach() throws Exception {
    int peers = 50;
    ExitReason reason = ExitReason.of("all of you");
    run(
        self -> {
          Spawned centre = self.spawnMonitor(PARKED);
          for (int i = 0; i < peers; i++) {
            Pid _ =
                self.spawn(
                    me -> {
                      me.trapExit(true);
                      me.link(centre.pid());
                      me.link(centre.pid());
                      me.send(self.pid(), "linked");
                      Exit exit = expect(me, Exit.class);
                      assertEquals(ExitReason.NO_PROCESS, fate(me, centre.pid()));
                      assertMailboxEmpty(me);
                      me.send(self.pid(), exit);
                    });
          }
          for (int i = 0; i < peers; i++) {
            assertEquals("linked", expect(self, String.class));
          }
          self.exit(centre.pid(), reason);
          assertEquals(reason, expect(self, Down.class).reason());
          for (int i = 0; i < peers; i++) {
            assertEquals(new Exit(centre.pid(), reason), expect(self, Exit.class));
          }
        });
  }
}
