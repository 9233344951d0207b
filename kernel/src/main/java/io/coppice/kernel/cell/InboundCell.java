package io.coppice.kernel.cell;

import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.SpawnOptions;
import org.jspecify.annotations.Nullable;

/**
 * What comes out of the inbound queue of a process.
 *
 * <p>Threads: whoever holds the token of the {@link StateWord} takes out: the owner before each
 * receive and each operation; a helper when a signal waits and the owner computes or blocks outside
 * of the kernel (P16); after the end whoever came too late.
 */
abstract class InboundCell extends ArrivalCell {
  private static final int HELP_LIMIT =
      256; // signals and messages a helper moves while it holds the token

  /** Priority messages the owner has taken over, those a selective receive refused included. */
  @Nullable SaveQueue priority; // the owner's

  // ---- guarded by the token

  /** Messages that were taken out of the queue to get at a signal behind them. */
  private @Nullable SaveQueue inbox;

  private boolean drained; // the last drain found nothing left, or only what is on its way in

  InboundCell(Kernel kernel, SpawnOptions options) {
    super(kernel, options);
  }

  // ---- taking out: with the token, apart from what was handed over

  /** For the host that is about to run it: whether there is something else than what was handed. */
  final boolean hasInbound() {
    return inbox != null || !mailbox.isPristine() || hasLongQueue();
  }

  /** The owner: takes what was handed over. False if nothing was. */
  final boolean takeHanded(Host host) {
    Object first = handed;
    if (first == null) {
      return false;
    }
    Object message = first instanceof Signal signal ? handle(signal) : first;
    if (message != null) {
      host.batchAdd(message);
    }
    handed = null; // not before: there may be no memory
    return true;
  }

  @Override
  final boolean hasTakenOut() {
    return (inbox != null && !inbox.isEmpty()) || !hostOf().batchIsEmpty();
  }

  /**
   * The host, at the beginning of a turn without the token: looks whether it needs it after all.
   */
  final boolean isDrainedAtOnce() {
    drained = !hasInbound();
    return drained;
  }

  /** Moves messages into the host's batch and handles the signals among and behind them. */
  final void drain(Host host) {
    drained = false;
    boolean _ = takeHanded(host); // there is room: the batch was empty when it was put there
    SaveQueue moved = inbox;
    while (moved != null && !MailboxBound.isEnough(bound, host)) {
      Object oldest = moved.poll();
      if (oldest == null) {
        break;
      }
      host.batchAdd(oldest);
    }
    while (!isDying() && (!MailboxBound.isEnough(bound, host) || signalsPendingVolatile() > 0)) {
      Object next = takeOut();
      if (next == null) {
        drained = true;
        break;
      }
      if (next == HANDLED) {
        continue;
      }
      if (MailboxBound.isEnough(bound, host)) {
        inbox().add(next);
      } else {
        host.batchAdd(next);
      }
    }
    takePriorityMessages();
    if (hasLongQueue()) {
      kernel.queueWatch().lookAgain(self());
    }
    if (host.batchIsEmpty()) {
      mailbox.releaseRing(); // it is about to be idle, or to wait
    }
  }

  private void takePriorityMessages() {
    SaveQueue received = priorityMessagesIfAny();
    if (received == null || received.isEmpty()) {
      return;
    }
    SaveQueue own = priority;
    if (own == null) {
      own = new SaveQueue();
      priority = own;
    }
    for (Object next = received.poll(); next != null; next = received.poll()) {
      own.add(next);
    }
  }

  /** The owner, with the token: moves all that had arrived when it began, however much that is. */
  final void drainArrived(Host host) {
    drain(host);
    int arrived = MailboxBound.isEnough(bound, host) ? mailbox.size() : 0;
    for (int i = 0; i < arrived && !isDying(); i++) {
      Object next = takeOut();
      if (next == null) {
        return;
      }
      if (next != HANDLED) {
        inbox().add(next);
      }
    }
    takePriorityMessages();
  }

  private static final Object HANDLED = new Object();

  /** The next message, HANDLED after a signal that gave none, or null if nothing is visible. */
  private @Nullable Object takeOut() {
    Object next = mailbox.poll();
    if (next instanceof Signal signal) {
      Object message;
      try {
        message = handle(signal);
      } finally {
        if (signal.isUrgent()) { // not before: isAlive takes zero for "all had their effect" (P6)
          addSignalsPending(-1);
        }
      }
      return message == null ? HANDLED : message;
    }
    return next;
  }

  /** Handles the signals of a process that computes, or blocks outside of the kernel. */
  @Override
  final void help() {
    boolean again = true;
    while (again && tryTakeTokenToHelp()) {
      again = false;
      boolean interrupt;
      beginHelp();
      try {
        again = helpWithToken();
      } finally { // also when the helper's stack overflows: the process would spin for ever
        interrupt = endHelp();
        again |= releaseTokenNotified();
      }
      if (interrupt) {
        self().interruptHost();
      }
      if (bound != null) {
        bound.loseTrimmed();
      }
    }
  }

  /** True if signals are left because the limit was reached. */
  private boolean helpWithToken() {
    for (int i = 0; i < HELP_LIMIT; i++) {
      if (bound != null && inbox != null) {
        bound.trim(inbox);
      }
      if (isDying() || (signalsPendingVolatile() == 0 && (bound == null || !bound.hasExcess()))) {
        return false;
      }
      Object next = takeOut();
      if (next == null) {
        return false; // a message is on its way in before the signal; its sender will help
      }
      if (next != HANDLED) {
        inbox().add(next);
      }
    }
    return true;
  }

  /**
   * For the owner: whether all that anybody has told it of has been taken out. What is on its way
   * in does not count: its sender will tell. Nor does what hides behind that. False also if the
   * mailbox has a ring, which the next look gives back.
   */
  final boolean isDrained() {
    return drained && handed == null && !mailbox.hasRing() && !isNotified();
  }

  /**
   * For the owner, when it clears NOTIFIED without a look into the queue, or leaves RUNNING: from
   * now on something may have arrived without a mark.
   */
  final void notDrained() {
    drained = false;
  }

  /** Whether nothing is queued, published or on its way in. */
  final boolean inboundIsEmpty() {
    return mailbox.isEmpty();
  }

  /** With the token: gives back what an empty queue keeps. */
  final void releaseQueues() {
    boolean _ = mailbox.releaseRing();
    if (inbox != null && inbox.isEmpty()) {
      inbox = null;
    }
  }

  /** With the token: the next message or signal, or null if nothing is visible. */
  final @Nullable Object pollInbound() {
    return mailbox.poll();
  }

  /** With the token. */
  final void forgetInbox() {
    inbox = null;
  }

  final @Nullable SaveQueue inboxIfAny() {
    return inbox;
  }

  final int inboundSize() {
    SaveQueue moved = inbox;
    SaveQueue first = priorityMessagesIfAny();
    return mailbox.size() + (moved == null ? 0 : moved.size()) + (first == null ? 0 : first.size());
  }

  private SaveQueue inbox() {
    if (inbox == null) {
      inbox = new SaveQueue();
    }
    return inbox;
  }

  /** In phase EXITING, with the token: takes some out of the mailbox, to be looked at. */
  final void takeSome(int limit) {
    inbox().addFrom(mailbox, limit);
  }
}
