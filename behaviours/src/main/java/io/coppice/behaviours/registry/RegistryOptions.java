package io.coppice.behaviours.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a {@link Registry} is made (semantics RG1). Immutable; each method returns a changed copy.
 *
 * @param partitions how many processes watch the registered ones and clear away after them, 1 or
 *     more; default 1. A few help where thousands of processes are registered and end per second.
 *     With duplicate keys by process the entries are divided, too ({@link Registry#dispatch}).
 * @param listeners registered names of processes that get a {@link RegistryEvent} for each change;
 *     default none. A name that nobody has is passed over.
 * @param meta what {@link Registry#meta} finds at first; default nothing
 */
public record RegistryOptions(int partitions, List<String> listeners, Map<Object, Object> meta) {
  /** One partition, no listeners. */
  public static final RegistryOptions DEFAULT = new RegistryOptions(1, List.of(), Map.of());

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there are fewer than one or more than 1024 partitions
   */
  public RegistryOptions {
    if (partitions < 1 || partitions > 1024) {
      throw new IllegalArgumentException(
          "partitions is "
              + partitions
              + ", allowed are 1 to 1024; the processors are a good many");
    }
    listeners = List.copyOf(listeners);
    meta = Map.copyOf(meta);
  }

  /**
   * Sets the number of partitions.
   *
   * @param value 1 to 1024
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of that range
   */
  public RegistryOptions partitions(int value) {
    return new RegistryOptions(value, listeners, meta);
  }

  /**
   * Adds a listener (RG9).
   *
   * @param name a registered name, which nobody needs to have yet
   * @return a changed copy
   */
  public RegistryOptions listener(String name) {
    List<String> more = new ArrayList<>(listeners);
    more.add(Objects.requireNonNull(name, "listener"));
    return new RegistryOptions(partitions, more, meta);
  }

  /**
   * Adds what {@link Registry#meta} finds at first.
   *
   * @param key any value with a meaningful {@code equals}
   * @param value any immutable value
   * @return a changed copy
   */
  public RegistryOptions meta(Object key, Object value) {
    Map<Object, Object> more = new HashMap<>(meta);
    more.put(key, value);
    return new RegistryOptions(partitions, listeners, more);
  }
}
