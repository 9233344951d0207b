package io.coppice.examples.ledger;

import io.coppice.examples.ledger.books.NotNow;
import io.coppice.examples.ledger.books.Question;
import io.coppice.examples.ledger.books.Reading;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Request;
import java.sql.Connection;
import java.sql.SQLException;

/** Answers questions from the database, beside the writer and never waiting for it. */
final class Reader implements DatabaseWorker.Job {
  private final Reading reading;

  Reader(Connection connection) throws SQLException {
    this.reading = new Reading(connection);
  }

  @Override
  public void serve(Context self, Request request) throws SQLException {
    try {
      request.reply(reading.answer((Question) request.payload()));
    } catch (SQLException lost) {
      request.reply(new NotNow("the database was lost: " + lost.getMessage()));
      throw lost;
    }
  }

  @Override
  public void close() throws SQLException {
    reading.close();
  }
}
