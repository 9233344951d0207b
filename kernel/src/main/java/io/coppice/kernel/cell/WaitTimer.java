package io.coppice.kernel.cell;

import io.coppice.kernel.time.TimerNode;

/** Ends one wait of a process. Firing late, when the wait is over, does no harm. */
final class WaitTimer extends TimerNode {
  final Object reason; // of the wait: a WaitReason or a request
  private final InboundCell cell;

  WaitTimer(InboundCell cell, Object reason) {
    this.cell = cell;
    this.reason = reason;
  }

  @Override
  protected void onExpiry(long nowNanos) {
    cell.wakeUp();
  }
}
