package io.coppice.bench;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Expectation;
import io.coppice.bench.measure.Fork;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.suite.Suite;
import io.coppice.bench.suite.Workload;
import io.coppice.kernel.Knob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
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
  List<Integer> schedulers = List.of();

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
      names = "--brief",
      description = "the whole work with less warm-up and fewer runs: about half the time, noisier")
  boolean brief;

  @Option(names = "--effort", hidden = true, description = "as another command was told")
  @Nullable Effort effort;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "begin no sample that would end later; default: no limit")
  @Nullable Double minutes;

  @Option(
      names = "--in-process",
      description = "in this JVM, not in a fresh one for each sample: for profilers and tests")
  boolean inProcess;

  @Option(
      names = "--without-flags",
      description =
          "in JVMs without --add-opens, as a newcomer starts them; such rows are marked @plain")
  boolean withoutFlags;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  /**
   * How long workloads are run.
   *
   * @return what the command line says
   */
  public Effort effort() {
    if (effort != null) {
      return effort;
    }
    return quick ? Effort.QUICK : brief ? Effort.BRIEF : Effort.FULL;
  }

  /**
   * Runs workloads as long as somebody else did.
   *
   * @param value how long
   */
  public void effort(Effort value) {
    effort = value;
  }

  /**
   * How samples are taken.
   *
   * @return in this JVM or in fresh ones
   */
  public Sampler sampler() {
    if (withoutFlags && inProcess) {
      throw wrong("--without-flags needs JVMs of its own; leave --in-process out.");
    }
    return withoutFlags ? plain() : inProcess ? Sampler.here(effort()) : new Fork(effort());
  }

  /** Its rows are named apart, so that no baseline mixes them with others. */
  private Sampler plain() {
    Fork fork = Fork.withoutFlags(effort());
    return (workload, knobs) ->
        fork.sample(workload, knobs).stream().map(row -> row.named(row.name() + "@plain")).toList();
  }

  /**
   * Whether all is measured in JVMs without Coppice's flags.
   *
   * @return true if the command line says so
   */
  public boolean isWithoutFlags() {
    return withoutFlags;
  }

  /**
   * Whether there are no fresh JVMs.
   *
   * @return true if all runs in this one
   */
  public boolean isInProcess() {
    return inProcess;
  }

  /**
   * How long all may take.
   *
   * @return minutes, or empty
   */
  public OptionalDouble minutes() {
    return minutes == null ? OptionalDouble.empty() : OptionalDouble.of(minutes);
  }

  /**
   * How long each sample will take.
   *
   * @return by what the baseline in this folder says, if there is one
   * @throws IOException if it cannot be read
   */
  public Expectation expectation() throws IOException {
    return new Expectation(effort(), Path.of("baseline.tsv"));
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
    return knobs(schedulers(List.of(1, 2)));
  }

  /**
   * The numbers of scheduler threads.
   *
   * @param otherwise if the command line says none
   * @return 1 or more each
   */
  List<Integer> schedulers(List<Integer> otherwise) {
    return schedulers.isEmpty() ? otherwise : schedulers;
  }

  /**
   * What is measured of the workloads whose result is a time.
   *
   * @return none or more
   */
  List<Workload> timed() {
    return workloads().stream().filter(each -> each.kind() == Workload.Kind.TIME).toList();
  }

  /**
   * What is timed.
   *
   * @param otherwise names of workloads that suit the command, if the command line says none
   * @return none or more
   */
  List<Workload> timed(List<String> otherwise) {
    return filter.pattern().isEmpty() ? otherwise.stream().map(Suite::named).toList() : timed();
  }

  /**
   * A node for each of these numbers of scheduler threads; for one only, if that is set from
   * outside.
   *
   * @param counts 1 or more each
   * @return one or more
   */
  public List<Knobs> knobs(List<Integer> counts) {
    Set<Knobs> all = new LinkedHashSet<>();
    for (int count : counts) {
      Knobs knobs = Knobs.schedulers(count);
      for (Map.Entry<String, Long> setting : settings.entrySet()) {
        knobs = knobs.with(knob(setting.getKey()), setting.getValue());
      }
      try {
        all.add(knobs.asNodesAre());
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    return List.copyOf(all);
  }

  /**
   * The knob of that name.
   *
   * @param key as in a system property
   * @return the knob
   */
  Knob knob(String key) {
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
