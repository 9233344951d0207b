package io.coppice.kernel.process;

/**
 * Where a message goes in the mailbox of its receiver (semantics 1.8).
 *
 * <p>The receiver decides from whom it takes priority messages: from those it gives a priority
 * alias, from a process it links with priority, from one it monitors with priority (P70). Signals
 * of one sender are still handled in the order sent; only the place in the mailbox differs (P73).
 */
public enum Priority {
  /** Behind everything that is there. The default of every operation. */
  NORMAL,
  /** Behind the other messages of high priority, before all ordinary ones (P72). */
  HIGH
}
