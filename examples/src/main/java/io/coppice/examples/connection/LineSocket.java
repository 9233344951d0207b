package io.coppice.examples.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A socket over which lines are asked and answered. Used by one process at a time. */
final class LineSocket implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 1000;
  private final Socket socket;
  private final BufferedReader in;

  private LineSocket(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  static LineSocket connect(InetSocketAddress server) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(server, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return new LineSocket(socket);
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  String ask(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
    String answer = in.readLine();
    if (answer == null) {
      throw new EOFException("the server has closed the connection");
    }
    return answer;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException broken) {
      // It is of no use any more in any case.
      return;
    }
  }
}
