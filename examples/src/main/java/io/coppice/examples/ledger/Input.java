package io.coppice.examples.ledger;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.jr.ob.JSON;
import io.coppice.examples.ledger.books.Booking.Opening;
import io.coppice.examples.ledger.books.Booking.Transfer;
import io.coppice.examples.ledger.books.Schema;
import io.coppice.examples.ledger.http.HttpError;
import io.coppice.examples.ledger.http.HttpRequest;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Turns what clients send into what can be booked, or into an error that says what is wrong.
 *
 * <p>All checks that need no database are here, so a bad request never reaches a process.
 */
final class Input {
  private static final long AMOUNT_MAX = 1_000_000_000_000L;
  private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9._-]{1,40}");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:-]{1,80}");
  private final Map<String, Object> fields;

  private Input(Map<String, Object> fields) {
    this.fields = fields;
  }

  static Transfer transfer(HttpRequest request) throws HttpError {
    Input input = parse(request.body());
    String key =
        request.header("idempotency-key").isPresent()
            ? request.header("idempotency-key").get()
            : input.text("idempotency_key");
    if (!KEY.matcher(key).matches()) {
      throw new HttpError(
          400, "the idempotency key is not 1 to 80 letters, digits or any of . _ : -");
    }
    String from = input.accountIn("from");
    String to = input.accountIn("to");
    if (from.equals(to)) {
      throw new HttpError(400, "from and to are the same account");
    }
    return new Transfer(key, from, to, input.amount("amount", 1));
  }

  static Opening opening(HttpRequest request) throws HttpError {
    Input input = parse(request.body());
    return new Opening(input.accountIn("id"), input.amount("deposit", 0));
  }

  static String account(String id) throws HttpError {
    if (!ACCOUNT.matcher(id).matches()) {
      throw new HttpError(400, "an account id is 1 to 40 letters, digits or any of . _ -");
    }
    return id;
  }

  static int limit(HttpRequest request) throws HttpError {
    String text = request.query("limit").orElse("20");
    if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1) {
      throw new HttpError(400, "limit is not a number from 1 to 9999");
    }
    return Integer.parseInt(text);
  }

  private static Input parse(String body) throws HttpError {
    try (JsonParser parser = JSON.std.createParser(body)) {
      Map<String, Object> fields = JSON.std.mapFrom(parser);
      if (fields == null || parser.nextToken() != null) {
        throw new HttpError(400, "the body is not one JSON object");
      }
      return new Input(fields);
    } catch (IOException malformed) {
      throw new HttpError(400, "the body is not a JSON object: " + firstLine(malformed));
    }
  }

  private static String firstLine(IOException error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
  }

  private String text(String name) throws HttpError {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw new HttpError(
        400,
        name.equals("idempotency_key")
            ? "send the header Idempotency-Key, so that the transfer can be sent again"
            : "the field " + name + " is missing or no text");
  }

  private String accountIn(String field) throws HttpError {
    String id = account(text(field));
    if (id.equals(Schema.MINT)) {
      throw new HttpError(403, "the mint is not for clients");
    }
    return id;
  }

  private long amount(String name, long least) throws HttpError {
    if (fields.get(name) instanceof Number number
        && (number instanceof Integer || number instanceof Long)
        && number.longValue() >= least
        && number.longValue() <= AMOUNT_MAX) {
      return number.longValue();
    }
    throw new HttpError(
        422, "the field " + name + " is not a whole number from " + least + " to " + AMOUNT_MAX);
  }
}
