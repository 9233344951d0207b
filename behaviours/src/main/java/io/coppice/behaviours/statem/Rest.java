package io.coppice.behaviours.statem;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Timeout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a machine rests between two messages (semantics SM42). Used by its process only. */
final class Rest {
  /** What the timer of {@code hibernateAfter} delivers. */
  private enum Tick {
    TICK
  }

  private final @Nullable Duration after;
  private @Nullable Ref timer;
  private boolean hibernating;

  Rest(@Nullable Duration after) {
    this.after = after;
  }

  /** Nothing is left to do until the next message. */
  void begin(Context self, boolean hibernate) {
    if (hibernate) {
      hibernate(self);
    } else if (after != null) {
      timer = self.startTimer(after, self.pid(), Tick.TICK);
    }
  }

  private void hibernate(Context self) {
    hibernating = true;
    self.hibernate();
  }

  /** There is something to do. */
  void end(Context self) {
    stopTimer(self);
    hibernating = false;
  }

  /** A system message has come: goes on resting (SY12), or is idle from now on. */
  void interrupted(Context self, boolean suspended) {
    if (hibernating) {
      hibernate(self);
    } else {
      stopTimer(self);
      if (!suspended) {
        begin(self, false);
      }
    }
  }

  /** A message has come that means nothing any more. */
  void goOn(Context self) {
    if (hibernating) {
      hibernate(self);
    }
  }

  private void stopTimer(Context self) {
    if (timer != null) {
      boolean _ = self.dropTimer(timer);
      timer = null;
    }
  }

  static boolean isTick(Object message) {
    return message instanceof Timeout timeout && timeout.message() == Tick.TICK;
  }

  /** The timer says that the machine has been idle; one that was stopped is not believed. */
  void due(Context self, Object message) {
    if (message instanceof Timeout timeout && timeout.ref().equals(timer)) {
      timer = null;
      hibernate(self);
    } else {
      goOn(self);
    }
  }

  boolean hibernating() {
    return hibernating;
  }
}
