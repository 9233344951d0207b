package io.coppice.examples.ledger.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One client's connection: connects when it is needed, and again when it was lost. */
final class ClientSocket implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 6000;
  private final int port;
  private @Nullable Socket socket;
  private InputStream in = InputStream.nullInputStream();

  /** An answer; {@code retryAfter} in seconds, 0 if there was no such header. */
  record Response(int status, int retryAfter, String body) {}

  ClientSocket(int port) {
    this.port = port;
  }

  /** Sends a request and reads the answer. After an exception the connection is a new one. */
  Response exchange(String method, String path, String headers, String body) throws IOException {
    try {
      byte[] content = body.getBytes(StandardCharsets.UTF_8);
      String head =
          method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: ";
      Socket open = connected();
      open.getOutputStream()
          .write((head + content.length + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
      return read();
    } catch (IOException lost) {
      close();
      throw lost;
    }
  }

  private Socket connected() throws IOException {
    Socket open = socket;
    if (open == null) {
      open = new Socket();
      socket = open;
      open.setTcpNoDelay(true);
      open.setSoTimeout(TIMEOUT_MILLIS);
      open.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      in = new BufferedInputStream(open.getInputStream());
    }
    return open;
  }

  private Response read() throws IOException {
    String start = line();
    if (start.length() < 12 || !start.startsWith("HTTP/1.1 ")) {
      throw new IOException("this is no answer: " + start);
    }
    int length = 0;
    int retryAfter = 0;
    boolean last = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length: ")) {
        length = Integer.parseInt(header.substring(16));
      } else if (header.startsWith("retry-after: ")) {
        retryAfter = Integer.parseInt(header.substring(13));
      } else if (header.equals("connection: close")) {
        last = true;
      }
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    if (last) {
      close();
    }
    return new Response(Integer.parseInt(start.substring(9, 12)), retryAfter, body);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server hung up");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    Socket open = socket;
    socket = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    }
  }
}
