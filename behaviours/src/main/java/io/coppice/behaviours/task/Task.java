package io.coppice.behaviours.task;

import io.coppice.behaviours.task.TaskProcess.Wanted;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import io.coppice.supervisor.Shutdown;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A computation in a process of its own, whose result one other process awaits (semantics TK1–TK8).
 *
 * {@snippet class="io.coppice.behaviours.task.TaskTest" region="await"}
 *
 * <p>The process that starts a task owns it: only the owner may wait for it, shut it down or ignore
 * it; others get an {@link IllegalArgumentException} (TK1). The two are linked, so a task that
 * crashes takes along an owner that does not trap exits, and the other way round; a {@link
 * TaskSupervisor} starts tasks without that link. The outcome comes to the owner once, as a {@link
 * Response} message: a reactive owner hands what it receives to {@link #check}. An owner that traps
 * exits gets the {@link Exit} of the link, too.
 *
 * @param <T> the type of the result, immutable
 */
public final class Task<T extends @Nullable Object> {
  /* A task stands on the kernel's request: its owner spawns it and asks it for its result, and it
   * answers by returning. That is Elixir's monitor that is an alias too, in one object: one outcome,
   * the answer or the exit reason, settled once; an owner that gives up turns all later ones away
   * where they would be sent, so nothing is ever to be flushed but what has arrived.
   *
   * The request is also the starting gun. A task that somebody wants the result of runs no code of
   * the user's before it has come, so the link of a task under a supervisor is there in time, and no
   * early crash is seen as noproc. What a task waits for meanwhile ends the wait if it will never
   * come: the link does, or a monitor of the owner where there is none (TaskProcess).
   *
   * `taken` is what tells a second wait, which lasts until its time-out (TK2), from a first one. It
   * is the owner's, like all that is not final.
   */
  static final String CALLERS = "$callers";
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  private final Context owner;
  private final @Nullable Pid pid;
  private final Ref ref;
  private boolean taken; // the outcome was received, or given up

  private Task(Context owner, @Nullable Pid pid, Ref ref) {
    this.owner = owner;
    this.pid = pid;
    this.ref = ref;
  }

  // ---- starting

  /**
   * Starts a task, linked with the process that will await it (TK1).
   *
   * @param self the process that calls, from now on the owner
   * @param code what to compute
   * @param <T> the type of the result
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> async(Context self, TaskBody<T> code) {
    return async(self, TaskProcess.callersOfTaskOf(self), code);
  }

  static <T extends @Nullable Object> Task<T> async(
      Context self, List<Pid> callers, TaskBody<T> code) {
    TaskProcess process = TaskProcess.forOwner(self, callers, code, Wanted.BY_LINKED);
    return begin(self, self.spawn(process, process.options().link()));
  }

  /** Asks a task that was started for this owner. */
  static <T extends @Nullable Object> Task<T> begin(Context self, Pid pid) {
    return new Task<>(self, pid, self.sendRequest(pid, TaskProcess.Begin.BEGIN));
  }

  /**
   * A task that has its result already and needs no process (TK7).
   *
   * @param self the owner
   * @param value the result
   * @param <T> the type of the result
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> completed(Context self, T value) {
    Ref ref = Ref.create();
    self.send(self.pid(), new Response(ref, value, null));
    return new Task<>(self, null, ref);
  }

  /**
   * Starts a task whose result nobody wants, linked with nobody (TK7).
   *
   * @param processes the node, or the context of the process that calls
   * @param code what to do
   * @return its process
   */
  public static Pid start(Processes processes, TaskBody<?> code) {
    TaskProcess process = TaskProcess.forNobody(processes, code);
    return processes.spawn(process, process.options());
  }

  /**
   * Starts a task whose result nobody wants, linked with the process that calls (TK7).
   *
   * @param self the process that calls
   * @param code what to do
   * @return its process
   */
  public static Pid startLink(Context self, TaskBody<?> code) {
    TaskProcess process = TaskProcess.forNobody(self, code);
    return self.spawn(process, process.options().link());
  }

  // ---- one task

  /**
   * Waits for the result for up to five seconds.
   *
   * @return the result
   * @throws CallFailed as {@link #await(Duration)}
   */
  public T await() {
    return await(DEFAULT_TIMEOUT);
  }

  /**
   * Waits for the result. A result that was not there in time is given up and never arrives; the
   * task goes on, unless the owner ends of the failure (TK2).
   *
   * @param timeout how long, zero or more, or null for ever
   * @return the result
   * @throws CallFailed with {@code timeout}, or the reason with which the task ended; its cause is
   *     what the code of the task threw. An owner that does not catch it ends with {@link
   *     ExitReason.CallFailure}.
   * @throws IllegalArgumentException in a process that does not own the task, and if the timeout is
   *     negative
   * @throws IllegalStateException if the result was taken already and there is no time-out: the
   *     wait would have no end
   */
  public T await(@Nullable Duration timeout) {
    Context self = owned("await");
    Waits.checkTimeout(timeout);
    if (taken && timeout == null) {
      throw new IllegalStateException(
          this + " has given its result already, so there is nothing to await for ever");
    }
    boolean before = taken;
    Optional<TaskResult<T>> result = take(self, timeout).or(() -> giveUp(self));
    if (result.isEmpty()) {
      String call = callText("await", timeout);
      throw before
          ? TaskFailure.of(ExitReason.TIMEOUT, call, "its result was taken or given up before")
          : TaskFailure.of(ExitReason.TIMEOUT, call);
    }
    return switch (result.get()) {
      case TaskResult.Ok<T>(T value) -> value;
      case TaskResult.Failed<T>(ExitReason reason, _) ->
          throw TaskFailure.of(reason, callText("await", timeout));
    };
  }

  /**
   * Waits for the outcome; when the time is over the task goes on and can be waited for again
   * (TK4).
   *
   * @param timeout how long, zero or more, or null for ever
   * @return the outcome, or empty when the time is over
   * @throws IllegalArgumentException as {@link #await(Duration)}
   */
  @SuppressWarnings("NamedLikeContextualKeyword") // its name everywhere; it has a receiver
  public Optional<TaskResult<T>> yield(@Nullable Duration timeout) {
    Context self = owned("yield");
    Waits.checkTimeout(timeout);
    return timeout == null
        ? take(self, null)
        : self.receive(this::isOurs, timeout).map(message -> taken((Response) message));
  }

  /**
   * The outcome, if a message that was received brings it: for reactive owners, in {@code
   * onMessage}, and for servers, in {@code handleInfo}.
   *
   * @param message any message
   * @return the outcome, or empty if the message is about something else
   */
  public Optional<TaskResult<T>> check(Object message) {
    return isOurs(message) ? Optional.of(taken((Response) message)) : Optional.empty();
  }

  /**
   * Tells the task to end, and kills it if it has not ended within five seconds (TK5).
   *
   * @return as {@link #shutdown(Shutdown)}
   */
  public Optional<TaskResult<T>> shutdown() {
    return shutdown(Shutdown.within(DEFAULT_TIMEOUT));
  }

  /**
   * Removes the link, tells the task to end and waits until it has (TK5). No {@link Exit} of the
   * link is left behind.
   *
   * @param how {@code shutdown} with some time before it is killed, or {@link Shutdown#brutal} to
   *     kill at once
   * @return the result, if it was sent before; the failure if it ended for another reason than it
   *     was told, also {@code killed} after the time was over; or empty if it ended as it was told,
   *     or its outcome was taken before
   * @throws IllegalArgumentException as {@link #await(Duration)}
   */
  public Optional<TaskResult<T>> shutdown(Shutdown how) {
    Context self = owned("shutdown");
    if (pid == null) {
      return take(self, Duration.ZERO);
    }
    ExitReason order = how instanceof Shutdown.Brutal ? ExitReason.KILL : ExitReason.SHUTDOWN;
    ExitReason told = how instanceof Shutdown.Brutal ? ExitReason.KILLED : ExitReason.SHUTDOWN;
    Duration limit = how instanceof Shutdown.Within(Duration time) ? time : null;
    Waits.unlinkFlush(self, pid);
    Ref watch = taken ? self.monitor(pid) : ref;
    self.exit(pid, order);
    Predicate<Object> ended = message -> Waits.isEnd(message, watch);
    Object end = Waits.receive(self, ended, limit);
    if (end == null) {
      self.exit(pid, ExitReason.KILL);
      end = self.receive(ended);
    }
    if (!(end instanceof Response response)) {
      return Optional.empty();
    }
    TaskResult<T> result = taken(response);
    boolean asTold = result instanceof TaskResult.Failed<T>(ExitReason why, _) && why.equals(told);
    return asTold ? Optional.empty() : Optional.of(result);
  }

  /**
   * Removes the link and lets the task go on without anybody waiting for it: what it comes to is
   * dropped (TK6).
   *
   * @return the outcome, if it is here already, or empty
   * @throws IllegalArgumentException as {@link #await(Duration)}
   */
  public Optional<TaskResult<T>> ignore() {
    Context self = owned("ignore");
    if (pid != null) {
      Waits.unlinkFlush(self, pid);
    }
    Optional<TaskResult<T>> result = take(self, Duration.ZERO);
    return result.isPresent() ? result : giveUp(self);
  }

  // ---- several tasks

  /**
   * Waits for all results for up to five seconds.
   *
   * @param tasks tasks of the process that calls
   * @param <T> the type of the results
   * @return as {@link #awaitMany(Collection, Duration)}
   * @throws CallFailed as {@link #awaitMany(Collection, Duration)}
   */
  public static <T extends @Nullable Object> List<T> awaitMany(Collection<Task<T>> tasks) {
    return awaitMany(tasks, DEFAULT_TIMEOUT);
  }

  /**
   * Waits for all results. The first task that fails ends the wait at once; the others can be
   * awaited still (TK3).
   *
   * @param tasks tasks of the process that calls, each once
   * @param timeout how long to wait for all together, zero or more, or null for ever; afterwards
   *     all that are open are given up
   * @param <T> the type of the results
   * @return the results in the order of the tasks
   * @throws CallFailed with {@code timeout}, or the reason with which a task ended
   * @throws IllegalArgumentException in a process that does not own one of the tasks, if a task is
   *     there twice, and if the timeout is negative
   */
  public static <T extends @Nullable Object> List<T> awaitMany(
      Collection<Task<T>> tasks, @Nullable Duration timeout) {
    return new ManyTasks<>(tasks, "awaitMany").await(timeout);
  }

  /**
   * Waits for the outcomes of several tasks (TK4).
   *
   * @param tasks tasks of the process that calls, each once
   * @param options how long, for how many, and what happens to the others then
   * @param <T> the type of the results
   * @return the outcomes in the order of the tasks, empty for those without
   * @throws IllegalArgumentException in a process that does not own one of the tasks, and if a task
   *     is there twice
   */
  public static <T extends @Nullable Object> List<Optional<TaskResult<T>>> yieldMany(
      Collection<Task<T>> tasks, YieldOptions options) {
    return new ManyTasks<>(tasks, "yieldMany").collect(options);
  }

  // ---- about a task

  /**
   * On whose behalf a task runs: the process that asked for it, who asked for that one if it is a
   * task itself, and so on (TK8). Not the supervisors: those are among the {@linkplain
   * Context#ancestors ancestors}.
   *
   * @param self the process of a task
   * @return nearest first; empty in a process that is no task
   */
  @SuppressWarnings("unchecked") // nobody else has that key
  public static List<Pid> callers(Context self) {
    return self.get(CALLERS) instanceof List<?> known ? (List<Pid>) known : List.of();
  }

  /**
   * The process of the task.
   *
   * @return its pid; empty if it was {@linkplain #completed completed} from the beginning
   */
  public Optional<Pid> pid() {
    return Optional.ofNullable(pid);
  }

  /**
   * The process that may wait for the task.
   *
   * @return its pid
   */
  public Pid owner() {
    return owner.pid();
  }

  @Override
  public String toString() {
    return pid == null ? "Task[completed]" : "Task[" + pid + "]";
  }

  // ---- the inside

  /** The owner; refuses all others. */
  Context owned(String operation) {
    try {
      owner.checkpoint(); // refuses threads that do not run the owner
    } catch (IllegalStateException notTheOwner) {
      throw new IllegalArgumentException(
          "Task."
              + operation
              + " of "
              + this
              + " was called by another process than "
              + owner.pid()
              + ", which started the task and alone gets its result; send the result on instead",
          notTheOwner);
    }
    return owner;
  }

  Ref ref() {
    return ref;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the code of the task returned a T
  TaskResult<T> taken(Response response) {
    taken = true;
    ExitReason failure = response.failure();
    return failure == null
        ? new TaskResult.Ok<>((T) response.answer())
        : new TaskResult.Failed<>(failure);
  }

  /** Gives up the outcome, unless it has arrived meanwhile. */
  Optional<TaskResult<T>> giveUp(Context self) {
    self.abandon(ref);
    Optional<TaskResult<T>> arrived = take(self, Duration.ZERO);
    taken = true;
    return arrived;
  }

  private Optional<TaskResult<T>> take(Context self, @Nullable Duration timeout) {
    return self.receive(ref, this::isOurs, timeout).map(message -> taken((Response) message));
  }

  private boolean isOurs(Object message) {
    return Waits.isEnd(message, ref);
  }

  private String callText(String operation, @Nullable Duration timeout) {
    return "Task." + operation + "(" + (pid == null ? "completed" : pid) + ", " + timeout + ")";
  }
}
