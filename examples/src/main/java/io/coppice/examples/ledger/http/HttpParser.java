package io.coppice.examples.ledger.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads requests from a stream (RFC 9112, as much of it as a JSON API needs).
 *
 * <p>Everything is bounded, and whatever is not understood is refused rather than guessed: a second
 * {@code Content-Length}, a chunked body, a blank before a colon. Guessing is how requests get
 * smuggled past a proxy.
 */
final class HttpParser {
  static final int HEAD_MAX = 8 * 1024;
  static final int BODY_MAX = 64 * 1024;
  private final InputStream in;
  private int headLeft;

  HttpParser(InputStream in) {
    this.in = in;
  }

  /** The next request, or empty if the client has closed the connection between two of them. */
  Optional<HttpRequest> next() throws IOException, HttpError {
    headLeft = HEAD_MAX;
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    List<String> start = List.of(line((char) first).split(" ", -1));
    if (start.size() != 3 || !start.get(0).matches("[A-Z]+") || !start.get(1).startsWith("/")) {
      throw new HttpError(400, "the request line is not 'METHOD /path HTTP/1.1'");
    }
    if (!start.get(2).matches("HTTP/1\\.[01]")) {
      throw new HttpError(505, "this server speaks HTTP/1.1, not " + start.get(2));
    }
    Map<String, String> headers = headers();
    String body = body(headers);
    return Optional.of(new HttpRequest(start.get(0), start.get(1), start.get(2), headers, body));
  }

  private Map<String, String> headers() throws IOException, HttpError {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || line.charAt(colon - 1) == ' ' || line.charAt(0) == ' ') {
        throw new HttpError(400, "a header line is not 'Name: value'");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      // A list, as the RFC has it; two lengths or two keys then fail where they are read.
      headers.merge(name, line.substring(colon + 1).strip(), (one, two) -> one + ", " + two);
    }
    return headers;
  }

  private String body(Map<String, String> headers) throws IOException, HttpError {
    if (headers.containsKey("transfer-encoding")) {
      throw new HttpError(411, "send the body with a Content-Length, not in chunks");
    }
    String length = headers.get("content-length");
    if (length == null) {
      return "";
    }
    if (!length.matches("[0-9]{1,9}")) {
      throw new HttpError(400, "the Content-Length is not a number");
    }
    int size = Integer.parseInt(length);
    if (size > BODY_MAX) {
      throw new HttpError(413, "the body has " + size + " bytes, allowed are " + BODY_MAX);
    }
    byte[] body = in.readNBytes(size);
    if (body.length < size) {
      throw new EOFException("the client hung up in the middle of a request");
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private String line(char first) throws IOException, HttpError {
    String rest = first == '\n' ? "" : line();
    return first == '\r' || first == '\n' ? rest : first + rest;
  }

  private String line() throws IOException, HttpError {
    StringBuilder line = new StringBuilder(80);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the client hung up in the middle of a request");
      }
      if (--headLeft < 0) {
        throw new HttpError(431, "the head of the request is longer than " + HEAD_MAX + " bytes");
      }
      line.append((char) c);
    }
    int last = line.length() - 1;
    return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
  }
}
