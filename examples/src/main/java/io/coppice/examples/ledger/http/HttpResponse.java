package io.coppice.examples.ledger.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One answer, whose body is JSON.
 *
 * @param status the HTTP status
 * @param headers beyond those that every answer has
 * @param body the JSON text
 */
public record HttpResponse(int status, Map<String, String> headers, String body) {
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(201, "Created"),
          Map.entry(400, "Bad Request"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(409, "Conflict"),
          Map.entry(411, "Length Required"),
          Map.entry(413, "Content Too Large"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(505, "HTTP Version Not Supported"));

  /**
   * An answer without further headers.
   *
   * @param status the HTTP status
   * @param body the JSON text
   * @return the answer
   */
  public static HttpResponse of(int status, String body) {
    return new HttpResponse(status, Map.of(), body);
  }

  /**
   * Adds a header.
   *
   * @param name its name
   * @param value its value
   * @return a changed copy
   */
  public HttpResponse with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpResponse(status, more, body);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Writes head and body at once, so that they leave in one packet. */
  void write(OutputStream out, boolean keepAlive) throws IOException {
    StringBuilder head = new StringBuilder(160);
    head.append("HTTP/1.1 ").append(status).append(' ');
    head.append(REASONS.getOrDefault(status, "Unknown"));
    head.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(bytes(body));
    head.append("\r\nConnection: ").append(keepAlive ? "keep-alive" : "close");
    headers.forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    head.append("\r\n\r\n");
    out.write(head.append(body).toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
