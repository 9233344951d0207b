package io.coppice.kernel.cell;

import io.coppice.kernel.process.HandlerLimit;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The processes of a node whose handlers are watched. Any thread. */
final class HandlerWatches {
  /* A map, and a flag in the process, instead of a field in each: of all processes very few are watched.
   */
  private final ConcurrentHashMap<ProcessCell, HandlerWatch> watches = new ConcurrentHashMap<>();

  /** Begins to watch, in place of what may have watched before. */
  void watch(ProcessCell cell, HandlerLimit limit) {
    HandlerWatch watch = new HandlerWatch(cell, limit);
    HandlerWatch before = watches.put(cell, watch);
    if (before != null) {
      before.end();
    }
    cell.handlersWatched = true;
    watch.begins();
    if (cell.isGone()) {
      forget(cell);
    }
  }

  @Nullable HandlerWatch of(ProcessCell cell) {
    return watches.get(cell);
  }

  /** At its end. */
  void forget(ProcessCell cell) {
    HandlerWatch watch = watches.remove(cell);
    if (watch != null) {
      watch.end();
    }
  }
}
