package io.coppice.behaviours.application;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The difference between two sets of settings of one application (semantics AP12). Unmodifiable,
 * sorted by name.
 *
 * @param changed the settings that have another value, with the new ones
 * @param added the settings that are new
 * @param removed the names of those that are gone
 */
public record ConfigChange(
    Map<String, Object> changed, Map<String, Object> added, Set<String> removed) {
  static ConfigChange between(Map<String, Object> before, Map<String, Object> after) {
    Map<String, Object> changed = new TreeMap<>();
    Map<String, Object> added = new TreeMap<>();
    after.forEach(
        (name, value) -> {
          Object old = before.get(name);
          if (old == null) {
            added.put(name, value);
          } else if (!Objects.equals(old, value)) {
            changed.put(name, value);
          }
        });
    Set<String> removed = new TreeSet<>(before.keySet());
    removed.removeAll(after.keySet());
    return new ConfigChange(
        Collections.unmodifiableMap(changed),
        Collections.unmodifiableMap(added),
        Collections.unmodifiableSet(removed));
  }

  boolean isEmpty() {
    return changed.isEmpty() && added.isEmpty() && removed.isEmpty();
  }
}
