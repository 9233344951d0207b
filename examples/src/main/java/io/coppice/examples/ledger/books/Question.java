package io.coppice.examples.ledger.books;

import io.coppice.behaviours.Call;
import java.util.List;
import java.util.Optional;

/** What the reader can be asked. */
public sealed interface Question extends Call<Question, Question.Answer> {
  /**
   * How much an account has.
   *
   * @param account its id
   */
  record BalanceOf(String account) implements Question {}

  /**
   * The last entries of an account.
   *
   * @param account its id
   * @param limit how many at most
   */
  record StatementOf(String account, int limit) implements Question {}

  /** What the reader answers. */
  sealed interface Answer permits BalanceIs, StatementIs, NotNow {}

  /**
   * The balance.
   *
   * @param balance empty if there is no such account
   */
  record BalanceIs(Optional<Balance> balance) implements Answer {}

  /**
   * The statement.
   *
   * @param lines newest first; empty if there is no such account
   */
  record StatementIs(Optional<List<Line>> lines) implements Answer {}

  /**
   * How much an account has after its so-many-th entry.
   *
   * @param amount the balance
   * @param seq the number of the entry; of two balances the one with the higher number is newer
   */
  record Balance(long amount, long seq) {}

  /**
   * One entry of an account.
   *
   * @param seq its number, counted from 1
   * @param key the idempotency key of the transfer
   * @param amount negative if paid, positive if received
   * @param balance after this entry
   */
  record Line(long seq, String key, long amount, long balance) {}
}
