package io.coppice.examples.ledger.http;

import io.coppice.kernel.process.Context;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A port of the loopback interface that one listener after the other listens on.
 *
 * <p>The first socket is bound before any process runs, so that a port in use is an error of
 * whoever starts the program. A listener that is restarted binds the same port again.
 */
public final class ListeningPort {
  private static final int BACKLOG = 128;
  private static final int TRIES = 50;
  private final InetSocketAddress address;
  private final AtomicReference<@Nullable ServerSocket> first;

  private ListeningPort(ServerSocket socket) {
    this.address = (InetSocketAddress) socket.getLocalSocketAddress();
    this.first = new AtomicReference<>(socket);
  }

  /**
   * Takes a port.
   *
   * @param number the port, or 0 for any that is free
   * @return the port
   * @throws IOException if it is in use
   */
  public static ListeningPort bind(int number) throws IOException {
    try {
      return new ListeningPort(
          listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), number)));
    } catch (BindException inUse) {
      throw new IOException(
          "port " + number + " cannot be used, another program may have it", inUse);
    }
  }

  /**
   * The number of the port.
   *
   * @return 1 to 65535
   */
  public int number() {
    return address.getPort();
  }

  /** The socket for the next listener, which closes it. */
  ServerSocket open(Context self) throws IOException {
    ServerSocket bound = first.getAndSet(null);
    if (bound != null) {
      return bound;
    }
    for (int i = 1; ; i++) {
      try {
        return listen(address);
      } catch (BindException inUse) {
        if (i == TRIES) {
          throw inUse;
        }
        self.sleep(Duration.ofMillis(10)); // the last listener may just be closing it
      }
    }
  }

  private static ServerSocket listen(InetSocketAddress address) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(address, BACKLOG);
      return socket;
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  /**
   * Closes the first socket if no listener has taken it.
   *
   * @throws IOException if that fails
   */
  public void close() throws IOException {
    ServerSocket bound = first.getAndSet(null);
    if (bound != null) {
      bound.close();
    }
  }
}
