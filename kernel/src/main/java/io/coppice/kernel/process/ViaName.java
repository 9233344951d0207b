package io.coppice.kernel.process;

import java.util.Objects;
import java.util.Optional;

/**
 * A name in a registry of one's own (semantics P62: {@code {via, Module, Term}}).
 *
 * @param registry where it is registered
 * @param key the name there, a value with a meaningful {@code equals}
 */
public record ViaName(NameRegistry registry, Object key) {
  /** Refuses null. */
  public ViaName {
    Objects.requireNonNull(registry, "registry");
    Objects.requireNonNull(key, "key");
  }

  /**
   * The process with this name.
   *
   * @return its pid, or empty
   */
  public Optional<Pid> whereis() {
    return registry.whereisName(key);
  }

  /**
   * Sends a message to the process with this name.
   *
   * @param message an immutable object
   * @throws IllegalArgumentException if no process has the name
   */
  public void send(Object message) {
    registry.send(key, message);
  }

  @Override
  public String toString() {
    return "{via, " + registry + ", " + key + "}";
  }
}
