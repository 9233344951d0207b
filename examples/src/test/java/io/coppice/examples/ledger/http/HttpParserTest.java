package io.coppice.examples.ledger.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpParserTest {
  private static HttpParser parser(String text) {
    return new HttpParser(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  @DisplayName("Requests that follow each other on one connection are read one by one")
  void pipelined() throws Exception {
    HttpParser parser =
        parser(
            "POST /a/b?limit=3 HTTP/1.1\r\nHost: x\r\ncontent-length: 2\r\n\r\nhi"
                + "GET / HTTP/1.0\r\n\r\n");
    HttpRequest first = parser.next().orElseThrow();
    assertEquals(List.of("a", "b"), first.path());
    assertEquals(Optional.of("3"), first.query("limit"));
    assertEquals(Optional.of("x"), first.header("HOST"));
    assertEquals("hi", first.body());
    assertTrue(first.keepAlive());
    assertEquals(false, parser.next().orElseThrow().keepAlive());
    assertEquals(Optional.empty(), parser.next());
  }

  @ParameterizedTest
  @DisplayName("What is not understood is refused, and nothing is guessed")
  @CsvSource({
    "'nonsense\r\n\r\n', 400",
    "'get / HTTP/1.1\r\n\r\n', 400",
    "'GET nowhere HTTP/1.1\r\n\r\n', 400",
    "'GET / HTTP/2\r\n\r\n', 505",
    "'GET / HTTP/1.1\r\nno colon\r\n\r\n', 400",
    "'GET / HTTP/1.1\r\nHost : x\r\n\r\n', 400",
    "'POST / HTTP/1.1\r\nContent-Length: two\r\n\r\n', 400",
    "'POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!', 400",
    "'POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n', 413",
    "'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', 411",
  })
  void refused(String text, int status) {
    assertEquals(status, assertThrows(HttpError.class, () -> parser(text).next()).status());
  }

  @Test
  @DisplayName("A head without end is cut off at its limit")
  void endlessHead() {
    String text = "GET / HTTP/1.1\r\nX: " + "x".repeat(HttpParser.HEAD_MAX);
    assertEquals(431, assertThrows(HttpError.class, () -> parser(text).next()).status());
  }

  @Test
  @DisplayName("A client that hangs up in the middle of a request is no request")
  void hangsUp() {
    assertThrows(EOFException.class, () -> parser("GET / HT").next());
    assertThrows(
        EOFException.class, () -> parser("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhi").next());
  }
}
