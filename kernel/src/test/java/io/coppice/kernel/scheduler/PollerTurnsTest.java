package io.coppice.kernel.scheduler;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.AtBound;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.process.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where the JDK's socket pollers run, and that nobody's sockets wait for it. */
@NeedsOpenJdk("why: else the pollers are the JDK's alone")
class PollerTurnsTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int ROUNDS = 50;

  /** Nobody helps schedulers that are stuck. */
  private static final NodeOptions ALONE =
      NodeOptions.DEFAULT.withSchedulers(2).withExtraSchedulers(0).withAtBound(AtBound.ALARM_ONLY);

  @Test
  @DisplayName("a poller that wakes processes runs on their schedulers, until their node is closed")
  void home() throws Exception {
    try (Node node = Node.start()) {
      await("a poller has moved").atMost(LONG).until(() -> echoes(node) && Pollers.ALL.hasHome());
    }
    assertFalse(Pollers.ALL.hasHome());
    assertEquals(ROUNDS, elsewhere().get(20, SECONDS), "answers, after the node was closed");
  }

  @Test
  @DisplayName("a poller that wakes other virtual threads only goes back to the JDK's scheduler")
  void away() {
    try (Node node = Node.start()) {
      await("it has moved").atMost(LONG).until(() -> echoes(node) && Pollers.ALL.hasHome());
      await("it went back")
          .atMost(LONG)
          .until(() -> elsewhere().get(20, SECONDS) == ROUNDS && !Pollers.ALL.hasHome());
      await("it moves again").atMost(LONG).until(() -> echoes(node) && Pollers.ALL.hasHome());
    }
  }

  @Test
  @DisplayName("processes that never end their turn do not keep anybody's sockets waiting")
  void hogs() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    CountDownLatch busy = new CountDownLatch(2);
    try (Node node = Node.start(ALONE)) {
      await("it has moved").atMost(LONG).until(() -> echoes(node) && Pollers.ALL.hasHome());
      for (int i = 0; i < 2; i++) {
        node.spawn(
            self -> {
              busy.countDown();
              while (!enough.get()) {
                Thread.onSpinWait();
              }
            });
      }
      try {
        assertTrue(busy.await(20, SECONDS));
        assertEquals(ROUNDS, elsewhere().get(20, SECONDS));
      } finally {
        enough.set(true);
      }
    }
  }

  @Test
  @DisplayName("two nodes whose processes answer each other through sockets share the pollers")
  void twoNodes() throws Exception {
    try (Node one = Node.start();
        Node two = Node.start()) {
      for (int i = 0; i < 10; i++) {
        assertEquals(ROUNDS, between(one, two).get(20, SECONDS));
        assertEquals(ROUNDS, between(two, one).get(20, SECONDS));
      }
    }
  }

  private static boolean echoes(Node node) throws Exception {
    return between(node, node).get(20, SECONDS) == ROUNDS;
  }

  private static CompletableFuture<Integer> between(Node asks, Node answers) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    CompletableFuture<Integer> done = new CompletableFuture<>();
    answers.spawn(self -> answer(server));
    asks.spawn((Context self) -> done.complete(ask(server)));
    return done;
  }

  private static Future<Integer> elsewhere() throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    CompletableFuture<Integer> done = new CompletableFuture<>();
    Thread.startVirtualThread(() -> answer(server));
    Thread.startVirtualThread(() -> done.complete(ask(server)));
    return done;
  }

  private static void answer(ServerSocket server) {
    try (server;
        Socket socket = server.accept()) {
      for (int value = socket.getInputStream().read(); value >= 0; ) {
        socket.getOutputStream().write(value);
        value = socket.getInputStream().read();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int ask(ServerSocket server) {
    int answers = 0;
    try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      for (int i = 0; i < ROUNDS; i++) {
        socket.getOutputStream().write(i);
        answers += socket.getInputStream().read() == i ? 1 : 0;
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return answers;
  }
}
