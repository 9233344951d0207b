package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.ViaAlias;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Timeout;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.time.GroupedTimer;
import org.jspecify.annotations.Nullable;

/** A timer that delivers a message; it is its own reference. */
final class MessageTimer extends GroupedTimer implements Ref {
  private final Kernel kernel;
  private final @Nullable ProcessCell receiver; // whose end is the timer's; a name has none (T6)
  private final Object
      to; // the receiver, an alias of it, or a name that is looked up at expiry (T5)
  private final Object message;
  private final boolean asTimeout;
  private boolean own; // its receiver has started it; set before it is started

  MessageTimer(
      Kernel kernel, @Nullable ProcessCell receiver, Object to, Object message, boolean asTimeout) {
    super(receiver == null ? null : receiver.timers());
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
    kernel.dispatcher().startTimer(this, deadlineNanos);
  }

  /** The same for a time that begins now. */
  void startAfter(long delayNanos) {
    kernel.dispatcher().startTimerAfter(this, delayNanos);
  }

  Object message() {
    return message;
  }

  @Override
  protected void onExpiry(long nowNanos) {
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
