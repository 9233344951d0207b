package io.coppice.examples.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** Reads one byte of each client, and sends it back when it is told to. */
final class LateEcho implements AutoCloseable {
  private final ServerSocket listening =
      new ServerSocket(0, Crowd.SIZE, InetAddress.getLoopbackAddress());
  private final CountDownLatch arrived = new CountDownLatch(Crowd.SIZE);
  private final CountDownLatch gate = new CountDownLatch(1);

  LateEcho() throws IOException {
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(Socket client) {
    try (client) {
      int number = client.getInputStream().read();
      arrived.countDown();
      gate.await();
      client.getOutputStream().write(number);
    } catch (IOException | InterruptedException gone) {
      return; // the one that was killed
    }
  }

  void awaitAll() throws InterruptedException {
    assertTrue(arrived.await(20, SECONDS));
  }

  void answer() {
    gate.countDown();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
