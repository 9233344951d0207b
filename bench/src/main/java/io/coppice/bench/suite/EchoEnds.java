package io.coppice.bench.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;

/** The two ends of a connection of tcp_echo, with the JDK's blocking streams: for any thread. */
public final class EchoEnds {
  private static final int BYTES = 64;

  private EchoEnds() {}

  /**
   * Sends back what comes, until the other end closes.
   *
   * @param accepted the connection; closed in the end
   * @throws IOException if it breaks
   */
  public static void serve(Socket accepted) throws IOException {
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

  /**
   * Sends something, and checks that it comes back, again and again.
   *
   * @param port of the server, on this machine
   * @param trips how often
   * @param seed no two clients should send the same
   * @throws IOException if the connection breaks
   */
  public static void ask(int port, int trips, byte seed) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] sent = new byte[BYTES];
      byte[] got = new byte[BYTES];
      for (int i = 0; i < trips; i++) {
        Arrays.fill(sent, (byte) (seed + i));
        out.write(sent);
        Run.same(BYTES, in.readNBytes(got, 0, BYTES), "the bytes that came back");
        Run.check(Arrays.equals(sent, got), "the echo should be what was sent", got[0]);
      }
    }
  }
}
