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

  /**
   * What a node will really have: a number of scheduler threads that is set from outside comes over
   * this one.
   *
   * @return these knobs, or changed ones
   * @throws IllegalArgumentException if a value is not allowed, or another knob that is turned here
   *     is set from outside to something else
   */
  public Knobs asNodesAre() {
    NodeOptions real = options(report -> {}).withThisRun();
    others.forEach(
        (knob, value) -> {
          if (real.get(knob) != value) {
            throw new IllegalArgumentException(
                knob.key()
                    + " should be "
                    + value
                    + ", but "
                    + knob.variable()
                    + " or its system property says "
                    + real.get(knob)
                    + ", and comes first.");
          }
        });
    return new Knobs(real.schedulers(), others);
  }
}
