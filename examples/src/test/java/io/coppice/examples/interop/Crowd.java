package io.coppice.examples.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.AtBound;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * Processes that all wait in something of Java's, more of them than there are schedulers, on a node
 * that may not start schedulers in place of stuck ones: one that kept its scheduler would keep the
 * others from running.
 *
 * @param <T> what each of them gets in the end
 */
final class Crowd<T> implements AutoCloseable {
  /** How many wait. */
  static final int SIZE = 8;

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int SCHEDULERS = 2;
  private static final int ROUNDS = 500;

  private final Node node;
  private final List<Pid> pids = new ArrayList<>();
  private final List<CompletableFuture<T>> results = new ArrayList<>();

  /** Code that waits. */
  @FunctionalInterface
  interface Wait<T> {
    T get(Context self, int number) throws Exception;
  }

  /** Processes that mind being interrupted: nobody has to be cut off. */
  Crowd(Wait<T> code) {
    this(code, Duration.ofMinutes(10));
  }

  /** Processes that are cut off so long after they were killed. */
  Crowd(Wait<T> code, Duration killGrace) {
    NodeOptions options =
        NodeOptions.DEFAULT
            .withSchedulers(SCHEDULERS)
            .withExtraSchedulers(0)
            .withAtBound(AtBound.ALARM_ONLY) // the first to load its classes may take long
            .withKillGrace(killGrace)
            .withReporter(report -> {});
    node = Node.start(options);
    for (int i = 0; i < SIZE; i++) {
      int number = i;
      CompletableFuture<T> result = new CompletableFuture<>();
      results.add(result);
      pids.add(node.spawn(self -> run(code, self, number, result)));
    }
  }

  private void run(Wait<T> code, Context self, int number, CompletableFuture<T> result)
      throws Exception {
    try {
      result.complete(code.get(self, number));
    } catch (Throwable thrown) {
      result.completeExceptionally(thrown);
      throw thrown;
    }
  }

  /** Until all wait, and somebody else has had many turns meanwhile. */
  void assertHindersNobody(ProcessStatus waiting) throws Exception {
    await("all wait").atMost(LONG).until(() -> statuses().equals(Set.of(waiting)));
    CountDownLatch done = new CountDownLatch(SCHEDULERS);
    for (int i = 0; i < SCHEDULERS; i++) {
      Pid reactive = node.spawn((self, message) -> ((Request) message).reply(message.hashCode()));
      node.spawn(self -> pingPong(self, reactive, done));
    }
    assertTrue(done.await(20, SECONDS), () -> "others did not run: " + node.dump());
    assertEquals(Set.of(waiting), statuses());
  }

  private Set<ProcessStatus> statuses() {
    return pids.stream()
        .map(pid -> node.info(pid).orElseThrow().status())
        .collect(Collectors.toSet());
  }

  /** With one process that waits without a stack, and with one that has one. */
  private static void pingPong(Context self, Pid reactive, CountDownLatch done) {
    Pid own = self.pid();
    Pid partner =
        self.spawn(
            other -> {
              while (true) {
                other.send(own, other.receive());
              }
            });
    for (int round = 0; round < ROUNDS; round++) {
      Object _ = self.call(reactive, round, LONG);
      self.send(partner, round);
      assertEquals(round, self.receive());
    }
    self.exit(partner, ExitReason.KILL);
    done.countDown();
  }

  /** Tells the first of them to die. */
  private CompletableFuture<ExitReason> killFirst() throws Exception {
    CompletableFuture<ExitReason> reason = new CompletableFuture<>();
    CountDownLatch watching = new CountDownLatch(1);
    node.spawn(
        self -> {
          self.monitor(pids.getFirst());
          watching.countDown();
          reason.complete(((Down) self.receive()).reason());
        });
    assertTrue(watching.await(20, SECONDS));
    node.exit(pids.getFirst(), ExitReason.KILL);
    return reason;
  }

  /** It ends although nothing it waits for comes, and the others wait on. */
  void assertFirstDies() throws Exception {
    assertEquals(ExitReason.KILLED, killFirst().get(20, SECONDS));
    pids.removeFirst();
    results.removeFirst();
    assertTrue(results.stream().noneMatch(CompletableFuture::isDone));
  }

  /** The first is told to die, and ends when what it is at is done. */
  void assertFirstDiesAfter(ProcessBody release) throws Exception {
    CompletableFuture<ExitReason> reason = killFirst();
    await()
        .atMost(LONG)
        .until(() -> node.info(pids.getFirst()).orElseThrow().status() == ProcessStatus.DYING);
    inProcess(release);
    assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
    pids.removeFirst();
    results.removeFirst();
  }

  /** Runs code in a process of the same node. */
  void inProcess(ProcessBody code) throws Exception {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    node.spawn(
        self -> {
          try {
            code.run(self);
            done.complete(true);
          } catch (Throwable thrown) {
            done.completeExceptionally(thrown);
          }
        });
    assertTrue(done.get(20, SECONDS));
  }

  /** How many are left. */
  int left() {
    return results.size();
  }

  /** What those that are left got. */
  Set<T> results() throws Exception {
    List<T> all = new ArrayList<>();
    for (CompletableFuture<T> result : results) {
      all.add(result.get(20, SECONDS));
    }
    assertEquals(all.size(), Set.copyOf(all).size(), () -> "some got the same: " + all);
    return Set.copyOf(all);
  }

  String dump() {
    return node.dump(DumpOptions.DEFAULT.withStacks(DumpOptions.Stacks.FULL)) + results;
  }

  void awaitZombies(long count) {
    await("zombies").atMost(LONG).until(() -> node.zombieCount() == count);
  }

  @Override
  public void close() {
    try {
      assertEquals(0, node.zombieCount());
    } finally {
      node.close();
    }
  }
}
