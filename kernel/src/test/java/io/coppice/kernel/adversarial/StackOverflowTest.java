package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stack that overflows inside of an operation with links or monitors: whatever was half done, the
 * end of the process is announced, the other one lives on, and it can still be killed.
 */
class StackOverflowTest {
  private static final int ROUNDS = 100;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** An operation, on a witness. */
  interface Act {
    void on(Context self, Pid witness) throws Exception;
  }

  record Operation(String name, Act act) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Operation> operations() {
    return List.of(
        new Operation("monitor", (self, witness) -> self.demonitor(self.monitor(witness))),
        new Operation(
            "link",
            (self, witness) -> {
              self.link(witness);
              self.unlink(witness);
            }),
        new Operation("trap", (self, witness) -> self.trapExit(false)));
  }

  /** Goes down as far as the stack allows, first only to see how far that is. */
  private static final class Descent {
    private final Context self;
    private final Pid witness;
    private final Act act;
    private int deepest;
    private int from = Integer.MAX_VALUE;

    Descent(Context self, Pid witness, Act act) {
      this.self = self;
      this.witness = witness;
      this.act = act;
    }

    void run(int salt) throws Exception {
      try {
        down(0, salt);
      } catch (StackOverflowError measured) {
        from = deepest - 150;
      }
      down(0, salt);
    }

    private long down(int level, long a) throws Exception {
      deepest = Math.max(deepest, level);
      if (level >= from) {
        act.on(self, witness);
      }
      return a % 3 == 0 ? wide(level, a, a * 3, a * 5) + a : down(level + 1, a * 5 + 1) + a;
    }

    private long wide(int level, long a, long b, long c) throws Exception {
      return down(level + 1, a + level) + b * c;
    }
  }

  @ParameterizedTest(name = "a body that overflows its stack in {0} ends, and its witness answers")
  @MethodSource("operations")
  void overflows(Operation operation) throws Exception {
    NodeOptions options = NodeOptions.DEFAULT.withSchedulers(2).withReporter(report -> {});
    try (Node node = Node.start(options)) {
      for (int round = 0; round < ROUNDS; round++) {
        int salt = round;
        Pid witness = node.spawn(self -> answer(self));
        CompletableFuture<ExitReason> reason = new CompletableFuture<>();
        node.spawn(
            self -> {
              var child =
                  self.spawnMonitor(
                      me -> {
                        new Descent(me, witness, operation.act()).run(salt);
                      });
              Optional<Object> down = self.receive(Down.class::isInstance, LIMIT);
              assertEquals(child.pid(), ((Down) down.orElseThrow()).target());
              reason.complete(((Down) down.orElseThrow()).reason());
            });
        try {
          assertInstanceOf(ExitReason.Crashed.class, reason.get(20, SECONDS));
        } catch (TimeoutException e) {
          throw new AssertionError("its end was not announced, round " + round, e);
        }
        assertEquals("answer", node.call(witness, "call", LIMIT), "round " + round);
        node.exit(witness, ExitReason.KILL);
      }
    }
  }

  @ParameterizedTest(name = "after an overflow in {0} that was caught a process can be killed")
  @MethodSource("operations")
  void caught(Operation operation) throws Exception {
    NodeOptions options =
        NodeOptions.DEFAULT
            .withSchedulers(2)
            .withKillGrace(Duration.ofMillis(1))
            .withReporter(report -> {});
    AtomicBoolean stop = new AtomicBoolean();
    try (Node node = Node.start(options)) {
      for (int round = 0; round < ROUNDS / 4; round++) {
        int salt = round;
        Pid witness = node.spawn(self -> answer(self));
        CompletableFuture<Object> caught = new CompletableFuture<>();
        AtomicBoolean leave = new AtomicBoolean();
        Pid victim =
            node.spawn(
                self -> {
                  try {
                    new Descent(self, witness, operation.act()).run(salt);
                  } catch (StackOverflowError overflow) {
                    caught.complete("caught");
                  }
                  while (!leave.get() && !stop.get()) {
                    Thread.onSpinWait();
                  }
                });
        assertEquals("caught", caught.get(20, SECONDS));
        CompletableFuture<ExitReason> reason = new CompletableFuture<>();
        node.spawn(
            self -> {
              self.monitor(victim);
              self.exit(victim, ExitReason.KILL);
              reason.complete(((Down) self.receive()).reason());
            });
        try {
          assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
        } catch (TimeoutException e) {
          throw new AssertionError("it cannot be killed, round " + round, e);
        } finally {
          leave.set(true);
        }
        node.exit(witness, ExitReason.KILL);
      }
    } finally {
      stop.set(true);
    }
  }

  /** Lives on when those it is linked with crash. */
  private static void answer(Context self) {
    self.trapExit(true);
    while (true) {
      if (self.receive() instanceof Request request) {
        assertTrue(request.reply("answer"));
      }
    }
  }
}
