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
public final class Selection {
  /** Filled by picocli. */
  public Selection() {}

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

  @Option(names = "--trial", hidden = true, description = "the whole work, hardly warmed up")
  boolean trial;

  @Option(
      names = "--in-process",
      description = "in this JVM, not in a fresh one for each sample: for profilers and tests")
  boolean inProcess;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  Effort effort() {
    return trial ? Effort.TRIAL : quick ? Effort.QUICK : Effort.FULL;
  }

  /**
   * How samples are taken.
   *
   * @return in this JVM or in fresh ones
   */
  public Sampler sampler() {
    return inProcess ? Sampler.here(effort()) : new Fork(effort());
  }

  /** With {@code --quick}: all of the work as the peers do it, but only once. */
  public void compareQuickly() {
    trial = quick;
  }

  /**
   * Whether figures mean nothing.
   *
   * @return true if the work is reduced
   */
  public boolean isQuick() {
    return quick;
  }

  /**
   * What is measured.
   *
   * @return one or more
   */
  public List<Workload> workloads() {
    List<Workload> workloads = Suite.matching(filter);
    if (workloads.isEmpty()) {
      throw wrong("No workload matches " + filter + "; `bench list` prints their names.");
    }
    return workloads;
  }

  /**
   * A node for each number of scheduler threads.
   *
   * @return one or more
   */
  public List<Knobs> knobs() {
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
