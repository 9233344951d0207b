package io.coppice.examples.ledger;

import io.coppice.behaviours.Reply;
import io.coppice.behaviours.RequestIds;
import io.coppice.behaviours.RequestIds.Arrived;
import io.coppice.behaviours.server.Action;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Idle;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.behaviours.server.Step;
import io.coppice.examples.ledger.AccountMessage.Forget;
import io.coppice.examples.ledger.AccountMessage.GetBalance;
import io.coppice.examples.ledger.AccountMessage.Pay;
import io.coppice.examples.ledger.AccountMessage.Posted;
import io.coppice.examples.ledger.books.Booking;
import io.coppice.examples.ledger.books.NotNow;
import io.coppice.examples.ledger.books.Question;
import io.coppice.examples.ledger.books.Question.Answer;
import io.coppice.examples.ledger.books.Question.Balance;
import io.coppice.examples.ledger.books.Question.BalanceIs;
import io.coppice.examples.ledger.books.Question.BalanceOf;
import io.coppice.examples.ledger.books.Verdict.Refusal;
import io.coppice.examples.ledger.books.Verdict.Refused;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.Optional;

/**
 * One account: a GenServer that is started when somebody asks for it and rests when nobody does.
 *
 * <p>Its state is a copy of what the database knows, or nothing. So it may be killed at any time: a
 * new one reads the balance again. The copy is kept right by three rules:
 *
 * <ul>
 *   <li>the writer sends {@link Posted} after each commit and <em>before</em> it answers the
 *       client, so whoever has been told of a transfer finds it in the balance;
 *   <li>balances are numbered, and an older one never replaces a newer one;
 *   <li>the account monitors the writer, whose death may have swallowed a {@code Posted}: when it
 *       dies the copy is thrown away.
 * </ul>
 *
 * <p>A payment is passed on to the writer without waiting, so one account can have many under way.
 * If the account dies, the kernel fails the calls of all its clients; if the writer dies, the
 * account passes that on. Either way the client hears of it and asks again with the same key.
 */
final class Account implements GenServer<AccountMessage, Optional<Balance>> {
  private final String id;
  private final Action restLater;
  private Context self;
  private Ref watch = Ref.create();
  private RequestIds<Request> underWay;
  private ServerRef<Booking> writer;
  private ServerRef<Question> reader;

  @SuppressWarnings("NullAway.Init") // init comes before everything else
  Account(String id, Duration rest) {
    this.id = id;
    this.restLater = Action.timeout(rest);
  }

  @Override
  public Init<Optional<Balance>> init(Context context) {
    self = context;
    underWay = new RequestIds<>(self);
    writer = ServerRef.named(self, Names.WRITER);
    reader = ServerRef.named(self, Names.READER);
    return Init.state(Optional.empty(), restLater);
  }

  @Override
  public Result<Optional<Balance>> handleCall(
      AccountMessage message, Request from, Optional<Balance> known) {
    return switch (message) {
      case GetBalance() -> known.isPresent() ? reply(new BalanceIs(known), known) : lookUp();
      case Pay(var transfer) -> {
        writer.send(self, transfer, from, underWay);
        yield Result.noReply(known, restLater);
      }
      case Posted _, Forget _ -> throw new IllegalArgumentException(message + " is no question");
    };
  }

  @Override
  public Step<Optional<Balance>> handleCast(AccountMessage message, Optional<Balance> known) {
    return switch (message) {
      case Posted(Balance posted) ->
          next(known.map(balance -> balance.seq() < posted.seq() ? posted : balance));
      case Forget() -> next(Optional.empty());
      case GetBalance _, Pay _ -> throw new IllegalArgumentException(message + " wants an answer");
    };
  }

  @Override
  public Step<Optional<Balance>> handleInfo(Object message, Optional<Balance> known) {
    return switch (message) {
      case Down _ -> next(Optional.empty());
      case Idle _ -> underWay.size() == 0 ? Step.stop(ExitReason.NORMAL, known) : next(known);
      default -> underWay.check(message).map(o -> settle(o, known)).orElseGet(() -> next(known));
    };
  }

  /** Hands the writer's verdict, or its death, on to the client. */
  private Step<Optional<Balance>> settle(Arrived<Request> outcome, Optional<Balance> known) {
    Request client = outcome.label();
    switch (outcome.reply()) {
      case Reply.Answer<?>(var verdict) -> client.reply(verdict);
      case Reply.Failure<?>(ExitReason reason, _) -> client.fail(reason);
    }
    boolean imaginary =
        outcome.reply() instanceof Reply.Answer<?>(Refused(Refusal reason, _))
            && reason == Refusal.UNKNOWN_ACCOUNT
            && known.isEmpty();
    return imaginary && underWay.size() == 0 ? Step.stop(ExitReason.NORMAL, known) : next(known);
  }

  private Result<Optional<Balance>> lookUp() {
    self.demonitor(watch);
    watch = self.monitor(Names.WRITER); // first: what is committed from now on is announced
    Answer answer;
    try {
      answer = reader.call(new BalanceOf(id));
    } catch (CallFailed failed) {
      answer = new NotNow("the reader of the database is being restarted: " + failed.reason());
    }
    return answer instanceof BalanceIs(Optional<Balance> balance) && balance.isEmpty()
        ? Result.stopAndReply(ExitReason.NORMAL, answer, Optional.empty())
        : reply(answer, answer instanceof BalanceIs(var balance) ? balance : Optional.empty());
  }

  private Result<Optional<Balance>> reply(Answer answer, Optional<Balance> known) {
    return Result.reply(answer, known, restLater);
  }

  private Step<Optional<Balance>> next(Optional<Balance> known) {
    return Step.next(known, restLater);
  }
}
