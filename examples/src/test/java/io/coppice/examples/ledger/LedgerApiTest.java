package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerApiTest {
  @TempDir Path folder;

  @Test
  @DisplayName("Accounts are opened, money moves, and balances and statements say so")
  void theWholeInterface() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      assertEquals("{\"id\":\"alice\",\"deposit\":100}", bed.open("alice", 100).body());
      assertEquals(201, bed.open("bob", 0).statusCode());
      HttpResponse<String> paid = bed.pay("k1", Bed.transfer("alice", "bob", 30));
      assertEquals(201, paid.statusCode());
      assertTrue(
          paid.body()
              .startsWith("{\"transfer\":\"k1\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":30,"),
          paid.body());
      assertEquals(
          "{\"id\":\"alice\",\"balance\":70,\"entries\":2}", bed.get("/accounts/alice").body());
      assertEquals(
          "{\"id\":\"bob\",\"balance\":30,\"entries\":1}", bed.get("/accounts/bob").body());
      assertEquals(
          "{\"id\":\"alice\",\"newest_first\":["
              + "{\"entry\":2,\"transfer\":\"k1\",\"amount\":-30,\"balance\":70},"
              + "{\"entry\":1,\"transfer\":\"open/alice\",\"amount\":100,\"balance\":100}]}",
          bed.get("/accounts/alice/statement?limit=5").body());
      assertEquals(
          "{\"status\":\"up\",\"writer\":true,\"reader\":true}", bed.get("/health").body());
      assertTrue(bed.audit().passed());
    }
  }

  @Test
  @DisplayName(
      "A balance read after an acknowledged transfer includes it, however often it was read")
  void readsWhatWasWritten() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 1000);
      bed.open("bob", 0);
      for (int i = 1; i <= 50; i++) {
        bed.pay("k" + i, Bed.transfer("alice", "bob", 1));
        assertEquals(
            "{\"id\":\"bob\",\"balance\":%d,\"entries\":%d}".formatted(i, i),
            bed.get("/accounts/bob").body());
      }
    }
  }

  @Test
  @DisplayName("An account that is killed comes back with the balance the database has")
  void accountComesBack() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      String before = bed.get("/accounts/alice").body();
      bed.kill("account/alice");
      Awaitility.await().until(() -> bed.get("/accounts/alice").statusCode() == 200);
      assertEquals(before, bed.get("/accounts/alice").body());
    }
  }

  @Test
  @DisplayName("An account that nobody asks for ends by itself, and is started when somebody does")
  void accountsRest() throws Exception {
    try (Bed bed = Bed.start(folder, options -> options.accountRest(Duration.ofMillis(200)))) {
      bed.open("alice", 100);
      String before = bed.get("/accounts/alice").body();
      Awaitility.await().until(() -> bed.server().node().whereis("account/alice").isEmpty());
      assertEquals(before, bed.get("/accounts/alice").body());
      assertEquals(0, bed.server().incidents().crashes());
    }
  }

  @Test
  @DisplayName("An account nobody has leaves no process behind when it is asked for")
  void imaginaryAccounts() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      assertEquals(404, bed.get("/accounts/nobody").statusCode());
      assertEquals(404, bed.pay("k", Bed.transfer("nobody", "alice", 1)).statusCode());
      Awaitility.await().until(() -> bed.server().node().whereis("account/nobody").isEmpty());
    }
  }

  @Test
  @DisplayName(
      "Each part of the tree is replaced when it is killed, and the ledger goes on serving")
  void everyPartIsReplaced() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      for (String name :
          new String[] {
            "writer",
            "reader",
            "registry",
            "listener",
            "database",
            "accounts",
            "connections",
            "http"
          }) {
        bed.kill(name);
        Awaitility.await()
            .ignoreExceptions()
            .until(() -> bed.get("/accounts/alice").statusCode() == 200);
        Awaitility.await()
            .ignoreExceptions()
            .until(() -> bed.open("bob-" + name, 0).statusCode() == 201);
      }
    }
  }

  @Test
  @DisplayName("After close there is no process and no timer left, and the port is free")
  void nothingIsLeft() throws Exception {
    Bed bed = Bed.start(folder);
    int port = bed.server().port();
    try (bed) {
      bed.open("alice", 100);
      bed.get("/accounts/alice");
    }
    assertEquals(0, bed.server().node().processCount());
    assertEquals(0, bed.server().node().timerCount());
    Bed.start(folder, options -> options.port(port)).close();
  }
}
