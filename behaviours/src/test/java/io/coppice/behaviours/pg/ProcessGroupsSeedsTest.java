package io.coppice.behaviours.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.pg.GroupEvent.Joined;
import io.coppice.behaviours.pg.GroupEvent.Left;
import io.coppice.behaviours.pg.ProcessGroups.ScopeWatch;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Members that join, leave and are killed at random, and watchers that must miss nothing. */
class ProcessGroupsSeedsTest {
  private static final int SEEDS = 120;
  private static final int MEMBERS = 5;
  private static final int STEPS = 8;
  private static final int GROUPS = 3;

  /** What happens in one run, and what must come of it. */
  private static final class Scene {
    private final ProcessGroups<Integer> groups = ProcessGroups.scope();
    private final Random random;
    private final Map<Pid, int[]> tallies =
        new LinkedHashMap<>(); // how often each is in each group
    private final List<Map<Object, List<Pid>>> replicas = new ArrayList<>();

    Scene(long seed) {
      random = new Random(seed);
    }

    void member(Context self) {
      int[] tally = new int[GROUPS];
      tallies.put(self.pid(), tally);
      for (int i = 0; i < STEPS; i++) {
        int group = random.nextInt(GROUPS);
        if (random.nextInt(3) > 0) {
          groups.join(group, self.pid());
          tally[group]++;
        } else if (groups.leave(group, self.pid())) {
          tally[group]--;
        } else {
          assertEquals(0, tally[group], "a member could not leave");
        }
        assertEquals(tally[group], Collections.frequency(groups.members(group), self.pid()));
        pause(self);
      }
      self.receive();
    }

    void killer(Context self) {
      for (int i = 0; i < MEMBERS / 2; i++) {
        pause(self);
        List<Pid> living = tallies.keySet().stream().toList();
        if (!living.isEmpty()) {
          self.exit(living.get(random.nextInt(living.size())), ExitReason.KILL);
        }
      }
    }

    void watcher(Context self) {
      pause(self);
      ScopeWatch<Integer> watch = groups.monitorScope(self);
      Map<Object, List<Pid>> replica = new HashMap<>();
      watch.groups().forEach((group, pids) -> replica.put(group, new ArrayList<>(pids)));
      replicas.add(replica);
      while (true) {
        switch ((GroupEvent<?>) self.receive()) {
          case Joined<?> joined ->
              replica.computeIfAbsent(joined.group(), _ -> new ArrayList<>()).addAll(joined.pids());
          case Left<?> left -> {
            List<Pid> rest = replica.getOrDefault(left.group(), List.of());
            left.pids().forEach(pid -> assertTrue(rest.remove(pid), () -> left + " twice"));
            if (rest.isEmpty()) {
              replica.remove(left.group());
            }
          }
        }
      }
    }

    private void pause(Context self) {
      self.sleep(Duration.ofMillis(random.nextInt(4)));
    }

    void check(TestNode node) {
      assertEquals(List.of(), node.reports(CrashReport.class));
      Map<Object, List<Pid>> table = new HashMap<>();
      groups.groups().forEach(group -> table.put(group, groups.members(group)));
      assertEquals(2, replicas.size());
      replicas.forEach(replica -> assertEquals(table, replica));
      tallies.forEach(
          (pid, tally) -> {
            for (int group = 0; group < GROUPS; group++) {
              int expected = node.hasEnded(pid) ? 0 : tally[group];
              assertEquals(expected, Collections.frequency(groups.members(group), pid));
            }
          });
    }
  }

  @Test
  @DisplayName("PG4 PG5 PG7 the table is what the members did, and who watches knows all of it")
  void replicas() {
    int different =
        TestNode.forSeeds(
            SEEDS,
            node -> {
              Scene scene = new Scene(node.seed());
              scene.groups.start(node);
              for (int i = 0; i < MEMBERS; i++) {
                node.spawn(scene::member);
              }
              node.spawn(scene::watcher);
              node.spawn(scene::killer);
              node.spawn(scene::watcher);
              node.advance(Duration.ofSeconds(1));
              scene.check(node);
            });
    assertTrue(different > SEEDS / 2, () -> different + " interleavings");
  }
}
