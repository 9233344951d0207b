package io.coppice.kernel.time;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when it is told to: virtual time. Safe for any thread. */
public final class ManualClock implements MonotonicClock {
  private final AtomicLong nanos;

  /** A clock that shows {@code nanos}, which may be any long. */
  public ManualClock(long nanos) {
    this.nanos = new AtomicLong(nanos);
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  /**
   * Moves the clock forward.
   *
   * @param deltaNanos 0 or more
   * @return the new reading
   */
  public long advanceBy(long deltaNanos) {
    if (deltaNanos < 0) {
      throw new IllegalArgumentException(
          "A clock never goes back, but was asked to move by " + deltaNanos + " ns.");
    }
    return nanos.addAndGet(deltaNanos);
  }

  /**
   * Moves the clock to a reading that is not before the current one (by difference, so that the
   * reading may wrap).
   */
  public void advanceTo(long targetNanos) {
    long now;
    do {
      now = nanos.get();
      if (targetNanos - now < 0) {
        throw new IllegalArgumentException(
            "A clock never goes back, but stands at "
                + now
                + " ns and was asked to move to "
                + targetNanos
                + " ns.");
      }
    } while (!nanos.compareAndSet(now, targetNanos));
  }
}
