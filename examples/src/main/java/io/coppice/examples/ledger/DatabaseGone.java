package io.coppice.examples.ledger;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;

/** A worker has lost its database and is going to wait. */
record DatabaseGone(Pid worker, Duration pause, SQLException error) implements Report {
  @Override
  public Level level() {
    return Level.WARNING;
  }

  @Override
  public String text() {
    return "The database is not there: "
        + error.getMessage()
        + "\n  "
        + worker
        + " tries again in "
        + pause.toMillis()
        + " ms";
  }
}
