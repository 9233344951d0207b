package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The items a simulation can run next, sorted by the number of their process: what is drawn depends
 * on who is ready, not on the order in which they became so. Not safe for threads.
 */
final class ReadySet {
  private final ArrayList<Object> items = new ArrayList<>();

  int size() {
    return items.size();
  }

  void add(Object item) {
    long number = numberOf(item);
    int low = 0;
    int high = items.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (numberOf(items.get(middle)) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    items.add(low, item);
  }

  Object take(int index) {
    return items.remove(index);
  }

  /** The number of the process of an item. */
  static long numberOf(Object item) {
    ProcessCell cell = cellOf(item);
    return cell == null ? 0 : cell.number();
  }

  /** The process of an item; null for the runner of one that has been cut off. */
  static @Nullable ProcessCell cellOf(Object item) {
    return item instanceof MountedRunner runner ? runner.current() : (ProcessCell) item;
  }
}
