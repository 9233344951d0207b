package io.coppice.examples.ledger.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request.
 *
 * @param method in capitals
 * @param target path and query, as sent
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param headers by name in small letters
 * @param body UTF-8, empty if there is none
 */
public record HttpRequest(
    String method, String target, String version, Map<String, String> headers, String body) {
  /**
   * A header.
   *
   * @param name in any case
   * @return its value without blanks around it
   */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * The parts of the path between slashes.
   *
   * @return {@code [accounts, alice]} for {@code /accounts/alice?limit=2}
   */
  public List<String> path() {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    return List.of(path.substring(1).split("/", -1));
  }

  /**
   * A parameter of the query.
   *
   * @param name its name
   * @return its value as sent, without decoding
   */
  public Optional<String> query(String name) {
    int start = target.indexOf('?');
    if (start >= 0) {
      for (String part : List.of(target.substring(start + 1).split("&", -1))) {
        if (part.startsWith(name + "=")) {
          return Optional.of(part.substring(name.length() + 1));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the client wants to send another request on this connection.
   *
   * @return true by default for HTTP/1.1, false by default for HTTP/1.0
   */
  public boolean keepAlive() {
    String connection = header("connection").orElse("").toLowerCase(Locale.ROOT);
    return version.equals("HTTP/1.1")
        ? !connection.equals("close")
        : connection.equals("keep-alive");
  }
}
