package io.coppice.kernel.time;

import org.jspecify.annotations.Nullable;

/**
 * The head of a list of timers, itself a link of that list: a timer can be taken out without anyone
 * knowing which list it is in, and a whole list moves to another head in O(1).
 */
final class Slot extends TimerLink {
  /** The level of a head that belongs to no level. */
  static final int NO_LEVEL = -1;

  final int level;
  final int index;

  /**
   * At most the earliest expiry in the list; exact until that timer is cancelled. Means nothing
   * while the list is empty.
   */
  long earliest;

  Slot(int level, int index) {
    this.level = level;
    this.index = index;
  }

  boolean isEmpty() {
    return next == this;
  }

  /** Adds a timer at the end. Returns whether the list was empty. */
  boolean append(TimerNode node) {
    boolean first = isEmpty();
    earliest = first ? node.when() : Math.min(earliest, node.when());
    node.linkBefore(this);
    return first;
  }

  /** Takes the first timer out, or returns null if there is none. */
  @Nullable TimerNode poll() {
    if (next instanceof TimerNode node) {
      node.unlink();
      return node;
    }
    return null;
  }

  /** Moves all of the list of {@code source} to this head, which must be empty. */
  void takeAll(Slot source) {
    assert isEmpty() && !source.isEmpty();
    next = source.next;
    prev = source.prev;
    next.prev = this;
    prev.next = this;
    source.next = source;
    source.prev = source;
  }

  /** Makes {@link #earliest} exact, in time linear in the length of the list. */
  void tighten() {
    long least = Long.MAX_VALUE;
    for (TimerLink link = next; link instanceof TimerNode node; link = link.next) {
      least = Math.min(least, node.when());
    }
    earliest = least;
  }
}
