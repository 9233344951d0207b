package io.coppice.behaviours.registry;

import io.coppice.kernel.process.Pid;

/**
 * The message that the listeners of a {@link Registry} get (semantics RG9).
 *
 * @param <K> the type of the keys
 */
public sealed interface RegistryEvent<K> {
  /**
   * Which registry it comes from.
   *
   * @return its name
   */
  String registry();

  /**
   * What has been registered, or is no more.
   *
   * @return the key
   */
  K key();

  /**
   * Who is or was registered.
   *
   * @return the process
   */
  Pid pid();

  /**
   * A process has been registered. Sent by whoever registered it.
   *
   * @param registry the name of the registry
   * @param key under which key
   * @param pid which process
   * @param value with what value
   * @param <K> the type of the keys
   * @param <V> the type of the values
   */
  record Registered<K, V>(String registry, K key, Pid pid, V value) implements RegistryEvent<K> {}

  /**
   * A process is registered no more: it was unregistered, or has ended. One for each registration,
   * also under the same key of a registry with duplicate keys.
   *
   * @param registry the name of the registry
   * @param key under which key it was
   * @param pid which process
   * @param <K> the type of the keys
   */
  record Unregistered<K>(String registry, K key, Pid pid) implements RegistryEvent<K> {}
}
