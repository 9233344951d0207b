package io.coppice.bench;

import io.coppice.bench.measure.Expectation;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Results;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.measure.Sections;
import io.coppice.bench.measure.Table;
import io.coppice.bench.suite.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures with more and more scheduler threads. */
@Command(
    name = "scaling",
    description = {
      "Measures workloads with 1, 2, 4 … scheduler threads, up to the number of processors, and"
          + " prints how many times as fast as with the first number each other one is.",
      "Without --filter it takes those with enough work for several threads.",
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ScalingCommand implements Callable<Integer> {
  private static final String HEADING = "## Scaling over scheduler threads";
  private static final List<String> PARALLEL =
      List.of(
          "fan_out_compute",
          "fan_out_compute_blocking",
          "fan_out_compute_bare_threads",
          "ping_pong_oneshot",
          "spawn_storm_busy",
          "yield_many",
          "yield_many_blocking",
          "mpsc_contention",
          "call_fan_in",
          "skynet",
          "big",
          "tcp_echo");

  @Mixin Selection selection = new Selection();

  @Option(names = "--rounds", paramLabel = "N", description = "over all of it; default: 1")
  int rounds = 1;

  @Option(
      names = "--save-results",
      paramLabel = "FILE.md",
      description = "write the table as a section of a file, in place of the one it has")
  @Nullable Path file;

  @Mixin Console console = new Console();

  private final Results results = new Results();

  @Override
  public Integer call() throws InterruptedException, IOException {
    List<Knobs> nodes = selection.knobs(selection.schedulers(counts()));
    List<Workload> workloads = selection.timed(PARALLEL);
    Machine.busy().ifPresent(console::warn);
    Expectation expectation = selection.expectation();
    Agenda agenda = new Agenda();
    for (int round = 0; round < rounds; round++) {
      for (Workload workload : workloads) {
        for (Knobs knobs : nodes) {
          agenda.add(expectation.seconds("", workload.name(), 1), () -> take(workload, knobs));
        }
      }
    }
    agenda.run(console, selection.minutes());
    Table table = table(workloads, nodes);
    console.print("\n" + table.text().stripTrailing());
    if (file != null) {
      Sections.write(
          file,
          HEADING
              + "\n\nMedian in microseconds, and how many times as fast as in the first column."
              + " `fan_out_compute_bare_threads` is the same loop on plain threads: what the"
              + " machine has to give.\n\n"
              + table.markdown()
              + "\n"
              + Sections.machine()
              + "\nMade by `bench scaling --save-results TUNING.md`.\n");
    }
    return agenda.failures() > 0 ? Bench.FAILED : 0;
  }

  private static List<Integer> counts() {
    TreeSet<Integer> counts = new TreeSet<>();
    int processors = Runtime.getRuntime().availableProcessors();
    for (int count = 1; count < processors; count *= 2) {
      counts.add(count);
    }
    counts.add(processors);
    return List.copyOf(counts);
  }

  private void take(Workload workload, Knobs knobs) throws SampleFailed, InterruptedException {
    for (Row row : selection.sampler().sample(workload, knobs)) {
      results.add(row);
      console.print(row.line());
    }
  }

  private Table table(List<Workload> workloads, List<Knobs> nodes) {
    List<String> head = new ArrayList<>(List.of("workload"));
    nodes.forEach(knobs -> head.add(Integer.toString(knobs.schedulers())));
    Table table = new Table(head);
    for (Workload workload : workloads) {
      List<String> cells = new ArrayList<>(List.of(workload.name()));
      Optional<Row> first = row(workload, nodes.getFirst());
      for (Knobs knobs : nodes) {
        cells.add(row(workload, knobs).map(row -> cell(row, first.orElse(row))).orElse(""));
      }
      table.add(cells);
    }
    return table;
  }

  private Optional<Row> row(Workload workload, Knobs knobs) {
    String name = workload.name() + "/" + knobs.schedulers();
    return results.get(name).or(() -> results.get(name + "@quick"));
  }

  static String cell(Row row, Row first) {
    return String.format(Locale.ROOT, "%.0f (%.2f)", row.median(), first.median() / row.median());
  }
}
