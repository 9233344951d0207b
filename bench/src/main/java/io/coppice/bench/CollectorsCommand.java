package io.coppice.bench;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Expectation;
import io.coppice.bench.measure.Fork;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.measure.Sections;
import io.coppice.bench.measure.Table;
import io.coppice.bench.suite.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures with other garbage collectors. */
@Command(
    name = "collectors",
    description = {
      "Measures workloads under the JDK's garbage collectors, with the heap and the other flags of"
          + " this JVM, and prints the median and the slowest run.",
      "Without --filter it takes some that allocate much, keep much, or neither.",
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class CollectorsCommand implements Callable<Integer> {
  private static final String HEADING = "## Garbage collectors";
  private static final Map<String, String> FLAGS = flags();
  private static final List<String> TYPICAL =
      List.of("gen_server_call", "uncontended_channel", "spawn_1m_idle", "skynet");

  @Mixin Selection selection = new Selection();

  @Option(
      names = "--collectors",
      split = ",",
      paramLabel = "NAME",
      description = "default: parallel,g1,z,serial")
  List<String> names = List.copyOf(FLAGS.keySet());

  @Option(names = "--rounds", paramLabel = "N", description = "over all of it; default: 1")
  int rounds = 1;

  @Option(
      names = "--save-results",
      paramLabel = "FILE.md",
      description = "write the table as a section of a file, in place of the one it has")
  @Nullable Path file;

  @Mixin Console console = new Console();

  private record Key(String row, String collector) {}

  private final Map<Key, List<Row>> samples = new LinkedHashMap<>();

  private static Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("parallel", "-XX:+UseParallelGC");
    flags.put("g1", "-XX:+UseG1GC");
    flags.put("z", "-XX:+UseZGC");
    flags.put("serial", "-XX:+UseSerialGC");
    return flags;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    for (String name : names) {
      if (!FLAGS.containsKey(name)) {
        throw console.wrong("There is no collector " + name + "; there are " + FLAGS.keySet());
      }
    }
    Agenda agenda = agenda(selection.timed(TYPICAL));
    Machine.busy().ifPresent(console::warn);
    agenda.run(console, selection.minutes());
    Table table = table();
    console.print("\n" + table.text().stripTrailing());
    if (file != null) {
      Sections.write(
          file,
          HEADING
              + "\n\nMedian and (slowest run) in microseconds. The flags are those below, but for"
              + " the collector, and without `-Xmn` where the collector sizes its young generation"
              + " by itself (G1, ZGC).\n\n"
              + table.markdown()
              + "\n"
              + Sections.machine()
              + "\nMade by `bench collectors --save-results TUNING.md`.\n");
    }
    return agenda.failures() > 0 ? Bench.FAILED : 0;
  }

  private Agenda agenda(List<Workload> workloads) throws IOException {
    Expectation expectation = selection.expectation();
    Effort effort = selection.effort();
    Agenda agenda = new Agenda();
    for (int round = 0; round < rounds; round++) {
      for (Workload workload : workloads) {
        for (Knobs knobs : selection.knobs()) {
          for (String name : names) {
            Sampler sampler = Fork.withCollector(effort, FLAGS.getOrDefault(name, ""));
            agenda.add(
                expectation.seconds("", workload.name(), 1),
                () -> take(sampler, workload, knobs, name));
          }
        }
      }
    }
    return agenda;
  }

  private void take(Sampler sampler, Workload workload, Knobs knobs, String collector)
      throws SampleFailed, InterruptedException {
    for (Row row : sampler.sample(workload, knobs)) {
      samples.computeIfAbsent(new Key(row.name(), collector), key -> new ArrayList<>()).add(row);
      console.print(row.line() + "\t" + collector);
    }
  }

  private Table table() {
    List<String> head = new ArrayList<>(List.of("workload/schedulers"));
    head.addAll(names);
    Table table = new Table(head);
    for (String row : samples.keySet().stream().map(Key::row).distinct().toList()) {
      List<String> cells = new ArrayList<>(List.of(row));
      for (String name : names) {
        List<Row> taken = samples.getOrDefault(new Key(row, name), List.of());
        cells.add(taken.isEmpty() ? "" : cell(Row.merge(taken)));
      }
      table.add(cells);
    }
    return table;
  }

  private static String cell(Row row) {
    return String.format(Locale.ROOT, "%.0f (%.0f)", row.median(), row.max());
  }
}
