package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.FaultRule;
import io.coppice.kernel.testkit.SimulationFailure;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random crashes in random orders, against the rules in their simplest form. */
final class SupervisionSeedsTest {
  private static final int ALL = 10_000;

  /** Fewer where a step takes two threads. */
  private static final int SEEDS = Boolean.getBoolean("tests.without.flags") ? ALL / 5 : ALL;

  private static Pid real(Context parent, SupervisorSpec spec) {
    return launch(parent, new SupervisorBody(spec));
  }

  /**
   * A supervisor with a planted error: after each restart it throws away the exits that have come
   * meanwhile, as if they were all of children that it has stopped itself.
   */
  private static Pid forgetful(Context parent, SupervisorSpec spec) {
    Reactive body = new SupervisorBody(spec);
    return launch(
        parent,
        new Reactive() {
          @Override
          public void onStart(Context self) throws Exception {
            body.onStart(self);
          }

          @Override
          public void onMessage(Context self, Object message) throws Exception {
            body.onMessage(self, message);
            while (message instanceof Exit
                && self.receive(
                        m -> m instanceof Exit exit && !exit.from().equals(self.parent()),
                        Duration.ZERO)
                    .isPresent()) {
              // a lost restart
            }
          }
        });
  }

  private static Pid launch(Context parent, Reactive body) {
    return parent.start(body, SpawnOptions.DEFAULT.link(), new Event.Boot(), null).pid();
  }

  @Test
  @DisplayName(
      "a supervisor does what the rules allow, whatever its children die of and in whatever order")
  void asTheRulesSay() {
    Set<String> covered = new HashSet<>();
    int different =
        TestNode.forSeeds(
            SEEDS, node -> SupervisionTrial.run(node, SupervisionSeedsTest::real, covered));
    System.out.println(
        "supervision: "
            + SEEDS
            + " seeds, "
            + different
            + " different interleavings, "
            + covered.size()
            + " combinations of strategy, restart, reason and significance");
    assertTrue(different > SEEDS * 9 / 10, () -> different + " different interleavings");
    if (SEEDS == ALL) {
      assertCovered(covered);
    }
  }

  private static void assertCovered(Set<String> covered) {
    for (Strategy strategy : Strategy.values()) {
      for (Restart restart : Restart.values()) {
        for (String reason : List.of("normal", "shutdown", "{shutdown, done}", "boom", "kill")) {
          String combination = strategy + " " + restart + " " + reason + "/false";
          assertTrue(covered.contains(combination), () -> combination + " not among " + covered);
        }
      }
    }
  }

  @Test
  @DisplayName("a planted lost restart is found, and its seed finds it each time")
  void lostRestart() {
    SimulationFailure found =
        assertThrows(
            SimulationFailure.class,
            () ->
                TestNode.forSeeds(
                    SEEDS,
                    node ->
                        SupervisionTrial.run(
                            node, SupervisionSeedsTest::forgetful, new HashSet<>())));
    System.out.println("A planted lost restart:\n" + found);
    SimulationFailure again =
        assertThrows(
            SimulationFailure.class,
            () ->
                TestNode.replay(
                    found.seed(),
                    node ->
                        SupervisionTrial.run(
                            node, SupervisionSeedsTest::forgetful, new HashSet<>())));
    assertEquals(found.getMessage(), again.getMessage());
    assertTrue(found.getMessage().contains("allowed: "), found::getMessage);
  }

  @Test
  @DisplayName("whichever child is killed at whatever moment, in the end all run again")
  void killedAnytime() {
    int[] kills = {0};
    int different =
        TestNode.forSeeds(
            1000,
            node -> {
              node.inject(FaultRule.kill().label("worker").probability(0.05).atMost(10));
              Supervisor supervisor = Supervisor.restForOne().intensity(1000, Duration.ofDays(1));
              for (String id : List.of("a", "b", "c")) {
                supervisor =
                    supervisor.child(ChildSpec.starting(id, SupervisionSeedsTest::startTicking));
              }
              SupervisorRef ref = supervisor.start(node);
              node.advance(Duration.ofMillis(20));
              node.heal();
              node.runUntilIdle();
              kills[0] += node.injectedFaults().size();
              assertEquals(List.of("a=running", "b=running", "c=running"), Lab.children(ref));
              ref.whichChildren()
                  .forEach(info -> assertTrue(node.isAlive(Objects.requireNonNull(info.pid()))));
              assertEquals(4, node.processCount());
            });
    assertTrue(kills[0] > 1000, () -> kills[0] + " killed");
    System.out.println(
        "supervision: 1000 seeds, "
            + kills[0]
            + " kills, "
            + different
            + " different interleavings");
  }

  @Test
  @DisplayName(
      "whichever child is killed at whatever moment, with back-off and parking all come back")
  void killedAnytimeWithRecovery() {
    int[] kills = {0};
    TestNode.forSeeds(
        SEEDS / 10,
        node -> {
          node.inject(FaultRule.kill().label("worker").probability(0.05).atMost(10));
          Backoff backoff = Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(4));
          Budget budget = Budget.of(2, Duration.ofMillis(50)).parkFor(Duration.ofMillis(5));
          List<Supervisor> strategies =
              List.of(Supervisor.oneForOne(), Supervisor.oneForAll(), Supervisor.restForOne());
          Supervisor supervisor =
              strategies.get((int) (node.seed() % 3)).intensity(1000, Duration.ofDays(1));
          for (String id : List.of("a", "b", "c")) {
            ChildSpec child = ChildSpec.starting(id, SupervisionSeedsTest::startTicking);
            supervisor =
                supervisor.child(
                    switch (id) {
                      case "a" -> child.backoff(backoff);
                      case "b" -> child.budget(budget);
                      default -> child.backoff(backoff).budget(budget);
                    });
          }
          SupervisorRef ref = supervisor.start(node);
          node.advance(Duration.ofMillis(20));
          node.heal();
          node.advance(Duration.ofMillis(20));
          kills[0] += node.injectedFaults().size();
          assertEquals(List.of("a=running", "b=running", "c=running"), Lab.children(ref));
          assertEquals(4, node.processCount());
        });
    assertTrue(kills[0] > SEEDS / 10, () -> kills[0] + " killed");
  }

  private static StartResult startTicking(Context supervisor) {
    Pid pid =
        supervisor.spawn(
            self -> {
              while (true) {
                self.sleep(Duration.ofMillis(1));
              }
            },
            SpawnOptions.DEFAULT.link().label("worker"));
    return StartResult.ok(pid);
  }
}
