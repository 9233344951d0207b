package io.coppice.behaviours.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.testkit.FaultRule;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients that start and stop applications whose processes are being killed. */
class ApplicationSeedsTest {
  private static final int SEEDS = 100;
  private static final int CLIENTS = 3;
  private static final int ORDERS = 6;

  private static boolean isOfAnApplication(ProcessInfo info) {
    String name = String.valueOf(info.name());
    return info.initialCall().startsWith("callbacks of") || name.startsWith("top of");
  }

  private static void play(Context self, Applications all, int client, List<String> outcomes) {
    for (int i = 0; i < ORDERS; i++) {
      try {
        switch ((client + i) % 3) {
          case 0 -> all.ensureAllStarted("b");
          case 1 -> all.stop("a");
          default -> all.stop("b");
        }
        outcomes.add("done");
      } catch (ApplicationException refused) {
        outcomes.add(refused.problem().toString());
      }
      self.sleep(Duration.ofMillis(5));
    }
  }

  @Test
  @DisplayName("no life of an application meets another one, and nothing stays, whoever is killed")
  void killed() {
    int[] crashes = {0};
    int different =
        TestNode.forSeeds(
            SEEDS,
            node -> {
              Journal journal = new Journal();
              Applications all =
                  Applications.launch(
                      node,
                      ApplicationsOptions.DEFAULT.specs(
                          journal.spec("a"), journal.spec("b").requires("a")));
              node.inject(
                  FaultRule.kill()
                      .process(ApplicationSeedsTest::isOfAnApplication)
                      .probability(0.1));
              List<String> outcomes = new ArrayList<>();
              for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                Pid _ = node.spawn(self -> play(self, all, client, outcomes));
              }
              node.advance(Duration.ofMinutes(1));
              node.heal();
              assertEquals(CLIENTS * ORDERS, outcomes.size(), "each order has an outcome");
              for (String outcome : outcomes) {
                // The top supervisor has a name, which a second life would find taken.
                assertFalse(outcome.contains("NameTaken"), outcome);
                crashes[0] += outcome.contains("killed") ? 1 : 0;
              }
              all.shutdown();
              node.runUntilIdle();
              assertEquals(List.of(), List.copyOf(node.processes()));
            });
    int killed = crashes[0];
    assertTrue(killed > SEEDS / 10 && different > SEEDS / 2, () -> killed + ", " + different);
  }
}
