package io.coppice.kernel.cell;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells the crossings of the marks of an {@link Occupancy} in the order in which they happened.
 *
 * <p>Any thread may call {@link #add}; it never waits.
 */
final class Crossings {
  /* Two threads that cross the marks shortly after one another may be stopped before they tell. So each crossing
   * has a number, taken in the same CAS as the crossing. Whoever has crossed leaves a note, and if nobody
   * tells just now, tells all notes whose turn it is; else who does looks again. A note whose turn it is
   * not waits for the thread that has the number before, until HELD_BACK notes do so: then that thread
   * is taken for lost, and tells its crossing, should it come, late and out of order. So is one that
   * has no memory for its note (gap).
   *
   * The numbers are short and go round; far fewer than half of them are on their way at once.
   */
  static final int HELD_BACK = 1 << 14;
  private static final int OTHER_BITS = Long.SIZE - Occupancy.CROSSING_BITS;

  private final Occupancy of;
  private final ConcurrentSkipListMap<Long, Note> notes = new ConcurrentSkipListMap<>();
  private final AtomicInteger entered = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger(); // notes
  private volatile boolean gap;
  private volatile long told; // written by who has raised `entered` from zero

  Crossings(Occupancy of) {
    this.of = of;
  }

  private record Note(boolean above, long count) {}

  /**
   * A mark was crossed.
   *
   * @param number 1 for the first, one more each time; the lowest bits of it
   */
  void add(long number, boolean above, long count) {
    long last = told;
    long whole = last + ((number - last) << OTHER_BITS >> OTHER_BITS);
    try {
      notes.put(whole, new Note(above, count));
    } catch (OutOfMemoryError noMemory) {
      gap = true;
      throw noMemory;
    }
    held.getAndIncrement();
    if (entered.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    while (seen > 0) {
      try {
        tellNext();
      } catch (OutOfMemoryError noMemory) {
        gap = true; // what is left is told with the next
      }
      seen = entered.addAndGet(-seen);
    }
  }

  private void tellNext() {
    for (Map.Entry<Long, Note> first = notes.firstEntry();
        first != null && (first.getKey() <= told + 1 || mayLeaveOut());
        first = notes.firstEntry()) {
      notes.remove(first.getKey());
      held.getAndDecrement();
      told = Math.max(told, first.getKey());
      of.crossed(first.getValue().above, first.getValue().count);
    }
  }

  /** Whether the next crossing is not waited for any longer. */
  private boolean mayLeaveOut() {
    boolean lost = gap;
    gap = false;
    return lost || held.get() > HELD_BACK;
  }
}
