package io.coppice.bench;

import io.coppice.bench.suite.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the names of the workloads. */
@Command(
    name = "list",
    description = "Prints the names of the workloads.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Runnable {
  @Mixin Console console = new Console();

  @Override
  public void run() {
    Suite.all().forEach(workload -> console.print(workload.name()));
  }
}
