package io.coppice.behaviours.registry;

import static io.coppice.behaviours.registry.Worker.MOMENT;
import static io.coppice.behaviours.registry.Worker.ask;
import static io.coppice.behaviours.registry.Worker.kill;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.NameRegistry;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.TestNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The races that the essay of {@link Life} is about, one by one. */
class RegistryRacesTest {
  private static final int SEEDS = 150;

  /** A key that takes a while to hash, once: what registers it is held up in the middle. */
  private static final class SlowKey {
    private @Nullable Runnable pause;

    SlowKey(Runnable pause) {
      this.pause = pause;
    }

    @Override
    public int hashCode() {
      Runnable meanwhile = pause;
      pause = null;
      if (meanwhile != null) {
        meanwhile.run();
      }
      return 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }
  }

  private static Registry<Object, Integer> started(Context self) {
    return Registry.<Object, Integer>unique("reg").start(self);
  }

  @Test
  @DisplayName("RG3 a process that ends while it is being registered does not stay in the table")
  void endsMeanwhile() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Integer> registry = started(self);
          Pid worker = Worker.spawn(self);
          SlowKey key =
              new SlowKey(
                  () -> {
                    kill(self, worker);
                    self.sleep(MOMENT); // cleared away, before there is anything
                  });
          assertThrows(
              IllegalArgumentException.class, () -> registry.names(1).registerName(key, worker));
          assertEquals(0, registry.count());
          assertEquals(0, registry.processCount());
        });
  }

  @Test
  @DisplayName("RG2 registering is refused while the partition is killed and restarted")
  void partitionEndsMeanwhile() throws Exception {
    inProcess(
        self -> {
          Registry<Object, Integer> registry = started(self);
          Pid partition = registry.register(self, "first", 1).orThrow();
          SlowKey key =
              new SlowKey(
                  () -> {
                    kill(self, partition);
                    self.sleep(MOMENT); // the next one has cleared away what it has found
                  });
          assertThrows(IllegalArgumentException.class, () -> registry.register(self, key, 2));
          assertEquals(partition, expect(self, Exit.class).from());
          assertEquals(List.of(), registry.keys(self.pid()));
          assertEquals(0, registry.count());
          registry.register(self, key, 3).orThrow();
          assertEquals(Optional.of(self.pid()), registry.whereis(key));
        });
  }

  @Test
  @DisplayName("RG5 a process that registers while others take its last key is linked")
  void linkedAgainByTheServer() {
    linkedAgain((names, worker) -> names.unregisterName("key"), Optional.empty());
  }

  @Test
  @DisplayName("RG5 a process that gives its last key back while others register it is linked")
  void linkedAgainByItself() {
    linkedAgain((names, worker) -> names.registerName("other", worker), Optional.of("key"));
  }

  private interface Deed {
    void run(NameRegistry names, Pid worker);
  }

  /** Somebody else does something, while a process registers, or gives back a key. */
  private static void linkedAgain(Deed deed, Optional<String> givesBack) {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          Registry<Object, Integer> registry = Registry.<Object, Integer>unique("reg").start(node);
          NameRegistry names = registry.names(1);
          node.run(
              self -> {
                Pid worker = Worker.spawn(self);
                assertTrue(names.registerName("key", worker));
                self.sleep(MOMENT);
                Worker.tell(
                    self,
                    worker,
                    me -> {
                      givesBack.ifPresentOrElse(
                          key -> registry.unregister(me, key),
                          () -> registry.register(me, "other", 1).orThrow());
                      return true;
                    });
                deed.run(names, worker);
                self.sleep(MOMENT);
                assertEquals(List.of("other"), registry.keys(worker));
                assertEquals(1, ask(self, worker, Context::links).size());
              });
        });
  }
}
