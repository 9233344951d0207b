package io.coppice.bench;

import io.coppice.bench.measure.Expectation;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.measure.Sections;
import io.coppice.bench.measure.Sweep;
import io.coppice.bench.suite.Workload;
import io.coppice.kernel.Knob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Turns the knobs. */
@Command(
    name = "sweep",
    description = {
      "Measures the workloads at several settings of the knobs of a node; says which knob matters"
          + " for which workload, and which values suit which kind of load.",
      "A knob matters if its worst value is more than a tenth slower than its best one, and if that"
          + " is more than twice the difference between two measurements of the same setting.",
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
  @Mixin Selection selection = new Selection();

  @Option(
      names = "--knobs",
      split = ",",
      paramLabel = "KNOB",
      description = {
        "only these; default: turnMessages,timeSliceMicros,mailboxCapacity,schedulers;",
        "without the last one --schedulers says their number for all"
      })
  List<String> swept = List.of();

  @Option(
      names = "--values",
      paramLabel = "KNOB=V:V:V",
      description = {
        "other values than these, beside the default:",
        "turnMessages=16:4096 timeSliceMicros=250:4000",
        "mailboxCapacity=4:256 schedulers=1:2:(processors)"
      })
  Map<String, String> given = new LinkedHashMap<>();

  @Option(
      names = "--grid",
      description = "all combinations, not only each knob in turn: takes hours")
  boolean grid;

  @Option(names = "--rounds", paramLabel = "N", description = "over all of it; default: 2")
  int rounds = 2;

  @Option(names = "--save-csv", paramLabel = "FILE", description = "write every measurement")
  @Nullable Path csv;

  @Option(
      names = "--complete",
      description = "keep the measurements that the file has, and take those that it lacks")
  boolean complete;

  @Option(
      names = "--save-results",
      paramLabel = "FILE.md",
      description = "write the results as a section of a file, in place of the one it has")
  @Nullable Path results;

  @Mixin Console console = new Console();

  private final Sweep sweep = new Sweep();
  private final Map<Knob, Long> normal = new LinkedHashMap<>();

  @Override
  public Integer call() throws InterruptedException, IOException {
    Map<Knob, List<Long>> values = values();
    values.keySet().forEach(knob -> normal.put(knob, knob.normal()));
    List<Map<Knob, Long>> settings = grid ? Sweep.grid(normal, values) : Sweep.star(normal, values);
    if (complete) {
      load();
    }
    List<Workload> workloads = selection.timed();
    Agenda agenda = agenda(workloads, settings);
    Machine.busy().ifPresent(console::warn);
    agenda.run(console, selection.minutes());
    SweepReport report = new SweepReport(sweep, normal, workloads);
    console.print(report.text());
    if (csv != null && agenda.left() > 0) {
      console.print("It is not complete; the same with --complete goes on.");
    }
    if (results != null) {
      Sections.write(results, report.markdown());
    }
    return agenda.failures() > 0 ? Bench.FAILED : 0;
  }

  private Map<Knob, List<Long>> values() {
    Map<Knob, List<Long>> all = new LinkedHashMap<>();
    all.put(Knob.TURN_MESSAGES, List.of(16L, 4_096L));
    all.put(Knob.TIME_SLICE, List.of(250L, 4_000L));
    all.put(Knob.MAILBOX_CAPACITY, List.of(4L, 256L));
    long processors = Runtime.getRuntime().availableProcessors();
    all.put(Knob.SCHEDULERS, List.copyOf(new TreeSet<>(List.of(1L, 2L, processors))));
    for (Map.Entry<String, String> other : given.entrySet()) {
      Knob knob = selection.knob(other.getKey());
      try {
        all.put(knob, Arrays.stream(other.getValue().split(":")).map(Long::valueOf).toList());
      } catch (NumberFormatException e) {
        throw console.wrong(other.getKey() + " should have numbers with colons between them.");
      }
    }
    if (!swept.isEmpty()) {
      List<Knob> wanted = swept.stream().map(selection::knob).toList();
      all.keySet().retainAll(wanted);
      if (all.size() < wanted.size()) {
        throw console.wrong("Say --values for the knobs that are not swept by default.");
      }
    }
    return all;
  }

  private void load() throws IOException {
    if (csv == null) {
      throw console.wrong("--complete needs --save-csv, the file that is to be completed.");
    }
    if (Files.isReadable(csv)) {
      try {
        sweep.load(Files.readAllLines(csv), List.copyOf(normal.keySet()));
      } catch (IllegalArgumentException e) {
        throw console.wrong(csv + " is of another sweep. " + e.getMessage());
      }
    }
  }

  /** In rounds: what slows the machine down for a minute does not meet one setting alone. */
  private Agenda agenda(List<Workload> workloads, List<Map<Knob, Long>> settings)
      throws IOException {
    Expectation expectation = selection.expectation();
    Agenda agenda = new Agenda();
    for (Workload workload : workloads) {
      Map<Map<Knob, Long>, Integer> wanted = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Map<Knob, Long> setting : settings) {
          int times = wanted.merge(setting, 1, Integer::sum);
          if (times > sweep.count(workload.name(), setting)) {
            Knobs knobs = knobs(setting);
            agenda.add(
                expectation.seconds("", workload.name(), 1), () -> take(workload, setting, knobs));
          }
        }
      }
    }
    return agenda;
  }

  private Knobs knobs(Map<Knob, Long> setting) {
    int usual = Math.toIntExact(Knob.SCHEDULERS.normal());
    int schedulers =
        setting.containsKey(Knob.SCHEDULERS)
            ? setting.getOrDefault(Knob.SCHEDULERS, (long) usual).intValue()
            : selection.schedulers(List.of(usual)).getFirst();
    Knobs knobs = selection.knobs(List.of(schedulers)).getFirst();
    for (Map.Entry<Knob, Long> each : setting.entrySet()) {
      knobs = knobs.with(each.getKey(), each.getValue());
    }
    try {
      if (!knobs.asNodesAre().equals(knobs)) {
        throw console.wrong(
            "The number of scheduler threads is set from outside, and comes over all others.");
      }
    } catch (IllegalArgumentException e) {
      throw console.wrong(String.valueOf(e.getMessage()));
    }
    return knobs;
  }

  private void take(Workload workload, Map<Knob, Long> setting, Knobs knobs)
      throws SampleFailed, InterruptedException {
    for (Row row : selection.sampler().sample(workload, knobs)) {
      String name = row.name().replaceFirst("/\\d+.*", "");
      sweep.add(new Sweep.Point(name, setting, row));
      console.print(row.line() + "\t" + text(setting));
    }
    if (csv != null) {
      try {
        Files.write(csv, sweep.csv());
      } catch (IOException e) {
        throw new UncheckedIOException("The measurements cannot be written to " + csv, e);
      }
    }
  }

  private static String text(Map<Knob, Long> setting) {
    StringBuilder text = new StringBuilder();
    setting.forEach((knob, value) -> text.append(knob.key()).append('=').append(value).append(' '));
    return text.toString().strip();
  }
}
