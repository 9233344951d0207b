package io.coppice.bench.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** All workloads, in the order in which they are reported. */
public final class Suite {
  private static final List<Workload> ALL = make();

  private Suite() {}

  private static List<Workload> make() {
    List<Workload> all = new ArrayList<>();
    all.addAll(Spawning.all());
    all.addAll(Yielding.all());
    all.addAll(Timers.all());
    all.addAll(Compute.all());
    all.addAll(Channels.all());
    all.addAll(Failures.all());
    all.addAll(Servers.all());
    all.addAll(Crowd.all());
    all.addAll(Rings.all());
    all.addAll(Echo.all());
    return List.copyOf(all);
  }

  /**
   * All workloads.
   *
   * @return in order
   */
  public static List<Workload> all() {
    return ALL;
  }

  /**
   * The workloads whose names contain a match.
   *
   * @param filter a regular expression
   * @return in order
   */
  public static List<Workload> matching(Pattern filter) {
    return ALL.stream().filter(workload -> filter.matcher(workload.name()).find()).toList();
  }

  /**
   * One workload.
   *
   * @param name its name
   * @return the workload
   * @throws IllegalArgumentException if there is none
   */
  public static Workload named(String name) {
    return ALL.stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no workload " + name + "; `list` prints their names."));
  }
}
