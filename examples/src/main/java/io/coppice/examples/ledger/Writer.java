package io.coppice.examples.ledger;

import io.coppice.behaviours.server.ServerRef;
import io.coppice.examples.ledger.AccountMessage.Forget;
import io.coppice.examples.ledger.AccountMessage.Posted;
import io.coppice.examples.ledger.books.Booking;
import io.coppice.examples.ledger.books.Booking.Opening;
import io.coppice.examples.ledger.books.Booking.Transfer;
import io.coppice.examples.ledger.books.Books;
import io.coppice.examples.ledger.books.NotNow;
import io.coppice.examples.ledger.books.Question.Balance;
import io.coppice.examples.ledger.books.Verdict;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Books everything that is waiting in one transaction, commits, then answers (group commit).
 *
 * <p>A commit waits for the disk, a few milliseconds. While it does, more requests arrive, and the
 * next transaction takes them all: the busier the ledger, the more transfers share one wait.
 *
 * <p>Nobody is answered before the commit. A writer that dies earlier has booked nothing; one that
 * dies between commit and answer has booked what its clients will ask for again, with the same
 * keys.
 */
final class Writer implements DatabaseWorker.Job {
  private static final int BATCH_MAX = 256;
  private final Books books;
  private final BeforeCommit beforeCommit;

  /** Called with the transaction open and all its statements executed: the worst time to die. */
  @FunctionalInterface
  interface BeforeCommit {
    void reached(Context self);
  }

  Writer(Connection connection, BeforeCommit beforeCommit) throws SQLException {
    this.books = new Books(connection);
    this.beforeCommit = beforeCommit;
  }

  @Override
  public void serve(Context self, Request first) throws SQLException {
    List<Request> batch = batch(self, first);
    List<Verdict> verdicts = new ArrayList<>(batch.size());
    Map<String, Balance> changed;
    try {
      for (Request request : batch) {
        verdicts.add(books.book((Booking) request.payload()));
      }
      beforeCommit.reached(self);
      self.checkpoint(); // a writer that has been killed ends here, with the transaction open
      changed = books.commit();
    } catch (SQLException lost) {
      giveUp(self, batch, lost);
      throw lost;
    }
    changed.forEach((account, balance) -> tell(self, account, new Posted(balance)));
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).reply(verdicts.get(i));
    }
  }

  private static List<Request> batch(Context self, Request first) {
    List<Request> batch = new ArrayList<>();
    batch.add(first);
    Optional<Object> more = self.receive(Duration.ZERO);
    while (more.isPresent()) {
      DatabaseWorker.accept(more.get()).ifPresent(batch::add);
      more = batch.size() < BATCH_MAX ? self.receive(Duration.ZERO) : Optional.empty();
    }
    return batch;
  }

  /** The commit may have gone through before the connection broke: accounts must look. */
  private static void giveUp(Context self, List<Request> batch, SQLException lost) {
    for (Request request : batch) {
      switch ((Booking) request.payload()) {
        case Transfer transfer -> {
          tell(self, transfer.from(), new Forget());
          tell(self, transfer.to(), new Forget());
        }
        case Opening opening -> tell(self, opening.account(), new Forget());
      }
      request.reply(new NotNow("the database was lost: " + lost.getMessage()));
    }
  }

  private static void tell(Context self, String account, AccountMessage news) {
    ServerRef.<AccountMessage>named(self, Names.account(account)).cast(news);
  }

  @Override
  public void close() throws SQLException {
    books.close();
  }
}
