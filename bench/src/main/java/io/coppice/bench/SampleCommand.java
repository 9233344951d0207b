package io.coppice.bench;

import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.suite.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One sample, taken in a JVM that another command has started. */
@Command(name = "sample", hidden = true, description = "Takes one sample of some workloads.")
final class SampleCommand implements Callable<Integer> {
  /** Who starts this JVM has chosen its flags: what is missing need not be said for each sample. */
  private static final Logger FLAGS = Logger.getLogger("io.coppice.flags");

  @Mixin Selection selection = new Selection();

  @Parameters(paramLabel = "NAME", description = "workloads")
  List<String> names = new ArrayList<>();

  @Mixin Console console = new Console();

  @Override
  public Integer call() throws InterruptedException {
    FLAGS.setLevel(Level.WARNING);
    for (String name : names) {
      for (Knobs knobs : selection.knobs()) {
        try {
          for (Row row : selection.sampler().sample(Suite.named(name), knobs)) {
            console.print(row.line());
          }
        } catch (SampleFailed e) {
          console.warn(String.valueOf(e.getMessage()));
          return Bench.FAILED;
        }
      }
    }
    return 0;
  }
}
