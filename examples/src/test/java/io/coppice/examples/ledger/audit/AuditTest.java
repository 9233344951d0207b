package io.coppice.examples.ledger.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.examples.ledger.books.Booking.Opening;
import io.coppice.examples.ledger.books.Booking.Transfer;
import io.coppice.examples.ledger.books.Books;
import io.coppice.examples.ledger.books.Database;
import io.coppice.examples.ledger.books.Schema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditTest {
  private static final List<Acked> ACKED =
      List.of(new Acked("k1", "alice", "bob", 5), new Acked("k2", "bob", "alice", 2));
  @TempDir Path folder;
  private String url = "";

  @BeforeEach
  void book() throws SQLException {
    url = "jdbc:sqlite:" + folder.resolve("ledger.db");
    Schema.create(Database.jdbc(url));
    try (Connection connection = Database.jdbc(url).open();
        Books books = new Books(connection)) {
      books.book(new Opening("alice", 100));
      books.book(new Opening("bob", 0));
      books.book(new Transfer("k1", "alice", "bob", 5));
      books.book(new Transfer("k2", "bob", "alice", 2));
      books.commit();
    }
  }

  @Test
  @DisplayName("Books that were kept pass, and the result says what was looked at")
  void honestBooks() throws SQLException {
    Audit.Result result = Audit.of(url, ACKED);
    assertEquals(List.of(), result.findings());
    assertEquals(new Audit.Result(List.of(), 2, 3, 2, 100), result);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("One row tampered with fails the audit")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "UPDATE accounts SET balance = balance + 1 WHERE id = 'alice' | balance is not the sum",
        "UPDATE accounts SET balance = balance - 1 WHERE id = 'mint' | money is not conserved",
        "UPDATE accounts SET seq = seq + 1 WHERE id = 'bob' | balance is not the sum",
        "UPDATE accounts SET deposit = 99 WHERE id = 'alice' | opened with",
        "UPDATE transfers SET amount = 6 WHERE idempotency_key = 'k1' | acknowledged was",
        "UPDATE transfers SET credit = 'carol' WHERE idempotency_key = 'k2' | acknowledged was",
        "DELETE FROM transfers WHERE idempotency_key = 'k1' | booked 0 times",
        "DELETE FROM entries WHERE idempotency_key = 'k1' AND amount < 0 | two entries",
        "UPDATE entries SET amount = 7 WHERE idempotency_key = 'k1' AND amount > 0 | two entries",
        "UPDATE entries SET balance = 1 WHERE idempotency_key = 'k1' AND amount > 0 | follow from",
        "INSERT INTO entries VALUES ('bob', 9, 'made-up', 1, 4) | entries for",
      })
  void tampered(String sql, String finding) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertEquals(1, statement.executeUpdate(sql));
    }
    Audit.Result result = Audit.of(url, ACKED);
    assertFalse(result.passed());
    assertTrue(
        result.findings().stream().anyMatch(text -> text.contains(finding)),
        result.findings().toString());
  }

  @Test
  @DisplayName("A transfer that was acknowledged and booked twice is found")
  void bookedTwice() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE copy AS SELECT * FROM transfers");
      statement.execute("DROP TABLE transfers");
      statement.execute("ALTER TABLE copy RENAME TO transfers");
      statement.execute("INSERT INTO transfers VALUES ('k1', 'alice', 'bob', 5, 0)");
    }
    assertTrue(Audit.of(url, ACKED).findings().toString().contains("booked 2 times"));
  }
}
