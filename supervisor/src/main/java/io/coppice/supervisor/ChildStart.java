package io.coppice.supervisor;

import io.coppice.kernel.process.Context;

/**
 * Starts one child. Called for the first start and for each restart, possibly on different threads
 * but never twice at the same time for one child.
 *
 * <p>It runs in the supervisor's process and the supervisor waits for it (SU10, SU75): it must not
 * call its own supervisor, and should return as soon as the child is able to work. The child must
 * be <em>linked</em> with the supervisor, or its end goes unnoticed (SU11): spawn it through {@code
 * supervisor} with {@code spawnLink}, or with {@code start} and {@code SpawnOptions.link()}.
 */
@FunctionalInterface
public interface ChildStart {
  /**
   * Starts the child.
   *
   * @param supervisor the operations of the supervisor's process
   * @return the child, linked with the supervisor; or why there is none
   * @throws Exception if the child cannot be started; the same as {@link StartResult.Failed} with
   *     {@code Crashed}, except that {@code CallFailed} stands for its own reason and {@code
   *     NameTaken} for {@link AlreadyStarted}
   */
  StartResult start(Context supervisor) throws Exception;

  /**
   * The same start with an argument (SU15): what a {@code simple_one_for_one} supervisor calls for
   * each child that was asked for with one. Children made by {@link ChildSpec#taking} have it.
   *
   * @param argument what was given to {@link SupervisorRef#startChildWith}
   * @return a start for one child
   * @throws IllegalArgumentException if this child takes no argument, or another type of it
   */
  default ChildStart with(Object argument) {
    throw new IllegalArgumentException(
        "The child takes no argument, but was to be started with "
            + argument
            + "; define it with ChildSpec.taking(…).");
  }
}
