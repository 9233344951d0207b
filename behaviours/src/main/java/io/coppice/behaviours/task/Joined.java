package io.coppice.behaviours.task;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What came of waiting for the end of several processes with {@link Join}.
 *
 * @param ended those that have ended, in the order in which they did, each with its reason; {@link
 *     ExitReason#NO_PROCESS} for those that had ended before
 * @param running the others, in the order in which they were given
 */
public record Joined(Map<Pid, ExitReason> ended, Set<Pid> running) {
  /** Copies both, and keeps their orders. */
  public Joined {
    ended = Collections.unmodifiableMap(new LinkedHashMap<>(ended));
    running = Collections.unmodifiableSet(new LinkedHashSet<>(running));
  }

  /**
   * Whether nothing is left to wait for.
   *
   * @return true if none is running
   */
  public boolean isComplete() {
    return running.isEmpty();
  }
}
