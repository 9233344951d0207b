package io.coppice.bench;

import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Results;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.suite.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures workloads. */
@Command(
    name = "run",
    description = {
      "Measures the workloads, each in a fresh JVM.",
      "Prints a line for each: name/schedulers, median, min, max (us), runs; then a table.",
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin Selection selection = new Selection();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "JVMs for each row, in rounds over all of them; default: 1, for a baseline 3")
  @Nullable Integer samples;

  @Option(
      names = "--save-baseline",
      paramLabel = "FILE",
      description = "write the results to a file for `regress`")
  @Nullable Path baseline;

  @Mixin Console console = new Console();

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (baseline != null && selection.quick) {
      throw console.wrong("Figures of --quick mean nothing and are no baseline.");
    }
    List<Workload> workloads = selection.workloads();
    List<Knobs> nodes = selection.knobs();
    Machine.busy().ifPresent(console::warn);
    Results results = new Results();
    int failures = 0;
    int rounds = samples != null ? samples : baseline != null ? 3 : 1;
    for (int round = 0; round < rounds; round++) {
      failures += round(workloads, nodes, results);
    }
    console.print("\n" + results.table());
    if (failures > 0) {
      console.warn(failures + " samples could not be taken, see above.");
      return Bench.FAILED;
    }
    if (baseline != null) {
      results.save(baseline);
      console.print("The baseline is in " + baseline);
    }
    return 0;
  }

  private int round(List<Workload> workloads, List<Knobs> nodes, Results results)
      throws InterruptedException {
    Sampler sampler = selection.sampler();
    int failures = 0;
    for (Workload workload : workloads) {
      for (Knobs knobs : nodes) {
        try {
          for (Row row : sampler.sample(workload, knobs)) {
            results.add(row);
            console.print(row.line());
          }
        } catch (SampleFailed e) {
          failures++;
          console.warn(String.valueOf(e.getMessage()));
        }
      }
    }
    return failures;
  }
}
