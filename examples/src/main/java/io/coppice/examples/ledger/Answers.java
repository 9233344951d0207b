package io.coppice.examples.ledger;

import com.fasterxml.jackson.jr.ob.JSON;
import io.coppice.examples.ledger.books.NotNow;
import io.coppice.examples.ledger.books.Question.Balance;
import io.coppice.examples.ledger.books.Question.Line;
import io.coppice.examples.ledger.books.Verdict;
import io.coppice.examples.ledger.books.Verdict.Booked;
import io.coppice.examples.ledger.books.Verdict.Opened;
import io.coppice.examples.ledger.books.Verdict.Refusal;
import io.coppice.examples.ledger.books.Verdict.Refused;
import io.coppice.examples.ledger.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verdicts and balances as HTTP answers. */
final class Answers {
  private Answers() {}

  /** The same for a transfer that is booked now and for one that was booked before. */
  static HttpResponse verdict(Verdict verdict) {
    return switch (verdict) {
      case Booked(var transfer, long at, boolean replayed) ->
          created(
              replayed,
              object(
                  "transfer", transfer.key(),
                  "from", transfer.from(),
                  "to", transfer.to(),
                  "amount", transfer.amount(),
                  "booked_at", at));
      case Opened(String account, long deposit, boolean replayed) ->
          created(replayed, object("id", account, "deposit", deposit));
      case Refused(Refusal reason, String message) ->
          error(status(reason), reason.name().toLowerCase(Locale.ROOT), message);
      case NotNow(String why) -> askAgain(1, "unavailable", why);
    };
  }

  private static int status(Refusal reason) {
    return switch (reason) {
      case UNKNOWN_ACCOUNT -> 404;
      case OVERDRAFT -> 422;
      case KEY_REUSED, ACCOUNT_EXISTS -> 409;
    };
  }

  private static HttpResponse created(boolean replayed, Map<String, Object> body) {
    HttpResponse response = HttpResponse.of(201, json(body));
    return replayed ? response.with("Idempotent-Replay", "true") : response;
  }

  static HttpResponse balance(String account, Optional<Balance> balance) {
    return balance
        .map(b -> ok(object("id", account, "balance", b.amount(), "entries", b.seq())))
        .orElseGet(() -> unknown(account));
  }

  static HttpResponse statement(String account, Optional<List<Line>> lines) {
    if (lines.isEmpty()) {
      return unknown(account);
    }
    List<Object> entries = new ArrayList<>();
    for (Line line : lines.get()) {
      entries.add(
          object(
              "entry", line.seq(),
              "transfer", line.key(),
              "amount", line.amount(),
              "balance", line.balance()));
    }
    return ok(object("id", account, "newest_first", entries));
  }

  static HttpResponse health(boolean writer, boolean reader) {
    String body =
        json(
            object("status", writer && reader ? "up" : "down", "writer", writer, "reader", reader));
    return writer && reader
        ? HttpResponse.of(200, body)
        : HttpResponse.of(503, body).with("Retry-After", "1");
  }

  static HttpResponse error(int status, String error, @Nullable String message) {
    return HttpResponse.of(
        status, json(object("error", error, "message", String.valueOf(message))));
  }

  static HttpResponse askAgain(int seconds, String error, @Nullable String message) {
    return error(503, error, message).with("Retry-After", Integer.toString(seconds));
  }

  private static HttpResponse unknown(String account) {
    return error(404, "unknown_account", "there is no account " + account);
  }

  private static HttpResponse ok(Map<String, Object> body) {
    return HttpResponse.of(200, json(body));
  }

  private static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  private static String json(Map<String, Object> object) {
    try {
      return JSON.std.asString(object);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
