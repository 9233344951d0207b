package io.coppice.behaviours.generic;

import io.coppice.behaviours.SystemEvent;
import java.util.ArrayDeque;
import java.util.List;

/** The last events of a behaviour (semantics SY9). Used by its process only. */
final class EventLog {
  private final ArrayDeque<SystemEvent> events = new ArrayDeque<>();
  private int size;

  EventLog(int size) {
    this.size = size;
  }

  void resize(int newSize) {
    size = newSize;
    while (events.size() > size) {
      events.removeFirst();
    }
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
