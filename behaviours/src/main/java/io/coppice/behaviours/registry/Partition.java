package io.coppice.behaviours.registry;

import io.coppice.kernel.process.Pid;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The registrations by their processes, for one life of the process that clears away after them.
 * Any thread; the rules stand in {@link Life}.
 */
final class Partition<K, V> {
  private final Pid server;
  private final ConcurrentHashMap<Pid, Holdings<K, V>> holdings = new ConcurrentHashMap<>();
  private volatile boolean closed; // pairs with the fence in Life.register

  Partition(Pid server) {
    this.server = server;
  }

  /** Used only while the map has the process locked. */
  private static final class Holdings<K, V> {
    final Map<K, List<Entry<K, V>>> byKey = new LinkedHashMap<>(2);
    boolean linked;
  }

  /** The process that clears away; registered processes are linked with it. */
  Pid server() {
    return server;
  }

  /** The life is over: whoever adds from now on finds that out, and what was added is seen here. */
  void close() {
    closed = true;
    VarHandle.fullFence(); // between this and the reads of the holdings
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Adds a registration.
   *
   * @param linked whether the process sees to the link itself
   */
  void add(Entry<K, V> entry, boolean linked) {
    holdings.compute(
        entry.pid,
        (_, present) -> {
          Holdings<K, V> held = present == null ? new Holdings<>() : present;
          held.byKey.computeIfAbsent(entry.key, _ -> new ArrayList<>(1)).add(entry);
          held.linked |= linked;
          return held;
        });
  }

  /** Takes a registration out; false if it is not there, so of two who try one succeeds. */
  boolean remove(Entry<K, V> entry) {
    boolean[] removed = {false};
    holdings.computeIfPresent(
        entry.pid,
        (_, held) -> {
          List<Entry<K, V>> same = held.byKey.get(entry.key);
          removed[0] = same != null && same.remove(entry);
          if (same != null && same.isEmpty()) {
            held.byKey.remove(entry.key);
          }
          return held.byKey.isEmpty() ? null : held;
        });
    return removed[0];
  }

  /** Whether a process is registered. */
  boolean holds(Pid pid) {
    return holdings.containsKey(pid);
  }

  /** The registrations of a process, key by key in the order in which these were first used. */
  List<Entry<K, V>> of(Pid pid) {
    List<Entry<K, V>> found = new ArrayList<>();
    holdings.computeIfPresent(
        pid,
        (_, held) -> {
          held.byKey.values().forEach(found::addAll);
          return held;
        });
    return found;
  }

  /** The registrations of a process under a key, oldest first. */
  List<Entry<K, V>> of(Pid pid, K key) {
    List<Entry<K, V>> found = new ArrayList<>(1);
    holdings.computeIfPresent(
        pid,
        (_, held) -> {
          @Nullable List<Entry<K, V>> same = held.byKey.get(key);
          if (same != null) {
            found.addAll(same);
          }
          return held;
        });
    return found;
  }

  /** From now on the process is linked. */
  void linked(Pid pid) {
    holdings.computeIfPresent(
        pid,
        (_, held) -> {
          held.linked = true;
          return held;
        });
  }

  /** Whether a process is registered and has not been linked. */
  boolean isUnlinked(Pid pid) {
    boolean[] unlinked = {false};
    holdings.computeIfPresent(
        pid,
        (_, held) -> {
          unlinked[0] = !held.linked;
          return held;
        });
    return unlinked[0];
  }

  /** The processes that are registered; a live view. */
  Set<Pid> pids() {
    return holdings.keySet();
  }
}
