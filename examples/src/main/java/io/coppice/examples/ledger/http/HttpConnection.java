package io.coppice.examples.ledger.http;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ProcessBody;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/**
 * The process of one connection: reads a request, answers it, reads the next one.
 *
 * <p>It blocks in the socket, which costs no thread: the process waits and its scheduler goes on
 * with others. It owns the socket, so it is a blocking process and not a reactive one: its {@code
 * finally} runs however it ends, also when it is killed in the middle of a read. The client then
 * sees a closed connection, the same thing it would see if a machine had died.
 */
public final class HttpConnection implements ProcessBody {
  private static final int IDLE_MILLIS = 30_000;
  private final Socket socket;
  private final HttpHandler handler;

  /**
   * Takes over a socket.
   *
   * @param socket connected
   * @param handler answers its requests
   */
  public HttpConnection(Socket socket, HttpHandler handler) {
    this.socket = socket;
    this.handler = handler;
  }

  @Override
  public void run(Context self) throws Exception {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MILLIS);
      HttpParser parser = new HttpParser(new BufferedInputStream(socket.getInputStream()));
      while (serveOne(self, parser)) {
        self.checkpoint();
      }
    } catch (IOException _) {
      // The client hung up, or said nothing for long. Nothing to restart, nothing to report.
    }
  }

  /** Answers one request; false if it was the last one. */
  private boolean serveOne(Context self, HttpParser parser) throws IOException {
    Optional<HttpRequest> request;
    try {
      request = parser.next();
    } catch (HttpError error) {
      answer(handler.refuse(error), false); // where the next request starts is not known any more
      return false;
    }
    if (request.isEmpty()) {
      return false;
    }
    boolean keepAlive = request.get().keepAlive();
    try {
      answer(handler.handle(self, request.get()), keepAlive);
    } catch (HttpError error) {
      answer(handler.refuse(error), keepAlive);
    } catch (RuntimeException bug) {
      answer(handler.refuse(new HttpError(500, "an error of this server")), false);
      throw bug; // and crash, so that it is reported
    }
    return keepAlive;
  }

  private void answer(HttpResponse response, boolean keepAlive) throws IOException {
    response.write(socket.getOutputStream(), keepAlive);
  }
}
