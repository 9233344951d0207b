package io.coppice.kernel;

import io.coppice.kernel.process.Reporter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a node is started. Immutable; each {@code with} method returns a changed copy, and throws
 * {@link IllegalArgumentException} with the allowed range if the value lies outside of it. Times
 * count to the microsecond.
 *
 * <p>The numbers are those of {@link Knob}: each can also be set from outside for one run, over
 * what the code says here.
 */
public final class NodeOptions {
  /** The defaults: name {@code coppice}, reports to {@link System.Logger} {@code io.coppice}. */
  public static final NodeOptions DEFAULT =
      new NodeOptions("coppice", new LoggingReporter(), AtBound.FENCE_LONGEST, Map.of());

  private final String name;
  private final Reporter reporter;
  private final AtBound atBound;
  private final Map<Knob, Long> knobs; // those that differ from their defaults

  private NodeOptions(String name, Reporter reporter, AtBound atBound, Map<Knob, Long> knobs) {
    this.name = Objects.requireNonNull(name, "name");
    this.reporter = Objects.requireNonNull(reporter, "reporter");
    this.atBound = Objects.requireNonNull(atBound, "atBound");
    this.knobs = knobs;
  }

  // ---- any knob

  /**
   * The value of a knob.
   *
   * @param knob which
   * @return its value, in the unit of its name
   */
  public long get(Knob knob) {
    return knobs.getOrDefault(knob, knob.normal());
  }

  /**
   * Sets a knob.
   *
   * @param knob which
   * @param value in the unit of its name
   * @return a changed copy
   */
  public NodeOptions with(Knob knob, long value) {
    Map<Knob, Long> changed = new EnumMap<>(Knob.class);
    changed.putAll(knobs);
    changed.put(knob, knob.check(value, knob.key()));
    return new NodeOptions(name, reporter, atBound, Collections.unmodifiableMap(changed));
  }

  private NodeOptions with(Knob knob, Duration value) {
    long micros;
    try {
      micros =
          Math.addExact(
              Math.multiplyExact(value.getSeconds(), 1_000_000L), value.getNano() / 1_000);
    } catch (ArithmeticException tooLong) {
      micros = value.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return with(knob, micros);
  }

  private Duration time(Knob knob) {
    return Duration.of(get(knob), ChronoUnit.MICROS);
  }

  long nanos(Knob knob) {
    return get(knob) * 1_000;
  }

  int number(Knob knob) {
    return Math.toIntExact(get(knob));
  }

  /**
   * What holds for a node that is started now: what was set from outside comes over what is set
   * here.
   *
   * @return these options, or a changed copy
   * @throws IllegalArgumentException if a property or variable is no number, or out of range
   */
  public NodeOptions withThisRun() {
    NodeOptions all = this;
    for (Knob knob : Knob.values()) {
      Long value = knob.fromOutside();
      if (value != null) {
        all = all.with(knob, value);
      }
    }
    return all;
  }

  // ---- name and reporter

  /**
   * The node's name in reports, and the beginning of its threads' names.
   *
   * @return its name
   */
  public String name() {
    return name;
  }

  /**
   * Names the node.
   *
   * @param value its name
   * @return a changed copy
   */
  public NodeOptions withName(String value) {
    return new NodeOptions(value, reporter, atBound, knobs);
  }

  /**
   * Where reports go.
   *
   * @return the reporter
   */
  public Reporter reporter() {
    return reporter;
  }

  /**
   * Sets where reports go. A thread of the node's hands them over, so the reporter may take its
   * time; what comes while {@link Knob#REPORT_QUEUE} reports wait is dropped and counted.
   *
   * @param value gets every report
   * @return a changed copy
   */
  public NodeOptions withReporter(Reporter value) {
    return new NodeOptions(name, value, atBound, knobs);
  }

  // ---- turns

  /**
   * Scheduler threads.
   *
   * @return their number
   */
  public int schedulers() {
    return number(Knob.SCHEDULERS);
  }

  /**
   * Sets the number of scheduler threads.
   *
   * @param value from 1 to 1 024
   * @return a changed copy
   */
  public NodeOptions withSchedulers(int value) {
    return with(Knob.SCHEDULERS, value);
  }

  /**
   * Messages a process handles in one turn.
   *
   * @return their number
   */
  public int turnMessages() {
    return number(Knob.TURN_MESSAGES);
  }

  /**
   * Sets the messages per turn.
   *
   * @param value from 1 to 1 000 000
   * @return a changed copy
   */
  public NodeOptions withTurnMessages(int value) {
    return with(Knob.TURN_MESSAGES, value);
  }

  /**
   * How long a turn lasts before others get theirs.
   *
   * @return the time slice
   */
  public Duration timeSlice() {
    return time(Knob.TIME_SLICE);
  }

  /**
   * Sets the time slice.
   *
   * @param value from 0.1 ms to 10 s
   * @return a changed copy
   */
  public NodeOptions withTimeSlice(Duration value) {
    return with(Knob.TIME_SLICE, value);
  }

  // ---- turns that do not end

  /**
   * After how long in one turn a scheduler counts as stuck.
   *
   * @return the time
   */
  public Duration stuckLimit() {
    return time(Knob.STUCK_LIMIT);
  }

  /**
   * Sets after how long in one turn a scheduler counts as stuck, so that another runs in its place.
   *
   * @param value from 1 ms to an hour
   * @return a changed copy
   */
  public NodeOptions withStuckLimit(Duration value) {
    return with(Knob.STUCK_LIMIT, value);
  }

  /**
   * After how long in one turn a process is reported.
   *
   * @return the time
   */
  public Duration longTurn() {
    return time(Knob.LONG_TURN);
  }

  /**
   * Sets after how long in one turn a process is reported.
   *
   * @param value from 1 ms to an hour
   * @return a changed copy
   */
  public NodeOptions withLongTurn(Duration value) {
    return with(Knob.LONG_TURN, value);
  }

  /**
   * How many schedulers may run in place of stuck ones.
   *
   * @return their greatest number
   */
  public int extraSchedulers() {
    return number(Knob.EXTRA_SCHEDULERS);
  }

  /**
   * Sets how many schedulers may run in place of stuck ones.
   *
   * @param value from 0 to 10 000
   * @return a changed copy
   */
  public NodeOptions withExtraSchedulers(int value) {
    return with(Knob.EXTRA_SCHEDULERS, value);
  }

  /**
   * What happens when more schedulers are stuck than may be replaced.
   *
   * @return the policy
   */
  public AtBound atBound() {
    return atBound;
  }

  /**
   * Sets what happens when more schedulers are stuck than may be replaced.
   *
   * @param value the policy; default {@link AtBound#FENCE_LONGEST}
   * @return a changed copy
   */
  public NodeOptions withAtBound(AtBound value) {
    return new NodeOptions(name, reporter, value, knobs);
  }

  // ---- the end

  /**
   * How long the code of a killed process may still run before the process is declared dead.
   *
   * @return the grace time
   */
  public Duration killGrace() {
    return time(Knob.KILL_GRACE);
  }

  /**
   * Sets the grace time of a kill.
   *
   * @param value from 1 ms to an hour
   * @return a changed copy
   */
  public NodeOptions withKillGrace(Duration value) {
    return with(Knob.KILL_GRACE, value);
  }

  /**
   * How long {@link Node#close} waits for an orderly end before it kills.
   *
   * @return the time
   */
  public Duration shutdownTime() {
    return time(Knob.SHUTDOWN_TIME);
  }

  /**
   * Sets how long closing waits for an orderly end.
   *
   * @param value from zero to a year
   * @return a changed copy
   */
  public NodeOptions withShutdownTime(Duration value) {
    return with(Knob.SHUTDOWN_TIME, value);
  }

  /**
   * How long {@link Node#close} waits for the node's own threads.
   *
   * @return the time
   */
  public Duration stopTime() {
    return time(Knob.STOP_TIME);
  }

  /**
   * Sets how long closing waits for the node's own threads.
   *
   * @param value from zero to an hour
   * @return a changed copy
   */
  public NodeOptions withStopTime(Duration value) {
    return with(Knob.STOP_TIME, value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeOptions o
        && name.equals(o.name)
        && reporter.equals(o.reporter)
        && atBound == o.atBound
        && knobs.equals(o.knobs);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, reporter, atBound, knobs);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("NodeOptions[").append(name);
    knobs.forEach((knob, value) -> out.append(", ").append(knob.key()).append('=').append(value));
    return out.append(']').toString();
  }
}
