package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Processes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;

/** A node of two schedulers for each case, and words for what the cases do with processes. */
abstract class ConformanceCase {
  /** Much longer than anything takes; only a failing case waits for it. */
  static final Duration LIMIT = Duration.ofSeconds(100);

  /** The code of a process that waits until it is told to die. */
  static final ProcessBody PARKED = self -> self.receive(message -> false);

  final Node node =
      Node.start(
          NodeOptions.DEFAULT
              .withName("conformance")
              .withSchedulers(2)
              .withKillGrace(Duration.ofSeconds(1))
              .withShutdownTime(Duration.ZERO)
              .withReporter(report -> {}));

  @AfterEach
  void close() {
    node.close();
    assertEquals(0, node.processCount(), "processes left over");
  }

  /** Something a process does that has a result. */
  @FunctionalInterface
  interface Scene<T> {
    T play(Context self) throws Exception;
  }

  /** Plays a scene in a process of its own; throws here what it throws there. */
  final <T> T ask(Scene<T> scene) throws Exception {
    var outcome = new CompletableFuture<T>();
    var _ =
        node.spawn(
            self -> {
              try {
                outcome.complete(scene.play(self));
              } catch (Throwable thrown) {
                outcome.completeExceptionally(thrown);
                throw thrown;
              }
            });
    return get(outcome);
  }

  /** Plays a scene without a result. */
  final void run(ProcessBody scene) throws Exception {
    boolean _ =
        ask(
            self -> {
              scene.run(self);
              return true;
            });
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("in the process: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no result within " + LIMIT, e);
    }
  }

  /** The next message, which must be of a type. */
  static <T> T expect(Context self, Class<T> type) {
    Optional<Object> message = self.receive(LIMIT);
    return assertInstanceOf(
        type, message.orElseThrow(() -> new AssertionError("no " + type + " within " + LIMIT)));
  }

  static void expectExit(Context self, Pid from, ExitReason reason) {
    var exit = expect(self, io.coppice.kernel.process.Exit.class);
    assertEquals(from, exit.from());
    assertEquals(reason, exit.reason());
  }

  static void assertMailboxEmpty(Context self) {
    assertEquals(Optional.empty(), self.receive(Duration.ZERO));
  }

  /** Why a process ends; the caller has nothing else in its mailbox. */
  static ExitReason fate(Context self, Pid pid) {
    var monitor = self.monitor(pid);
    Down down = expect(self, Down.class);
    assertEquals(monitor, down.ref());
    return down.reason();
  }

  /** A process that has ended, as everybody can see. */
  final Pid ended() throws Exception {
    Pid pid = node.spawn(self -> {});
    awaitEnd(pid);
    return pid;
  }

  final void awaitEnd(Pid pid) throws Exception {
    run(
        self -> {
          ExitReason _ = fate(self, pid);
        });
  }

  /** Kills a process and waits until it is gone. */
  final void kill(Pid pid) throws Exception {
    node.exit(pid, ExitReason.KILL);
    awaitEnd(pid);
  }

  /**
   * Holds a process in the middle of its end: after it has begun, and before it is announced. It
   * must take two messages, answer neither, and then end. The second comes when what holds it hangs
   * on the first: else it could be over before, and the caller would hold itself.
   */
  static void holdEnd(Processes by, Pid pid, CountDownLatch entered, CountDownLatch go) {
    CompletableFuture<?> _ =
        by.request(pid, "fails when the process ends")
            .whenComplete(
                (answer, failure) -> {
                  entered.countDown();
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    by.send(pid, "end");
  }

  /** A process identity that no node has made. */
  static Pid foreign() {
    return new Pid() {
      @Override
      public long number() {
        return 1;
      }

      @Override
      public String toString() {
        return "<foreign>";
      }
    };
  }
}
