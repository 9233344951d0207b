package io.coppice.kernel.cell;

import io.coppice.kernel.time.TimerNode;

/** The grace time of a process that was told to die while its code runs (semantics-gaps 1c). */
final class FenceTimer extends TimerNode {
  private final ProcessCell victim;

  FenceTimer(ProcessCell victim) {
    this.victim = victim;
  }

  @Override
  protected void onExpiry(long nowNanos) {
    if (victim.fenceNow()) {
      victim.kernel.startFence(
          this); // it waits for a scheduler, or in a section that must not be cut off
    }
  }
}
