package io.coppice.supervisor;

import io.coppice.kernel.process.Context;

/**
 * Starts a child of a dynamic supervisor from the supervisor's {@linkplain
 * DynamicSupervisor#extraArgument extra argument} and an argument of its own (semantics DS1). As
 * for {@link ChildStart}, it runs in the supervisor's process and the child must be linked with it.
 *
 * @param <E> what all children of the supervisor have in common, an immutable type
 * @param <A> what tells the children apart, an immutable type
 */
@FunctionalInterface
public interface ExtendedStart<E, A> {
  /**
   * Starts the child.
   *
   * @param supervisor the operations of the supervisor's process
   * @param extra the supervisor's extra argument at this moment
   * @param argument what was given to {@link DynamicSupervisorRef#startChildWith}; for a restart
   *     the same again
   * @return the child, linked with the supervisor; or why there is none
   * @throws Exception as {@link ChildStart#start}
   */
  StartResult start(Context supervisor, E extra, A argument) throws Exception;
}
