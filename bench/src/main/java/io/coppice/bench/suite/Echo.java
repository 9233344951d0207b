package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/** Sockets: a process for each end of each connection, written with the JDK's blocking streams. */
final class Echo {
  private static final int BYTES = 64;

  private Echo() {}

  static List<Workload> all() {
    return List.of(Workload.of("tcp_echo", Echo::run));
  }

  private static void run(Context driver, Run run) throws IOException {
    int connections = run.size(200);
    int trips = run.size(500);
    try (ServerSocket listener =
        new ServerSocket(0, connections, InetAddress.getLoopbackAddress())) {
      Boss.Watched watched = new Boss.Watched();
      watched.add(driver.spawnMonitor(self -> accept(self, listener, connections)));
      for (int i = 0; i < connections; i++) {
        byte seed = (byte) i;
        watched.add(driver.spawnMonitor(self -> client(listener.getLocalPort(), trips, seed)));
      }
      watched.await(driver);
    }
  }

  private static void accept(Context self, ServerSocket listener, int connections)
      throws IOException {
    for (int i = 0; i < connections; i++) {
      Socket socket = listener.accept();
      self.spawn(connection -> serve(socket));
    }
  }

  private static void serve(Socket accepted) throws IOException {
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

  private static void client(int port, int trips, byte seed) throws IOException {
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
