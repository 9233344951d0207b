package io.coppice.behaviours.statem;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events a machine has and does not handle yet: those that are next, and those that wait for
 * another state. Used by its process only.
 */
final class EventQueue<M> {
  private final ArrayDeque<Next<M>> next = new ArrayDeque<>(1);
  private final ArrayDeque<Event<M>> postponed = new ArrayDeque<>(1);

  /** An event that is to be handled, inserted or retried. */
  record Next<M>(Event<M> event, boolean retried) {}

  /** Keeps an event until the state changes (SM12). */
  void postpone(Event<M> event) {
    postponed.addLast(event);
  }

  /** The state has changed: the postponed events go before all others, oldest first (SM13). */
  void retry() {
    while (!postponed.isEmpty()) {
      next.addFirst(new Next<>(postponed.removeLast(), true));
    }
  }

  /** Puts events before all others, in their order (SM15). */
  @SuppressWarnings("unchecked") // what is inserted is of the protocol, as Action.nextEvent demands
  void insert(List<Event<?>> events) {
    for (int i = events.size() - 1; i >= 0; i--) {
      next.addFirst(new Next<>((Event<M>) events.get(i), false));
    }
  }

  @Nullable Next<M> poll() {
    return next.pollFirst();
  }

  boolean isEmpty() {
    return next.isEmpty();
  }

  List<Event<M>> next() {
    return next.stream().map(Next::event).toList();
  }

  List<Event<M>> postponed() {
    return List.copyOf(postponed);
  }
}
