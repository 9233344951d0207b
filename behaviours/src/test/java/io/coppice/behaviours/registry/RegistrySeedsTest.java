package io.coppice.behaviours.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Sys;
import io.coppice.behaviours.registry.PartitionServer.Watched;
import io.coppice.behaviours.registry.RegisterResult.AlreadyRegistered;
import io.coppice.behaviours.registry.RegistryEvent.Registered;
import io.coppice.behaviours.registry.RegistryEvent.Unregistered;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.FaultRule;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random operations of processes that are killed anywhere, against a naive model. */
class RegistrySeedsTest {
  private static final int SEEDS = 60;
  private static final int WORKERS = 4;
  private static final int STEPS = 12;
  private static final int KEYS = 4;
  private static final String WORKER = "worker";
  private static final String CHILD = "child";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** What else happens, beside the kills. */
  private enum Troubles {
    NONE,
    /** The processes of the registry are killed as well. */
    PARTITIONS_DIE,
    /** Processes register and unregister others; the model does not know what comes of that. */
    OUTSIDERS
  }

  /** One run: what was done, and what must be true of it. */
  private static final class Scene {
    private final TestNode node;
    private final Random random;
    private final Registry<Integer, Integer> registry;
    private final boolean unique;
    private final Troubles troubles;
    private final Map<Pid, List<Integer>> own = new LinkedHashMap<>(); // the keys of each worker
    private final Map<Integer, Pid> owners = new HashMap<>(); // of unique keys
    private final Set<Pid> unregistering = new HashSet<>();
    private final Map<Pid, Integer> heard = new HashMap<>(); // by the listener: so many keys more
    private int registered;

    Scene(TestNode node, boolean unique, Troubles troubles) {
      RegistryOptions options = RegistryOptions.DEFAULT.partitions(2).listener("listener");
      this.node = node;
      this.random = new Random(node.seed());
      this.unique = unique;
      this.troubles = troubles;
      this.registry = unique ? Registry.unique("reg", options) : Registry.duplicate("reg", options);
    }

    void play() {
      registry.start(node);
      node.spawn(this::listen, SpawnOptions.DEFAULT.name("listener"));
      for (int i = 0; i < WORKERS; i++) {
        node.spawn(this::work, SpawnOptions.DEFAULT.label(WORKER));
      }
      node.inject(FaultRule.kill().label(WORKER).probability(0.01));
      node.inject(FaultRule.kill().label(CHILD).probability(0.1));
      if (troubles == Troubles.PARTITIONS_DIE) {
        node.inject(FaultRule.kill().process(Scene::isServer).probability(0.05).atMost(2));
      }
      node.advance(MINUTE);
      node.heal();
      check();
    }

    private static boolean isServer(ProcessInfo info) {
      return String.valueOf(info.label()).startsWith("reg partition");
    }

    // ---- what the processes do

    private void listen(Context self) {
      while (true) {
        switch ((RegistryEvent<?>) self.receive()) {
          case Registered<?, ?> event -> heard.merge(event.pid(), 1, Integer::sum);
          case Unregistered<?> event -> heard.merge(event.pid(), -1, Integer::sum);
        }
      }
    }

    private void work(Context self) {
      List<Integer> keys = new ArrayList<>();
      own.put(self.pid(), keys);
      Pid worker = self.pid();
      node.spawn(other -> watch(other, worker));
      for (int i = 0; i < STEPS; i++) {
        try {
          step(self, random.nextInt(KEYS), keys);
        } catch (IllegalArgumentException endedOrRestarting) {
          assertTrue(troubles != Troubles.NONE, endedOrRestarting::toString);
        }
        self.sleep(Duration.ofMillis(random.nextInt(3)));
      }
      self.receive();
    }

    private void step(Context self, int key, List<Integer> keys) {
      int choices = !unique ? 5 : troubles == Troubles.OUTSIDERS ? 9 : 7;
      switch (random.nextInt(choices)) {
        case 0, 1, 2 -> register(self, key, keys);
        case 3 -> unregister(self, key, keys);
        case 4 -> look(key);
        case 5 -> update(self, key, keys);
        case 6 -> spawnChild(self, key);
        case 7 -> registerOther(key);
        default -> registry.names(key).unregisterName(key);
      }
    }

    private void register(Context self, int key, List<Integer> keys) {
      switch (registry.register(self, key, key)) {
        case RegisterResult.Ok _ -> {
          registered++;
          keys.add(key);
          taken(key, self.pid());
        }
        case AlreadyRegistered(Pid holder) -> {
          assertTrue(unique);
          believes(keys.contains(key), holder.equals(self.pid()));
        }
      }
    }

    /** What a process thinks of its keys is so, unless others change them. */
    private void believes(boolean belief, boolean fact) {
      assertTrue(belief == fact || troubles == Troubles.OUTSIDERS);
    }

    /** That a unique key belongs to nobody else who lives. */
    private void taken(int key, Pid pid) {
      Pid before = owners.put(key, pid);
      assertTrue(
          !unique
              || troubles != Troubles.NONE
              || before == null
              || before.equals(pid)
              || node.hasEnded(before),
          () -> key + " belongs to " + pid + " and to " + before);
    }

    private void unregister(Context self, int key, List<Integer> keys) {
      keys.removeIf(each -> each == key);
      owners.remove(key, self.pid());
      unregistering.add(self.pid());
      registry.unregister(self, key);
      unregistering.remove(self.pid());
      believes(false, registry.keys(self.pid()).contains(key));
    }

    private void look(int key) {
      registry.lookup(key).forEach(found -> assertFalse(node.hasEnded(found.pid())));
      if (unique) {
        registry.whereis(key).ifPresent(pid -> assertFalse(node.hasEnded(pid)));
      }
    }

    private void update(Context self, int key, List<Integer> keys) {
      Optional<?> updated = registry.update(self, key, value -> value + KEYS);
      believes(keys.contains(key), updated.isPresent());
    }

    private void spawnChild(Context self, int key) {
      SpawnOptions options = SpawnOptions.DEFAULT.via(registry.names(key), key).label(CHILD);
      try {
        taken(key, self.spawn((_, _) -> {}, options));
      } catch (NameTaken taken) {
        assertTrue(unique, taken::toString);
      }
    }

    private void registerOther(int key) {
      List<Pid> all = List.copyOf(own.keySet());
      boolean _ = registry.names(key).registerName(key, all.get(random.nextInt(all.size())));
    }

    /** Once its end is known, nobody finds it. */
    private void watch(Context self, Pid worker) {
      Ref monitor = self.monitor(worker);
      Down down = (Down) self.receive();
      assertEquals(monitor, down.ref());
      assertEquals(List.of(), registry.keys(worker));
      for (int key = 0; key < KEYS; key++) {
        assertFalse(registry.lookup(key).stream().anyMatch(found -> found.pid().equals(worker)));
      }
      assertEquals(0, registry.countSelect(found -> found.pid().equals(worker)));
    }

    // ---- what must be so when all is quiet

    private void check() {
      assertEquals(List.of(), node.reports(CrashReport.class));
      List<Registration<Integer, Integer>> all = registry.select(_ -> true);
      assertEquals(all.size(), registry.count(), "the dead are cleared away");
      Map<Pid, List<Integer>> found = new HashMap<>();
      all.forEach(
          each -> found.computeIfAbsent(each.pid(), _ -> new ArrayList<>()).add(each.key()));
      assertEquals(found.size(), registry.processCount());
      for (Pid pid : node.processes()) {
        ProcessInfo info = node.info(pid).orElseThrow();
        List<Integer> listed = found.getOrDefault(pid, List.of());
        found.remove(pid);
        if (WORKER.equals(info.label())) {
          check(info, own.getOrDefault(pid, List.of()), listed);
        } else if (CHILD.equals(info.label())) {
          boolean hasIts = listed.size() == 1 || troubles == Troubles.OUTSIDERS;
          assertTrue(hasIts, () -> pid + " lost its key unaware");
          check(info, listed, listed);
        } else if (isServer(info)) {
          checkServer(pid);
        }
      }
      assertEquals(Map.of(), found, "only the living are found");
      if (troubles == Troubles.NONE) {
        heard.forEach(
            (pid, count) ->
                assertTrue(!node.hasEnded(pid) || count <= 0 || unregistering.contains(pid)));
      }
    }

    /** A process has what it believes to have, and is linked if it has something. */
    private void check(ProcessInfo info, List<Integer> expected, List<Integer> listed) {
      Pid pid = info.pid();
      List<Integer> sorted = listed.stream().sorted().toList();
      assertEquals(sorted, registry.keys(pid).stream().sorted().toList());
      int links = info.related().linkCount();
      if (troubles == Troubles.OUTSIDERS) { // who may be killed before they have told the server
        assertTrue(links == 1 || listed.isEmpty(), () -> pid + " is not linked");
      } else {
        assertEquals(expected.stream().sorted().toList(), sorted);
        assertEquals(listed.isEmpty() ? 0 : 1, links, () -> "links of " + pid);
        int told = heard.getOrDefault(pid, 0);
        assertTrue(told == listed.size() || troubles == Troubles.PARTITIONS_DIE);
      }
    }

    /** It watches those who are registered, as often as they are, and nobody else. */
    private void checkServer(Pid server) {
      Object state = Objects.requireNonNull(Sys.of(node, server).getState());
      Map<?, ?> watched = (Map<?, ?>) state;
      watched.forEach((pid, each) -> checkWatched((Pid) pid, (Watched) each));
    }

    private void checkWatched(Pid pid, Watched watched) {
      int listed = registry.keys(pid).size();
      boolean lived = node.processes().contains(pid);
      assertFalse(node.hasEnded(pid));
      assertTrue(watched.monitor() != null && watched.count() >= listed, watched::toString);
      assertTrue(watched.count() == listed || !lived || troubles == Troubles.OUTSIDERS);
    }
  }

  private static void play(boolean unique, Troubles troubles) {
    int[] registered = {0};
    int different =
        TestNode.forSeeds(
            SEEDS,
            node -> {
              Scene scene = new Scene(node, unique, troubles);
              scene.play();
              registered[0] += scene.registered;
            });
    assertTrue(registered[0] > 2 * SEEDS && different > SEEDS / 2, () -> registered[0] + " done");
  }

  @Test
  @DisplayName("RG2 RG3 RG5 RG9 unique keys are what the living did, wherever others were killed")
  void unique() {
    play(true, Troubles.NONE);
  }

  @Test
  @DisplayName(
      "RG1 RG3 RG5 RG9 duplicate keys are what the living did, wherever others were killed")
  void duplicate() {
    play(false, Troubles.NONE);
  }

  @Test
  @DisplayName(
      "RG2 whoever lives on when partitions are killed has all the keys it believes to have")
  void partitionsKilled() {
    play(true, Troubles.PARTITIONS_DIE);
    play(false, Troubles.PARTITIONS_DIE);
  }

  @Test
  @DisplayName("RG5 who has keys is linked and watched, though others register and unregister it")
  void outsiders() {
    play(true, Troubles.OUTSIDERS);
  }
}
