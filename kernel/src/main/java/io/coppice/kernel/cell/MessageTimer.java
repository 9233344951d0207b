package io.coppice.kernel.cell;

import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Timeout;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.time.TimerNode;
import org.jspecify.annotations.Nullable;

/** A timer that delivers a message; it is its own reference. */
final class MessageTimer extends TimerNode implements Ref {
  private final Kernel kernel;
  private final @Nullable ProcessCell receiver;
  private final @Nullable String name; // looked up at expiry (T5)
  private final Object message;
  private final boolean asTimeout;

  // ---- guarded by the receiver's TimerList
  @Nullable MessageTimer previous;
  @Nullable MessageTimer next;
  boolean listed;

  MessageTimer(Kernel kernel, ProcessCell receiver, Object message, boolean asTimeout) {
    this.kernel = kernel;
    this.receiver = receiver;
    this.name = null;
    this.message = message;
    this.asTimeout = asTimeout;
  }

  MessageTimer(Kernel kernel, String name, Object message) {
    this.kernel = kernel;
    this.receiver = null;
    this.name = name;
    this.message = message;
    this.asTimeout = false;
  }

  /** Starts it; a timer to a process that has ended never runs (T6). */
  void start(long deadlineNanos) {
    if (receiver == null || receiver.timers.add(this)) {
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
      receiver.timers.remove(this);
    }
    return true;
  }

  @Override
  protected void onExpiry(long nowNanos) {
    ProcessCell to = receiver;
    if (to != null) {
      to.timers.remove(this);
    } else if (name != null) {
      to = kernel.names().find(name);
      if (to == null) {
        kernel.undeliverable().count(Undelivered.UNKNOWN_NAME, name, message);
      }
    }
    if (to != null) {
      to.deliverMessage(asTimeout ? new Timeout(this, message) : message);
    }
  }

  @Override
  public String toString() {
    return "#Timer<" + (receiver == null ? name : receiver) + ">";
  }
}
