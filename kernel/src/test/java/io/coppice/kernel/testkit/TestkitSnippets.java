package io.coppice.kernel.testkit;

import io.coppice.kernel.process.Pid;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The examples of the documentation, compiled and run. */
class TestkitSnippets {
  private record Add(int amount) {}

  // @start region="faults"
  static void faults(TestNode node, Pid counter) {
    node.inject(FaultRule.kill().label("worker").probability(0.01));
    node.inject(FaultRule.drop().pid(counter).message(Add.class).nth(3));
    node.inject(FaultRule.delay(Duration.ZERO, Duration.ofMillis(20)).name("database"));
  }

  // @end

  @Test
  @DisplayName("the example of the fault rules works")
  void works() {
    TestNode.replay(
        1,
        node -> {
          Pid counter = node.spawn((self, message) -> {});
          faults(node, counter);
          node.send(counter, new Add(1));
          node.runUntilIdle();
        });
  }
}
