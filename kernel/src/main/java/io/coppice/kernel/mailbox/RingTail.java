package io.coppice.kernel.mailbox;

import org.jspecify.annotations.Nullable;

/** What producers write of a {@link Ring}, which alone uses it. */
abstract class RingTail {
  @SuppressWarnings("unused") // by Ring.TAIL
  long tail;

  @SuppressWarnings("unused") // by Ring.NEXT
  @Nullable Ring next;

  /** Keeps a cache line between tail and head. */
  @SuppressWarnings("unused")
  abstract static class Gap extends RingTail {
    private long gap0, gap1, gap2, gap3, gap4, gap5, gap6;
  }
}
