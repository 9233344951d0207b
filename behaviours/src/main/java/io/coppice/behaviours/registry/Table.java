package io.coppice.behaviours.registry;

import io.coppice.kernel.process.Pid;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries by their keys. Any thread, none waits for another longer than a change of one key
 * takes; no operation of the kernel is used while a key is locked.
 */
sealed interface Table<K, V> {
  /**
   * Adds an entry.
   *
   * @param ended whether a process has ended: its entry counts as none
   * @return null, or the entry that has the key; then nothing has changed
   */
  @Nullable Entry<K, V> add(Entry<K, V> entry, Predicate<Pid> ended);

  /** Takes that entry out; false if it is not there, so of two who try one succeeds. */
  boolean remove(Entry<K, V> entry);

  /** The entries of a key, oldest first; a live view. */
  Collection<Entry<K, V>> of(K key);

  /** All keys; a live view. */
  Collection<K> keys();

  /** How many entries there are. */
  long count();

  /** One entry for a key. */
  final class Unique<K, V> implements Table<K, V> {
    private final ConcurrentHashMap<K, Entry<K, V>> entries = new ConcurrentHashMap<>();

    @Override
    public @Nullable Entry<K, V> add(Entry<K, V> entry, Predicate<Pid> ended) {
      while (true) {
        Entry<K, V> old = entries.putIfAbsent(entry.key, entry);
        if (old == null) {
          return null;
        }
        if (!ended.test(old.pid)) {
          return old;
        }
        if (entries.replace(entry.key, old, entry)) {
          return null;
        }
      }
    }

    @Override
    public boolean remove(Entry<K, V> entry) {
      return entries.remove(entry.key, entry);
    }

    @Nullable Entry<K, V> get(K key) {
      return entries.get(key);
    }

    @Override
    public Collection<Entry<K, V>> of(K key) {
      Entry<K, V> entry = entries.get(key);
      return entry == null ? List.of() : List.of(entry);
    }

    @Override
    public Collection<K> keys() {
      return entries.keySet();
    }

    @Override
    public long count() {
      return entries.mappingCount();
    }
  }

  /** Any number of entries for a key. Changed under the lock of the key, read without. */
  final class Duplicate<K, V> implements Table<K, V> {
    private final ConcurrentHashMap<K, ConcurrentSkipListMap<Long, Entry<K, V>>> entries =
        new ConcurrentHashMap<>();
    private final LongAdder count = new LongAdder();

    @Override
    public @Nullable Entry<K, V> add(Entry<K, V> entry, Predicate<Pid> ended) {
      entries.compute(
          entry.key,
          (_, present) -> {
            var all = present == null ? new ConcurrentSkipListMap<Long, Entry<K, V>>() : present;
            all.put(entry.number, entry);
            return all;
          });
      count.increment();
      return null;
    }

    @Override
    public boolean remove(Entry<K, V> entry) {
      boolean[] removed = {false};
      entries.computeIfPresent(
          entry.key,
          (_, all) -> {
            removed[0] = all.remove(entry.number, entry);
            return all.isEmpty() ? null : all;
          });
      if (removed[0]) {
        count.decrement();
      }
      return removed[0];
    }

    @Override
    public Collection<Entry<K, V>> of(K key) {
      var all = entries.get(key);
      return all == null ? List.of() : all.values();
    }

    @Override
    public Collection<K> keys() {
      return entries.keySet();
    }

    @Override
    public long count() {
      return count.sum();
    }
  }
}
