package io.coppice.examples.ledger;

import io.coppice.behaviours.Call;
import io.coppice.examples.ledger.books.Database;
import io.coppice.examples.ledger.books.NotNow;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that owns a connection to the database and serves requests with it.
 *
 * <p>The database is no part of this program: it goes away and comes back, for seconds or hours.
 * That is no reason to crash, since a supervisor restarts at once and soon gives up. So the worker
 * starts without the database, answers {@link NotNow} while it is gone, and tries again on its own
 * clock, ever more slowly.
 *
 * <p>It is a blocking process on a thread of its own. Of its own, because a database driver blocks
 * in native frames, where it would keep a scheduler waiting, and must not be interrupted. Blocking,
 * because such a process unwinds its stack however it ends: a worker that is killed in the middle
 * of a transaction closes its connection on the way out, and the database rolls back.
 */
final class DatabaseWorker implements ProcessBody {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private final Database database;
  private final JobFactory factory;
  private Duration pause = FIRST_PAUSE;

  /** Serves requests on one connection. */
  interface Job extends AutoCloseable {
    /** Serves a request, and perhaps others that are waiting; answers all it took. */
    void serve(Context self, Request first) throws SQLException;

    @Override
    void close() throws SQLException;
  }

  /** Makes the job for a new connection. */
  interface JobFactory {
    Job start(Connection connection) throws SQLException;
  }

  /** Asks whether the database is there: answered with {@code true} or {@link NotNow}. */
  record Ping() implements Call<Object, Object> {}

  DatabaseWorker(Database database, JobFactory factory) {
    this.database = database;
    this.factory = factory;
  }

  @Override
  public void run(Context self) {
    while (true) {
      try (Connection connection = database.open();
          Job job = factory.start(connection)) {
        while (true) {
          Optional<Request> request = accept(self.receive());
          if (request.isPresent()) {
            job.serve(self, request.get());
            pause = FIRST_PAUSE; // it works again
          }
        }
      } catch (SQLException gone) {
        self.report(new DatabaseGone(self.pid(), pause, gone));
        refuseAll(self, gone);
      }
    }
  }

  /** A request for the job; anything else is dealt with here. */
  static Optional<Request> accept(Object message) {
    if (message instanceof Request request) {
      return request.payload() instanceof Ping && request.reply(true)
          ? Optional.empty()
          : Optional.of(request);
    }
    return Optional.empty();
  }

  private void refuseAll(Context self, SQLException gone) {
    long until = self.monotonicNanos() + pause.toNanos();
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    for (long left = until - self.monotonicNanos();
        left > 0;
        left = until - self.monotonicNanos()) {
      if (self.receive(Duration.ofNanos(left)).orElse(null) instanceof Request request) {
        request.reply(new NotNow("the database is not there: " + gone.getMessage()));
      }
    }
  }
}
