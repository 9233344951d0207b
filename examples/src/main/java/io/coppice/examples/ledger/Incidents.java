package io.coppice.examples.ledger;

import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Reporter;
import io.coppice.supervisor.ErrorContext;
import io.coppice.supervisor.Restart;
import io.coppice.supervisor.SupervisorReport;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the supervisors report, and hands the reports on. */
final class Incidents implements Reporter {
  private final LongAdder crashes = new LongAdder();
  private final LongAdder restarts = new LongAdder();
  private final Reporter next;

  Incidents(Reporter next) {
    this.next = next;
  }

  /** Processes that ended otherwise than they should. */
  long crashes() {
    return crashes.sum();
  }

  /** Processes that were started again; one per connection is not, its client comes again. */
  long restarts() {
    return restarts.sum();
  }

  @Override
  public void report(Report report) {
    if (report instanceof SupervisorReport lost
        && lost.context() == ErrorContext.CHILD_TERMINATED) {
      crashes.increment();
      if (lost.offender().restart() != Restart.TEMPORARY) {
        restarts.increment();
      }
    }
    if (report.level().compareTo(Level.INFO) > 0) {
      next.report(report);
    }
  }
}
