package io.coppice.kernel.cell;

import io.coppice.kernel.time.TimerNode;

/** Ends one wait of a process. Firing late, when the wait is over, does no harm. */
final class WaitTimer extends TimerNode {
  private final InboundCell cell;

  WaitTimer(InboundCell cell) {
    this.cell = cell;
  }

  @Override
  protected void onExpiry(long nowNanos) {
    cell.wakeUp();
  }
}
