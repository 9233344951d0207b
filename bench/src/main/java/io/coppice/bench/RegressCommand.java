package io.coppice.bench;

import io.coppice.bench.measure.Expectation;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Regression;
import io.coppice.bench.measure.Results;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.suite.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares with a baseline. */
@Command(
    name = "regress",
    description = {
      "Measures again what a baseline has, and exits with 1 if a row is slower than it was.",
      "A row that looks slower is sampled again before it is judged: it is slower only if the best"
          + " of its samples is, in its median and in its minimum.",
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class RegressCommand implements Callable<Integer> {
  @Mixin Selection selection = new Selection();

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "as `run --save-baseline` wrote it; default: baseline.tsv")
  Path baseline = Path.of("baseline.tsv");

  @Option(
      names = "--threshold",
      paramLabel = "PERCENT",
      description = "how much slower is too slow; default: 10%%")
  String threshold = "10%";

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "further samples of a row that looks slower; default: 4")
  int repeat = 4;

  @Mixin Console console = new Console();

  private record Judged(String name, Regression last) {}

  @Override
  public Integer call() throws InterruptedException, IOException {
    double limit = fraction();
    if (!Files.isReadable(baseline)) {
      throw console.wrong(
          "There is no baseline " + baseline + "; make one with run --save-baseline " + baseline);
    }
    Results before = Results.load(baseline);
    if (!selection.isQuick()) {
      selection.effort(before.effort());
    }
    warnOfOtherMachine();
    Machine.busy().ifPresent(console::warn);
    List<Judged> judged = new ArrayList<>();
    Expectation expectation = selection.expectation();
    Agenda agenda = new Agenda();
    List<String> unknown = new ArrayList<>();
    for (Workload workload : selection.workloads()) {
      for (Knobs knobs : selection.knobs()) {
        String row = workload.name() + "/" + knobs.schedulers();
        if (before.samples(row + (selection.isQuick() ? "@quick" : "")) > 0) {
          agenda.add(
              expectation.seconds("", row, 1),
              () -> judged.addAll(judge(workload, knobs, before, limit)));
        } else {
          unknown.add(row);
        }
      }
    }
    if (!unknown.isEmpty()) {
      console.warn("Not in the baseline, so not measured: " + String.join(", ", unknown));
    }
    agenda.run(console, selection.minutes());
    int failures = agenda.failures();
    if (judged.isEmpty() && failures + agenda.left() == 0) {
      throw console.wrong(
          "The baseline " + baseline + " has none of the rows that were asked for.");
    }
    long slower = judged.stream().filter(row -> row.last().isSlower()).count();
    console.print(
        String.format(
            Locale.ROOT,
            "%n%d rows compared, %d slower than the baseline by more than %s, %d failed, %d not"
                + " measured",
            judged.size(),
            slower,
            threshold,
            failures,
            agenda.left()));
    return slower + failures > 0 ? Bench.FAILED : 0;
  }

  private double fraction() {
    try {
      double percent = Double.parseDouble(threshold.replace("%", "").strip());
      if (percent > 0) {
        return percent / 100;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw console.wrong("--threshold is " + threshold + ", it should be a percentage above 0.");
  }

  private void warnOfOtherMachine() throws IOException {
    List<String> then = Files.readAllLines(baseline);
    for (String line : Machine.describe()) {
      if (!line.startsWith("date") && !then.contains("# " + line)) {
        console.warn("The baseline was taken on something else; now it is " + line);
      }
    }
  }

  private List<Judged> judge(Workload workload, Knobs knobs, Results before, double limit)
      throws SampleFailed, InterruptedException {
    Map<String, List<Row>> samples = new LinkedHashMap<>();
    Sampler sampler = selection.sampler();
    List<Judged> judged = List.of();
    for (int i = 0; i <= repeat; i++) {
      for (Row row : sampler.sample(workload, knobs)) {
        samples.computeIfAbsent(row.name(), name -> new ArrayList<>()).add(row);
      }
      judged = compare(samples, before, limit);
      if (judged.stream().noneMatch(row -> row.last().isSlower())) {
        break;
      }
    }
    judged.forEach(this::print);
    return judged;
  }

  private static List<Judged> compare(
      Map<String, List<Row>> samples, Results before, double limit) {
    List<Judged> judged = new ArrayList<>();
    samples.forEach(
        (name, rows) ->
            before
                .get(name)
                .ifPresent(row -> judged.add(new Judged(name, Regression.of(row, rows, limit)))));
    return judged;
  }

  private void print(Judged row) {
    Regression last = row.last();
    console.print(
        String.format(
            Locale.ROOT,
            "%-45s median %12.1f -> %12.1f  %+6.1f %%  min %12.1f -> %12.1f  %s",
            row.name(),
            last.baseline().median(),
            last.median(),
            100 * last.change(),
            last.baseline().min(),
            last.min(),
            last.isSlower() ? "SLOWER" : "ok"));
  }
}
