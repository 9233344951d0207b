package io.coppice.supervisor;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The recent restarts of a supervisor, and whether they are too many (semantics SU30–SU32).
 *
 * <p>Instants are nanoseconds of the node's clock, not whole seconds as in OTP; only differences
 * are taken, so the clock may start anywhere and wrap around. As in OTP a restart that is exactly
 * one period old still counts. Holds at most {@code intensity + 1} instants.
 */
final class RestartWindow {
  private final Deque<Long> instants = new ArrayDeque<>();
  private int intensity;
  private long periodNanos;
  private int total; // restarts since the start of the supervisor; others may look

  RestartWindow(int intensity, long periodNanos) {
    this.intensity = intensity;
    this.periodNanos = periodNanos;
  }

  /** New limits; the restarts so far still count (SU90). */
  void limit(int newIntensity, long newPeriodNanos) {
    intensity = newIntensity;
    periodNanos = newPeriodNanos;
  }

  /**
   * Enters a restart.
   *
   * @return whether it is one too many
   */
  boolean exceededBy(long nowNanos) {
    Long oldest = instants.peekFirst();
    while (oldest != null && nowNanos - oldest > periodNanos) {
      instants.removeFirst();
      oldest = instants.peekFirst();
    }
    instants.addLast(nowNanos);
    while (instants.size() - 1 > intensity) {
      instants.removeFirst(); // the newest that are too many are enough to know
    }
    total++;
    return instants.size() > intensity;
  }

  /** A restart that counts for a budget of its child's own. */
  void countElsewhere() {
    total++;
  }

  /** The restarts so far, and the limits, in words; for any thread momentary values. */
  String summary(SupervisorSpec spec) {
    int count = total;
    return (count == 1 ? "1 restart" : count + " restarts")
        + ", at most "
        + spec.intensity()
        + " in "
        + Times.text(spec.period());
  }
}
