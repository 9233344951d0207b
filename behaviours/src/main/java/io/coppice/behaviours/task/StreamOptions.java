package io.coppice.behaviours.task;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the tasks of a {@link TaskStream} run (semantics TS2). Immutable; each method returns a
 * changed copy.
 *
 * @param concurrencyMax how many tasks run at a time, 1 or more; default: the processors
 * @param ordered whether the results come in the order of the elements, however long each takes
 *     (default), or as they get done
 * @param timeout how long each task may take, zero or more, or null for ever; default 5 s
 * @param killLate what happens to a task that takes longer: it is killed and its result is {@link
 *     TaskResult.Failed} with {@code timeout}, or (false, default) the stream fails
 * @param zipInput whether a failure names the element that its task was given; default false
 * @param ahead how many elements may have been taken from the source whose results were not, 1 or
 *     more; those that are done wait for slower ones before them. Default 0: four times as many as
 *     run at a time
 * @param home who supervises the tasks, or null (default): nobody, they are linked with the stream
 */
public record StreamOptions(
    int concurrencyMax,
    boolean ordered,
    @Nullable Duration timeout,
    boolean killLate,
    boolean zipInput,
    int ahead,
    @Nullable Home home) {
  /** As many as there are processors, in order, five seconds each. */
  public static final StreamOptions DEFAULT =
      new StreamOptions(
          Runtime.getRuntime().availableProcessors(),
          true,
          Task.DEFAULT_TIMEOUT,
          false,
          false,
          0,
          null);

  /**
   * Under which supervisor tasks run.
   *
   * @param supervisor the supervisor
   * @param linked whether a crash of a task is one of the consumer, unless that traps exits
   */
  public record Home(TaskSupervisorRef supervisor, boolean linked) {
    /** Refuses null. */
    public Home {
      Objects.requireNonNull(supervisor, "supervisor");
    }
  }

  /** Checks the values. */
  public StreamOptions {
    Waits.checkTimeout(timeout);
    if (concurrencyMax < 1) {
      throw new IllegalArgumentException(
          "concurrencyMax is " + concurrencyMax + ", the least allowed is 1 task at a time");
    }
    if (ahead < 0) {
      throw new IllegalArgumentException(
          "ahead is " + ahead + ", allowed are 1 or more elements, or 0 for the default");
    }
  }

  /**
   * Limits the tasks that run at a time.
   *
   * @param value 1 or more
   * @return a changed copy
   */
  public StreamOptions maxConcurrency(int value) {
    return new StreamOptions(value, ordered, timeout, killLate, zipInput, ahead, home);
  }

  /**
   * Gives the results as they get done.
   *
   * @return a changed copy
   */
  public StreamOptions unordered() {
    return new StreamOptions(concurrencyMax, false, timeout, killLate, zipInput, ahead, home);
  }

  /**
   * Limits the time of each task.
   *
   * @param value zero or more, or null for ever
   * @return a changed copy
   */
  public StreamOptions timeout(@Nullable Duration value) {
    return new StreamOptions(concurrencyMax, ordered, value, killLate, zipInput, ahead, home);
  }

  /**
   * Kills tasks that take too long, and goes on.
   *
   * @return a changed copy
   */
  public StreamOptions killOnTimeout() {
    return new StreamOptions(concurrencyMax, ordered, timeout, true, zipInput, ahead, home);
  }

  /**
   * Names the element in each failure.
   *
   * @return a changed copy
   */
  public StreamOptions zipInputOnExit() {
    return new StreamOptions(concurrencyMax, ordered, timeout, killLate, true, ahead, home);
  }

  /**
   * Limits the elements that were taken from the source and whose results were not.
   *
   * @param value 1 or more, or 0 for four times as many as run at a time; with less than run at a
   *     time fewer run
   * @return a changed copy
   */
  public StreamOptions ahead(int value) {
    return new StreamOptions(concurrencyMax, ordered, timeout, killLate, zipInput, value, home);
  }

  /**
   * Runs the tasks under a supervisor, linked with the stream.
   *
   * @param supervisor the supervisor
   * @return a changed copy
   */
  public StreamOptions under(TaskSupervisorRef supervisor) {
    return withHome(new Home(supervisor, true));
  }

  /**
   * Runs the tasks under a supervisor; one that crashes gives {@link TaskResult.Failed}, also if
   * the consumer does not trap exits ({@code async_stream_nolink}).
   *
   * @param supervisor the supervisor
   * @return a changed copy
   */
  public StreamOptions underNoLink(TaskSupervisorRef supervisor) {
    return withHome(new Home(supervisor, false));
  }

  private StreamOptions withHome(Home value) {
    return new StreamOptions(concurrencyMax, ordered, timeout, killLate, zipInput, ahead, value);
  }

  /** How many elements may be under way, in numbers. */
  int window() {
    return ahead > 0 ? ahead : (int) Math.min(4L * concurrencyMax, Integer.MAX_VALUE);
  }

  /** Whether a task's crash is the consumer's, if that does not trap exits. */
  boolean linksConsumer() {
    return home == null || home.linked();
  }
}
