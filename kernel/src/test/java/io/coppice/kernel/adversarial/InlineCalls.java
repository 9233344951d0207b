package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A node, and processes on it that call a server that never blocks. */
abstract class InlineCalls {
  static final SpawnOptions NEVER = SpawnOptions.DEFAULT.neverBlocks();
  static final Duration LONG = Duration.ofSeconds(20);

  final List<Report> reports = new CopyOnWriteArrayList<>();
  final AtomicBoolean stop = new AtomicBoolean();
  Node node;

  /** Not by an initialiser: that runs also for tests that are disabled. */
  @BeforeEach
  void start() {
    node =
        Node.start(
            NodeOptions.DEFAULT
                .withSchedulers(1)
                .withKillGrace(Duration.ofMillis(20))
                .withLongTurn(Duration.ofMillis(400))
                .withShutdownTime(Duration.ZERO)
                .withReporter(reports::add));
  }

  @AfterEach
  void close() {
    stop.set(true);
    await("no zombie is left").atMost(LONG).until(() -> node.zombieCount() == 0);
    node.close();
  }

  final Pid server(Reactive code) {
    Pid pid = node.spawn(code, NEVER);
    await("it rests").atMost(LONG).until(() -> status(pid) == ProcessStatus.IDLE);
    return pid;
  }

  final ProcessStatus status(Pid pid) {
    return node.info(pid).map(ProcessInfo::status).orElse(ProcessStatus.DEAD);
  }

  /** What a process computes that blocks. */
  interface Code<T extends @Nullable Object> {
    T by(Context self) throws Exception;
  }

  final <T extends @Nullable Object> T inProcess(Code<T> code) throws Exception {
    return started(code).get(20, SECONDS);
  }

  final <T extends @Nullable Object> CompletableFuture<T> started(Code<T> code) {
    CompletableFuture<T> result = new CompletableFuture<>();
    ProcessBody body =
        self -> {
          try {
            result.complete(code.by(self));
          } catch (Throwable thrown) {
            result.completeExceptionally(thrown);
            throw thrown;
          }
        };
    node.spawn(body);
    return result;
  }

  final void loopWithoutEnd() {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }

  static void reply(Object message, @Nullable Object answer) {
    ((Request) message).reply(answer);
  }
}
