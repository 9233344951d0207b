package io.coppice.kernel.process;

import java.util.Optional;

/**
 * Where names go that the kernel does not keep itself: four functions, as any registry of processes
 * can offer them (semantics P62). {@link GlobalNames} is one; a program may bring its own.
 *
 * <p>Any thread calls them, inside and outside of processes; they should not block.
 */
public interface NameRegistry {
  /**
   * Registers a process.
   *
   * @param key the name
   * @param pid a process, which may not have begun to run
   * @return whether it is registered now; false if the name is taken
   */
  boolean registerName(Object key, Pid pid);

  /**
   * Frees a name; does nothing if it is free.
   *
   * @param key the name
   */
  void unregisterName(Object key);

  /**
   * The process with a name.
   *
   * @param key the name
   * @return its pid, or empty
   */
  Optional<Pid> whereisName(Object key);

  /**
   * Sends a message to the process with a name.
   *
   * @param key the name
   * @param message an immutable object
   * @throws IllegalArgumentException if no process has the name
   */
  void send(Object key, Object message);
}
