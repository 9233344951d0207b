package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Pid;
import io.coppice.supervisor.SupervisorRef;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {
  @TempDir Path folder;

  @Test
  @DisplayName(
      "While the database is away clients get 503 with Retry-After; when it is back all goes on")
  void databaseGoesAway() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      bed.open("bob", 0);
      Pid writer = bed.process("writer");
      bed.database().away(true);
      HttpResponse<String> lost = bed.pay("k1", Bed.transfer("alice", "bob", 5));
      HttpResponse<String> refused = bed.pay("k1", Bed.transfer("alice", "bob", 5));
      assertEquals(503, lost.statusCode());
      assertEquals(503, refused.statusCode());
      assertEquals("1", refused.headers().firstValue("Retry-After").orElse("missing"));
      assertTrue(refused.body().contains("taken away by the test"), refused.body());
      assertEquals(503, bed.get("/health").statusCode());
      bed.database().away(false);
      Awaitility.await()
          .until(() -> bed.pay("k1", Bed.transfer("alice", "bob", 5)).statusCode() == 201);
      assertEquals(200, bed.get("/health").statusCode());
      assertEquals(writer, bed.process("writer"), "an outage is no reason to crash");
      assertEquals("{\"id\":\"bob\",\"balance\":5,\"entries\":1}", bed.get("/accounts/bob").body());
    }
  }

  @Test
  @DisplayName("When the writer's queue is full further transfers get 503 at once, and are counted")
  void queueIsFull() throws Exception {
    try (Bed bed = Bed.start(folder, options -> options.writesMax(2))) {
      bed.open("alice", 100);
      bed.open("bob", 0);
      bed.database().holdCommits();
      CompletableFuture<HttpResponse<String>> first =
          bed.payLater("k1", Bed.transfer("alice", "bob", 1));
      Awaitility.await().until(bed.database()::isCommitWaiting);
      CompletableFuture<HttpResponse<String>> second =
          bed.payLater("k2", Bed.transfer("alice", "bob", 1));
      Awaitility.await()
          .until(
              () ->
                  bed.server().node().info(bed.process("writer")).orElseThrow().queueLength() > 0);
      HttpResponse<String> third = bed.pay("k3", Bed.transfer("alice", "bob", 1));
      assertEquals(503, third.statusCode());
      assertTrue(third.body().contains("\"busy\""), third.body());
      assertEquals("1", third.headers().firstValue("Retry-After").orElse("missing"));
      assertEquals(1, bed.server().turnedAway());
      bed.database().letCommits();
      assertEquals(201, first.join().statusCode());
      assertEquals(201, second.join().statusCode());
    }
  }

  @Test
  @DisplayName(
      "A connection too many is answered with 503, and there is room again when one is closed")
  void tooManyConnections() throws Exception {
    try (Bed bed = Bed.start(folder, options -> options.connectionsMax(1))) {
      InetAddress here = InetAddress.getLoopbackAddress();
      try (Socket first = new Socket(here, bed.server().port())) {
        Awaitility.await().until(() -> connections(bed) == 1);
        try (Socket second = new Socket(here, bed.server().port())) {
          String answer =
              new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
          assertTrue(answer.contains("Retry-After: 1"), answer);
        }
        assertTrue(first.isConnected());
      }
      Awaitility.await().until(() -> connections(bed) == 0);
      assertEquals(200, bed.get("/health").statusCode());
    }
  }

  private static int connections(Bed bed) {
    return SupervisorRef.named(bed.server().node(), "connections").countChildren().active();
  }
}
