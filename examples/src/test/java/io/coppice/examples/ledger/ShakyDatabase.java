package io.coppice.examples.ledger;

import io.coppice.examples.ledger.books.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A database that can be taken away, and whose commits can be held up. */
final class ShakyDatabase implements Database {
  private final Database real;
  private final Semaphore commits = new Semaphore(1);
  private final AtomicInteger commitCount = new AtomicInteger();
  private volatile boolean away;

  ShakyDatabase(Database real) {
    this.real = real;
  }

  void away(boolean value) {
    away = value;
  }

  void holdCommits() throws InterruptedException {
    commits.acquire();
  }

  void letCommits() {
    commits.release();
  }

  boolean isCommitWaiting() {
    return commits.hasQueuedThreads();
  }

  int commits() {
    return commitCount.get();
  }

  @Override
  public Connection open() throws SQLException {
    check();
    Connection connection = real.open();
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              if (method.getName().equals("commit")) {
                commits.acquire();
                commits.release();
                check();
                commitCount.incrementAndGet();
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private void check() throws SQLException {
    if (away) {
      throw new SQLException("taken away by the test");
    }
  }
}
