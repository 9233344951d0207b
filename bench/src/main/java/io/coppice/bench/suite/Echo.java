package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** Sockets: a process for each end of each connection, written with the JDK's blocking streams. */
final class Echo {
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
        watched.add(
            driver.spawnMonitor(self -> EchoEnds.ask(listener.getLocalPort(), trips, seed)));
      }
      watched.await(driver);
    }
  }

  private static void accept(Context self, ServerSocket listener, int connections)
      throws IOException {
    for (int i = 0; i < connections; i++) {
      Socket socket = listener.accept();
      self.spawn(connection -> EchoEnds.serve(socket));
    }
  }
}
