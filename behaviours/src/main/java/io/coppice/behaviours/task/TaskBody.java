package io.coppice.behaviours.task;

import io.coppice.kernel.process.Context;
import org.jspecify.annotations.Nullable;

/**
 * What a task computes.
 *
 * @param <T> the type of its result, immutable
 */
@FunctionalInterface
public interface TaskBody<T extends @Nullable Object> {
  /**
   * Runs in the process of the task, which may block. What it throws ends the task with {@link
   * io.coppice.kernel.process.ExitReason.Crashed}.
   *
   * @param self the operations of the task's process
   * @return the result
   * @throws Exception to end the task with that error
   */
  T run(Context self) throws Exception;
}
