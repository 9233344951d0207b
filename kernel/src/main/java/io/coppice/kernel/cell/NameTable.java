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
 *
 * <p>The entry in the table is what counts. The field is claimed before the entry is made and given
 * up after it was removed, so whoever finds a field without its entry has met somebody in between,
 * and waits for him.
 */
final class NameTable {
  private static final int SPINS = 10_000; // that somebody may have died of a stack overflow

  private final ConcurrentHashMap<String, ProcessCell> names = new ConcurrentHashMap<>();

  void register(String name, ProcessCell cell) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("A process cannot be registered under an empty name");
    }
    if (cell.isGone()) {
      throw ended(name, cell);
    }
    claim(name, cell);
    ProcessCell holder = names.putIfAbsent(name, cell);
    if (holder != null) {
      cell.casName(name, null);
      throw new NameTaken("The name '" + name + "' is taken by " + holder, holder);
    }
    if (cell.isGone() && release(cell)) {
      throw ended(name, cell);
    }
  }

  private void claim(String name, ProcessCell cell) {
    for (int spins = 0; !cell.casName(null, name); spins++) {
      String present = cell.name();
      if (present != null && (names.get(present) == cell || spins > SPINS)) {
        throw new NameTaken(
            cell + " cannot be registered as '" + name + "': it is '" + present + "' already",
            cell);
      }
      Thread.onSpinWait();
    }
  }

  private static IllegalArgumentException ended(String name, ProcessCell cell) {
    return new IllegalArgumentException(
        cell + " cannot be registered as '" + name + "': it has ended");
  }

  void unregister(String name) {
    ProcessCell cell = names.get(name);
    if (cell == null || !remove(name, cell)) {
      throw new IllegalArgumentException("No process is registered as '" + name + "'");
    }
  }

  /** Takes out a process's name, if it has one; false if somebody else did. */
  boolean release(ProcessCell cell) {
    String name = cell.name();
    return name != null && remove(name, cell);
  }

  private boolean remove(String name, ProcessCell cell) {
    if (!names.remove(name, cell)) {
      return false;
    }
    cell.casName(cell.name(), null); // an equal string; whoever removed the entry owns the field
    return true;
  }

  @Nullable ProcessCell find(String name) {
    return names.get(Objects.requireNonNull(name, "name"));
  }

  Set<String> all() {
    return Set.copyOf(names.keySet());
  }
}
