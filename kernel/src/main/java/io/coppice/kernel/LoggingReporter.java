package io.coppice.kernel;

import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Reporter;

/** Logs reports through the platform's logger, to which any logging library can be bridged. */
final class LoggingReporter implements Reporter {
  private static final System.Logger LOGGER = System.getLogger("io.coppice");

  @Override
  public void report(Report report) {
    LOGGER.log(report.level(), report::text);
  }
}
