package io.coppice.behaviours.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Report;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A node that keeps its reports, with processes of it to run tests in. */
final class TestBed implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(10);
  private final List<Report> reports = new CopyOnWriteArrayList<>();
  final Node node = Node.start(NodeOptions.DEFAULT.withReporter(reports::add));

  /** Runs a test in a process that traps exits, and has its failure. */
  static void inProcess(ProcessBody test) throws Exception {
    try (TestBed bed = new TestBed()) {
      bed.run(test);
    }
  }

  void run(ProcessBody test) throws Exception {
    CompletableFuture<String> done = new CompletableFuture<>();
    Pid process =
        node.spawn(
            self -> {
              self.trapExit(true);
              try {
                test.run(self);
                done.complete("passed");
              } catch (Throwable failure) {
                done.completeExceptionally(failure);
              }
            });
    try {
      done.get(60, TimeUnit.SECONDS);
      while (node.isAlive(process)) {
        Thread.onSpinWait(); // what it started is told to end only when it is gone
      }
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        case null, default -> throw failed;
      }
    } catch (TimeoutException stuck) {
      throw new AssertionError("the test is stuck: " + node.processes(), stuck);
    }
  }

  /** The reports of one kind so far. */
  <R extends Report> List<R> reports(Class<R> kind) {
    return reports.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The first message of a kind, which must come soon. */
  static <T> T expect(Context self, Class<T> kind) {
    Optional<Object> message = self.receive(kind::isInstance, SOON);
    assertTrue(message.isPresent(), () -> "no " + kind.getSimpleName() + " came");
    return kind.cast(message.get());
  }

  /** That nothing is in the mailbox. */
  static void expectNothing(Context self) {
    Optional<Object> message = self.receive(Duration.ZERO);
    assertTrue(message.isEmpty(), () -> "left in the mailbox: " + message.get());
  }

  @Override
  public void close() {
    node.close();
  }
}
