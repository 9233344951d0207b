package io.coppice.kernel.time;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * One timer, in every interleaving. (Of several timers an advance is not one atomic step: it claims
 * them one by one.)
 */
public class TimerWheelLincheckTest {
  private final TimerWheel wheel =
      new TimerWheel(
          0,
          (node, thrown) -> {
            throw new AssertionError(thrown);
          });
  private final TimerNode node =
      new TimerNode() {
        @Override
        protected void onExpiry(long nowNanos) {}
      };

  /** Whoever starts a node again must be the only one who does. */
  @Operation(nonParallelGroup = "starter")
  public boolean startDue() {
    if (node.isArmed()) {
      return false;
    }
    wheel.start(node, 0);
    return true;
  }

  @Operation(nonParallelGroup = "starter")
  public boolean startLater() {
    if (node.isArmed()) {
      return false;
    }
    wheel.start(node, 1L << 30);
    return true;
  }

  @Operation(nonParallelGroup = "starter")
  public boolean startUndated() {
    if (node.isArmed()) {
      return false;
    }
    wheel.startUndated(node, 0);
    return true;
  }

  @Operation
  public void setDeadlines() {
    wheel.setDeadlines(() -> 1);
  }

  @Operation
  public boolean cancel() {
    return node.cancel();
  }

  @Operation(nonParallelGroup = "owner")
  public int advance() {
    return wheel.advance(1);
  }

  @Test
  @DisplayName("T7 start, cancel and expiry of a timer are linearizable")
  void linearizable() {
    new ModelCheckingOptions()
        .iterations(20)
        .invocationsPerIteration(300)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(2)
        .actorsAfter(2)
        .minimizeFailedScenario(false) // takes minutes; what was found is short enough
        .check(TimerWheelLincheckTest.class);
  }
}
