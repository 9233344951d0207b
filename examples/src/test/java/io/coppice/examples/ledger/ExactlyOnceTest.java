package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.examples.ledger.audit.Acked;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactlyOnceTest {
  private static final Acked PAYMENT = new Acked("k1", "alice", "bob", 5);
  private static final String BODY = Bed.transfer("alice", "bob", 5);
  @TempDir Path folder;

  @Test
  @DisplayName("A transfer sent again gets the answer of the first time, word for word")
  void sameAnswer() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      bed.open("bob", 0);
      HttpResponse<String> first = bed.pay("k1", BODY);
      HttpResponse<String> second =
          bed.pay("k1", "{ \"amount\":5, \"to\":\"bob\", \"from\":\"alice\" }");
      assertEquals(201, second.statusCode());
      assertEquals(first.body(), second.body());
      assertEquals("true", second.headers().firstValue("Idempotent-Replay").orElse("missing"));
      assertTrue(bed.audit(PAYMENT).passed());
    }
  }

  @Test
  @DisplayName("A transfer sent by many at once happens once, and all get the same answer")
  void manyAtOnce() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      bed.open("bob", 0);
      List<CompletableFuture<HttpResponse<String>>> all =
          IntStream.range(0, 20).mapToObj(_ -> bed.payLater("k1", BODY)).toList();
      assertEquals(1, all.stream().map(each -> each.join().body()).distinct().count());
      assertEquals("{\"id\":\"bob\",\"balance\":5,\"entries\":1}", bed.get("/accounts/bob").body());
    }
  }

  @Test
  @DisplayName(
      "A writer killed between execute and commit has booked nothing; sent again, it is once")
  void killedInMidCommit() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      bed.open("bob", 0);
      List<String> before = bed.rows();
      bed.server().tally().layTrap();
      assertEquals(503, bed.pay("k1", BODY).statusCode());
      assertEquals(1, bed.server().tally().kills(Role.WRITER_IN_MID_COMMIT));
      assertEquals(before, bed.rows());
      Awaitility.await().until(() -> bed.pay("k1", BODY).statusCode() == 201);
      assertTrue(bed.audit(PAYMENT).passed());
    }
  }

  @Test
  @DisplayName("Transfers that arrive during a commit share the next one")
  void groupCommit() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      bed.open("bob", 0);
      int before = bed.database().commits();
      bed.database().holdCommits();
      CompletableFuture<HttpResponse<String>> first = bed.payLater("first", BODY);
      Awaitility.await().until(bed.database()::isCommitWaiting);
      List<CompletableFuture<HttpResponse<String>>> rest =
          IntStream.range(0, 10).mapToObj(i -> bed.payLater("k" + i, BODY)).toList();
      Awaitility.await()
          .until(
              () ->
                  bed.server().node().info(bed.process("writer")).orElseThrow().queueLength()
                      == 10);
      bed.database().letCommits();
      assertEquals(201, first.join().statusCode());
      rest.forEach(each -> assertEquals(201, each.join().statusCode()));
      assertEquals(2, bed.database().commits() - before);
    }
  }
}
