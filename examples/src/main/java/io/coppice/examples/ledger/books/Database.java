package io.coppice.examples.ledger.books;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Where the database is: whoever needs a connection opens one of its own, and closes it. */
@FunctionalInterface
public interface Database {
  /**
   * Opens a connection.
   *
   * @return a connection that commits each statement by itself
   * @throws SQLException if the database is not there
   */
  Connection open() throws SQLException;

  /**
   * The database behind a JDBC URL.
   *
   * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://HOST/NAME?user=…}
   * @return the database, which nobody has looked at yet
   */
  static Database jdbc(String url) {
    Properties settings = new Properties();
    if (url.startsWith("jdbc:sqlite:")) {
      settings.setProperty("journal_mode", "WAL"); // readers and the writer do not wait for others
      settings.setProperty("synchronous", "FULL"); // a commit is on the disk, not on its way there
      settings.setProperty("busy_timeout", "5000");
      settings.setProperty("transaction_mode", "IMMEDIATE");
    } else {
      settings.setProperty("loginTimeout", "5");
      settings.setProperty("socketTimeout", "20");
    }
    return () -> DriverManager.getConnection(url, settings);
  }

  /**
   * A JDBC URL as it may be shown: what follows the question mark may be a password.
   *
   * @param url a JDBC URL
   * @return its first part
   */
  static String shown(String url) {
    int secret = url.indexOf('?');
    return secret < 0 ? url : url.substring(0, secret);
  }
}
