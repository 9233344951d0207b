package io.coppice.kernel;

import io.coppice.kernel.process.Reporter;
import java.time.Duration;
import java.util.Objects;

/**
 * How a node is started. Immutable; each method returns a changed copy.
 *
 * @param name the beginning of its threads' names, and its name in reports; default {@code coppice}
 * @param schedulers scheduler threads, from 1 to 1 024; default: the number of processors
 * @param turnMessages messages a process handles in one turn, 1 or more; default 128
 * @param timeSlice how long a turn lasts before others get theirs, 0.1 ms or more; default 1 ms
 * @param killGrace how long the code of a killed process may still run before the process is
 *     declared dead without it, 1 ms or more; default 100 ms
 * @param shutdownTime how long {@link Node#close} waits for an orderly end before it kills, zero or
 *     more; default 5 s
 * @param reporter where reports go; default: {@link System.Logger} {@code io.coppice}
 */
public record NodeOptions(
    String name,
    int schedulers,
    int turnMessages,
    Duration timeSlice,
    Duration killGrace,
    Duration shutdownTime,
    Reporter reporter) {
  /** The defaults. */
  public static final NodeOptions DEFAULT =
      new NodeOptions(
          "coppice",
          Runtime.getRuntime().availableProcessors(),
          128,
          Duration.ofMillis(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          new LoggingReporter());

  /** Checks the values. */
  public NodeOptions {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(reporter, "reporter");
    if (schedulers < 1 || schedulers > 1024) {
      throw new IllegalArgumentException(
          "schedulers is " + schedulers + ", allowed are 1 to 1024 threads");
    }
    if (turnMessages < 1) {
      throw new IllegalArgumentException(
          "turnMessages is " + turnMessages + ", a turn needs at least 1 message");
    }
    atLeast("timeSlice", timeSlice, Duration.ofNanos(100_000));
    atLeast("killGrace", killGrace, Duration.ofMillis(1));
    atLeast("shutdownTime", shutdownTime, Duration.ZERO);
  }

  private static void atLeast(String what, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new IllegalArgumentException(what + " is " + value + ", the least allowed is " + least);
    }
  }

  /**
   * Names the node.
   *
   * @param value its name
   * @return a changed copy
   */
  public NodeOptions withName(String value) {
    return new NodeOptions(
        value, schedulers, turnMessages, timeSlice, killGrace, shutdownTime, reporter);
  }

  /**
   * Sets the number of scheduler threads.
   *
   * @param value from 1 to 1 024
   * @return a changed copy
   */
  public NodeOptions withSchedulers(int value) {
    return new NodeOptions(name, value, turnMessages, timeSlice, killGrace, shutdownTime, reporter);
  }

  /**
   * Sets the messages per turn.
   *
   * @param value 1 or more
   * @return a changed copy
   */
  public NodeOptions withTurnMessages(int value) {
    return new NodeOptions(name, schedulers, value, timeSlice, killGrace, shutdownTime, reporter);
  }

  /**
   * Sets the time slice.
   *
   * @param value 0.1 ms or more
   * @return a changed copy
   */
  public NodeOptions withTimeSlice(Duration value) {
    return new NodeOptions(
        name, schedulers, turnMessages, value, killGrace, shutdownTime, reporter);
  }

  /**
   * Sets the grace time of a kill.
   *
   * @param value 1 ms or more
   * @return a changed copy
   */
  public NodeOptions withKillGrace(Duration value) {
    return new NodeOptions(
        name, schedulers, turnMessages, timeSlice, value, shutdownTime, reporter);
  }

  /**
   * Sets how long closing waits for an orderly end.
   *
   * @param value zero or more
   * @return a changed copy
   */
  public NodeOptions withShutdownTime(Duration value) {
    return new NodeOptions(name, schedulers, turnMessages, timeSlice, killGrace, value, reporter);
  }

  /**
   * Sets where reports go.
   *
   * @param value gets every report
   * @return a changed copy
   */
  public NodeOptions withReporter(Reporter value) {
    return new NodeOptions(
        name, schedulers, turnMessages, timeSlice, killGrace, shutdownTime, value);
  }
}
