package io.coppice.behaviours.task;

import io.coppice.kernel.process.Context;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a {@link TaskStream} compute, each from an element of its own.
 *
 * @param <A> the type of the elements, immutable
 * @param <B> the type of the results, immutable
 */
@FunctionalInterface
public interface TaskFunction<A extends @Nullable Object, B extends @Nullable Object> {
  /**
   * Runs in the process of a task, which may block; several run at the same time.
   *
   * @param self the operations of the task's process
   * @param input the element
   * @return the result
   * @throws Exception to end the task with that error
   */
  B apply(Context self, A input) throws Exception;
}
