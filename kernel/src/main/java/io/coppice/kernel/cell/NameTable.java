package io.coppice.kernel.cell;

import io.coppice.kernel.process.NameTaken;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The registered names of a node: one process per name, one name per process (P60). Any thread.
 *
 * <p>Registering and dying race. Register: 1. claim the process's name field, 2. enter the name, 3.
 * look whether the process has ended, and if so take the name out again. Dying: 1. the state word
 * says so, 2. take the name out. Each writes before it looks, so one of them sees the other.
 */
final class NameTable {
  private final ConcurrentHashMap<String, ProcessCell> names = new ConcurrentHashMap<>();

  void register(String name, ProcessCell cell) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("A process cannot be registered under an empty name");
    }
    if (cell.isGone()) {
      throw ended(name, cell);
    }
    if (!cell.casName(null, name)) {
      throw new NameTaken(
          cell + " cannot be registered as '" + name + "': it is '" + cell.name() + "' already",
          cell);
    }
    ProcessCell holder = names.putIfAbsent(name, cell);
    if (holder != null) {
      cell.casName(name, null);
      throw new NameTaken("The name '" + name + "' is taken by " + holder, holder);
    }
    if (cell.isGone() && release(cell)) {
      throw ended(name, cell);
    }
  }

  private static IllegalArgumentException ended(String name, ProcessCell cell) {
    return new IllegalArgumentException(
        cell + " cannot be registered as '" + name + "': it has ended");
  }

  void unregister(String name) {
    ProcessCell cell = names.get(name);
    if (cell == null || !release(cell)) {
      throw new IllegalArgumentException("No process is registered as '" + name + "'");
    }
  }

  /** Takes out a process's name, if it has one; false if somebody else did. */
  boolean release(ProcessCell cell) {
    String name = cell.name();
    if (name == null || !names.remove(name, cell)) {
      return false;
    }
    cell.casName(name, null);
    return true;
  }

  @Nullable ProcessCell find(String name) {
    return names.get(Objects.requireNonNull(name, "name"));
  }

  Set<String> all() {
    return Set.copyOf(names.keySet());
  }
}
