package io.coppice.bench.suite;

import io.coppice.kernel.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workload: how much there is to do, and what was measured. Used by the processes of
 * the run, one after another.
 */
public final class Run {
  private final int divisor;
  private final int schedulers;
  private final IntSupplier extraSchedulers;
  private final Map<String, Double> parts = Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<Runnable> afterwards = new ArrayList<>();
  private volatile long startNanos;
  private volatile long stopNanos;

  /**
   * A run that has not started.
   *
   * @param divisor 1 for the whole work; else sizes are divided by it, and the figures say nothing
   * @param schedulers scheduler threads of the node
   * @param extraSchedulers says how many there are beside them, in place of stuck ones
   */
  public Run(int divisor, int schedulers, IntSupplier extraSchedulers) {
    this.divisor = divisor;
    this.schedulers = schedulers;
    this.extraSchedulers = extraSchedulers;
  }

  /** The time starts: before the body, and again where it has prepared something first. */
  public void start() {
    stopNanos = 0;
    startNanos = System.nanoTime();
  }

  /** The time stops: after the body, or before, where the body goes on with what does not count. */
  public void stop() {
    if (stopNanos == 0) {
      stopNanos = System.nanoTime();
    }
  }

  /**
   * The time between the two.
   *
   * @return microseconds
   */
  public double micros() {
    return (stopNanos - startNanos) / 1e3;
  }

  /**
   * What was reported apart: by the suffix of its row, in the unit of its row.
   *
   * @return a live view
   */
  public Map<String, Double> parts() {
    return parts;
  }

  /** Runs what was left for after the time had stopped. */
  public void cleanUp() {
    afterwards.forEach(Runnable::run);
  }

  /** How much of {@code full} this run does. */
  int size(int full) {
    return Math.max(2, full / divisor);
  }

  int schedulers() {
    return schedulers;
  }

  /**
   * Whether there is one scheduler: not for a while after something else kept the machine from
   * running it for so long that it counted as stuck.
   */
  boolean hasOneScheduler() {
    return schedulers == 1 && extraSchedulers.getAsInt() == 0;
  }

  /** Whether processes run on schedulers of the node's own, not on the JDK's. */
  static boolean hasOwnSchedulers() {
    return Object.class.getModule().isOpen("java.lang", Node.class.getModule());
  }

  /** A part of the time has ended here, reported as a row of its own. */
  void part(String suffix) {
    parts.put(suffix, (System.nanoTime() - startNanos) / 1e3);
  }

  void value(String suffix, double value) {
    parts.put(suffix, value);
  }

  /** To be done by the driver when the time has stopped. */
  void afterwards(Runnable work) {
    afterwards.add(work);
  }

  /** A workload whose result is wrong has measured nothing. */
  static void check(boolean right, String what, @Nullable Object seen) {
    if (!right) {
      throw new IllegalStateException("The result is wrong: " + what + ", but it is " + seen);
    }
  }

  static void same(long expected, long seen, String what) {
    if (expected != seen) {
      throw new IllegalStateException(
          "The result is wrong: " + what + " should be " + expected + ", but is " + seen);
    }
  }
}
