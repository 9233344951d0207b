package io.coppice.bench;

import io.coppice.bench.measure.Expectation;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Results;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.suite.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
      description = "write every sample to a file for `regress`, as soon as it is taken")
  @Nullable Path baseline;

  @Option(
      names = "--complete",
      description = "keep the samples that the baseline has, and take those that it lacks")
  boolean complete;

  @Mixin Console console = new Console();

  private Results results = new Results();

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (baseline != null && selection.quick) {
      throw console.wrong("Figures of --quick mean nothing and are no baseline.");
    }
    if (complete) {
      load();
    }
    Agenda agenda = agenda();
    Machine.busy().ifPresent(console::warn);
    agenda.run(console, selection.minutes());
    console.print("\n" + results.table());
    if (baseline != null) {
      console.print("The baseline is in " + baseline);
      if (agenda.left() > 0) {
        console.print("It is not complete; the same with --complete goes on.");
      }
    }
    return agenda.failures() > 0 ? Bench.FAILED : 0;
  }

  private void load() throws IOException {
    if (baseline == null) {
      throw console.wrong("--complete needs the baseline that is to be completed.");
    }
    if (Files.isReadable(baseline)) {
      results = Results.load(baseline);
      if (results.effort() != selection.effort()) {
        throw console.wrong(
            baseline
                + " was taken with the effort "
                + results.effort().key()
                + ", this run has "
                + selection.effort().key()
                + ": such samples do not go together.");
      }
    }
  }

  private Agenda agenda() throws IOException {
    List<Workload> workloads = selection.workloads();
    List<Knobs> nodes = selection.knobs();
    Expectation expectation = selection.expectation();
    Agenda agenda = new Agenda();
    int rounds = samples != null ? samples : baseline != null ? 3 : 1;
    for (int round = 0; round < rounds; round++) {
      for (Workload workload : workloads) {
        for (Knobs knobs : nodes) {
          String row = workload.name() + "/" + knobs.schedulers();
          if (results.samples(row) <= round) {
            agenda.add(expectation.seconds("", row, 1), () -> take(workload, knobs));
          }
        }
      }
    }
    return agenda;
  }

  private void take(Workload workload, Knobs knobs) throws SampleFailed, InterruptedException {
    Sampler sampler = selection.sampler();
    for (Row row : sampler.sample(workload, knobs)) {
      results.add(row);
      console.print(row.line());
    }
    if (baseline != null) {
      try {
        results.save(baseline, selection.effort());
      } catch (IOException e) {
        throw new UncheckedIOException("The baseline cannot be written to " + baseline, e);
      }
    }
  }
}
