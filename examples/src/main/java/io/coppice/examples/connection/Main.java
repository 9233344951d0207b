package io.coppice.examples.connection;

import io.coppice.behaviours.statem.StatemRef;
import io.coppice.kernel.Node;
import io.coppice.supervisor.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks over a connection while its server is stopped and started again. */
public final class Main {
  private Main() {}

  /**
   * Runs for about a second.
   *
   * @param arguments none
   * @throws IOException if no port can be had
   */
  public static void main(String[] arguments) throws IOException {
    EchoServer server = new EchoServer(0);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    try (Node node = Node.start()) {
      Supervisor.oneForOne()
          .child("connection", () -> new Connection(address, Duration.ofMillis(50)))
          .start(node);
      StatemRef<Connection.Message> connection = StatemRef.named(node, "connection");
      System.out.println(connection.call(new Connection.Ask("the server is up")));
      server.close();
      CompletableFuture<String> waiting =
          connection.request(new Connection.Ask("asked while it was down"));
      System.out.println("the server is down, answered: " + waiting.isDone());
      server = new EchoServer(address.getPort());
      System.out.println(waiting.join());
    }
    server.close();
  }
}
