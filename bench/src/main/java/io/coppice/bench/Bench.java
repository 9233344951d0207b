package io.coppice.bench;

import io.coppice.bench.latency.LatencyCommand;
import io.coppice.bench.micro.MicroCommand;
import io.coppice.bench.peer.CompareCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The benchmark tool. Exit status: 0 done, 1 something is slower than it was or could not be
 * measured, 2 the command line is wrong.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Coppice, compares it with itself, its settings and its peers.",
    subcommands = {
      ListCommand.class,
      KnobsCommand.class,
      RunCommand.class,
      RegressCommand.class,
      SweepCommand.class,
      ScalingCommand.class,
      CollectorsCommand.class,
      CompareCommand.class,
      LatencyCommand.class,
      MicroCommand.class,
      SampleCommand.class,
    })
public final class Bench {
  static final int FAILED = 1;

  private Bench() {}

  /**
   * Runs the tool.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String... arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return commandLine().execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Bench::explain);
  }

  private static int explain(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    command.getErr().println(error.getMessage() + " (see --help)");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
