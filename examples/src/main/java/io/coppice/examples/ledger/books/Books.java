package io.coppice.examples.ledger.books;

import io.coppice.examples.ledger.books.Booking.Opening;
import io.coppice.examples.ledger.books.Booking.Transfer;
import io.coppice.examples.ledger.books.Question.Balance;
import io.coppice.examples.ledger.books.Verdict.Booked;
import io.coppice.examples.ledger.books.Verdict.Opened;
import io.coppice.examples.ledger.books.Verdict.Refusal;
import io.coppice.examples.ledger.books.Verdict.Refused;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Books transfers into an open transaction. Whoever uses it commits.
 *
 * <p>A transfer <em>first</em> inserts its idempotency key. If the key is there already the insert
 * does nothing, and the stored transfer decides: the same one is answered as the first time,
 * another one is refused. So it is the UNIQUE constraint of the database that makes a transfer
 * happen once. No process has to remember anything, and two ledgers may share a database.
 *
 * <p>The balance is checked by the statement that changes it, not by looking first.
 */
public final class Books implements AutoCloseable {
  private final Connection connection;
  private final Statements sql;
  private final Map<String, Balance> changed = new LinkedHashMap<>();

  /**
   * Prepares the statements.
   *
   * @param connection belongs to the caller; its auto-commit is turned off
   * @throws SQLException if the database is gone
   */
  public Books(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
    this.sql = new Statements(connection);
  }

  /**
   * Books one request into the open transaction.
   *
   * @param booking what to book
   * @return what came of it, provided the transaction is committed
   * @throws SQLException if the database is gone; the transaction is lost then
   */
  public Verdict book(Booking booking) throws SQLException {
    return switch (booking) {
      case Transfer transfer -> transfer(transfer);
      case Opening opening -> open(opening);
    };
  }

  /**
   * Makes all that was booked durable.
   *
   * @return the new balances, by account
   * @throws SQLException if the database is gone; whether all or nothing was booked is not known
   */
  public Map<String, Balance> commit() throws SQLException {
    connection.commit();
    Map<String, Balance> result = Map.copyOf(changed);
    changed.clear();
    return result;
  }

  private Verdict transfer(Transfer transfer) throws SQLException {
    long now = System.currentTimeMillis();
    if (!insertKey(transfer, now)) {
      return alreadyBooked(transfer);
    }
    Optional<Refused> refused = post(transfer);
    if (refused.isPresent()) {
      sql.deleteKey.update(transfer.key()); // a refused transfer leaves no trace and no used key
      return refused.get();
    }
    return new Booked(transfer, now, false);
  }

  private boolean insertKey(Transfer transfer, long now) throws SQLException {
    return sql.insertKey.update(
            transfer.key(), transfer.from(), transfer.to(), transfer.amount(), now)
        == 1;
  }

  private Verdict alreadyBooked(Transfer asked) throws SQLException {
    try (ResultSet row = sql.transferOf.query(asked.key())) {
      if (!row.next()) {
        throw new SQLException("the transfer with the key " + asked.key() + " has vanished");
      }
      Transfer stored =
          new Transfer(asked.key(), row.getString(1), row.getString(2), row.getLong(3));
      return stored.equals(asked)
          ? new Booked(stored, row.getLong(4), true)
          : new Refused(
              Refusal.KEY_REUSED,
              "the key " + asked.key() + " belongs to another transfer; nothing was booked");
    }
  }

  /** Moves the money, or changes nothing and says why. */
  private Optional<Refused> post(Transfer transfer) throws SQLException {
    if (!exists(transfer.to())) {
      return Optional.of(unknown(transfer.to()));
    }
    Optional<Balance> debit = move(transfer.from(), -transfer.amount());
    if (debit.isEmpty()) {
      return Optional.of(
          exists(transfer.from())
              ? new Refused(
                  Refusal.OVERDRAFT, transfer.from() + " has less than " + transfer.amount())
              : unknown(transfer.from()));
    }
    Balance credit = move(transfer.to(), transfer.amount()).orElseThrow();
    enter(transfer.from(), debit.get(), transfer.key(), -transfer.amount());
    enter(transfer.to(), credit, transfer.key(), transfer.amount());
    return Optional.empty();
  }

  private Verdict open(Opening opening) throws SQLException {
    String account = opening.account();
    if (sql.insertAccount.update(account, opening.deposit()) == 0) {
      return alreadyOpen(opening);
    }
    if (opening.deposit() > 0) {
      // No client can make up this key: theirs have no slash.
      transfer(new Transfer("open/" + account, Schema.MINT, account, opening.deposit()));
    }
    return new Opened(account, opening.deposit(), false);
  }

  private Verdict alreadyOpen(Opening asked) throws SQLException {
    try (ResultSet row = sql.depositOf.query(asked.account())) {
      return row.next() && row.getLong(1) == asked.deposit()
          ? new Opened(asked.account(), asked.deposit(), true)
          : new Refused(
              Refusal.ACCOUNT_EXISTS, asked.account() + " was opened with another deposit");
    }
  }

  private boolean exists(String account) throws SQLException {
    try (ResultSet row = sql.depositOf.query(account)) {
      return row.next();
    }
  }

  private Optional<Balance> move(String account, long amount) throws SQLException {
    try (ResultSet row = sql.move.query(amount, account, amount)) {
      return row.next()
          ? Optional.of(new Balance(row.getLong(1), row.getLong(2)))
          : Optional.empty();
    }
  }

  private void enter(String account, Balance after, String key, long amount) throws SQLException {
    sql.insertEntry.update(account, after.seq(), key, amount, after.amount());
    changed.put(account, after);
  }

  private static Refused unknown(String account) {
    return new Refused(Refusal.UNKNOWN_ACCOUNT, "there is no account " + account);
  }

  @Override
  public void close() throws SQLException {
    sql.close();
  }
}
