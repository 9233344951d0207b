package io.coppice.behaviours.task;

import io.coppice.behaviours.task.TaskProcess.Wanted;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.supervisor.ChildInfo;
import io.coppice.supervisor.Outcome;
import io.coppice.supervisor.Refusal;
import io.coppice.supervisor.Restart;
import io.coppice.supervisor.StartOutcome;
import io.coppice.supervisor.SupervisorRef;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a running {@link TaskSupervisor} (semantics TS1). Made by name it follows restarts,
 * made by pid it means that process only. Immutable; any thread may use it.
 *
 * <p>Each method throws {@link CallFailed} with {@code noproc} if there is no such supervisor.
 */
public final class TaskSupervisorRef {
  private final SupervisorRef supervisor;

  private TaskSupervisorRef(SupervisorRef supervisor) {
    this.supervisor = supervisor;
  }

  /**
   * One supervisor for all its life.
   *
   * @param processes its node, or the context of a process there
   * @param pid the supervisor
   * @return a handle
   */
  public static TaskSupervisorRef of(Processes processes, Pid pid) {
    return new TaskSupervisorRef(SupervisorRef.of(node(processes), pid));
  }

  /**
   * Whichever supervisor has the name.
   *
   * @param processes its node, or the context of a process there
   * @param name its registered name; it need not exist yet
   * @return a handle that follows restarts
   */
  public static TaskSupervisorRef named(Processes processes, String name) {
    return new TaskSupervisorRef(SupervisorRef.named(node(processes), name));
  }

  private static Processes node(Processes processes) {
    return processes instanceof Context self ? self.node() : processes;
  }

  /**
   * Starts a task under this supervisor, linked with the process that will await it as well.
   *
   * @param self the process that calls, from now on the owner
   * @param code what to compute
   * @param <T> the type of the result
   * @return the task; never restarted
   * @throws IllegalStateException if the supervisor has as many tasks as it may have
   */
  public <T extends @Nullable Object> Task<T> async(Context self, TaskBody<T> code) {
    return async(self, TaskProcess.callersOfTaskOf(self), code, true);
  }

  /**
   * Starts a task under this supervisor, not linked with the process that will await it: if the
   * task crashes, its owner gets that as the outcome and nothing else; if the owner ends, the task
   * goes on.
   *
   * @param self the process that calls, from now on the owner
   * @param code what to compute
   * @param <T> the type of the result
   * @return the task; never restarted
   * @throws IllegalStateException if the supervisor has as many tasks as it may have
   */
  public <T extends @Nullable Object> Task<T> asyncNoLink(Context self, TaskBody<T> code) {
    return async(self, TaskProcess.callersOfTaskOf(self), code, false);
  }

  <T extends @Nullable Object> Task<T> async(
      Context self, List<Pid> callers, TaskBody<T> code, boolean linked) {
    TaskProcess process = TaskProcess.forOwner(self, callers, code, Wanted.BY_UNLINKED);
    StartOutcome outcome = supervisor.startChildWith(process, Restart.TEMPORARY);
    if (outcome instanceof StartOutcome.Refused(Refusal why) && why == Refusal.MAX_CHILDREN) {
      throw new IllegalStateException(
          "No task was started (max_children): "
              + supervisor
              + " runs as many tasks as it may; raise its maxChildren(…), or start fewer at a"
              + " time, for instance by a TaskStream");
    }
    Pid pid = outcome.pid();
    if (linked) {
      self.link(pid);
    }
    return Task.begin(self, pid);
  }

  /**
   * Starts a task whose result nobody wants.
   *
   * @param from the node, or the context of the process that calls, which then is among the {@link
   *     Task#callers}
   * @param code what to do
   * @return the task's process; or {@link Refusal#MAX_CHILDREN}
   */
  public StartOutcome startChild(Processes from, TaskBody<?> code) {
    return supervisor.startChildWith(TaskProcess.forNobody(from, code));
  }

  /**
   * Starts a task whose result nobody wants, with a kind of restart of its own. Each life runs the
   * same code from the beginning.
   *
   * @param from as for {@link #startChild(Processes, TaskBody)}
   * @param code what to do
   * @param restart which ends lead to a restart
   * @return the task's process; or {@link Refusal#MAX_CHILDREN}
   */
  public StartOutcome startChild(Processes from, TaskBody<?> code, Restart restart) {
    return supervisor.startChildWith(TaskProcess.forNobody(from, code), restart);
  }

  /**
   * Stops a task, as the supervisor was told to stop its tasks.
   *
   * @param task its process
   * @return done, also if it has ended; {@link Refusal#NOT_FOUND} if it is no task of this
   *     supervisor
   */
  public Outcome terminateChild(Pid task) {
    return supervisor.terminateChild(task);
  }

  /**
   * The tasks that run, or wait for their restart.
   *
   * @return the processes of those that run, a snapshot in no particular order
   */
  public List<Pid> children() {
    return supervisor.whichChildren().stream()
        .map(ChildInfo::pid)
        .flatMap(Stream::ofNullable)
        .toList();
  }

  /**
   * The supervisor, for all that any supervisor can be asked.
   *
   * @return its handle
   */
  public SupervisorRef supervisor() {
    return supervisor;
  }

  @Override
  public String toString() {
    return "task " + supervisor;
  }
}
