package io.coppice.behaviours.registry;

import io.coppice.kernel.process.Pid;

/**
 * One registration. Two are equal only if they are the same object: a key that was freed and taken
 * again by the same process is another registration.
 */
final class Entry<K, V> {
  final K key;
  final Pid pid;
  final long number; // counts the registrations of a registry
  private volatile V value; // its process writes

  Entry(K key, Pid pid, long number, V value) {
    this.key = key;
    this.pid = pid;
    this.number = number;
    this.value = value;
  }

  V value() {
    return value;
  }

  void value(V changed) {
    value = changed;
  }

  Registration<K, V> seen() {
    return new Registration<>(key, pid, value);
  }

  @Override
  public String toString() {
    return key + " " + pid;
  }
}
