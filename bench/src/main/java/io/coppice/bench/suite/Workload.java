package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;

/**
 * One row of the results: some work that processes do, started by a driver process.
 *
 * <p>The name is that of the workload everywhere. Without a suffix its processes are reactive; with
 * {@code _blocking} they wait where they are, on stacks of their own.
 *
 * @param name the name of the row
 * @param kind what the row says
 * @param body one run of it
 */
public record Workload(String name, Kind kind, Body body) {
  /** What a row says. */
  public enum Kind {
    /** The time of one run, many times over. */
    TIME,
    /** Values of another unit, once in a fresh JVM. */
    GAUGE
  }

  /** The code of one run. */
  @FunctionalInterface
  public interface Body {
    /**
     * Does the work once and returns when its end has been observed.
     *
     * @param driver the process that starts it, blocking and not used before
     * @param run sizes in, parts of the time out
     * @throws Exception if the work went wrong or its result is not the right one
     */
    void run(Context driver, Run run) throws Exception;
  }

  static Workload of(String name, Body body) {
    return new Workload(name, Kind.TIME, body);
  }

  static Workload gauge(String name, Body body) {
    return new Workload(name, Kind.GAUGE, body);
  }
}
