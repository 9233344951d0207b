package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.KillPolicy;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.SpawnOptions;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill takes effect whatever its victim does (design 2.4, semantics-gaps 1): everybody is told, and
 * its name is free, after the grace time and a little.
 */
class KillTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration GRACE = Duration.ofMillis(100);
  private static final Duration SLACK = Duration.ofSeconds(15); // the machine may be busy

  private final Node node = Node.start(options(GRACE));

  /** On a busy machine code that ends in time is one that has all the time it wants. */
  private final Node patient = Node.start(options(Duration.ofMinutes(10)));

  private final AtomicBoolean stop = new AtomicBoolean();
  private final CountDownLatch ready = new CountDownLatch(1);

  private static NodeOptions options(Duration grace) {
    return NodeOptions.DEFAULT
        .withSchedulers(2)
        .withKillGrace(grace)
        .withShutdownTime(Duration.ZERO)
        .withReporter(report -> {});
  }

  @AfterEach
  void close() {
    stop.set(true);
    await("no zombie is left").atMost(LIMIT).until(() -> node.zombieCount() == 0);
    node.close();
    patient.close();
  }

  private enum Afterwards {
    /** Its code ends with it, long before the grace time is over. */
    GONE,
    /** Its code still runs. */
    ZOMBIE
  }

  /** Kills a victim that has said it is ready, and looks what everybody sees. */
  private void assertKilled(ProcessBody body, Afterwards afterwards) throws Exception {
    assertKilled(afterwards == Afterwards.GONE ? patient : node, body, afterwards);
  }

  private void assertKilled(Node node, ProcessBody body, Afterwards afterwards) throws Exception {
    Pid victim = node.spawn(body, SpawnOptions.DEFAULT.name("victim"));
    assertTrue(ready.await(20, SECONDS), "the victim does not start");
    CompletableFuture<ExitReason> reason = new CompletableFuture<>();
    CountDownLatch watching = new CountDownLatch(1);
    node.spawn(
        self -> {
          self.monitor(victim);
          watching.countDown();
          reason.complete(((Down) self.receive()).reason());
        });
    assertTrue(watching.await(20, SECONDS));
    long start = node.monotonicNanos();
    node.exit(victim, ExitReason.KILL);
    assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
    Duration took = Duration.ofNanos(node.monotonicNanos() - start);
    assertTrue(took.compareTo(GRACE.plus(SLACK)) < 0, "it took " + took);
    assertTrue(node.whereis("victim").isEmpty(), "its name is taken");
    assertFalse(node.isAlive(victim));
    Pid next = node.spawn(me -> me.receive(), SpawnOptions.DEFAULT.name("victim"));
    node.exit(next, ExitReason.KILL);
    assertEquals(afterwards == Afterwards.ZOMBIE ? 1 : 0, node.zombieCount());
  }

  // ---- code that computes

  @Test
  @DisplayName("a victim in an endless loop with kernel calls dies at the next one")
  void loopWithCalls() throws Exception {
    assertKilled(
        self -> {
          while (!stop.get()) {
            self.checkpoint();
            ready.countDown();
          }
        },
        Afterwards.GONE);
  }

  @Test
  @DisplayName("a victim in an endless loop that only looks around dies at the next look")
  void loopWithLooks() throws Exception {
    assertKilled(
        self -> {
          while (!stop.get() && self.whereis("nobody").isEmpty()) {
            ready.countDown();
          }
        },
        Afterwards.GONE);
  }

  @Test
  @DisplayName("a victim in an endless loop without kernel calls is cut off")
  void loopWithout() throws Exception {
    assertKilled(
        self -> {
          ready.countDown();
          while (!stop.get()) {
            Thread.onSpinWait();
          }
        },
        Afterwards.ZOMBIE);
  }

  @Test
  @DisplayName("a victim that catches everything around its kernel calls is cut off")
  void catchesAll() throws Exception {
    assertKilled(
        self -> {
          while (!stop.get()) {
            try {
              ready.countDown();
              self.checkpoint();
            } catch (Throwable swallowed) {
              Thread.onSpinWait();
            }
          }
        },
        Afterwards.ZOMBIE);
  }

  @Test
  @DisplayName("a reactive victim that never returns from its handler is cut off")
  void handler() throws Exception {
    Pid looper =
        node.spawn(
            (self, message) -> {
              ready.countDown();
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
    node.send(looper, "loop");
    assertTrue(ready.await(20, SECONDS));
    node.exit(looper, ExitReason.KILL);
    assertFalse(node.isAlive(looper));
    assertEquals(1, node.zombieCount());
  }

  // ---- code that waits

  @Test
  @DisplayName("a victim that sleeps in the JDK is interrupted")
  void sleeps() throws Exception {
    assertKilled(
        self -> {
          ready.countDown();
          Thread.sleep(LIMIT);
        },
        Afterwards.GONE);
  }

  @Test
  @DisplayName("a victim that sleeps again whenever it is interrupted is cut off")
  void sleepsAgain() throws Exception {
    assertKilled(
        self -> {
          ready.countDown();
          while (!stop.get()) {
            try {
              Thread.sleep(Duration.ofMillis(50));
            } catch (InterruptedException swallowed) {
              ready.countDown();
            }
          }
        },
        Afterwards.ZOMBIE);
  }

  @Test
  @DisplayName("a victim that waits for a monitor is cut off, and so is the one that holds it")
  void monitor() throws Exception {
    Object lock = new Object();
    CountDownLatch held = new CountDownLatch(1);
    Pid holder =
        node.spawn(
            self -> {
              synchronized (lock) {
                held.countDown();
                while (!stop.get()) {
                  Thread.onSpinWait();
                }
              }
            });
    assertTrue(held.await(20, SECONDS));
    assertKilled(
        self -> {
          ready.countDown();
          synchronized (lock) {
            held.countDown();
          }
        },
        Afterwards.ZOMBIE);
    node.exit(holder, ExitReason.KILL);
    assertFalse(node.isAlive(holder));
    assertEquals(2, node.zombieCount());
  }

  @Test
  @DisplayName("a victim in Object.wait is interrupted")
  void objectWait() throws Exception {
    Object lock = new Object();
    assertKilled(
        self -> {
          synchronized (lock) {
            ready.countDown();
            while (!stop.get()) {
              lock.wait();
            }
          }
        },
        Afterwards.GONE);
  }

  @Test
  @DisplayName("a victim that accepts connections is interrupted, and its socket is closed")
  void accepts() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertKilled(
          self -> {
            ready.countDown();
            server.accept().close();
          },
          Afterwards.GONE);
      assertTrue(server.isClosed());
    }
  }

  @Test
  @DisplayName("a victim that reads from a socket is interrupted")
  void reads() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertKilled(
          self -> {
            try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
              ready.countDown();
              int first = socket.getInputStream().read();
              assertEquals(-1, first);
            }
          },
          Afterwards.GONE);
    }
  }

  @Test
  @DisplayName("a victim in a native frame that keeps its thread is cut off")
  void pinned(@TempDir Path dir) throws Exception {
    Path fifo = dir.resolve("fifo");
    Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
    assumeTrue(mkfifo.waitFor() == 0 && Files.exists(fifo), "this system has no FIFOs");
    assertKilled(
        self -> {
          ready.countDown();
          try (FileInputStream in = new FileInputStream(fifo.toFile())) {
            assertEquals(9, in.read());
          }
        },
        Afterwards.ZOMBIE);
    try (FileOutputStream out = new FileOutputStream(fifo.toFile())) {
      out.write(9);
    }
  }

  // ---- what may not be cut off

  @Test
  @DisplayName(
      "a victim in a blocking section is neither interrupted nor cut off; it dies after it")
  void blockingSection() throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    CompletableFuture<String> section = new CompletableFuture<>();
    CompletableFuture<String> after = new CompletableFuture<>();
    Pid victim =
        node.spawn(
            self -> {
              try {
                self.blocking(
                    () -> {
                      ready.countDown();
                      leave.await();
                      return section.complete("undisturbed");
                    });
                after.complete("went on");
              } finally {
                after.complete("ended");
              }
            });
    assertTrue(ready.await(20, SECONDS));
    assertStaysAlive(victim);
    leave.countDown();
    assertEquals("undisturbed", section.get(20, SECONDS));
    assertEquals("ended", after.get(20, SECONDS));
    assertFalse(node.isAlive(victim));
  }

  @Test
  @DisplayName("a victim of policy AWAIT_TERMINATION dies when its code comes to the kernel again")
  void awaitTermination() throws Exception {
    AtomicBoolean leave = new AtomicBoolean();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Pid victim =
        node.spawn(
            self -> {
              ready.countDown();
              while (!leave.get()) {
                Thread.onSpinWait();
              }
              interrupted.complete(Thread.currentThread().isInterrupted());
              self.checkpoint();
              interrupted.obtrudeValue(true); // not reached
            },
            SpawnOptions.DEFAULT.onKill(KillPolicy.AWAIT_TERMINATION));
    assertTrue(ready.await(20, SECONDS));
    assertStaysAlive(victim);
    leave.set(true);
    assertEquals(false, interrupted.get(20, SECONDS));
    assertFalse(node.isAlive(victim));
    assertEquals(false, interrupted.get(20, SECONDS));
  }

  /** Kills it, and looks for several times the grace time that nothing comes of it. */
  private void assertStaysAlive(Pid victim) throws Exception {
    CompletableFuture<ExitReason> reason = new CompletableFuture<>();
    CompletableFuture<Object> nothing = new CompletableFuture<>();
    CountDownLatch killed = new CountDownLatch(1);
    node.spawn(
        self -> {
          self.monitor(victim);
          self.exit(victim, ExitReason.KILL);
          killed.countDown();
          nothing.complete(self.receive(GRACE.multipliedBy(3)).isEmpty());
          reason.complete(((Down) self.receive()).reason());
        });
    assertTrue(killed.await(20, SECONDS));
    assertEquals(true, nothing.get(20, SECONDS), "it was cut off");
    assertFalse(reason.isDone());
    assertEquals(0, node.zombieCount());
  }
}
