package io.coppice.behaviours.channel;

import io.coppice.kernel.process.Handoff;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** Those who wait at a channel, to send or to receive, first come first. Guarded by its lock. */
final class Line<T> {
  private final LinkedHashSet<Place<T>> places = new LinkedHashSet<>();

  /** Where somebody waits; a sender with its item. Equal to nothing but itself. */
  static final class Place<T> {
    final Handoff<Object> handoff;
    final @Nullable T item;

    Place(Handoff<Object> handoff, @Nullable T item) {
      this.handoff = handoff;
      this.item = item;
    }
  }

  void join(Place<T> place) {
    places.add(place);
  }

  void leave(Place<T> place) {
    places.remove(place);
  }

  int size() {
    return places.size();
  }

  /** To the first who still waits; null if nobody does. */
  @Nullable Place<T> handOver(Object what) {
    while (!places.isEmpty()) {
      Place<T> first = places.removeFirst();
      if (first.handoff.offer(what)) {
        return first;
      }
    }
    return null;
  }
}
