package io.coppice.bench;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Fork;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.suite.Suite;
import io.coppice.bench.suite.Workload;
import io.coppice.kernel.Knob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of all commands that measure: what, how, and how long. */
final class Selection {
  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      description = "only workloads whose names contain a match")
  Pattern filter = Pattern.compile("");

  @Option(
      names = "--schedulers",
      split = ",",
      paramLabel = "N",
      description = "numbers of scheduler threads; default: 1,2")
  List<Integer> schedulers = List.of(1, 2);

  @Option(
      names = "--set",
      paramLabel = "KNOB=VALUE",
      description = "turn a knob of the node, for instance turnMessages=32")
  Map<String, Long> settings = new LinkedHashMap<>();

  @Option(
      names = "--quick",
      description =
          "a hundredth of the work, 3 runs: shows that all works, its figures mean nothing")
  boolean quick;

  @Option(
      names = "--in-process",
      description = "in this JVM, not in a fresh one for each sample: for profilers and tests")
  boolean inProcess;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  Effort effort() {
    return quick ? Effort.QUICK : Effort.FULL;
  }

  Sampler sampler() {
    return inProcess ? Sampler.here(effort()) : new Fork(effort());
  }

  List<Workload> workloads() {
    List<Workload> workloads = Suite.matching(filter);
    if (workloads.isEmpty()) {
      throw wrong("No workload matches " + filter + "; `bench list` prints their names.");
    }
    return workloads;
  }

  /** A node for each number of scheduler threads. */
  List<Knobs> knobs() {
    List<Knobs> all = new ArrayList<>();
    for (int count : schedulers) {
      Knobs knobs = Knobs.schedulers(count);
      for (Map.Entry<String, Long> setting : settings.entrySet()) {
        knobs = knobs.with(knob(setting.getKey()), setting.getValue());
      }
      try {
        knobs.options(report -> {});
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
      all.add(knobs);
    }
    return all;
  }

  private Knob knob(String key) {
    for (Knob knob : Knob.values()) {
      if (knob.key().equals(key)) {
        return knob;
      }
    }
    throw wrong("There is no knob " + key + ".");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "set by picocli").commandLine(), message);
  }
}
