package io.coppice.examples.ledger;

import io.coppice.examples.ledger.audit.Acked;
import io.coppice.examples.ledger.audit.Audit;
import io.coppice.examples.ledger.books.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Exit status: 0 all promises kept, 1 one was broken, 2 it could not start. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "A payments ledger whose processes are killed while clients use it.",
      "Without --serve: load and chaos for a while, then an audit of the database.",
    })
public final class Ledger implements Callable<Integer> {
  private static final int BROKEN = 1;
  private static final int CANNOT_START = 2;

  @Option(names = "--serve", description = "serve until Ctrl-C, without load and chaos")
  private boolean serve;

  @Option(names = "--audit", description = "only audit the database against --ack-log")
  private boolean auditOnly;

  @Option(
      names = "--db",
      defaultValue = "target/ledger.db",
      description = "SQLite file, made if it is not there; default: ${DEFAULT-VALUE}")
  private Path file = Path.of("target", "ledger.db");

  @Option(names = "--jdbc", description = "another database: jdbc:postgresql://HOST/NAME?user=…")
  private @Nullable String jdbc;

  @Option(names = "--port", description = "port on 127.0.0.1; default: 8080 to serve, else any")
  private @Nullable Integer port;

  @Option(names = "--duration", description = "seconds of load; default: 30")
  private int seconds = 30;

  @Option(names = "--clients", description = "clients at a time; default: 16")
  private int clients = 16;

  @Option(names = "--accounts", description = "accounts of the load; default: 64")
  private int accounts = 64;

  @Option(names = "--chaos-rate", description = "kills per second; default: 5, to serve: 0")
  private @Nullable Double chaosRate;

  @Option(names = "--seed", description = "of the random numbers; default: from the clock")
  private long seed = System.nanoTime();

  @Option(names = "--ack-log", description = "append every acknowledged transfer to this file")
  private @Nullable Path ackLog;

  @Option(
      names = "--reports",
      defaultValue = "target/ledger-reports.log",
      description = "file for the reports of crashes; default: ${DEFAULT-VALUE}")
  private Path reports = Path.of("target", "ledger-reports.log");

  @Spec private @Nullable CommandSpec spec;

  private Ledger() {}

  /**
   * Runs the ledger.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String... arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new Ledger())
        .setParameterExceptionHandler(Ledger::explain)
        .execute(arguments);
  }

  private static int explain(ParameterException error, String[] arguments) {
    error.getCommandLine().getErr().println("ledger: " + error.getMessage() + " (see --help)");
    return CANNOT_START;
  }

  @Override
  public Integer call() throws InterruptedException {
    checkOptions();
    try {
      return auditOnly ? audit() : serve ? serve() : trial();
    } catch (SQLException error) {
      return cannotStart(
          "the database " + Database.shown(url()) + " cannot be used: " + error.getMessage());
    } catch (IOException error) {
      return cannotStart(error.getMessage());
    }
  }

  private int serve() throws IOException, SQLException, InterruptedException {
    try (ReportFile to = reportFile();
        LedgerServer server = LedgerServer.start(options(8080, 0), to)) {
      System.out.println("serving on http://127.0.0.1:" + server.port() + ", Ctrl-C ends it");
      Shutdown.await(server);
      return 0;
    }
  }

  private int trial() throws IOException, SQLException, InterruptedException {
    try (ReportFile to = reportFile()) {
      Trial trial = new Trial(url(), Duration.ofSeconds(seconds), clients, accounts, seed);
      return trial.run(options(0, 5), ackLog, to) ? 0 : BROKEN;
    }
  }

  private int audit() throws IOException, SQLException {
    List<Acked> acked = ackLog == null ? List.of() : Acked.read(ackLog);
    Audit.Result result = Audit.of(url(), acked);
    Summary.print(System.out, result);
    return result.passed() ? 0 : BROKEN;
  }

  private LedgerOptions options(int portDefault, double chaosDefault) {
    double rate = chaosRate == null ? chaosDefault : chaosRate;
    Duration firstRound = Duration.ofSeconds(Math.max(1, Math.min(10, seconds / 2)));
    return LedgerOptions.of(Database.jdbc(url()))
        .port(port == null ? portDefault : port)
        .chaos(new ChaosPlan(rate, firstRound, seed));
  }

  private String url() {
    return jdbc == null ? "jdbc:sqlite:" + file : jdbc;
  }

  private ReportFile reportFile() throws IOException {
    for (Path path : List.of(reports, file)) {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
    }
    return new ReportFile(reports);
  }

  private void checkOptions() {
    check("--duration", seconds, 1, 3600);
    check("--clients", clients, 1, 256);
    check("--accounts", accounts, 2, 10_000);
    check("--chaos-rate", chaosRate == null ? 0 : chaosRate, 0, 1000);
    check("--port", port == null ? 0 : port, 0, 65_535);
    if (serve && auditOnly) {
      throw new ParameterException(commandLine(), "--serve and --audit exclude each other");
    }
  }

  private void check(String option, double value, int least, int most) {
    if (!(value >= least && value <= most)) {
      throw new ParameterException(
          commandLine(), option + " is not between " + least + " and " + most);
    }
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new AssertionError("picocli sets it");
    }
    return spec.commandLine();
  }

  private static int cannotStart(@Nullable String why) {
    System.err.println("ledger: " + why);
    return CANNOT_START;
  }
}
