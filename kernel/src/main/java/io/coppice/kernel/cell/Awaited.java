package io.coppice.kernel.cell;

import io.coppice.kernel.process.Ref;
import org.jspecify.annotations.Nullable;

/**
 * Why a process receives: for what one other process alone can bring. One object for each wait, so
 * that whoever sees it twice has seen one wait.
 */
final class Awaited {
  final Ref ref;

  Awaited(Ref ref) {
    this.ref = ref;
  }

  /** The process without whose code the wait has no end, if there is such a one. */
  @Nullable ProcessCell needs() {
    if (ref instanceof CallRequest request) {
      return request.needs();
    }
    return ref instanceof Signal.Monitor monitor ? monitor.target : null;
  }
}
