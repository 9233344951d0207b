package io.coppice.kernel.time;

/**
 * A member of a circular list. A link that is in no list points to itself, so that there is no null
 * to test for and nothing kept alive. Guarded by the lock of the wheel.
 */
abstract sealed class TimerLink permits TimerNode, Slot {
  TimerLink next = this;
  TimerLink prev = this;

  /** Puts this link, which is in no list, before {@code successor}. */
  final void linkBefore(TimerLink successor) {
    TimerLink predecessor = successor.prev;
    prev = predecessor;
    next = successor;
    predecessor.next = this;
    successor.prev = this;
  }

  final void unlink() {
    TimerLink predecessor = prev;
    TimerLink successor = next;
    predecessor.next = successor;
    successor.prev = predecessor;
    next = this;
    prev = this;
  }
}
