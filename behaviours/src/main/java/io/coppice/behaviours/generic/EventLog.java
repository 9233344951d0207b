package io.coppice.behaviours.generic;

import io.coppice.behaviours.SystemEvent;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last events of a behaviour (semantics SY9). Used by its process only. */
final class EventLog {
  private final ArrayDeque<SystemEvent> events = new ArrayDeque<>();
  private int size;

  private EventLog(int size) {
    this.size = size;
  }

  /** A log of that size with the newest events of the old one; null, which is off, for zero. */
  static @Nullable EventLog resized(@Nullable EventLog old, int size) {
    if (size == 0) {
      return null;
    }
    EventLog log = old == null ? new EventLog(size) : old;
    log.size = size;
    while (log.events.size() > size) {
      log.events.removeFirst();
    }
    return log;
  }

  void add(SystemEvent event) {
    if (events.size() == size) {
      events.removeFirst();
    }
    events.addLast(event);
  }

  List<SystemEvent> toList() {
    return List.copyOf(events);
  }
}
