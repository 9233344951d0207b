package io.coppice.kernel.mailbox;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A growing queue for Lincheck, whose larger rings are made in advance. Lincheck switches threads
 * only at objects that it knows to be shared, and does not notice that a new one becomes shared by
 * the CAS of a {@link java.lang.invoke.VarHandle}: with rings made on demand it treated a whole
 * {@code offer} as one step.
 */
final class SpareRings extends GrowingQueue {
  private final int capacity;
  private final Ring[][] rings; // for each size, one for each thread
  private final AtomicInteger[] used;

  /** A queue that is used by so many threads, with a capacity that is a power of two. */
  SpareRings(int capacity, int mostSlots, int threads) {
    super(capacity, mostSlots);
    this.capacity = capacity;
    int doublings = Integer.numberOfTrailingZeros(mostSlots / capacity);
    rings = new Ring[doublings][threads];
    used = new AtomicInteger[doublings];
    for (int i = 0; i < doublings; i++) {
      used[i] = new AtomicInteger();
      for (int j = 0; j < threads; j++) {
        rings[i][j] = new Ring((2 * capacity) << i);
      }
    }
  }

  @Override
  Ring createRing(int slots) {
    int doubling = Integer.numberOfTrailingZeros(slots / capacity) - 1;
    return rings[doubling][used[doubling].getAndIncrement()];
  }
}
