package io.coppice.behaviours.registry;

import io.coppice.kernel.process.NameRegistry;
import io.coppice.kernel.process.Pid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A registry with unique keys as a registry of names (semantics RG4, P62).
 *
 * @param value what processes are registered with, or null if they cannot be registered this way
 */
record RegistryNames<K, V>(Registry<K, V> registry, @Nullable V value) implements NameRegistry {
  @Override
  public boolean registerName(Object key, Pid pid) {
    if (value == null) {
      throw new IllegalArgumentException(
          "The registry '"
              + registry
              + "' cannot register "
              + key
              + " without a value: use its names(value), or via(key, value)");
    }
    return registry.registerOther(trusted(key), pid, value);
  }

  @Override
  public void unregisterName(Object key) {
    registry.unregisterOther(trusted(key));
  }

  @Override
  public Optional<Pid> whereisName(Object key) {
    return registry.whereis(trusted(key));
  }

  @Override
  public void send(Object key, Object message) {
    registry.send(trusted(key), message);
  }

  @SuppressWarnings(
      "unchecked") // a key of another type is in no entry; to register it is the user's risk
  private K trusted(Object key) {
    return (K) key;
  }

  @Override
  public String toString() {
    return registry.toString();
  }
}
