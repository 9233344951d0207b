package io.coppice.behaviours.registry;

import static io.coppice.behaviours.registry.Worker.MOMENT;
import static io.coppice.behaviours.registry.Worker.ask;
import static io.coppice.behaviours.registry.Worker.kill;
import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Sys;
import io.coppice.behaviours.registry.RegisterResult.AlreadyRegistered;
import io.coppice.behaviours.registry.Registry.Updated;
import io.coppice.behaviours.registry.RegistryEvent.Registered;
import io.coppice.behaviours.registry.RegistryEvent.Unregistered;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.Supervisor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RegistryTest {
  private static Registry<Object, Object> unique(Context self) {
    return Registry.unique("reg").start(self);
  }

  private static Registry<Object, Object> duplicate(Context self, int partitions) {
    return Registry.duplicate("reg", RegistryOptions.DEFAULT.partitions(partitions)).start(self);
  }

  private static void register(
      Registry<Object, Object> registry, Context self, Object key, Object value) {
    assertInstanceOf(RegisterResult.Ok.class, registry.register(self, key, value));
  }

  private static Registration<Object, Object> entry(Object key, Pid pid, Object value) {
    return new Registration<>(key, pid, value);
  }

  @Test
  @DisplayName("the example of the documentation")
  @Timeout(20)
  void example() {
    // @start region="registry"
    Registry<String, Integer> rooms = Registry.unique("rooms");
    try (Node node = Node.start()) {
      Supervisor.restForOne().child(rooms.child()).start(node);
      node.spawn(
          self -> {
            rooms.register(self, "lobby", 12).orThrow(); // with room for twelve
            self.receive();
          });
      // and from anywhere:
      rooms.whereis("lobby").ifPresent(lobby -> node.send(lobby, "close"));
      int places = rooms.lookup("lobby").stream().mapToInt(Registration::value).sum();
      // @end
      assertTrue(places == 0 || places == 12);
    }
  }

  // ---- unique keys

  @Test
  @DisplayName("REG-001 RG2 a process that registers a unique key twice is told that it has it")
  void twice() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = unique(self);
          RegisterResult.Ok ok =
              assertInstanceOf(RegisterResult.Ok.class, registry.register(self, "key", "one"));
          assertTrue(self.links().contains(ok.partition()));
          AlreadyRegistered already = new AlreadyRegistered(self.pid());
          assertEquals(already, registry.register(self, "key", "two"));
          NameTaken taken = assertThrows(NameTaken.class, already::orThrow);
          assertSame(self.pid(), taken.holder());
          register(registry, self, "other", "three");
          assertEquals(List.of(entry("key", self.pid(), "one")), registry.lookup("key"));
          assertEquals(List.of("key", "other"), registry.keys(self.pid()));
          assertEquals(List.of("one"), registry.values("key", self.pid()));
          assertEquals(2, registry.count());
          assertEquals(Optional.of(self.pid()), registry.whereis("other"));
          assertEquals(List.of(), registry.lookup("none"));
        });
  }

  @Test
  @DisplayName("REG-002 RG2 RG3 a key is one process's, and free as soon as that has ended")
  void acrossProcesses() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = unique(self);
          Pid owner = Worker.spawn(self);
          ask(self, owner, me -> registry.register(me, "key", "owner"));
          assertEquals(new AlreadyRegistered(owner), registry.register(self, "key", "self"));
          assertEquals(List.of(), registry.keys(self.pid()));
          Ref monitor = self.monitor(owner);
          self.exit(owner, ExitReason.KILL);
          assertEquals(new Down(monitor, owner, ExitReason.KILLED), self.receive());
          assertEquals(Optional.empty(), registry.whereis("key"));
          assertEquals(List.of(), registry.lookup("key"));
          assertEquals(List.of(), registry.keys(owner));
          register(registry, self, "key", "self"); // whether it was cleared away or not
          self.sleep(MOMENT);
          assertEquals(List.of(entry("key", self.pid(), "self")), registry.lookup("key"));
          assertEquals(1, registry.processCount());
        });
  }

  @Test
  @DisplayName("REG-004 RG6 a value is changed by its owner, and by nobody else")
  void update() throws Exception {
    inProcess(
        self -> {
          Registry<String, Integer> registry = Registry.<String, Integer>unique("reg").start(self);
          assertEquals(Optional.empty(), registry.update(self, "key", value -> value + 1));
          registry.register(self, "key", 1).orThrow();
          assertEquals(
              Optional.of(new Updated<>(2, 1)), registry.update(self, "key", value -> value + 1));
          assertEquals(List.of(2), registry.values("key", self.pid()));
          Pid other = Worker.spawn(self);
          assertEquals(
              Optional.empty(), ask(self, other, me -> registry.update(me, "key", _ -> 9)));
          assertEquals(2, registry.lookup("key").getFirst().value());
          registry.unregister(self, "key");
          assertEquals(Optional.empty(), registry.update(self, "key", value -> value + 1));
          Registry<String, Integer> duplicates =
              Registry.<String, Integer>duplicate("dup").start(self);
          assertThrows(
              IllegalArgumentException.class, () -> duplicates.update(self, "key", _ -> 9));
        });
  }

  @Test
  @DisplayName("REG-007 RG7 keys that look like patterns are keys like others, and 1 is not 1.0")
  void reservedKeys() throws Exception {
    List<Object> odd =
        List.of("_", ":_", "$1", "$$", "", 1, 1.0, 1L, List.of("_", "$1"), List.of());
    inProcess(
        self -> {
          for (Registry<Object, Object> registry :
              List.<Registry<Object, Object>>of(
                  unique(self), Registry.duplicate("dup").start(self))) {
            for (Object key : odd) {
              register(registry, self, key, key.toString());
              assertEquals(List.of(entry(key, self.pid(), key.toString())), registry.lookup(key));
            }
            assertEquals(odd, registry.keys(self.pid()));
            for (Object key : odd) {
              assertEquals(1, registry.countMatch(key, _ -> true));
              registry.unregister(self, key);
              assertEquals(List.of(), registry.lookup(key));
            }
            assertEquals(0, registry.count());
          }
        });
  }

  @Test
  @DisplayName("REG-008 RG5 unregistering a key leaves the others, and the link until the last")
  void unregister() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = unique(self);
          registry.unregister(self, "none");
          register(registry, self, "a", 1);
          register(registry, self, "b", 2);
          Pid partition = registry.register(self, "c", 3).orThrow();
          registry.unregister(self, "a");
          assertEquals(List.of("b", "c"), registry.keys(self.pid()));
          registry.unregister(self, "a");
          registry.unregister(self, "c");
          assertTrue(self.links().contains(partition));
          registry.unregister(self, "b");
          assertFalse(self.links().contains(partition));
          assertEquals(List.of(), registry.keys(self.pid()));
          assertEquals(0, registry.count());
          assertEquals(Map.of(), Sys.of(self, partition).getState(), "it watches nobody");
          register(registry, self, "a", 1);
          assertTrue(self.links().contains(partition));
          Pid other = Worker.spawn(self);
          ask(
              self,
              other,
              me -> {
                registry.unregister(me, "a"); // not its own
                return 1;
              });
          assertEquals(Optional.of(self.pid()), registry.whereis("a"));
        });
  }

  @Test
  @DisplayName("REG-011 RG11 registering that fails leaves nothing behind, however often")
  void noResidue() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = unique(self);
          Pid partition = registry.register(self, "key", 0).orThrow();
          Pid other = Worker.spawn(self);
          for (int i = 0; i < 20; i++) {
            int value = i;
            assertEquals(
                new AlreadyRegistered(self.pid()),
                ask(self, other, me -> registry.register(me, "key", value)));
            assertEquals(new AlreadyRegistered(self.pid()), registry.register(self, "key", value));
          }
          assertEquals(1, registry.count());
          assertEquals(1, registry.processCount());
          assertFalse(ask(self, other, Context::links).contains(partition));
          Map<?, ?> watched = assertInstanceOf(Map.class, Sys.of(self, partition).getState());
          assertEquals(Set.of(self.pid()), watched.keySet());
          assertEquals(1, ((PartitionServer.Watched) value(watched, self.pid())).count());
          registry.unregister(self, "key");
          assertEquals(Map.of(), Sys.of(self, partition).getState());
        });
  }

  private static Object value(Map<?, ?> map, Object key) {
    return Objects.requireNonNull(map.get(key), () -> key + " is not in " + map);
  }

  // ---- duplicate keys

  @Test
  @DisplayName("REG-012 RG1 a duplicate key has all registrations, several of a process too")
  void duplicates() throws Exception {
    for (int partitions : List.of(1, 3)) {
      inProcess(
          self -> {
            Registry<Object, Object> registry = duplicate(self, partitions);
            Pid other = Worker.spawn(self);
            register(registry, self, "key", 1);
            register(registry, self, "key", 2);
            register(registry, self, "key", 2);
            ask(self, other, me -> registry.register(me, "key", 3));
            register(registry, self, "another", 4);
            List<Registration<Object, Object>> own =
                List.of(
                    entry("key", self.pid(), 1),
                    entry("key", self.pid(), 2),
                    entry("key", self.pid(), 2));
            assertEquals(4, registry.lookup("key").size());
            assertEquals(own, registry.match("key", value -> !value.equals(3)));
            assertTrue(registry.lookup("key").contains(entry("key", other, 3)));
            assertEquals(List.of("key", "key", "key", "another"), registry.keys(self.pid()));
            assertEquals(List.of(1, 2, 2), registry.values("key", self.pid()));
            assertEquals(5, registry.count());
            registry.unregisterMatch(self, "key", value -> value.equals(2));
            assertEquals(List.of(1), registry.values("key", self.pid()));
            register(registry, self, "key", 5);
            registry.unregister(self, "key");
            assertEquals(List.of(entry("key", other, 3)), registry.lookup("key"));
            assertEquals(2, registry.count());
          });
    }
  }

  @Test
  @DisplayName("REG-015 RG4 a registry with duplicate keys has no names to be used as via")
  void noVia() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = duplicate(self, 1);
          register(registry, self, "key", 1);
          for (Runnable use :
              List.<Runnable>of(
                  () -> registry.via("key"),
                  () -> registry.via("key", 2),
                  () -> registry.names(2),
                  () -> registry.whereis("key"),
                  () -> registry.send("key", "hello"))) {
            IllegalArgumentException told = assertThrows(IllegalArgumentException.class, use::run);
            assertTrue(String.valueOf(told.getMessage()).contains("duplicate"));
          }
          expectNothing(self);
        });
  }

  // ---- ends

  @Test
  @DisplayName("REG-016 RG3 a process that ends leaves no entries, in any kind of registry")
  void cleanUp() throws Exception {
    for (int partitions : List.of(1, 4)) {
      inProcess(
          self -> {
            RegistryOptions options = RegistryOptions.DEFAULT.partitions(partitions);
            List<Registry<Object, Object>> all =
                List.of(
                    Registry.<Object, Object>unique("a", options).start(self),
                    Registry.<Object, Object>duplicate("b", options).start(self),
                    Registry.<Object, Object>duplicateByKey("c", options).start(self));
            List<Pid> workers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
              workers.add(Worker.spawn(self));
            }
            for (Registry<Object, Object> registry : all) {
              for (int i = 0; i < workers.size(); i++) {
                int number = i;
                ask(
                    self,
                    workers.get(i),
                    me -> {
                      register(registry, me, "key " + number, 1);
                      return registry.register(me, "key", 2);
                    });
              }
            }
            workers.subList(0, 5).forEach(worker -> kill(self, worker));
            Pid left = workers.getLast();
            for (Registry<Object, Object> registry : all) {
              registry.lookup("key").forEach(found -> assertEquals(left, found.pid()));
              registry.select(_ -> true).forEach(found -> assertEquals(left, found.pid()));
            }
            self.sleep(MOMENT);
            assertEquals(List.of(1L, 2L, 2L), all.stream().map(Registry::count).toList());
            all.forEach(registry -> assertEquals(1, registry.processCount()));
          });
    }
  }

  @Test
  @DisplayName("RG2 when a partition is killed, those registered end too, or have their keys taken")
  void partitionKilled() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = unique(self);
          Pid plain = Worker.spawn(self);
          Pid partition = registry.register(self, "trapping", 1).orThrow();
          ask(self, plain, me -> registry.register(me, "plain", 2));
          Pid bystander = Worker.spawn(self);
          self.exit(partition, ExitReason.KILL);
          assertEquals(new Exit(partition, ExitReason.KILLED), expect(self, Exit.class));
          assertFalse(self.isAlive(plain));
          self.sleep(MOMENT);
          assertTrue(self.isAlive(bystander));
          assertEquals(0, registry.count());
          assertEquals(List.of(), registry.keys(self.pid()));
          Pid next = registry.register(self, "trapping", 1).orThrow();
          assertTrue(!next.equals(partition) && self.links().contains(next));
        });
  }

  @Test
  @DisplayName("RG11 a registry that does not run is unknown, whatever is asked")
  void unknown() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = Registry.unique("reg");
          List<Runnable> uses =
              List.of(
                  () -> registry.register(self, "key", 1),
                  () -> registry.unregister(self, "key"),
                  () -> registry.lookup("key"),
                  () -> registry.whereis("key"),
                  () -> registry.keys(self.pid()),
                  () -> registry.count(),
                  () -> registry.meta("key"),
                  () -> registry.dispatch("key", _ -> {}),
                  () -> registry.via("key").whereis());
          uses.forEach(use -> assertUnknown(use, "not started"));
          Pid supervisor = startedUnder(self, registry);
          assertEquals(0, registry.count());
          assertThrows(NameTaken.class, () -> Registry.unique("reg").start(self));
          kill(self, supervisor);
          uses.forEach(use -> assertUnknown(use, "ended"));
        });
  }

  private static Pid startedUnder(Context self, Registry<Object, Object> registry) {
    registry.startLink(self);
    return self.whereis("reg").orElseThrow();
  }

  private static void assertUnknown(Runnable use, String why) {
    IllegalArgumentException told = assertThrows(IllegalArgumentException.class, use::run);
    assertTrue(String.valueOf(told.getMessage()).contains(why), told::toString);
  }

  @Test
  @DisplayName("RG1 a registry under a supervisor is empty after each restart, with its metadata")
  void supervised() {
    TestNode.forSeeds(
        20,
        node -> {
          Registry<String, Integer> registry =
              Registry.unique("reg", RegistryOptions.DEFAULT.meta("colour", "red"));
          Supervisor.oneForOne().child(registry.child()).start(node);
          node.run(
              self -> {
                self.trapExit(true);
                registry.register(self, "key", 1).orThrow();
                registry.putMeta("colour", "blue");
                registry.putMeta("size", 3);
                registry.deleteMeta("size");
                assertEquals(Optional.of("blue"), registry.meta("colour"));
                assertEquals(Optional.empty(), registry.meta("size"));
                kill(self, self.whereis("reg").orElseThrow());
                self.sleep(MOMENT);
                assertEquals(List.of(), registry.lookup("key"));
                assertEquals(Optional.of("red"), registry.meta("colour"));
                expect(self, Exit.class);
                registry.register(self, "key", 2).orThrow();
                assertEquals(List.of(2), registry.values("key", self.pid()));
              });
        });
  }

  @Test
  @DisplayName("RG1 one handle stands for one registry: it does not start on a second node")
  void secondNode() {
    Registry<String, Integer> registry = Registry.unique("reg");
    TestNode first = TestNode.start(1);
    try (TestNode second = TestNode.start(2)) {
      registry.start(first);
      assertThrows(IllegalStateException.class, () -> registry.start(second));
      first.close();
      registry.start(second);
      assertEquals(0, registry.count());
    }
  }

  @Test
  @DisplayName("RG2 a process that never blocks may register, look and unregister")
  void neverBlocks() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = unique(self);
          Reactive body =
              (me, message) -> {
                Request request = (Request) message;
                Object key = request.payload();
                register(registry, me, key, 1);
                registry.update(me, key, _ -> 2);
                List<Registration<Object, Object>> found = registry.lookup(key);
                registry.unregister(me, key);
                request.reply(found);
              };
          Pid never = self.spawn(body, SpawnOptions.DEFAULT.neverBlocks());
          assertEquals(List.of(entry("key", never, 2)), self.call(never, "key", SOON));
          assertEquals(0, registry.count());
        });
  }

  // ---- listeners

  @Test
  @DisplayName("REG-010 RG9 listeners hear of registering, unregistering and ends")
  void listeners() throws Exception {
    inProcess(
        self -> {
          self.register("listener", self.pid());
          Registry<Object, Object> registry =
              Registry.unique(
                      "reg", RegistryOptions.DEFAULT.listener("missing").listener("listener"))
                  .start(self);
          Pid worker = Worker.spawn(self);
          ask(self, worker, me -> registry.register(me, "a", 1));
          assertEquals(new Registered<>("reg", "a", worker, 1), self.receive());
          assertInstanceOf(AlreadyRegistered.class, registry.register(self, "a", 2));
          expectNothing(self);
          ask(self, worker, me -> registry.register(me, "b", 2));
          assertEquals(new Registered<>("reg", "b", worker, 2), self.receive());
          ask(
              self,
              worker,
              me -> {
                registry.unregister(me, "a");
                registry.unregister(me, "a");
                return 1;
              });
          assertEquals(new Unregistered<>("reg", "a", worker), self.receive());
          expectNothing(self);
          kill(self, worker);
          assertEquals(new Unregistered<>("reg", "b", worker), self.receive());
          register(registry, self, "b", 3);
          assertEquals(new Registered<>("reg", "b", self.pid(), 3), self.receive());
          expectNothing(self);
        });
  }

  // ---- looking around

  @Test
  @DisplayName("RG8 registrations are selected and counted by predicates")
  void select() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Object> registry = duplicate(self, 2);
          for (int i = 0; i < 10; i++) {
            register(registry, self, "key " + i % 3, i);
          }
          assertEquals(3, registry.match("key 1", _ -> true).size());
          assertEquals(1, registry.countMatch("key 1", value -> value.equals(4)));
          Set<Object> found = new HashSet<>();
          registry
              .select(entry -> (int) entry.value() > 6)
              .forEach(entry -> found.add(entry.value()));
          assertEquals(Set.of(7, 8, 9), found);
          assertEquals(4, registry.countSelect(entry -> entry.key().equals("key 0")));
          assertEquals(10, registry.countSelect(_ -> true));
        });
  }

  @Test
  @DisplayName("RG8 dispatch runs once for each partition that has entries, or once in all")
  void dispatch() throws Exception {
    inProcess(
        self -> {
          RegistryOptions four = RegistryOptions.DEFAULT.partitions(4);
          Registry<Object, Object> byProcess =
              Registry.<Object, Object>duplicate("process", four).start(self);
          Registry<Object, Object> byKey =
              Registry.<Object, Object>duplicateByKey("key", four).start(self);
          List<Pid> workers = IntStream.range(0, 3).mapToObj(_ -> Worker.spawn(self)).toList();
          for (Pid worker : workers) { // three numbers in a row: three partitions
            ask(self, worker, me -> byProcess.register(me, "topic", 1));
            ask(self, worker, me -> byKey.register(me, "topic", 1));
          }
          List<List<Registration<Object, Object>>> seen = new ArrayList<>();
          byKey.dispatch("topic", seen::add);
          assertEquals(1, seen.size());
          assertEquals(workers, seen.getFirst().stream().map(Registration::pid).toList());
          seen.clear();
          byProcess.dispatch("topic", seen::add);
          assertEquals(3, seen.size());
          byProcess.dispatch("none", seen::add);
          assertEquals(3, seen.size());
          byProcess.dispatchInParallel(self, "topic", seen::add);
          assertEquals(6, seen.size());
          byProcess.dispatchInParallel(self, "none", seen::add);
          byKey.dispatchInParallel(self, "topic", seen::add);
          assertEquals(7, seen.size());
          CallFailed failed =
              assertThrows(
                  CallFailed.class,
                  () ->
                      byProcess.dispatchInParallel(
                          self,
                          "topic",
                          _ -> {
                            throw new IllegalStateException("no");
                          }));
          assertInstanceOf(ExitReason.Crashed.class, failed.reason());
          expectNothing(self);
        });
  }
}
