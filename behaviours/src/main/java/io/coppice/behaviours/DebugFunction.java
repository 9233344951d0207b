package io.coppice.behaviours;

import io.coppice.kernel.process.Pid;
import org.jspecify.annotations.Nullable;

/**
 * Code that watches a behaviour from inside: {@link Sys#install} has it called for each event
 * (semantics SY10).
 *
 * @param <S> its state, immutable
 */
@FunctionalInterface
public interface DebugFunction<S> {
  /**
   * Looks at an event. Runs in the process that is watched, so it must be short and must not wait.
   *
   * @param state what it returned the last time
   * @param event what the process did
   * @param process the process that is watched
   * @return its next state, or null if it has seen enough: then it is removed
   * @throws Exception to be removed with a {@link DebugStopped} report
   */
  @Nullable S handle(S state, SystemEvent event, Pid process) throws Exception;
}
