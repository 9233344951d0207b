package io.coppice.kernel.time;

import org.jspecify.annotations.Nullable;

/**
 * A timer that is cancelled when its group is closed. It can be started once.
 *
 * <p>Threads: as {@link TimerNode}.
 */
public abstract class GroupedTimer extends TimerNode {
  // ---- guarded by the lock of the wheel, once it is started
  /** Until the start any part of the group it is to join; from then on the one it is in. */
  @Nullable TimerGroup group;

  @Nullable GroupedTimer earlier;
  @Nullable GroupedTimer later;

  /**
   * A timer that was not started yet.
   *
   * @param group what it is to belong to while it is armed, or null if to nothing
   */
  protected GroupedTimer(@Nullable TimerGroup group) {
    this.group = group;
  }
}
