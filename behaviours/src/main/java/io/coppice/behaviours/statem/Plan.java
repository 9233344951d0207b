package io.coppice.behaviours.statem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the actions of one transition, those of its enter call included, add up to (semantics SM10).
 * Used by its process only.
 */
final class Plan {
  private final List<Event<?>> inserted = new ArrayList<>(0);
  private final Map<TimeoutType, TimeoutAction> timeouts = new LinkedHashMap<>(0);
  private boolean postpone;
  private boolean hibernate;

  /** A copy that lets null pass: the machine refuses it with a sentence of its own (SM6). */
  static <A> List<A> listOf(A[] actions) {
    return actions.length == 0
        ? List.of()
        : Collections.unmodifiableList(Arrays.asList(actions.clone()));
  }

  void clear() {
    if (!inserted.isEmpty()) {
      inserted.clear();
    }
    if (!timeouts.isEmpty()) {
      timeouts.clear();
    }
    postpone = false;
    hibernate = false;
  }

  void postpone(boolean on) {
    postpone = on;
  }

  void hibernate(boolean on) {
    hibernate = on;
  }

  void insert(Event<?> event) {
    inserted.add(event);
  }

  /** The last of a type wins, and has the place in the order that it was given at. */
  void timeout(TimeoutAction action) {
    timeouts.remove(action.type());
    timeouts.put(action.type(), action);
  }

  boolean postpone() {
    return postpone;
  }

  boolean hibernate() {
    return hibernate;
  }

  List<Event<?>> inserted() {
    return inserted;
  }

  Collection<TimeoutAction> timeouts() {
    return timeouts.values();
  }
}
