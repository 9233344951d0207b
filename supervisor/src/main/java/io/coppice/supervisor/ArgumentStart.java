package io.coppice.supervisor;

import io.coppice.kernel.process.Context;

/**
 * Starts a child from an argument: one template, many children. As for {@link ChildStart}, it runs
 * in the supervisor's process and the child must be linked with it.
 *
 * @param <A> what tells the children apart, an immutable type
 */
@FunctionalInterface
public interface ArgumentStart<A> {
  /**
   * Starts the child.
   *
   * @param supervisor the operations of the supervisor's process
   * @param argument what was given to {@link SupervisorRef#startChildWith}; for a restart the same
   *     again (SU45)
   * @return the child, linked with the supervisor; or why there is none
   * @throws Exception as {@link ChildStart#start}
   */
  StartResult start(Context supervisor, A argument) throws Exception;
}
