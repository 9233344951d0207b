package io.coppice.behaviours.task;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import io.coppice.supervisor.Shutdown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Waits for several tasks of one owner at a time (semantics TK3, TK4). */
final class ManyTasks<T extends @Nullable Object> {
  private final List<Task<T>> tasks;
  private final Map<Ref, Task<T>> open = new LinkedHashMap<>();
  private final Map<Ref, TaskResult<T>> results = new LinkedHashMap<>();
  private final @Nullable Context self; // null if there are no tasks

  ManyTasks(Collection<Task<T>> tasks, String operation) {
    this.tasks = List.copyOf(tasks);
    Context owner = null;
    for (Task<T> task : this.tasks) {
      owner = task.owned(operation);
      if (open.put(task.ref(), task) != null) {
        throw new IllegalArgumentException(task + " is among the tasks twice");
      }
    }
    self = owner;
  }

  List<T> await(@Nullable Duration timeout) {
    Waits.checkTimeout(timeout);
    if (self == null) {
      return List.of();
    }
    String call = "Task.awaitMany(" + tasks.size() + " tasks, " + timeout + ")";
    long start = self.monotonicNanos();
    while (!open.isEmpty()) {
      Task<T> ended = next(self, start, timeout);
      if (ended == null) {
        open.values().forEach(task -> task.giveUp(self));
        throw TaskFailure.of(ExitReason.TIMEOUT, call, open.size() + " of the tasks were not done");
      }
      if (results.get(ended.ref()) instanceof TaskResult.Failed<T>(ExitReason reason, _)) {
        throw TaskFailure.of(reason, call + " because of " + ended);
      }
    }
    List<T> values = new ArrayList<>(tasks.size());
    for (Task<T> task : tasks) {
      if (results.get(task.ref()) instanceof TaskResult.Ok<T>(T value)) {
        values.add(value);
      }
    }
    return Collections.unmodifiableList(values); // may hold nulls
  }

  List<Optional<TaskResult<T>>> collect(YieldOptions options) {
    if (self == null) {
      return List.of();
    }
    long start = self.monotonicNanos();
    boolean late = false;
    while (!late && !open.isEmpty() && results.size() < options.limit()) {
      late = next(self, start, options.timeout()) == null;
    }
    List<Optional<TaskResult<T>>> all = new ArrayList<>(tasks.size());
    for (Task<T> task : tasks) {
      Optional<TaskResult<T>> result = Optional.ofNullable(results.get(task.ref()));
      all.add(late && result.isEmpty() ? tooLate(task, options.onTimeout()) : result);
    }
    return List.copyOf(all);
  }

  private static <T extends @Nullable Object> Optional<TaskResult<T>> tooLate(
      Task<T> task, YieldOptions.OnTimeout what) {
    return switch (what) {
      case NOTHING -> Optional.empty();
      case IGNORE -> task.ignore();
      case KILL_TASK -> task.shutdown(Shutdown.brutal());
    };
  }

  /** Waits for the next outcome; null when the time is over. */
  private @Nullable Task<T> next(Context owner, long start, @Nullable Duration timeout) {
    Duration left = timeout == null ? null : Waits.left(owner, start, timeout);
    Object message =
        Waits.receive(owner, m -> m instanceof Response r && open.containsKey(r.ref()), left);
    if (!(message instanceof Response response)) {
      return null;
    }
    Task<T> ended = open.remove(response.ref());
    if (ended != null) {
      results.put(response.ref(), ended.taken(response));
    }
    return ended;
  }
}
