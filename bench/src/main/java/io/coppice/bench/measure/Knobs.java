package io.coppice.bench.measure;

import io.coppice.kernel.Knob;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Reporter;
import java.util.EnumMap;
import java.util.Map;

/**
 * The settings of a node that is measured. Those that are not named here have their defaults, or
 * what a system property or an environment variable says ({@link Knob}).
 *
 * @param schedulers scheduler threads
 * @param others further knobs that are turned
 */
public record Knobs(int schedulers, Map<Knob, Long> others) {
  /**
   * Nothing but the number of scheduler threads.
   *
   * @param count 1 or more
   * @return the knobs
   */
  public static Knobs schedulers(int count) {
    return new Knobs(count, Map.of());
  }

  /**
   * Turns one more.
   *
   * @param knob which
   * @param value in the unit of its name
   * @return a changed copy
   */
  public Knobs with(Knob knob, long value) {
    if (knob == Knob.SCHEDULERS) {
      return new Knobs(Math.toIntExact(value), others);
    }
    Map<Knob, Long> changed = new EnumMap<>(Knob.class);
    changed.putAll(others);
    changed.put(knob, value);
    return new Knobs(schedulers, Map.copyOf(changed));
  }

  /**
   * The options of a node.
   *
   * @param reporter gets its reports
   * @return options
   */
  public NodeOptions options(Reporter reporter) {
    NodeOptions options =
        NodeOptions.DEFAULT.withName("bench").withSchedulers(schedulers).withReporter(reporter);
    for (Map.Entry<Knob, Long> turned : others.entrySet()) {
      options = options.with(turned.getKey(), turned.getValue());
    }
    return options;
  }
}
