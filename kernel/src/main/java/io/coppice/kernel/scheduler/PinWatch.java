package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds a process that waits and keeps its carrier: its virtual thread cannot unmount, because a
 * static initialiser or a native frame is on the stack. By the thread outside, now and then while
 * the carrier has control.
 */
final class PinWatch {
  private static final int LOOKS = 3; // the same wait in so many looks in a row is no coincidence

  private final Carrier carrier;
  private final Thread thread;
  private final RealTimeWaits problems;
  private @Nullable Host last;
  private long lastTurn;
  private int looks;

  PinWatch(Carrier carrier, Thread thread, RealTimeWaits problems) {
    this.carrier = carrier;
    this.thread = thread;
    this.problems = problems;
  }

  /** Whether a process is seen to wait on the carrier; it is recorded. */
  boolean isPinned() {
    Host host = carrier.host();
    if (host instanceof AlternatingRunner) {
      return false; // its carrier always waits, and looks by itself
    }
    long turn = carrier.turnsOpaque();
    // The carrier, too: it may have got no processor since the process left it.
    boolean waits =
        host != null && isWaiting(thread.getState()) && isWaiting(host.thread().getState());
    if (!waits || !Objects.equals(host, last) || turn != lastTurn) {
      last = waits ? host : null;
      lastTurn = turn;
      looks = 0;
    }
    if (!waits || host == null || ++looks < LOOKS) {
      return false;
    }
    problems.checkPinned(host);
    return true;
  }

  private static boolean isWaiting(Thread.State state) {
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }
}
