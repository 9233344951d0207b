package io.coppice.examples.ledger.books;

import io.coppice.examples.ledger.books.Question.Answer;
import io.coppice.examples.ledger.books.Question.Balance;
import io.coppice.examples.ledger.books.Question.BalanceIs;
import io.coppice.examples.ledger.books.Question.BalanceOf;
import io.coppice.examples.ledger.books.Question.Line;
import io.coppice.examples.ledger.books.Question.StatementIs;
import io.coppice.examples.ledger.books.Question.StatementOf;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers questions from the database. */
public final class Reading implements AutoCloseable {
  private final PreparedStatement balance;
  private final PreparedStatement lines;

  /**
   * Prepares the statements.
   *
   * @param connection belongs to the caller
   * @throws SQLException if the database is gone
   */
  public Reading(Connection connection) throws SQLException {
    balance = connection.prepareStatement("SELECT balance, seq FROM accounts WHERE id = ?");
    lines =
        connection.prepareStatement(
            "SELECT seq, idempotency_key, amount, balance FROM entries WHERE account = ?"
                + " ORDER BY seq DESC LIMIT ?");
  }

  /**
   * Answers one question.
   *
   * @param question what is asked
   * @return the answer
   * @throws SQLException if the database is gone
   */
  public Answer answer(Question question) throws SQLException {
    return switch (question) {
      case BalanceOf(String account) -> new BalanceIs(balance(account));
      case StatementOf(String account, int limit) -> new StatementIs(statement(account, limit));
    };
  }

  private Optional<Balance> balance(String account) throws SQLException {
    balance.setString(1, account);
    try (ResultSet row = balance.executeQuery()) {
      return row.next()
          ? Optional.of(new Balance(row.getLong(1), row.getLong(2)))
          : Optional.empty();
    }
  }

  private Optional<List<Line>> statement(String account, int limit) throws SQLException {
    if (balance(account).isEmpty()) {
      return Optional.empty();
    }
    lines.setString(1, account);
    lines.setInt(2, limit);
    List<Line> result = new ArrayList<>();
    try (ResultSet row = lines.executeQuery()) {
      while (row.next()) {
        result.add(new Line(row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4)));
      }
    }
    return Optional.of(result);
  }

  @Override
  public void close() throws SQLException {
    balance.close();
    lines.close();
  }
}
