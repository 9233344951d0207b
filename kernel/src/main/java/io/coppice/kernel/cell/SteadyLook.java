package io.coppice.kernel.cell;

import java.lang.invoke.VarHandle;
import java.util.List;

/** What a thread sees of a process that is at work on another: looked at until two looks agree. */
final class SteadyLook {
  private static final int LOOKS = 100;

  private SteadyLook() {}

  /**
   * The messages that wait: one look misses what the owner moves meanwhile. An owner who never
   * rests is shown as the last look found it.
   */
  static List<Object> messages(SignalCell cell, int limit) {
    List<Object> seen = cell.messages(limit);
    for (int look = 1; look < LOOKS; look++) {
      VarHandle.acquireFence(); // without a partner: the next look is to read everything again
      List<Object> again = cell.messages(limit);
      if (isSame(seen, again)) {
        return again;
      }
      seen = again;
    }
    return seen;
  }

  @SuppressWarnings("ReferenceEquality") // their equals may be anything, and is not ours to call
  private static boolean isSame(List<Object> one, List<Object> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (one.get(i) != other.get(i)) {
        return false;
      }
    }
    return true;
  }
}
