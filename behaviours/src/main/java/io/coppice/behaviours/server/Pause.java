package io.coppice.behaviours.server;

import io.coppice.behaviours.server.Action.Hibernate;
import io.coppice.behaviours.server.Action.IdleTimeout;
import io.coppice.behaviours.server.Action.MessageTimeout;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Timeout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server does between two messages: waits with a limit, or rests (semantics 4.2). Used by
 * its process only.
 */
final class Pause {
  /*
   * At most one timer runs. It ends in one of four ways:
   *
   *   a message comes         cancelled. If the timer has fired already, its tick is in the mailbox
   *                           behind that message; its reference is no longer the current one, so it
   *                           is dropped and cancels nothing itself.
   *   a system message comes  an idle time-out starts again from its full time (GS11), that of
   *                           hibernateAfter too; a message time-out is left alone (GS12).
   *   the server is suspended an idle time-out stops until the resume; the tick of a message time-out
   *                           waits among the held messages, in its order.
   *   the time is over        its tick is handled.
   *
   * An idle time-out of zero goes through the mailbox like any other, so that a message that is
   * waiting wins (GS10). A message time-out of zero never gets here: it is handled at once (GS12).
   */
  private static final Idle IDLE = new Idle();

  private final @Nullable Rest rest;
  private @Nullable Ref timer;
  private @Nullable Object pending;
  private boolean hibernating;

  /** What the time of hibernateAfter leads to. */
  private record Rest(Duration after) {}

  /** What the timer delivers. */
  private enum Tick {
    TICK
  }

  Pause(@Nullable Duration hibernateAfter) {
    rest = hibernateAfter == null ? null : new Rest(hibernateAfter);
  }

  /** Waits as the action says. */
  void begin(Context self, @Nullable Action action) {
    if (action == null) {
      pend(self, rest);
      return;
    }
    switch (action) {
      case IdleTimeout idle -> pend(self, idle);
      case MessageTimeout timeout -> {
        pend(self, timeout);
        if (timeout.hibernate()) {
          hibernate(self);
        }
      }
      case Hibernate() -> hibernate(self);
      case Action.Continue proceed -> throw new AssertionError("not waited for: " + proceed);
    }
  }

  private void hibernate(Context self) {
    hibernating = true;
    self.hibernate();
  }

  private void pend(Context self, @Nullable Object what) {
    if (what == null) {
      return;
    }
    pending = what;
    Duration delay =
        switch (what) {
          case IdleTimeout(Duration after) -> after;
          case Rest(Duration after) -> after;
          case MessageTimeout timeout -> Duration.ofNanos(nanosLeft(self, timeout));
          default -> throw new AssertionError("no time-out: " + what);
        };
    timer = self.startTimer(delay, self.pid(), Tick.TICK);
  }

  /** Ends the wait because something is going to be handled. */
  void cancel(Context self) {
    if (timer != null) {
      self.cancelTimer(timer);
      timer = null;
    }
    pending = null;
    hibernating = false;
  }

  /** Starts again what a system message interrupts. */
  void restart(Context self, boolean suspended) {
    if (pending instanceof IdleTimeout || pending instanceof Rest) {
      Object interrupted = pending;
      if (timer != null) {
        self.cancelTimer(timer);
        timer = null;
      }
      if (!suspended) {
        pend(self, interrupted);
      }
    }
    if (hibernating) {
      hibernate(self); // a system message woke it for a moment (SY12)
    }
  }

  boolean isTick(Object message) {
    return message instanceof Timeout timeout && timeout.message() == Tick.TICK;
  }

  /** The message a tick stands for, or null if there is nothing to handle. */
  @Nullable Object due(Context self, Object tick) {
    if (!(tick instanceof Timeout timeout) || !timeout.ref().equals(timer)) {
      return null;
    }
    timer = null;
    return switch (pending) {
      case MessageTimeout due -> due.message();
      case Rest expired -> {
        hibernate(self);
        pending = null;
        yield null;
      }
      case null, default -> IDLE;
    };
  }

  boolean isDue(Context self, MessageTimeout timeout) {
    return nanosLeft(self, timeout) == 0;
  }

  private static long nanosLeft(Context self, MessageTimeout timeout) {
    long left = timeout.absolute() ? timeout.nanos() - self.monotonicNanos() : timeout.nanos();
    return Math.max(left, 0);
  }

  boolean hibernating() {
    return hibernating;
  }
}
