package io.coppice.behaviours.registry;

import io.coppice.kernel.process.Pid;

/**
 * One entry of a {@link Registry}, as it was when it was looked up.
 *
 * @param key under which key
 * @param pid which process; alive when it was looked up
 * @param value what it registered with, or has updated it to
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record Registration<K, V>(K key, Pid pid, V value) {}
