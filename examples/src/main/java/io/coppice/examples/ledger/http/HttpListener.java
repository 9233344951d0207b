package io.coppice.examples.ledger.http;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.supervisor.StartOutcome;
import io.coppice.supervisor.SupervisorRef;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Accepts connections and has a supervisor start a process for each. It keeps nothing about them,
 * so its own death costs no connection that was accepted.
 */
public final class HttpListener implements ProcessBody {
  private final ListeningPort port;
  private final String connections;
  private final HttpHandler handler;
  private final int connectionsMax;

  /**
   * A listener.
   *
   * @param port where
   * @param connections the name of the {@code simple_one_for_one} supervisor of the connections,
   *     whose children take a {@link Socket}
   * @param handler says 503 to those that are too many
   * @param connectionsMax how many connections at a time
   */
  public HttpListener(
      ListeningPort port, String connections, HttpHandler handler, int connectionsMax) {
    this.port = port;
    this.connections = connections;
    this.handler = handler;
    this.connectionsMax = connectionsMax;
  }

  @Override
  public void run(Context self) throws IOException {
    SupervisorRef supervisor = SupervisorRef.named(self, connections);
    try (ServerSocket server = port.open(self)) {
      while (true) {
        Socket socket = server.accept();
        if (!startConnection(supervisor, socket)) {
          turnAway(socket);
        }
      }
    }
  }

  private boolean startConnection(SupervisorRef supervisor, Socket socket) {
    try {
      return supervisor.countChildren().active() < connectionsMax
          && supervisor.startChildWith(socket) instanceof StartOutcome.Started;
    } catch (CallFailed _) {
      return false; // the supervisor is just being restarted; the client will connect again
    }
  }

  private void turnAway(Socket socket) {
    try (socket) {
      HttpError error = new HttpError(503, "this server takes no more connections just now");
      handler.refuse(error).with("Retry-After", "1").write(socket.getOutputStream(), false);
    } catch (IOException _) {
      // It did not wait for the answer.
    }
  }
}
