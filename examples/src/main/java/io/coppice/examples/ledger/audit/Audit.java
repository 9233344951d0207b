package io.coppice.examples.ledger.audit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks for broken promises: a transfer that was acknowledged and is not there, or twice, or
 * another one; money that came from nowhere; a balance that is not the sum of its entries.
 */
public final class Audit {
  private final Connection connection;
  private final List<String> findings = new ArrayList<>();

  private Audit(Connection connection) {
    this.connection = connection;
  }

  /**
   * What the audit saw.
   *
   * @param findings what is wrong, a sentence each; empty if nothing is
   * @param acked acknowledged transfers looked for
   * @param transfers transfers in the database, those of earlier runs and openings included
   * @param accounts accounts, without the mint
   * @param minted money that the mint has given out
   */
  public record Result(
      List<String> findings, long acked, long transfers, long accounts, long minted) {
    /**
     * Whether all promises were kept.
     *
     * @return true if there are no findings
     */
    public boolean passed() {
      return findings.isEmpty();
    }
  }

  /**
   * Audits a ledger that nobody is writing to.
   *
   * @param jdbcUrl its database
   * @param acked what clients were told
   * @return what was found
   * @throws SQLException if the database cannot be read
   */
  public static Result of(String jdbcUrl, Collection<Acked> acked) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
      return new Audit(connection).run(acked);
    }
  }

  private Result run(Collection<Acked> acked) throws SQLException {
    checkAcknowledged(acked);
    checkEntriesOfTransfers();
    checkBalances();
    checkRunningBalances();
    long minted = checkMoney();
    return new Result(
        List.copyOf(findings),
        acked.size(),
        number("SELECT COUNT(*) FROM transfers"),
        number("SELECT COUNT(*) FROM accounts WHERE id <> 'mint'"),
        minted);
  }

  private void checkAcknowledged(Collection<Acked> acked) throws SQLException {
    Map<String, Acked> promised = new HashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    acked.forEach(each -> promised.put(each.key(), each));
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT idempotency_key, debit, credit, amount FROM transfers")) {
      while (row.next()) {
        Acked stored =
            new Acked(row.getString(1), row.getString(2), row.getString(3), row.getLong(4));
        Acked promise = promised.get(stored.key());
        if (promise != null) {
          seen.merge(stored.key(), 1, Integer::sum);
          if (!promise.equals(stored)) {
            findings.add("acknowledged was " + promise + ", booked is " + stored);
          }
        }
      }
    }
    for (Acked promise : promised.values()) {
      int times = seen.getOrDefault(promise.key(), 0);
      if (times != 1) {
        findings.add("acknowledged, but booked " + times + " times: " + promise);
      }
    }
  }

  private void checkEntriesOfTransfers() throws SQLException {
    collect(
        "the transfer has not the two entries it should have: ",
        """
        SELECT t.idempotency_key FROM transfers t LEFT JOIN (
          SELECT idempotency_key, COUNT(*) AS lines, SUM(amount) AS total, MAX(amount) AS moved,
            MAX(CASE WHEN amount < 0 THEN account END) AS payer,
            MAX(CASE WHEN amount > 0 THEN account END) AS payee
          FROM entries GROUP BY idempotency_key) e ON e.idempotency_key = t.idempotency_key
        WHERE e.lines IS NULL OR e.lines <> 2 OR e.total <> 0 OR e.moved <> t.amount
          OR e.payer <> t.debit OR e.payee <> t.credit\
        """);
    long entries = number("SELECT COUNT(*) FROM entries");
    long transfers = number("SELECT COUNT(*) FROM transfers");
    if (entries != 2 * transfers) {
      findings.add(entries + " entries for " + transfers + " transfers, which have two each");
    }
  }

  private void checkBalances() throws SQLException {
    collect(
        "the balance is not the sum of the entries, or their number is wrong: ",
        """
        SELECT a.id FROM accounts a LEFT JOIN entries e ON e.account = a.id
        GROUP BY a.id, a.balance, a.seq
        HAVING a.balance <> COALESCE(SUM(e.amount), 0) OR a.seq <> COUNT(e.account)
          OR a.seq <> COALESCE(MAX(e.seq), 0)\
        """);
    collect(
        "the balance is negative: ", "SELECT id FROM accounts WHERE balance < 0 AND id <> 'mint'");
  }

  private void checkRunningBalances() throws SQLException {
    collect(
        "an entry does not follow from the one before it: ",
        """
        SELECT account FROM (
          SELECT account, balance, SUM(amount) OVER (PARTITION BY account ORDER BY seq) AS total
          FROM entries) sums
        WHERE balance <> total GROUP BY account\
        """);
  }

  private long checkMoney() throws SQLException {
    long minted = -number("SELECT balance FROM accounts WHERE id = 'mint'");
    long held = number("SELECT COALESCE(SUM(balance), 0) FROM accounts WHERE id <> 'mint'");
    long deposits = number("SELECT COALESCE(SUM(deposit), 0) FROM accounts WHERE id <> 'mint'");
    if (minted != held) {
      findings.add("money is not conserved: " + minted + " minted, " + held + " in the accounts");
    }
    if (minted != deposits) {
      findings.add(minted + " minted, but accounts were opened with " + deposits);
    }
    return minted;
  }

  private void collect(String finding, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        findings.add(finding + row.getString(1));
      }
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new SQLException("no answer to " + sql);
      }
      return row.getLong(1);
    }
  }
}
