package io.coppice.behaviours.proc;

import io.coppice.kernel.process.Context;

/**
 * The code of a process whose starter waits until it says that it is ready (semantics PL2).
 *
 * @param <T> what it tells its starter
 */
@FunctionalInterface
public interface StartedBody<T> {
  /**
   * Runs the process. Returning ends it with {@code normal}, throwing with {@code Crashed}, as for
   * any other process.
   *
   * @param self the operations of this process
   * @param start the way to its starter, who waits until one of its methods is called or the
   *     process ends
   * @throws Exception to end the process with that error
   */
  void run(Context self, Starting<T> start) throws Exception;
}
