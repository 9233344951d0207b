package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.HandlerLimit;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How a supervisor starts, restarts and stops one child (semantics SU3). Immutable; each method
 * with an argument returns a changed copy. The defaults are OTP's: permanent, not significant, a
 * worker, 5 seconds to stop.
 *
 * @param id what the child is called within its supervisor, not blank
 * @param start starts it
 * @param restart which ends lead to a restart; default {@link Restart#PERMANENT}
 * @param significant whether its end may end the supervisor, see {@link AutoShutdown}; default
 *     false, and not for a permanent child, which never ends for good (SU4)
 * @param shutdown how it is stopped; default 5 seconds for a worker, unlimited for a supervisor
 * @param type worker or supervisor; default worker
 * @param recovery when it is restarted after a failure, and how often; default {@link
 *     Recovery#PLAIN}
 */
public record ChildSpec(
    String id,
    ChildStart start,
    Restart restart,
    boolean significant,
    Shutdown shutdown,
    ChildType type,
    Recovery recovery) {
  private static final Shutdown WORKER_SHUTDOWN = Shutdown.within(Duration.ofSeconds(5));
  private static final Shutdown SUPERVISOR_SHUTDOWN = Shutdown.unlimited();

  /** Checks the id, and that no permanent child is significant. */
  public ChildSpec {
    Objects.requireNonNull(id, "missing_id: a child needs an id");
    Objects.requireNonNull(start, "missing_start: a child needs a start function");
    Objects.requireNonNull(restart, "invalid_restart_type: restart is null");
    Objects.requireNonNull(shutdown, "invalid_shutdown: shutdown is null");
    Objects.requireNonNull(type, "invalid_child_type: type is null");
    Objects.requireNonNull(recovery, "invalid_recovery: recovery is null");
    if (id.isBlank()) {
      throw new IllegalArgumentException("missing_id: the id of a child is blank");
    }
    if (significant && restart == Restart.PERMANENT) {
      throw new IllegalArgumentException(
          "bad_combination: the child "
              + id
              + " is significant and permanent, but a permanent child never ends for good; make it"
              + " transient or temporary first");
    }
  }

  /**
   * A child that recovers as in OTP.
   *
   * @param id what the child is called within its supervisor, not blank
   * @param start starts it
   * @param restart which ends lead to a restart
   * @param significant whether its end may end the supervisor
   * @param shutdown how it is stopped
   * @param type worker or supervisor
   */
  public ChildSpec(
      String id,
      ChildStart start,
      Restart restart,
      boolean significant,
      Shutdown shutdown,
      ChildType type) {
    this(id, start, restart, significant, shutdown, type, Recovery.PLAIN);
  }

  /**
   * A child that a behaviour starts, such as a GenServer. Its id is also its registered name.
   *
   * @param id its id and name
   * @param code makes the code for one life of the child; called for each start
   * @return a permanent worker
   */
  public static ChildSpec of(String id, Supplier<? extends Startable> code) {
    return of(id, SpawnOptions.DEFAULT.name(id), code);
  }

  /**
   * A child that a behaviour starts.
   *
   * @param id its id
   * @param options how to spawn it; its name, if it is to have one, is among them
   * @param code makes the code for one life of the child; called for each start
   * @return a permanent worker
   */
  public static ChildSpec of(String id, SpawnOptions options, Supplier<? extends Startable> code) {
    SpawnOptions linked = options.link();
    return starting(id, supervisor -> code.get().startLink(supervisor, linked));
  }

  /**
   * A child that is a reactive process. It counts as started once it is spawned: {@code onStart}
   * runs afterwards. Its id is also its registered name.
   *
   * @param id its id and name
   * @param code makes the code for one life of the child; called for each start
   * @return a permanent worker
   */
  public static ChildSpec reactive(String id, Supplier<? extends Reactive> code) {
    return reactive(id, SpawnOptions.DEFAULT.name(id), code);
  }

  /**
   * A child that is a reactive process.
   *
   * @param id its id
   * @param options how to spawn it; its name, if it is to have one, is among them
   * @param code makes the code for one life of the child; called for each start
   * @return a permanent worker
   */
  public static ChildSpec reactive(
      String id, SpawnOptions options, Supplier<? extends Reactive> code) {
    SpawnOptions linked = options.link();
    return starting(id, supervisor -> StartResult.ok(supervisor.spawn(code.get(), linked)));
  }

  /**
   * A child that is a blocking process. It counts as started once it is spawned. Its id is also its
   * registered name.
   *
   * @param id its id and name
   * @param code makes the code for one life of the child; called for each start
   * @return a permanent worker
   */
  public static ChildSpec process(String id, Supplier<? extends ProcessBody> code) {
    return process(id, SpawnOptions.DEFAULT.name(id), code);
  }

  /**
   * A child that is a blocking process.
   *
   * @param id its id
   * @param options how to spawn it; its name, if it is to have one, is among them
   * @param code makes the code for one life of the child; called for each start
   * @return a permanent worker
   */
  public static ChildSpec process(
      String id, SpawnOptions options, Supplier<? extends ProcessBody> code) {
    SpawnOptions linked = options.link();
    return starting(id, supervisor -> StartResult.ok(supervisor.spawn(code.get(), linked)));
  }

  /**
   * A child with a start function of its own: the general form.
   *
   * @param id its id
   * @param start starts it, linked with the supervisor
   * @return a permanent worker
   */
  public static ChildSpec starting(String id, ChildStart start) {
    return new ChildSpec(id, start, Restart.PERMANENT, false, WORKER_SHUTDOWN, ChildType.WORKER);
  }

  /**
   * A template for {@link Supervisor#simpleOneForOne}: each child is started with an argument of
   * its own (SU15).
   *
   * @param id what reports call such a child
   * @param type the type of the argument
   * @param start starts a child from its argument
   * @param <A> the type of the argument, immutable
   * @return a permanent worker
   */
  public static <A> ChildSpec taking(String id, Class<A> type, ArgumentStart<A> start) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(start, "missing_start: a child needs a start function");
    return starting(id, new TypedStart<>(type, start));
  }

  /**
   * A child with two arguments: the {@linkplain DynamicSupervisor#extraArgument extra argument} of
   * its dynamic supervisor, and one of its own (DS1).
   *
   * @param id what reports call such a child
   * @param extraType the type of the extra argument
   * @param type the type of its own argument
   * @param start starts a child from the two
   * @param <E> the type of the extra argument, immutable
   * @param <A> the type of its own argument, immutable
   * @return a permanent worker
   */
  public static <E, A> ChildSpec taking(
      String id, Class<E> extraType, Class<A> type, ExtendedStart<E, A> start) {
    Objects.requireNonNull(extraType, "extraType");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(start, "missing_start: a child needs a start function");
    return starting(id, new TwofoldStart<>(extraType, type, start));
  }

  /**
   * What the child is called within its supervisor: for one that is to be there several times.
   *
   * @param value the id, not blank
   * @return a changed copy
   * @throws IllegalArgumentException if it is blank
   */
  public ChildSpec id(String value) {
    return new ChildSpec(value, start, restart, significant, shutdown, type, recovery);
  }

  /**
   * Which ends lead to a restart.
   *
   * @param value the kind of restart
   * @return a changed copy
   * @throws IllegalArgumentException if the child is significant and the value is permanent (SU4)
   */
  public ChildSpec restart(Restart value) {
    return new ChildSpec(id, start, value, significant, shutdown, type, recovery);
  }

  /**
   * Whether its end may end the supervisor.
   *
   * @param value true only for transient and temporary children of a supervisor with automatic
   *     shutdown
   * @return a changed copy
   * @throws IllegalArgumentException if the value is true and the child is permanent (SU4)
   */
  public ChildSpec significant(boolean value) {
    return new ChildSpec(id, start, restart, value, shutdown, type, recovery);
  }

  /**
   * How it is stopped.
   *
   * @param value the form of shutdown
   * @return a changed copy
   */
  public ChildSpec shutdown(Shutdown value) {
    return new ChildSpec(id, start, restart, significant, value, type, recovery);
  }

  /**
   * Waits before each restart that a failure of this child leads to, under every strategy. Under
   * {@code one_for_all} and {@code rest_for_one} its group is stopped first, and started when the
   * time has come. Meanwhile the child is {@link ChildStatus#RESTARTING}. Means nothing for a
   * temporary child.
   *
   * @param value how long
   * @return a changed copy
   */
  public ChildSpec backoff(Backoff value) {
    Backoff checked = Objects.requireNonNull(value, "invalid_backoff: backoff is null");
    return recovery(recovery.withBackoff(checked));
  }

  /**
   * Counts the restarts of this child by itself. Means nothing for a temporary child.
   *
   * @param value how many it may need, and what happens if that is not enough
   * @return a changed copy
   */
  public ChildSpec budget(Budget value) {
    Budget checked = Objects.requireNonNull(value, "invalid_budget: budget is null");
    return recovery(recovery.withBudget(checked));
  }

  /**
   * Treats a handler that hangs as a failure: a child that is at one message for longer than the
   * time is reported, with its stack, and one that is still at it after three times that is made to
   * fail and restarted like any other ({@code Processes.watchHandlers}). If its code cannot be
   * stopped, it is cut off and reported as a zombie, unless its kill policy is to be waited for.
   * Watched is the process that the start function gives, once it is started.
   *
   * @param time how long it may be at one message, 1 ms or more
   * @return a changed copy
   * @throws IllegalArgumentException if the time is shorter
   */
  public ChildSpec maxHandlerTime(Duration time) {
    return maxHandlerTime(HandlerLimit.of(time));
  }

  /**
   * The same with another number of times the limit after which it fails, or none.
   *
   * @param value how long it may be at one message, and when it fails
   * @return a changed copy
   */
  public ChildSpec maxHandlerTime(HandlerLimit value) {
    HandlerLimit checked =
        Objects.requireNonNull(value, "invalid_handler_limit: the limit is null");
    return recovery(recovery.withHandlerLimit(checked));
  }

  private ChildSpec recovery(Recovery value) {
    return new ChildSpec(id, start, restart, significant, shutdown, type, value);
  }

  /**
   * Worker or supervisor. Sets the shutdown to the default of that type as well; to have another
   * one, call {@link #shutdown(Shutdown)} afterwards.
   *
   * @param value the type
   * @return a changed copy
   */
  public ChildSpec type(ChildType value) {
    Shutdown standard = value == ChildType.SUPERVISOR ? SUPERVISOR_SHUTDOWN : WORKER_SHUTDOWN;
    return new ChildSpec(id, start, restart, significant, standard, value, recovery);
  }

  /** The same with another start function. */
  ChildSpec withStart(ChildStart value) {
    return new ChildSpec(id, value, restart, significant, shutdown, type, recovery);
  }

  /**
   * The same without what its start function holds on to: what is kept of a temporary child that
   * was added later, since it is never started again (SU7, SU93).
   */
  ChildSpec withoutStart() {
    return withStart(ChildSpec::startForgotten);
  }

  /** Whether a child that was told to stop and ended with this reason did as it should (SU61). */
  boolean isOrderlyEnd(ExitReason reason) {
    boolean brutal = shutdown instanceof Shutdown.Brutal;
    return reason.equals(brutal ? ExitReason.KILLED : ExitReason.SHUTDOWN)
        || (restart != Restart.PERMANENT && reason.isClean());
  }

  private static StartResult startForgotten(Context supervisor) {
    throw new IllegalStateException(
        "The start function of a temporary child is not kept, because it is never restarted.");
  }
}
