package io.coppice.examples.ledger.books;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables. Plain SQL that SQLite and PostgreSQL both understand.
 *
 * <p>Two constraints carry the promises of the ledger, whatever happens to its processes: {@code
 * one_transfer_per_key} makes a transfer happen once however often it is sent, and {@code
 * no_overdraft} keeps every account but the mint from going below zero.
 *
 * <p>Money enters by transfers from the account <em>mint</em>, the only one whose balance is
 * negative: so all balances together are zero, always.
 */
public final class Schema {
  /** The account that all money comes from. */
  public static final String MINT = "mint";

  private static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS accounts (
            id      VARCHAR(40) NOT NULL PRIMARY KEY,
            balance BIGINT NOT NULL,
            seq     BIGINT NOT NULL,  -- how many entries it has; the number of the last one
            deposit BIGINT NOT NULL,  -- what it was opened with
            CONSTRAINT no_overdraft CHECK (balance >= 0 OR id = 'mint')
          )\
          """,
          """
          CREATE TABLE IF NOT EXISTS transfers (
            idempotency_key VARCHAR(100) NOT NULL CONSTRAINT one_transfer_per_key UNIQUE,
            debit     VARCHAR(40) NOT NULL,
            credit    VARCHAR(40) NOT NULL,
            amount    BIGINT NOT NULL CHECK (amount > 0),
            booked_at BIGINT NOT NULL  -- milliseconds since 1970
          )\
          """,
          """
          CREATE TABLE IF NOT EXISTS entries (
            account VARCHAR(40) NOT NULL,
            seq     BIGINT NOT NULL,
            idempotency_key VARCHAR(100) NOT NULL,
            amount  BIGINT NOT NULL,  -- negative: paid; positive: received
            balance BIGINT NOT NULL,  -- of the account, after this entry
            PRIMARY KEY (account, seq)
          )\
          """,
          "INSERT INTO accounts VALUES ('mint', 0, 0, 0) ON CONFLICT (id) DO NOTHING");

  private Schema() {}

  /**
   * Makes the tables, unless they are there.
   *
   * @param database an empty database, or one that was used before
   * @throws SQLException if it cannot be reached or is no database; nothing has changed then
   */
  public static void create(Database database) throws SQLException {
    try (Connection connection = database.open();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : STATEMENTS) {
        statement.execute(sql);
      }
      connection.commit();
    }
  }
}
