package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.NameRegistry;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import io.coppice.kernel.testkit.TestNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Names that the kernel does not keep itself (semantics P62, P63). */
class RegistryTest extends ConformanceCase {
  @Test
  @DisplayName("P62 a registry of one's own is asked through its four functions")
  void via() throws Exception {
    Map<Object, Pid> table = new ConcurrentHashMap<>();
    NameRegistry own =
        new NameRegistry() {
          @Override
          public boolean registerName(Object key, Pid pid) {
            return table.putIfAbsent(key, pid) == null;
          }

          @Override
          public void unregisterName(Object key) {
            table.remove(key);
          }

          @Override
          public Optional<Pid> whereisName(Object key) {
            return Optional.ofNullable(table.get(key));
          }

          @Override
          public void send(Object key, Object message) {
            node.send(whereisName(key).orElseThrow(IllegalArgumentException::new), message);
          }
        };
    ViaName name = new ViaName(own, List.of("server", 1));
    assertThrows(IllegalArgumentException.class, () -> name.send("nobody is there"));
    run(
        self -> {
          SpawnOptions options = SpawnOptions.DEFAULT.via(own, List.of("server", 1));
          Pid server =
              self.spawn(
                  (me, message) -> {
                    assertEquals(Optional.of(me.pid()), name.whereis());
                    self.send(self.pid(), message);
                  },
                  options);
          assertEquals(Optional.of(server), name.whereis());
          name.send("hello");
          assertEquals("hello", self.receive());
          int before = self.processes().size();
          NameTaken taken = assertThrows(NameTaken.class, () -> self.spawn(PARKED, options));
          assertSame(server, taken.holder());
          assertEquals(before, self.processes().size(), "nothing was spawned");
        });
  }

  @Test
  @DisplayName("P63 a global name is refused when it is taken, and free when its process has ended")
  void takenAndFree() {
    TestNode.forSeeds(
        50,
        sim -> {
          GlobalNames names = GlobalNames.start(sim);
          sim.run(
              self -> {
                Pid first = self.spawn(PARKED);
                Pid second = self.spawn(PARKED);
                assertTrue(names.registerName("name", first));
                assertFalse(names.registerName("name", first));
                assertFalse(names.registerName("name", second));
                assertTrue(names.registerName(List.of("another", 2), first));
                assertEquals(Set.of("name", List.of("another", 2)), names.registeredNames());
                self.monitor(first);
                self.exit(first, ExitReason.KILL);
                assertEquals(first, ((Down) self.receive()).target());
                assertEquals(Optional.empty(), names.whereisName("name"));
                assertEquals(Set.of(), names.registeredNames());
                assertThrows(IllegalArgumentException.class, () -> names.send("name", 1));
                assertThrows(
                    IllegalArgumentException.class, () -> names.registerName("late", first));
                assertTrue(names.registerName("name", second), "it is free at once");
                self.sleep(java.time.Duration.ofSeconds(1)); // the names of the dead are cleared
                assertEquals(Optional.of(second), names.whereisName("name"));
                names.unregisterName("name");
                assertEquals(Optional.empty(), names.whereisName("name"));
                names.unregisterName("name");
              });
        });
  }

  @Test
  @DisplayName("P63 reregister replaces the holder in one step: nobody finds the name free")
  void reregister() throws Exception {
    GlobalNames names = GlobalNames.start(node);
    run(
        self -> {
          List<Pid> holders =
              IntStream.range(0, 2)
                  .mapToObj(i -> self.spawn((me, m) -> ((Request) m).reply(i)))
                  .toList();
          names.reregisterName("service", holders.get(0));
          Pid looker =
              self.spawn(
                  me -> {
                    for (int i = 0; i < 20_000; i++) {
                      assertTrue(names.whereisName("service").isPresent());
                    }
                  });
          var monitor = self.monitor(looker);
          while (self.isAlive(looker)) {
            names.reregisterName("service", holders.get(1));
            names.reregisterName("service", holders.get(0));
          }
          assertEquals(new Down(monitor, looker, ExitReason.NORMAL), self.receive());
          names.reregisterName("service", holders.get(1));
          assertEquals(Optional.of(holders.get(1)), names.whereisName("service"));
          self.exit(holders.get(0), ExitReason.KILL);
          assertFalse(self.isAlive(holders.get(0)));
          assertEquals(1, self.call(names.whereisName("service").orElseThrow(), "?", LIMIT));
        });
  }
}
