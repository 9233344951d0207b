package io.coppice.kernel.testkit.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;

/** The example of the documentation, compiled and run. */
class SeededSnippetsTest {
  // @start region="seeded"
  @Seeded(seeds = 1000)
  @DisplayName("an echo comes back, whoever runs first")
  void echo(TestNode node) {
    Pid echo = node.spawn((self, message) -> ((Request) message).reply("hello"));
    node.run(self -> assertEquals("hello", self.call(echo, "?", Duration.ofDays(1))));
  }
  // @end
}
