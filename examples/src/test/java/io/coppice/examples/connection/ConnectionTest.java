package io.coppice.examples.connection;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.coppice.behaviours.statem.StateAndData;
import io.coppice.behaviours.statem.StatemRef;
import io.coppice.examples.connection.Connection.Ask;
import io.coppice.examples.connection.Connection.Link;
import io.coppice.examples.connection.Connection.Message;
import io.coppice.kernel.Node;
import io.coppice.supervisor.Supervisor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private static StatemRef<Message> start(Node node, int port) {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Supervisor.oneForOne().child("connection", () -> new Connection(server, PAUSE)).start(node);
    return StatemRef.named(node, "connection");
  }

  private static int failures(StatemRef<Message> connection) {
    return connection.sys().getState() instanceof StateAndData<?, ?>(var state, Link.None(int n))
        ? n
        : 0;
  }

  @Test
  @DisplayName("a server that is stopped and started three times answers each request, if late")
  void stoppedAndStarted() throws Exception {
    EchoServer server = new EchoServer(0);
    int port = server.port();
    try (Node node = Node.start()) {
      StatemRef<Message> connection = start(node, port);
      assertEquals("first", connection.call(new Ask("first"), Duration.ofSeconds(20)));
      for (int round = 0; round < 3; round++) {
        server.close();
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          waiting.add(connection.request(new Ask("request " + i)));
        }
        await().atMost(20, SECONDS).until(() -> failures(connection) > 1);
        assertFalse(waiting.getFirst().isDone());
        server = new EchoServer(port);
        for (int i = 0; i < 5; i++) {
          assertEquals("request " + i, waiting.get(i).get(20, SECONDS));
        }
      }
    } finally {
      server.close();
    }
  }

  @Test
  @DisplayName("a connection that waits for its server stops at once with its supervisor")
  void stopsWhileDown() throws Exception {
    int port;
    try (EchoServer server = new EchoServer(0)) {
      port = server.port();
    }
    CompletableFuture<String> never;
    try (Node node = Node.start()) {
      StatemRef<Message> connection = start(node, port);
      never = connection.request(new Ask("never"));
      await().atMost(20, SECONDS).until(() -> failures(connection) > 1);
    }
    await().atMost(20, SECONDS).until(never::isCompletedExceptionally);
  }
}
