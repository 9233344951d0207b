package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest {
  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @DisplayName("A bad transfer is refused with a status and a reason, and changes nothing")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "malformed JSON       | k | {\"from\":\"alice\",                                | 400 | not"
            + " a JSON object",
        "two objects          | k | {} {}                                              | 400 | not"
            + " one JSON object",
        "no object            | k | [1]                                                | 400 | not"
            + " a JSON object",
        "a missing field      | k | {\"from\":\"alice\",\"amount\":1}                   | 400 |"
            + " field to is missing",
        "a negative amount    | k | {\"from\":\"alice\",\"to\":\"bob\",\"amount\":-1}   | 422 |"
            + " whole number from 1",
        "no amount at all     | k | {\"from\":\"alice\",\"to\":\"bob\",\"amount\":0}    | 422 |"
            + " whole number from 1",
        "half a cent          | k | {\"from\":\"alice\",\"to\":\"bob\",\"amount\":0.5}  | 422 |"
            + " whole number from 1",
        "an amount in quotes  | k | {\"from\":\"alice\",\"to\":\"bob\",\"amount\":\"1\"} | 422 |"
            + " whole number from 1",
        "more than there is   | k | {\"from\":\"alice\",\"to\":\"bob\",\"amount\":101}  | 422 |"
            + " overdraft",
        "an unknown payer     | k | {\"from\":\"zoe\",\"to\":\"bob\",\"amount\":1}      | 404 | no"
            + " account zoe",
        "an unknown payee     | k | {\"from\":\"alice\",\"to\":\"zoe\",\"amount\":1}    | 404 | no"
            + " account zoe",
        "a payment to oneself | k | {\"from\":\"bob\",\"to\":\"bob\",\"amount\":1}      | 400 |"
            + " same account",
        "a payer named mint   | k | {\"from\":\"mint\",\"to\":\"bob\",\"amount\":1}     | 403 |"
            + " mint",
        "a key with a slash   | a/b | {\"from\":\"alice\",\"to\":\"bob\",\"amount\":1}  | 400 |"
            + " idempotency key",
        "a used key           | old | {\"from\":\"alice\",\"to\":\"bob\",\"amount\":6}  | 409 |"
            + " key_reused",
      })
  void badTransfer(String what, String key, String body, int status, String reason)
      throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 105);
      bed.open("bob", 0);
      bed.pay("old", Bed.transfer("alice", "bob", 5));
      List<String> before = bed.rows();
      HttpResponse<String> answer = bed.pay(key, body);
      assertEquals(status, answer.statusCode(), what + ": " + answer.body());
      assertTrue(answer.body().contains(reason), answer.body());
      assertEquals(before, bed.rows());
    }
  }

  @Test
  @DisplayName(
      "An account that exists cannot be opened with another deposit, nor with a negative one")
  void badOpening() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      bed.open("alice", 100);
      List<String> before = bed.rows();
      assertEquals(409, bed.open("alice", 101).statusCode());
      assertEquals(422, bed.open("bob", -1).statusCode());
      assertEquals(400, bed.open("b o b", 1).statusCode());
      assertEquals(201, bed.open("alice", 100).statusCode());
      assertEquals(before, bed.rows());
    }
  }

  @Test
  @DisplayName("What is not there is answered with 404 or 405")
  void badPaths() throws Exception {
    try (Bed bed = Bed.start(folder)) {
      assertEquals(404, bed.get("/").statusCode());
      assertEquals(404, bed.get("/accounts/nobody").statusCode());
      assertEquals(404, bed.get("/accounts/nobody/statement").statusCode());
      assertEquals(404, bed.get("/accounts/nobody/secrets").statusCode());
      assertEquals(400, bed.get("/accounts/nobody/statement?limit=many").statusCode());
      assertEquals(405, bed.get("/transfers").statusCode());
    }
  }
}
