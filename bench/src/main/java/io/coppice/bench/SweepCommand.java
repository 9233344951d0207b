package io.coppice.bench;

import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.measure.Sweep;
import io.coppice.bench.measure.Sweep.Effect;
import io.coppice.bench.suite.Workload;
import io.coppice.kernel.Knob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
      "Measures the workloads at several settings of the knobs of a node, and says which knob"
          + " matters for which workload.",
      "A knob matters if its worst value is more than a tenth slower than its best one, and if that"
          + " is more than twice the difference between two measurements of the same setting.",
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
  private static final List<Knob> SWEPT =
      List.of(Knob.TURN_MESSAGES, Knob.TIME_SLICE, Knob.MAILBOX_CAPACITY, Knob.SCHEDULERS);

  @Mixin Selection selection = new Selection();

  @Option(
      names = "--values",
      paramLabel = "KNOB=V:V:V",
      description = {
        "other values than these:",
        "turnMessages=16:128:1024 timeSliceMicros=250:1000:4000",
        "mailboxCapacity=4:16:256 schedulers=1:2:(processors)"
      })
  Map<String, String> given = new LinkedHashMap<>();

  @Option(
      names = "--grid",
      description = "all combinations, not only each knob in turn: takes hours")
  boolean grid;

  @Option(names = "--save-csv", paramLabel = "FILE", description = "write every measurement")
  @Nullable Path csv;

  @Mixin Console console = new Console();

  @Override
  public Integer call() throws InterruptedException, IOException {
    Map<Knob, Long> normal = new LinkedHashMap<>();
    Map<Knob, List<Long>> values = values();
    values.keySet().forEach(knob -> normal.put(knob, knob.normal()));
    List<Map<Knob, Long>> settings = grid ? Sweep.grid(normal, values) : Sweep.star(normal, values);
    Machine.busy().ifPresent(console::warn);
    Sweep sweep = new Sweep();
    int failures = 0;
    for (Workload workload : selection.workloads()) {
      if (workload.kind() == Workload.Kind.TIME) {
        failures += measure(workload, settings, sweep);
      }
    }
    sweep.effects(normal).forEach((name, effects) -> print(name, effects, normal));
    if (csv != null) {
      Files.write(csv, sweep.csv());
    }
    return failures > 0 ? Bench.FAILED : 0;
  }

  private Map<Knob, List<Long>> values() {
    Map<Knob, List<Long>> values = new LinkedHashMap<>();
    values.put(Knob.TURN_MESSAGES, List.of(16L, 128L, 1024L));
    values.put(Knob.TIME_SLICE, List.of(250L, 1000L, 4000L));
    values.put(Knob.MAILBOX_CAPACITY, List.of(4L, 16L, 256L));
    long processors = Runtime.getRuntime().availableProcessors();
    values.put(Knob.SCHEDULERS, List.copyOf(new TreeSet<>(List.of(1L, 2L, processors))));
    for (Map.Entry<String, String> other : given.entrySet()) {
      Knob knob =
          SWEPT.stream()
              .filter(each -> each.key().equals(other.getKey()))
              .findFirst()
              .orElseThrow(
                  () -> console.wrong("There is no knob " + other.getKey() + " to sweep."));
      try {
        values.put(knob, Arrays.stream(other.getValue().split(":")).map(Long::valueOf).toList());
      } catch (NumberFormatException e) {
        throw console.wrong(other.getKey() + " should have numbers with colons between them.");
      }
    }
    return values;
  }

  private int measure(Workload workload, List<Map<Knob, Long>> settings, Sweep sweep)
      throws InterruptedException {
    Sampler sampler = selection.sampler();
    int failures = 0;
    for (Map<Knob, Long> setting : settings) {
      Knobs knobs = Knobs.schedulers(1);
      for (Map.Entry<Knob, Long> each : setting.entrySet()) {
        knobs = knobs.with(each.getKey(), each.getValue());
      }
      try {
        for (Row row : sampler.sample(workload, knobs)) {
          String name = row.name().replaceFirst("/\\d+", "");
          sweep.add(new Sweep.Point(name, setting, row));
          console.print(row.line() + "\t" + text(setting));
        }
      } catch (SampleFailed e) {
        failures++;
        console.warn(e.getMessage() + " with " + text(setting));
      }
    }
    return failures;
  }

  private static String text(Map<Knob, Long> setting) {
    StringBuilder text = new StringBuilder();
    setting.forEach((knob, value) -> text.append(knob.key()).append('=').append(value).append(' '));
    return text.toString().strip();
  }

  private void print(String workload, List<Effect> effects, Map<Knob, Long> normal) {
    StringBuilder line = new StringBuilder(String.format("%-40s", workload));
    List<Effect> important = effects.stream().filter(Effect::matters).toList();
    if (important.isEmpty()) {
      line.append(" no knob matters");
    }
    for (Effect effect : important) {
      line.append(
          String.format(
              Locale.ROOT,
              " %s: best %d%s, worst is %.0f %% slower;",
              effect.knob().key(),
              effect.best(),
              Long.valueOf(effect.best()).equals(normal.get(effect.knob())) ? " (default)" : "",
              100 * effect.spread()));
    }
    line.append(
        String.format(
            Locale.ROOT,
            "  (noise %.0f %%)",
            100 * effects.stream().mapToDouble(Effect::noise).max().orElse(0)));
    console.print(line.toString());
  }
}
