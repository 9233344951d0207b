package io.coppice.kernel.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** No call waits for ever: a process that ends fails all requests that reached it (G21). */
class RequestLifeTest extends ConformanceCase {
  private static final ExitReason REASON = ExitReason.of("server");
  private final CountDownLatch hold = new CountDownLatch(1);

  /** Sends requests while the process is held up, so that it takes them all at once afterwards. */
  private List<CompletableFuture<@Nullable Object>> manyRequests(Pid server) {
    List<CompletableFuture<@Nullable Object>> requests = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      requests.add(node.request(server, i));
    }
    hold.countDown();
    return requests;
  }

  private static void assertAllFail(
      ExitReason reason, List<CompletableFuture<@Nullable Object>> requests) {
    for (var request : requests) {
      ExecutionException thrown =
          assertThrows(
              ExecutionException.class, () -> request.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
      assertEquals(reason, assertInstanceOf(CallFailed.class, thrown.getCause()).reason());
    }
  }

  @Test
  @DisplayName("G21 requests a crashing handler had not come to fail with the reason of the crash")
  void takenByHandler() {
    Reactive code =
        (self, message) -> {
          if (message instanceof Request) {
            throw self.exit(REASON);
          }
          hold.await();
        };
    Pid server = node.spawn(code);
    node.send(server, "hold");
    assertAllFail(REASON, manyRequests(server));
  }

  @Test
  @DisplayName("G21 requests that a selective receive has refused fail when the process ends")
  void refused() {
    ProcessBody code =
        self -> {
          hold.await();
          self.receive(m -> m instanceof Request request && request.payload().equals(150));
          throw self.exit(REASON);
        };
    Pid server = node.spawn(code);
    assertAllFail(REASON, manyRequests(server));
  }

  @Test
  @DisplayName("G21 requests fail when their receiver is killed, though its code cannot be stopped")
  void heldByZombie() throws Exception {
    var computing = new CountDownLatch(1);
    var release = new AtomicBoolean();
    Reactive code =
        (self, message) -> {
          if (message instanceof Request) {
            computing.countDown();
            while (!release.get()) {
              Thread.onSpinWait();
            }
          } else {
            hold.await();
          }
        };
    Pid server = node.spawn(code);
    node.send(server, "hold");
    var requests = manyRequests(server);
    assertTrue(computing.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    node.exit(server, ExitReason.KILL);
    assertAllFail(ExitReason.KILLED, requests);
    release.set(true);
    await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
  }

  @Test
  @DisplayName("G8 PL3 a process that has failed its start and lives on is killed in time")
  void failedStart() {
    Duration limit = Duration.ofMillis(200);
    Reactive code = (self, message) -> ((Request) message).fail(REASON);
    TestNode.forSeeds(
        20,
        test ->
            test.run(
                self -> {
                  Executable start =
                      () -> self.start(code, SpawnOptions.DEFAULT.link().monitor(), "init", limit);
                  assertEquals(REASON, assertThrows(CallFailed.class, start).reason());
                  assertEquals(limit, test.elapsed());
                  assertEquals(List.of(self.pid()), List.copyOf(self.processes()));
                  assertMailboxEmpty(self);
                }));
  }
}
