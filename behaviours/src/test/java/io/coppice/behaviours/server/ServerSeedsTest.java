package io.coppice.behaviours.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Call;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.FaultRule;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients of a server that is killed, and whose requests are lost and late. */
class ServerSeedsTest {
  private static final int SEEDS = 1000;
  private static final int CLIENTS = 3;
  private static final int CALLS = 4;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Asks for the next number; the answer names the question. */
  private record Next(int client, int call) implements Call<Next, Counted> {}

  /** The count of a life of the server. */
  private record Counted(Next question, int life, int count) {}

  private record Count(int life, int count) {}

  private static final class Counting implements GenServer<Next, Count> {
    private final int life;

    Counting(int life) {
      this.life = life;
    }

    @Override
    public Init<Count> init(Context self) {
      return Init.state(new Count(life, 0));
    }

    @Override
    public Result<Count> handleCall(Next question, Request from, Count old) {
      Count next = new Count(old.life(), old.count() + 1);
      return Result.reply(new Counted(question, next.life(), next.count()), next);
    }
  }

  /** What came of all calls. */
  private static final class Outcomes {
    final List<Counted> answers = new ArrayList<>();
    final List<ExitReason> failures = new ArrayList<>();
    int lives;
  }

  private static void ask(Context self, int client, Outcomes outcomes) {
    ServerRef<Next> server = ServerRef.named(self, "counting");
    for (int i = 0; i < CALLS; i++) {
      Next question = new Next(client, i);
      try {
        Counted answer = server.call(question, SECOND);
        assertEquals(question, answer.question(), "an answer of an earlier call");
        outcomes.answers.add(answer);
      } catch (CallFailed failed) {
        outcomes.failures.add(failed.reason());
        self.sleep(Duration.ofMillis(10));
      }
    }
  }

  private static Outcomes run(TestNode node, FaultRule... rules) {
    Outcomes outcomes = new Outcomes();
    Supervisor.oneForOne()
        .intensity(1000, SECOND)
        .child("counting", () -> new Counting(++outcomes.lives))
        .start(node);
    for (FaultRule rule : rules) {
      node.inject(rule.name("counting"));
    }
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      node.spawn(self -> ask(self, client, outcomes), SpawnOptions.DEFAULT.label("client"));
    }
    node.advance(Duration.ofMinutes(1));
    node.heal();
    int seen = outcomes.answers.size() + outcomes.failures.size();
    assertEquals(CLIENTS * CALLS, seen, "each call is answered or fails");
    Set<Count> counts = new HashSet<>();
    for (Counted answer : outcomes.answers) {
      assertTrue(counts.add(new Count(answer.life(), answer.count())), "given out twice");
    }
    return outcomes;
  }

  @Test
  @DisplayName("each call to a server that is killed at any time is answered once, or fails")
  void killed() {
    Set<ExitReason> reasons = new HashSet<>();
    int[] lives = {0};
    int different =
        TestNode.forSeeds(
            SEEDS,
            node -> {
              Outcomes outcomes = run(node, FaultRule.kill().probability(0.1));
              reasons.addAll(outcomes.failures);
              lives[0] += outcomes.lives;
            });
    assertEquals(Set.of(ExitReason.KILLED, ExitReason.NO_PROCESS), reasons);
    System.out.println(
        "server: " + SEEDS + " seeds, " + lives[0] + " lives, " + different + " interleavings");
    assertTrue(
        lives[0] > SEEDS * 3 / 2 && different > SEEDS / 2, () -> different + " interleavings");
  }

  @Test
  @DisplayName("a late answer is not taken for that of the next call, and a lost one times out")
  void lateAndLost() {
    Set<ExitReason> reasons = new HashSet<>();
    TestNode.forSeeds(
        SEEDS,
        node ->
            reasons.addAll(
                run(
                        node,
                        FaultRule.drop().message(Next.class).probability(0.1),
                        FaultRule.delay(Duration.ZERO, SECOND.multipliedBy(2))
                            .message(Next.class)
                            .probability(0.3))
                    .failures));
    assertEquals(Set.of(ExitReason.TIMEOUT), reasons);
  }
}
