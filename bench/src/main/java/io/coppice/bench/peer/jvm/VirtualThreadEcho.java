package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.JvmPeer.spawn;

import io.coppice.bench.suite.EchoEnds;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** tcp_echo with a virtual thread for each end of each connection. */
final class VirtualThreadEcho {
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
                  spawn(() -> EchoEnds.serve(socket));
                }
              });
      for (int i = 0; i < connections; i++) {
        byte seed = (byte) i;
        spawn(
            () -> {
              EchoEnds.ask(listener.getLocalPort(), trips, seed);
              done.countDown();
            });
      }
      done.await();
      acceptor.join();
    }
  }
}
