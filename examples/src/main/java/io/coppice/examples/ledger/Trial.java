package io.coppice.examples.ledger;

import io.coppice.examples.ledger.audit.Audit;
import io.coppice.examples.ledger.books.Database;
import io.coppice.examples.ledger.load.AckLog;
import io.coppice.examples.ledger.load.Load;
import io.coppice.examples.ledger.load.LoadPlan;
import io.coppice.examples.ledger.load.Meter;
import io.coppice.kernel.process.Reporter;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One run: load and chaos for a while, then the audit.
 *
 * @param url the database, for the audit
 * @param duration of the load
 * @param clients how many
 * @param accounts how many
 * @param seed of the random numbers
 */
record Trial(String url, Duration duration, int clients, int accounts, long seed) {
  /** Runs it; true if all promises were kept. */
  boolean run(LedgerOptions options, @Nullable Path ackFile, Reporter reports)
      throws IOException, SQLException, InterruptedException {
    Meter meter = new Meter();
    try (AckLog log = new AckLog(ackFile)) {
      LedgerServer server = LedgerServer.start(options, reports);
      try (server) {
        announce(System.out, options, server);
        load(server, meter, log);
      }
      Audit.Result audit = Audit.of(url, log.all());
      return new Summary(System.out, server, meter).print(audit);
    }
  }

  private void announce(PrintStream out, LedgerOptions options, LedgerServer server) {
    out.printf("ledger on http://127.0.0.1:%d, books in %s%n", server.port(), Database.shown(url));
    out.printf(
        "%d clients move money between %d accounts for %d s, chaos kills %s processes a second%n%n",
        clients, accounts, duration.toSeconds(), options.chaos().rate());
  }

  private void load(LedgerServer server, Meter meter, AckLog log)
      throws IOException, InterruptedException {
    String runId = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    Load load = new Load(new LoadPlan(server.port(), clients, accounts, runId, seed), meter, log);
    load.start();
    LiveLine line = new LiveLine(System.out, isTerminal());
    line.header();
    long start = System.nanoTime();
    long before = start;
    for (int second = 1; second <= duration.toSeconds() || isTooEarly(server, second); second++) {
      sleepUntil(start + TimeUnit.SECONDS.toNanos(second));
      long now = System.nanoTime();
      line.print(second, (now - before) / 1e9, meter, server.incidents());
      before = now;
    }
    load.stop();
  }

  /** Whether to go on a little, so that chaos meets everybody. */
  private boolean isTooEarly(LedgerServer server, int second) {
    return server.options().chaos().rate() > 0
        && !server.tally().spared().isEmpty()
        && second <= duration.toSeconds() + 10;
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException("the trial was interrupted");
      }
    }
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where there is no terminal, in Java 25 too
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
