package io.coppice.behaviours.task;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Restart;
import io.coppice.supervisor.Shutdown;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a supervisor of tasks: what starts them, knows them all, limits their number and stops
 * them at the end (semantics TS1). Immutable; each method returns a changed copy, so one
 * description may start many supervisors, from any thread.
 *
 * {@snippet class="io.coppice.behaviours.task.TaskSupervisorTest" region="supervisor"}
 *
 * <p>It is a {@code simple_one_for_one} {@link Supervisor} with these defaults: tasks are
 * temporary, any number of them, each has 5 seconds to stop; restarted ones, for those that ask for
 * it, three times within 5 seconds.
 */
public final class TaskSupervisor {
  private final Settings settings;
  private final Supervisor supervisor; // made at once, since it checks what was told

  private record Settings(
      @Nullable String name,
      int tasksMax,
      Restart restart,
      Shutdown shutdown,
      int restartsMax,
      Duration within) {
    Supervisor supervisor() {
      ChildSpec template =
          ChildSpec.taking("task", TaskProcess.class, TaskSupervisor::start)
              .restart(restart)
              .shutdown(shutdown);
      Supervisor all =
          Supervisor.simpleOneForOne(template).intensity(restartsMax, within).maxChildren(tasksMax);
      return name == null ? all : all.name(name);
    }
  }

  private TaskSupervisor(Settings settings) {
    this.settings = settings;
    this.supervisor = settings.supervisor();
  }

  /**
   * With all defaults.
   *
   * @return the description of a supervisor without a name
   */
  public static TaskSupervisor create() {
    return new TaskSupervisor(
        new Settings(
            null,
            Integer.MAX_VALUE,
            Restart.TEMPORARY,
            Shutdown.within(Duration.ofSeconds(5)),
            3,
            Duration.ofSeconds(5)));
  }

  /**
   * Registers it under a name, while it lives.
   *
   * @param value the name, not blank
   * @return a changed copy
   */
  public TaskSupervisor name(String value) {
    Objects.requireNonNull(value, "name");
    return new TaskSupervisor(
        new Settings(
            value,
            settings.tasksMax,
            settings.restart,
            settings.shutdown,
            settings.restartsMax,
            settings.within));
  }

  /**
   * Limits the tasks that run at a time; one more is refused.
   *
   * @param value zero or more
   * @return a changed copy
   */
  public TaskSupervisor maxChildren(int value) {
    return new TaskSupervisor(
        new Settings(
            settings.name,
            value,
            settings.restart,
            settings.shutdown,
            settings.restartsMax,
            settings.within));
  }

  /**
   * Which ends of the tasks started by {@link TaskSupervisorRef#startChild} lead to a restart.
   * Those that somebody awaits are never restarted.
   *
   * @param value the kind of restart
   * @return a changed copy
   */
  public TaskSupervisor restart(Restart value) {
    Objects.requireNonNull(value, "restart");
    return new TaskSupervisor(
        new Settings(
            settings.name,
            settings.tasksMax,
            value,
            settings.shutdown,
            settings.restartsMax,
            settings.within));
  }

  /**
   * How its tasks are stopped.
   *
   * @param value the form of shutdown
   * @return a changed copy
   */
  public TaskSupervisor shutdown(Shutdown value) {
    Objects.requireNonNull(value, "shutdown");
    return new TaskSupervisor(
        new Settings(
            settings.name,
            settings.tasksMax,
            settings.restart,
            value,
            settings.restartsMax,
            settings.within));
  }

  /**
   * How many restarts are too many, as {@link Supervisor#intensity}.
   *
   * @param restartsMax restarts allowed within the period, 0 or more
   * @param within the period, longer than zero
   * @return a changed copy
   */
  public TaskSupervisor intensity(int restartsMax, Duration within) {
    Objects.requireNonNull(within, "within");
    return new TaskSupervisor(
        new Settings(
            settings.name,
            settings.tasksMax,
            settings.restart,
            settings.shutdown,
            restartsMax,
            within));
  }

  /**
   * Starts it. Given the {@link Context} of a process, it is linked with that process and ends with
   * it; given a node, it runs until it is stopped or the node closes.
   *
   * @param processes a node, or the context of the process that calls
   * @return its handle, by pid
   * @throws NameTaken if the name is taken
   */
  public TaskSupervisorRef start(Processes processes) {
    Pid pid = supervisor.start(processes).pid();
    return TaskSupervisorRef.of(processes, pid);
  }

  /**
   * This supervisor as a permanent child of another, with unlimited time to stop.
   *
   * @param id its id there
   * @return the specification
   */
  public ChildSpec childSpec(String id) {
    return supervisor.childSpec(id);
  }

  private static StartResult start(Context supervisor, TaskProcess task) {
    return StartResult.ok(supervisor.spawn(task, task.options().link()));
  }
}
