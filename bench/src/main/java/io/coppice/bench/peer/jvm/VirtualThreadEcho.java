package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.JvmPeer.check;
import static io.coppice.bench.peer.jvm.JvmPeer.spawn;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** tcp_echo with a virtual thread for each end of each connection. */
final class VirtualThreadEcho {
  private static final int BYTES = 64;

  private VirtualThreadEcho() {}

  static void run(int connections, int trips) throws Exception {
    CountDownLatch done = new CountDownLatch(connections);
    try (ServerSocket listener =
        new ServerSocket(0, connections, InetAddress.getLoopbackAddress())) {
      Thread acceptor =
          spawn(
              () -> {
                for (int i = 0; i < connections; i++) {
                  Socket socket = listener.accept();
                  spawn(() -> serve(socket));
                }
              });
      for (int i = 0; i < connections; i++) {
        byte seed = (byte) i;
        spawn(
            () -> {
              client(listener.getLocalPort(), trips, seed);
              done.countDown();
            });
      }
      done.await();
      acceptor.join();
    }
  }

  private static void serve(Socket accepted) throws Exception {
    try (Socket socket = accepted) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] bytes = new byte[BYTES];
      while (in.readNBytes(bytes, 0, BYTES) == BYTES) {
        out.write(bytes);
      }
    }
  }

  private static void client(int port, int trips, byte seed) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] sent = new byte[BYTES];
      byte[] got = new byte[BYTES];
      for (int i = 0; i < trips; i++) {
        Arrays.fill(sent, (byte) (seed + i));
        out.write(sent);
        check(in.readNBytes(got, 0, BYTES) == BYTES && Arrays.equals(sent, got), "the echo");
      }
    }
  }
}
