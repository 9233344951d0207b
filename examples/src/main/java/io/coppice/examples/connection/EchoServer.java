package io.coppice.examples.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP server on threads of its own that answers each line with the same line. */
final class EchoServer implements AutoCloseable {
  private final ServerSocket listening;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

  /** Starts it on a port of this machine, 0 for any. */
  EchoServer(int port) throws IOException {
    listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("echo").start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        clients.add(client);
        if (listening.isClosed()) { // close has looked through the clients before this one came
          client.close();
        }
        Thread.ofVirtual().name("echo client").start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        client.getOutputStream().write((line + "\n").getBytes(UTF_8));
      }
    } catch (IOException gone) {
      return;
    } finally {
      clients.remove(client);
    }
  }

  /** Stops it and cuts off its clients. */
  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket client : clients) {
      client.close();
    }
  }
}
