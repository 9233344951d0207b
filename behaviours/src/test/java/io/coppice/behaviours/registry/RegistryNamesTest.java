package io.coppice.behaviours.registry;

import static io.coppice.behaviours.registry.Worker.MOMENT;
import static io.coppice.behaviours.registry.Worker.kill;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.agent.Agent;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Supervisor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Registries with unique keys as registries of names (semantics RG4, P62). */
class RegistryNamesTest {
  private static final Reactive PARKED = (self, message) -> {};

  private static int value(Agent<Integer> agent) {
    return agent.get(count -> count);
  }

  private static ServerOptions as(Registry<String, Integer> registry, String key, int value) {
    return ServerOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.via(registry.names(value), key));
  }

  private static Registry<String, Integer> started(Context self) {
    return Registry.<String, Integer>unique("reg").start(self);
  }

  @Test
  @DisplayName("RG4 P62 a behaviour starts under a key with a value, is found, called and stopped")
  void behaviour() throws Exception {
    inProcess(
        self -> {
          Registry<String, Integer> registry = started(self);
          Agent<Integer> found = Agent.via(self, registry.via("counter"));
          assertEquals(Optional.empty(), found.whereis());
          assertEquals(
              ExitReason.NO_PROCESS,
              assertThrows(CallFailed.class, () -> found.get(count -> count)).reason());
          Agent<Integer> agent = Agent.start(self, () -> 7, as(registry, "counter", 12));
          Pid pid = agent.whereis().orElseThrow();
          assertEquals(7, value(found));
          assertEquals(List.of(new Registration<>("counter", pid, 12)), registry.lookup("counter"));
          NameTaken taken =
              assertThrows(
                  NameTaken.class, () -> Agent.start(self, () -> 8, as(registry, "counter", 13)));
          assertSame(pid, taken.holder());
          assertEquals(1, registry.count());
          found.stop();
          assertEquals(Optional.empty(), found.whereis());
          assertEquals("{via, reg, counter}", registry.via("counter").toString());
          Agent<Integer> again = Agent.start(self, () -> 9, as(registry, "counter", 14));
          assertEquals(again.whereis(), found.whereis());
        });
  }

  @Test
  @DisplayName("RG4 a start that fails leaves its key free")
  void failingStart() throws Exception {
    inProcess(
        self -> {
          Registry<String, Integer> registry = started(self);
          assertThrows(
              CallFailed.class,
              () -> Agent.start(self, RegistryNamesTest::failing, as(registry, "key", 1)));
          assertEquals(Optional.empty(), registry.whereis("key"));
          self.sleep(MOMENT);
          assertEquals(0, registry.count());
          assertEquals(0, registry.processCount());
        });
  }

  private static Integer failing() {
    throw new IllegalStateException("no first state");
  }

  @Test
  @DisplayName("RG4 messages are sent to a key, and refused if nobody has it")
  void send() throws Exception {
    inProcess(
        self -> {
          Registry<String, Integer> registry = started(self);
          ViaName key = registry.via("key");
          IllegalArgumentException told =
              assertThrows(IllegalArgumentException.class, () -> key.send("hello"));
          assertTrue(String.valueOf(told.getMessage()).contains("key"), told::toString);
          registry.register(self, "key", 1).orThrow();
          key.send("hello");
          registry.send("key", "again");
          assertEquals("hello", self.receive());
          assertEquals("again", self.receive());
          SpawnOptions valueless = SpawnOptions.DEFAULT.via(registry.via("new").registry(), "new");
          int before = self.processes().size();
          assertThrows(IllegalArgumentException.class, () -> self.spawn(PARKED, valueless));
          assertEquals(before, self.processes().size());
        });
  }

  @Test
  @DisplayName("RG2 RG5 a process that was registered by its spawner is linked until its last key")
  void adopted() throws Exception {
    inProcess(
        self -> {
          Registry<String, Integer> registry = started(self);
          ViaName name = registry.via("key", 1);
          Pid worker =
              self.spawn(Worker::serve, SpawnOptions.DEFAULT.via(name.registry(), name.key()));
          self.sleep(MOMENT);
          List<Pid> links = Worker.ask(self, worker, Context::links);
          assertEquals(1, links.size());
          Pid partition = links.getFirst();
          Worker.ask(self, worker, me -> registry.register(me, "more", 2));
          name.registry().unregisterName("key");
          name.registry().unregisterName("key");
          assertEquals(Optional.empty(), name.whereis());
          self.sleep(MOMENT);
          assertEquals(links, Worker.ask(self, worker, Context::links));
          name.registry().unregisterName("more");
          self.sleep(MOMENT);
          assertEquals(List.of(), Worker.ask(self, worker, Context::links));
          assertTrue(name.registry().registerName("key", worker));
          assertFalse(name.registry().registerName("key", self.pid()));
          self.sleep(MOMENT);
          Ref _ = self.monitor(worker);
          self.exit(partition, ExitReason.KILL);
          assertEquals(ExitReason.KILLED, expect(self, Down.class).reason());
          self.sleep(MOMENT);
          assertThrows(
              IllegalArgumentException.class, () -> name.registry().registerName("late", worker));
          assertEquals(0, registry.count());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("RG2 who is registered and not yet linked when the partition is killed ends, too")
  void lostBeforeItIsLinked() {
    TestNode.forSeeds(
        100,
        node -> {
          Registry<String, Integer> registry = Registry.<String, Integer>unique("reg").start(node);
          node.run(
              self -> {
                Pid partition = registry.register(self, "own", 0).orThrow();
                registry.unregister(self, "own");
                Pid worker = self.spawn(PARKED, SpawnOptions.DEFAULT.via(registry.names(1), "key"));
                Ref _ = self.monitor(worker);
                kill(self, partition);
                expect(self, Down.class);
                self.sleep(MOMENT);
                assertEquals(0, registry.count());
              });
        });
  }

  @Test
  @DisplayName("RG4 a supervised server that is found by its key is found again after a restart")
  void supervised() {
    TestNode.forSeeds(
        20,
        node -> {
          Registry<String, Integer> registry = Registry.unique("reg");
          ChildSpec child = Agent.child("agent", () -> 0, as(registry, "counter", 1));
          Supervisor.restForOne().child(registry.child()).child(child).start(node);
          node.run(
              self -> {
                Agent<Integer> agent = Agent.via(self, registry.via("counter"));
                agent.update(count -> count + 1);
                kill(self, agent.whereis().orElseThrow());
                self.sleep(MOMENT);
                assertEquals(0, value(agent));
              });
        });
  }
}
