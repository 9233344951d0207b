package io.coppice.kernel;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A number by which a node can be tuned: its name with the unit, its range and its default.
 *
 * <p>{@link NodeOptions} sets it in code. For one run it can be set from outside, over whatever the
 * code says: by the system property {@code coppice.<name>}, say {@code
 * -Dcoppice.timeSliceMicros=500}, or else by the environment variable {@code COPPICE_<NAME>}, say
 * {@code COPPICE_TIME_SLICE_MICROS=500}.
 */
public enum Knob {
  /**
   * Scheduler threads, from 1 to 1 024; default: the number of processors. Without the flag for
   * them (see {@link Node}) so many handlers and new processes run at a time; what has waited goes
   * on beside them.
   */
  SCHEDULERS("schedulers", 1, 1_024, Runtime.getRuntime().availableProcessors()),
  /** Messages a process handles in one turn, from 1 to a million; default 256. */
  TURN_MESSAGES("turnMessages", 1, 1_000_000, 256),
  /**
   * Microseconds after which a turn ends at its next chance, from 100 (0.1 ms) to 10 s; default 1
   * 000 (1 ms). Also how often the monitor looks at the schedulers.
   */
  TIME_SLICE("timeSliceMicros", 100, 10_000_000, 1_000),
  /**
   * Microseconds in one turn after which a scheduler counts as stuck, and another runs in its
   * place: from 1 000 (1 ms) to an hour; default 20 000 (20 ms).
   */
  STUCK_LIMIT("stuckLimitMicros", 1_000, 3_600_000_000L, 20_000),
  /**
   * Microseconds in one turn after which the process is reported, from 1 000 (1 ms) to an hour;
   * default 100 000 (100 ms).
   */
  LONG_TURN("longTurnMicros", 1_000, 3_600_000_000L, 100_000),
  /** Schedulers that may run in place of stuck ones, from 0 to 10 000; default 256. */
  EXTRA_SCHEDULERS("extraSchedulers", 0, 10_000, 256),
  /** Threads of blocking sections, from 1 to 10 000; default 64. */
  BLOCKING_THREADS("blockingThreads", 1, 10_000, 64),
  /** Threads of computations, from 1 to 1 024; default: the number of processors. */
  CPU_THREADS("cpuThreads", 1, 1_024, Runtime.getRuntime().availableProcessors()),
  /**
   * Slots of a mailbox's ring, from 2 to 65 536, rounded up to a power of two; default 16. What
   * does not fit spills into a list. Without the flag for Agrona's rings (see {@link Node}) it is
   * the ring to begin with: others follow, up to 256 slots.
   */
  MAILBOX_CAPACITY("mailboxCapacity", 2, 65_536, 16),
  /**
   * Microseconds that the code of a killed process may still run before the process is declared
   * dead without it, from 1 000 (1 ms) to an hour; default 100 000 (100 ms).
   */
  KILL_GRACE("killGraceMicros", 1_000, 3_600_000_000L, 100_000),
  /** Zombies that there may be before that is reported, from 1 to a million; default 100. */
  ZOMBIE_LIMIT("zombieLimit", 1, 1_000_000, 100),
  /**
   * Microseconds that closing a node waits for an orderly end before it kills, from 0 to a year;
   * default 5 000 000 (5 s).
   */
  SHUTDOWN_TIME("shutdownTimeMicros", 0, 31_536_000_000_000L, 5_000_000),
  /**
   * Microseconds that closing a node waits for its own threads, those of its reporter included,
   * from 0 to an hour; default 1 000 000 (1 s).
   */
  STOP_TIME("stopTimeMicros", 0, 3_600_000_000L, 1_000_000),
  /**
   * Reports that may wait for the reporter, from 1 to a million; default 4 096. What does not fit
   * is dropped, counted and told.
   */
  REPORT_QUEUE("reportQueue", 1, 1_000_000, 4_096),
  /**
   * Microseconds between two summaries of messages that reached nobody ({@link
   * io.coppice.kernel.process.UndeliveredReport}), from 0 (none) to a day; default 10 000 000 (10
   * s).
   */
  UNDELIVERED_SUMMARY("undeliveredSummaryMicros", 0, 86_400_000_000L, 10_000_000),
  /**
   * Messages that are many for a process without {@linkplain
   * io.coppice.kernel.process.SpawnOptions#watermarks watermarks}, from 0 (no number is) to a
   * billion; default 100 000. Half as many are few. Found late by about a hundred messages, or by
   * what larger rings hold ({@link io.coppice.kernel.process.LongQueueReport}).
   */
  LONG_QUEUE("longQueue", 0, 1_000_000_000, 100_000),
  /**
   * Whether JMX tools see the node ({@link NodeMXBean}): 1 (default) or 0. The first node of a JVM
   * that does not use JMX otherwise starts a tenth of a second sooner without.
   */
  JMX("jmx", 0, 1, 1),
  /**
   * Whether a node refuses to start where it would be slow because the JVM was started without the
   * flags that {@link Node} names: 1, or 0 (default: it starts, and logs what is missing).
   */
  REQUIRE_FAST("requireFast", 0, 1, 0);

  private final String name;
  private final long least;
  private final long most;
  private final long normal;

  Knob(String name, long least, long most, long normal) {
    this.name = name;
    this.least = least;
    this.most = most;
    this.normal = normal;
  }

  /**
   * What follows {@code coppice.} in the system property.
   *
   * @return the name; times end in their unit, Micros
   */
  public String key() {
    return name;
  }

  /**
   * The environment variable.
   *
   * @return e.g. {@code COPPICE_TURN_MESSAGES}
   */
  public String variable() {
    return "COPPICE_" + name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  /**
   * The least value allowed.
   *
   * @return in the unit of the name
   */
  public long least() {
    return least;
  }

  /**
   * The greatest value allowed.
   *
   * @return in the unit of the name
   */
  public long most() {
    return most;
  }

  /**
   * The value of a node that was told nothing.
   *
   * @return in the unit of the name
   */
  public long normal() {
    return normal;
  }

  /** The value itself, if it is allowed. */
  long check(long value, String source) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          source + " is " + value + ", allowed are " + least + " to " + most);
    }
    return value;
  }

  /** What this run was told from outside; null if nothing. */
  @Nullable Long fromOutside() {
    String property = "coppice." + name;
    String value = System.getProperty(property);
    if (value != null) {
      return parse(value, "System property " + property);
    }
    value = System.getenv(variable());
    return value == null ? null : parse(value, "Environment variable " + variable());
  }

  private Long parse(String text, String source) {
    try {
      return check(Long.parseLong(text.strip()), source);
    } catch (NumberFormatException notWhole) {
      throw new IllegalArgumentException(
          source
              + " is '"
              + text
              + "', which is no whole number from "
              + least
              + " to "
              + most
              + "; write it without unit or separators",
          notWhole);
    }
  }
}
