package io.coppice.examples.ledger;

import io.coppice.behaviours.Address;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.examples.ledger.AccountMessage.GetBalance;
import io.coppice.examples.ledger.AccountMessage.Pay;
import io.coppice.examples.ledger.Registry.Locate;
import io.coppice.examples.ledger.books.Booking;
import io.coppice.examples.ledger.books.Booking.Opening;
import io.coppice.examples.ledger.books.Booking.Transfer;
import io.coppice.examples.ledger.books.NotNow;
import io.coppice.examples.ledger.books.Question;
import io.coppice.examples.ledger.books.Question.BalanceIs;
import io.coppice.examples.ledger.books.Question.StatementIs;
import io.coppice.examples.ledger.books.Question.StatementOf;
import io.coppice.examples.ledger.books.Verdict;
import io.coppice.examples.ledger.http.HttpError;
import io.coppice.examples.ledger.http.HttpHandler;
import io.coppice.examples.ledger.http.HttpRequest;
import io.coppice.examples.ledger.http.HttpResponse;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The HTTP interface: finds the process that can answer, asks it, and puts the answer into JSON.
 *
 * <p>Whatever fails on the way is one thing to the client: <em>503, ask again</em>. It is always
 * safe to ask again, because the idempotency key makes a transfer happen once. {@code Retry-After}
 * is 0 if a process has just been restarted, and 1 if there is something to wait for.
 */
final class Api implements HttpHandler {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private final Gate gate;

  Api(Gate gate) {
    this.gate = gate;
  }

  @Override
  public HttpResponse handle(Context self, HttpRequest request) throws HttpError {
    List<String> path = request.path();
    String route = request.method() + " " + path.getFirst() + " " + path.size();
    try {
      return switch (route) {
        case "GET health 1" -> health(self);
        case "POST accounts 1" -> open(self, Input.opening(request));
        case "GET accounts 2" -> balance(self, Input.account(path.get(1)));
        case "GET accounts 3" -> statement(self, path, Input.limit(request));
        case "POST transfers 1" -> transfer(self, Input.transfer(request));
        default -> throw noSuchRoute(request, path);
      };
    } catch (CallFailed failed) {
      return Answers.askAgain(0, "restarting", failed.getMessage());
    }
  }

  @Override
  public HttpResponse refuse(HttpError error) {
    return Answers.error(error.status(), "bad_request", error.text());
  }

  private HttpResponse open(Context self, Opening opening) {
    ServerRef<Booking> writer = ServerRef.named(self, Names.WRITER);
    return book(() -> writer.call(opening, PATIENCE));
  }

  private HttpResponse transfer(Context self, Transfer transfer) {
    return book(() -> account(self, transfer.from()).call(new Pay(transfer), PATIENCE));
  }

  /** All that changes the books comes through here, so many at a time. */
  private HttpResponse book(Supplier<Verdict> call) {
    if (!gate.tryEnter()) {
      return Answers.askAgain(
          1, "busy", gate.limit() + " transfers are waiting, and the queue takes no more");
    }
    try {
      return Answers.verdict(call.get());
    } finally {
      gate.leave();
    }
  }

  private HttpResponse balance(Context self, String account) {
    return switch (account(self, account).call(new GetBalance(), PATIENCE)) {
      case BalanceIs(var balance) -> Answers.balance(account, balance);
      case StatementIs _ -> throw new IllegalStateException("a statement instead of a balance");
      case NotNow(String why) -> Answers.askAgain(1, "unavailable", why);
    };
  }

  private HttpResponse statement(Context self, List<String> path, int limit) throws HttpError {
    if (!path.get(2).equals("statement")) {
      throw new HttpError(404, "an account has a statement, but no " + path.get(2));
    }
    String account = Input.account(path.get(1));
    ServerRef<Question> reader = ServerRef.named(self, Names.READER);
    return switch (reader.call(new StatementOf(account, limit), PATIENCE)) {
      case StatementIs(var lines) -> Answers.statement(account, lines);
      case BalanceIs _ -> throw new IllegalStateException("a balance instead of a statement");
      case NotNow(String why) -> Answers.askAgain(1, "unavailable", why);
    };
  }

  private HttpResponse health(Context self) {
    return Answers.health(answersPing(self, Names.WRITER), answersPing(self, Names.READER));
  }

  private static boolean answersPing(Context self, String name) {
    try {
      Object answer =
          Address.named(self, name).ask(new DatabaseWorker.Ping(), Duration.ofSeconds(1));
      return Boolean.TRUE.equals(answer);
    } catch (CallFailed _) {
      return false;
    }
  }

  /** The account's process, which is started if there is none. */
  private static ServerRef<AccountMessage> account(Context self, String id) {
    String name = Names.account(id);
    ServerRef<Locate> registry = ServerRef.named(self, Names.REGISTRY);
    if (self.whereis(name).isEmpty() && registry.call(new Locate(id)).isEmpty()) {
      throw new CallFailed(ExitReason.NO_PROCESS, "the start of " + name);
    }
    return ServerRef.named(self, name);
  }

  private static HttpError noSuchRoute(HttpRequest request, List<String> path) {
    boolean known = List.of("health", "accounts", "transfers").contains(path.getFirst());
    return known && path.size() < 4
        ? new HttpError(405, request.target() + " does not take " + request.method())
        : new HttpError(404, "there is nothing at " + request.target());
  }
}
