package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.ViaAlias;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Timeout;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.time.TimerNode;
import org.jspecify.annotations.Nullable;

/** A timer that delivers a message; it is its own reference. */
final class MessageTimer extends TimerNode implements Ref {
  private final Kernel kernel;
  private final @Nullable ProcessCell receiver; // whose end is the timer's; a name has none (T6)
  private final Object
      to; // the receiver, an alias of it, or a name that is looked up at expiry (T5)
  private final Object message;
  private final boolean asTimeout;
  private boolean own; // its receiver has started it; set before it is started

  // ---- guarded by the receiver's TimerList
  @Nullable MessageTimer previous;
  @Nullable MessageTimer next;
  boolean listed;

  MessageTimer(
      Kernel kernel, @Nullable ProcessCell receiver, Object to, Object message, boolean asTimeout) {
    this.kernel = kernel;
    this.receiver = receiver;
    this.to = to;
    this.message = message;
    this.asTimeout = asTimeout;
  }

  /** Says who starts it. */
  MessageTimer startedBy(@Nullable ProcessCell starter) {
    own = starter != null && starter == receiver;
    return this;
  }

  /** Starts it; a timer to a process that has ended never runs (T6). */
  void start(long deadlineNanos) {
    if (receiver == null || receiver.timers().add(this)) {
      kernel.dispatcher().startTimer(this, deadlineNanos);
      if (receiver != null && receiver.isGone()) {
        stop(); // it ended while the timer was being started, and may not have seen it armed
      }
    }
  }

  /** Cancels it; false if it has fired or was cancelled. */
  boolean stop() {
    if (!cancel()) {
      return false;
    }
    if (receiver != null) {
      receiver.timers().remove(this);
    }
    return true;
  }

  Object message() {
    return message;
  }

  @Override
  protected void onExpiry(long nowNanos) {
    if (receiver != null) {
      receiver.timers().remove(this);
    }
    Object delivered = asTimeout ? new Timeout(this, message) : message;
    switch (to) {
      case ProcessCell cell when own -> cell.deliverOwn(delivered);
      case ProcessCell cell -> cell.deliverMessage(delivered);
      case AliasState.Holder alias ->
          alias.owner().deliverViaAlias(new ViaAlias(alias, delivered, Priority.NORMAL));
      default -> {
        ProcessCell cell = kernel.names().find(to.toString());
        if (cell == null) {
          kernel.undeliverable().count(Undelivered.UNKNOWN_NAME, to, message);
        } else {
          cell.deliverMessage(delivered);
        }
      }
    }
  }

  @Override
  public String toString() {
    return "#Timer<" + to + ">";
  }
}
