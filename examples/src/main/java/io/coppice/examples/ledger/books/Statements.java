package io.coppice.examples.ledger.books;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The statements of {@link Books}, prepared once for a connection. */
final class Statements implements AutoCloseable {
  final Sql insertKey;
  final Sql deleteKey;
  final Sql transferOf;
  final Sql insertAccount;
  final Sql depositOf;
  final Sql move;
  final Sql insertEntry;
  private final List<Sql> all = new ArrayList<>();

  Statements(Connection connection) throws SQLException {
    insertKey =
        prepare(
            connection,
            "INSERT INTO transfers (idempotency_key, debit, credit, amount, booked_at)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING");
    deleteKey = prepare(connection, "DELETE FROM transfers WHERE idempotency_key = ?");
    transferOf =
        prepare(
            connection,
            "SELECT debit, credit, amount, booked_at FROM transfers WHERE idempotency_key = ?");
    insertAccount =
        prepare(
            connection,
            "INSERT INTO accounts (id, balance, seq, deposit) VALUES (?, 0, 0, ?)"
                + " ON CONFLICT (id) DO NOTHING");
    depositOf = prepare(connection, "SELECT deposit FROM accounts WHERE id = ?");
    move =
        prepare(
            connection,
            "UPDATE accounts SET balance = balance + ?, seq = seq + 1"
                + " WHERE id = ? AND (balance + ? >= 0 OR id = 'mint') RETURNING balance, seq");
    insertEntry =
        prepare(
            connection,
            "INSERT INTO entries (account, seq, idempotency_key, amount, balance)"
                + " VALUES (?, ?, ?, ?, ?)");
  }

  private Sql prepare(Connection connection, String text) throws SQLException {
    Sql sql = new Sql(connection.prepareStatement(text));
    all.add(sql);
    return sql;
  }

  /** One statement, executed with its parameters in order. */
  record Sql(PreparedStatement statement) {
    int update(Object... parameters) throws SQLException {
      return with(parameters).executeUpdate();
    }

    ResultSet query(Object... parameters) throws SQLException {
      return with(parameters).executeQuery();
    }

    private PreparedStatement with(Object... parameters) throws SQLException {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement;
    }
  }

  @Override
  public void close() throws SQLException {
    for (Sql sql : all) {
      sql.statement().close();
    }
  }
}
