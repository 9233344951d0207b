package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.AtBound;
import io.coppice.kernel.Knob;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.KillPolicy;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Computations beside the schedulers, and code that asks whether it is to go on. */
class CpuBoundTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final AtomicBoolean stop = new AtomicBoolean();
  private final CountDownLatch running = new CountDownLatch(1);
  private final Node node =
      Node.start(
          NodeOptions.DEFAULT
              .withSchedulers(1)
              .withExtraSchedulers(0) // whoever keeps the scheduler keeps all from running
              .withAtBound(AtBound.ALARM_ONLY) // also if it is the machine that keeps it
              .with(Knob.CPU_THREADS, 2)
              .withShutdownTime(Duration.ZERO)
              .withReporter(report -> {}));

  @AfterEach
  void close() {
    stop.set(true);
    await("no zombie is left").atMost(LIMIT).until(() -> node.zombieCount() == 0);
    node.close();
  }

  private Object spin() {
    running.countDown();
    while (!stop.get()) {
      Thread.onSpinWait();
    }
    return "spun";
  }

  @Test
  @DisplayName("a computation gives its result, or throws what it threw, and keeps no scheduler")
  void computes() throws Exception {
    Pid echo = node.spawn((self, message) -> ((Request) message).reply(1));
    CompletableFuture<Object> result = new CompletableFuture<>();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    node.spawn(
        self -> {
          result.complete(self.cpuBound(this::spin));
          try {
            self.cpuBound(
                () -> {
                  throw new IOException("on purpose");
                });
          } catch (IOException expected) {
            thrown.complete(expected);
          }
        });
    assertTrue(running.await(20, SECONDS));
    assertEquals(1, node.call(echo, "?", LIMIT));
    stop.set(true);
    assertEquals("spun", result.get(20, SECONDS));
    assertEquals("on purpose", thrown.get(20, SECONDS).getMessage());
  }

  @Test
  @DisplayName("no more computations run at once than there are threads for them; the rest queue")
  void bounded() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(20);
    for (int i = 0; i < 20; i++) {
      node.spawn(
          self -> {
            self.cpuBound(
                () -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  Thread.yield();
                  return now.decrementAndGet();
                });
            over.countDown();
          });
    }
    assertTrue(over.await(20, SECONDS));
    assertTrue(most.get() <= 2, "at once: " + most);
  }

  @Test
  @DisplayName("a process that computes elsewhere dies at once; the code is interrupted")
  void killed() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Pid victim =
        node.spawn(
            self ->
                self.cpuBound(
                    () -> {
                      running.countDown();
                      while (!Thread.currentThread().isInterrupted() && !stop.get()) {
                        Thread.onSpinWait();
                      }
                      return interrupted.complete(!stop.get());
                    }));
    assertTrue(running.await(20, SECONDS));
    node.exit(victim, ExitReason.KILL);
    assertFalse(node.isAlive(victim));
    assertTrue(interrupted.get(20, SECONDS));
  }

  @Test
  @DisplayName("a computation that goes on without its process is a zombie, and takes no place")
  void abandoned() throws Exception {
    for (int i = 0; i < 4; i++) { // more than there are threads
      CountDownLatch begun = new CountDownLatch(1);
      Pid victim =
          node.spawn(
              self ->
                  self.cpuBound(
                      () -> {
                        begun.countDown();
                        return spin();
                      }));
      assertTrue(begun.await(20, SECONDS), "computation " + i + " does not begin");
      node.exit(victim, ExitReason.KILL);
      assertFalse(node.isAlive(victim));
      int zombies = i + 1;
      await().atMost(LIMIT).until(() -> node.zombieCount() == zombies);
    }
    assertTrue(node.zombies().getFirst().stack().toString().contains("spin"));
    stop.set(true);
    await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
    CompletableFuture<Object> result = new CompletableFuture<>();
    node.spawn(self -> result.complete(self.cpuBound(() -> "again")));
    assertEquals("again", result.get(20, SECONDS));
  }

  @Test
  @DisplayName("checkpoint in a computation throws when its process was told to die; so do sends")
  void checkpoint() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    CompletableFuture<Object> received = new CompletableFuture<>();
    Pid witness = node.spawn((self, message) -> received.complete(message));
    Pid victim =
        node.spawn(
            self ->
                self.cpuBound(
                    () -> {
                      running.countDown();
                      try {
                        while (!stop.get()) {
                          self.checkpoint();
                        }
                        return thrown.complete(new AssertionError("no checkpoint threw"));
                      } catch (ProcessExit exit) {
                        thrown.complete(exit);
                        node.send(witness, "from the dead");
                        return "not reached";
                      }
                    }));
    assertTrue(running.await(20, SECONDS));
    node.exit(victim, ExitReason.KILL);
    assertInstanceOf(ProcessExit.class, thrown.get(20, SECONDS));
    await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
    node.send(witness, "from the living");
    assertEquals("from the living", received.get(20, SECONDS));
  }

  @Test
  @DisplayName("the answer of a computation whose process was told to die does not count")
  void answer() throws Exception {
    CompletableFuture<Boolean> counted = new CompletableFuture<>();
    Pid victim =
        node.spawn(
            self -> {
              Request request = (Request) self.receive();
              self.cpuBound(
                  () -> {
                    spin();
                    return counted.complete(request.reply("from the dead"));
                  });
            },
            SpawnOptions.DEFAULT.onKill(KillPolicy.AWAIT_TERMINATION));
    CompletableFuture<?> answer = node.request(victim, "?");
    assertTrue(running.await(20, SECONDS));
    node.exit(victim, ExitReason.of("told to"));
    await()
        .atMost(LIMIT)
        .until(() -> node.info(victim).orElseThrow().status() == ProcessStatus.DYING);
    stop.set(true);
    assertFalse(counted.get(20, SECONDS));
    await().atMost(LIMIT).until(answer::isCompletedExceptionally);
  }

  @Test
  @DisplayName("of a process that is not to be cut off a computation is waited for")
  void awaited() throws Exception {
    CompletableFuture<Object> result = new CompletableFuture<>();
    Pid victim =
        node.spawn(
            self -> self.cpuBound(() -> result.complete(spin())),
            SpawnOptions.DEFAULT.onKill(KillPolicy.AWAIT_TERMINATION));
    assertTrue(running.await(20, SECONDS));
    node.exit(victim, ExitReason.KILL);
    stop.set(true);
    assertEquals("spun", result.get(20, SECONDS));
    assertFalse(node.isAlive(victim));
  }

  @Test
  @DisplayName("a loop with checkpoints lets others run when its slice is used up")
  void slices() throws Exception {
    Pid echo = node.spawn((self, message) -> ((Request) message).reply(1));
    node.spawn(
        self -> {
          running.countDown();
          while (!stop.get()) {
            self.checkpoint();
          }
        });
    assertTrue(running.await(20, SECONDS));
    for (int i = 0; i < 20; i++) {
      assertEquals(1, node.call(echo, "?", LIMIT));
    }
  }
}
