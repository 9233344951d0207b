package io.coppice.behaviours.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs tests in a process that traps exits, on virtual time, under many schedules. */
public final class TestBed {
  public static final Duration SOON = Duration.ofSeconds(10);
  private static final int SEEDS = 20;

  private TestBed() {}

  /** Runs a test; it must leave no process, timer or thread behind that does not end when told. */
  public static void inProcess(ProcessBody test) {
    inProcess(test, node -> {});
  }

  /** Runs a test, and looks at the node afterwards. */
  public static void inProcess(ProcessBody test, Consumer<TestNode> afterwards) {
    TestNode.forSeeds(
        SEEDS,
        node -> {
          node.run(
              self -> {
                self.trapExit(true);
                test.run(self);
              });
          afterwards.accept(node);
        });
  }

  /** The first message of a kind, which must come soon. */
  public static <T> T expect(Context self, Class<T> kind) {
    Optional<Object> message = self.receive(kind::isInstance, SOON);
    assertTrue(message.isPresent(), () -> "no " + kind.getSimpleName() + " came");
    return kind.cast(message.get());
  }

  /** That nothing is in the mailbox. */
  public static void expectNothing(Context self) {
    Optional<Object> message = self.receive(Duration.ZERO);
    assertTrue(message.isEmpty(), () -> "left in the mailbox: " + message.get());
  }
}
