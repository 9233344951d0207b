package io.coppice.bench.measure;

import io.coppice.bench.suite.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Takes samples in fresh JVMs: with the flags and the class path of this one, so that nothing is
 * said twice. What another workload has taught the compiler does not count there.
 */
public final class Fork implements Sampler {
  private static final long LIMIT_MINUTES = 10;
  private final Effort effort;
  private final List<String> jvm;
  private final boolean isPlain;

  /**
   * A sampler.
   *
   * @param effort how long
   */
  public Fork(Effort effort) {
    this(effort, jvm());
  }

  private Fork(Effort effort, List<String> jvm) {
    this(effort, jvm, false);
  }

  private Fork(Effort effort, List<String> jvm, boolean isPlain) {
    this.effort = effort;
    this.jvm = jvm;
    this.isPlain = isPlain;
  }

  /**
   * A sampler whose JVMs have another garbage collector than this one. A young generation of a
   * fixed size is left to those that do not size it to keep pauses short.
   *
   * @param effort how long
   * @param collector the flag, {@code -XX:+Use…GC}
   * @return the sampler
   */
  public static Fork withCollector(Effort effort, String collector) {
    return new Fork(effort, withCollector(jvm(), collector));
  }

  /**
   * A sampler whose JVMs lack the flags that Coppice asks for, {@code --add-opens}: its processes
   * then run on the virtual-thread scheduler of the JDK, which gets as many carriers as the node
   * has schedulers, and its mailboxes do without Agrona.
   *
   * @param effort how long
   * @return the sampler
   */
  public static Fork withoutFlags(Effort effort) {
    return new Fork(effort, withoutFlags(jvm()), true);
  }

  static List<String> withoutFlags(List<String> like) {
    return like.stream().filter(flag -> !flag.startsWith("--add-opens=java.base/")).toList();
  }

  static List<String> withCollector(List<String> like, String collector) {
    List<String> jvm = new ArrayList<>(like);
    jvm.removeIf(flag -> flag.matches("-XX:[+-]Use\\w+GC"));
    if (collector.contains("G1") || collector.contains("UseZ")) {
      jvm.removeIf(flag -> flag.startsWith("-Xmn"));
    }
    jvm.add(1, collector);
    return jvm;
  }

  /**
   * A JVM like this one whose resident size says something: its heap is touched as it grows and
   * given back when it is empty, whatever flags for speed this one has.
   *
   * @return the beginning of a command
   */
  public static List<String> smallJvm() {
    return small(jvm());
  }

  private static List<String> small(List<String> like) {
    List<String> jvm = new ArrayList<>(like);
    jvm.removeIf(
        flag ->
            flag.matches("-Xm[sn].*")
                || flag.matches("-XX:[+-](Use\\w+GC|AlwaysPreTouch|UseTransparentHugePages)"));
    jvm.addAll(1, List.of("-XX:+UseG1GC", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10"));
    return jvm;
  }

  @Override
  public List<Row> sample(Workload workload, Knobs knobs)
      throws SampleFailed, InterruptedException {
    boolean gauge = workload.kind() == Workload.Kind.GAUGE;
    List<String> command = new ArrayList<>(gauge ? small(jvm) : jvm);
    if (isPlain) {
      command.add(1, "-Djdk.virtualThreadScheduler.parallelism=" + knobs.schedulers());
    }
    command.addAll(List.of("io.coppice.bench.Bench", "sample", "--in-process"));
    command.addAll(List.of("--schedulers", Integer.toString(knobs.schedulers())));
    command.addAll(List.of("--effort", effort.key()));
    knobs
        .others()
        .forEach((knob, value) -> command.addAll(List.of("--set", knob.key() + "=" + value)));
    command.add(workload.name());
    return rows(command, Map.of(), workload.name() + "/" + knobs.schedulers());
  }

  /**
   * A JVM like this one, up to its class path.
   *
   * @return the beginning of a command
   */
  public static List<String> jvm() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-agentlib") && !flag.startsWith("-javaagent")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  /**
   * Runs a program that prints rows.
   *
   * @param command the program and its arguments
   * @param environment variables to set
   * @param what for the message of a failure
   * @return what it printed, at least one row
   * @throws SampleFailed if it fails, prints nothing, or takes more than ten minutes
   * @throws InterruptedException if the thread is interrupted
   */
  public static List<Row> rows(List<String> command, Map<String, String> environment, String what)
      throws SampleFailed, InterruptedException {
    Process process;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new SampleFailed(what + " could not be started: " + e.getMessage());
    }
    List<Row> rows = new ArrayList<>();
    Thread reader = Thread.startVirtualThread(() -> read(process, rows));
    try {
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new SampleFailed(what + " took more than " + LIMIT_MINUTES + " minutes");
      }
      reader.join();
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new SampleFailed(what + " failed with status " + process.exitValue());
    }
    if (rows.isEmpty()) {
      throw new SampleFailed(what + " printed no results");
    }
    return rows;
  }

  private static void read(Process process, List<Row> rows) {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(line -> Row.parse(line).ifPresent(rows::add));
    } catch (IOException | UncheckedIOException e) {
      // it was ended; the exit status tells
    }
  }
}
