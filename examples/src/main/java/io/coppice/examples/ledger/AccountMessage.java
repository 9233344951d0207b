package io.coppice.examples.ledger;

import io.coppice.behaviours.Call;
import io.coppice.examples.ledger.books.Booking.Transfer;
import io.coppice.examples.ledger.books.Question.Answer;
import io.coppice.examples.ledger.books.Question.Balance;
import io.coppice.examples.ledger.books.Verdict;

/** What an {@link Account} understands. */
sealed interface AccountMessage {
  /** How much is there? Answered with {@code BalanceIs} or {@code NotNow}. */
  record GetBalance() implements AccountMessage, Call<AccountMessage, Answer> {}

  /** Pay. */
  record Pay(Transfer transfer) implements AccountMessage, Call<AccountMessage, Verdict> {}

  /** The writer has committed a transfer; this is the balance after it. */
  record Posted(Balance balance) implements AccountMessage {}

  /** The writer does not know whether its last commit went through: look it up. */
  record Forget() implements AccountMessage {}
}
