package io.coppice.bench.suite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** All workloads, in the order in which they are reported. */
public final class Suite {
  private static final Map<String, List<Workload>> BY_LOAD = make();
  private static final List<Workload> ALL =
      BY_LOAD.values().stream().flatMap(List::stream).toList();

  private Suite() {}

  private static Map<String, List<Workload>> make() {
    Map<String, List<Workload>> all = new LinkedHashMap<>();
    all.put("short-lived processes", Spawning.all());
    all.put("yields", Yielding.all());
    all.put("timers", Timers.all());
    all.put("computing", Compute.all());
    all.put("floods of messages", Channels.all());
    all.put("failures and restarts", Failures.all());
    all.put("calls and casts", Servers.all());
    all.put("a million processes", Crowd.all());
    all.put("messages to and fro", Rings.all());
    all.put("sockets", Echo.all());
    return all;
  }

  /**
   * The kind of load that a workload is.
   *
   * @param workload one of the suite
   * @return some words, the same for all workloads of its kind
   */
  public static String load(Workload workload) {
    return BY_LOAD.entrySet().stream()
        .filter(each -> each.getValue().contains(workload))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
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
