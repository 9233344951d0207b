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
  /* Without memory nothing is lost. What has been polled and could not be handled, or be put anywhere, stays in
   * hand; whoever next holds the token begins with it. It is younger than all in the inbox, and older than
   * all in the mailbox. So a signal may be handled twice: each makes what it needs (a message, room for it)
   * before it changes anything, or does no harm the second time. Likewise at the end of a stack. A signal
   * whose handling throws anything else is dropped: it would throw for ever.
   */
  private static final int HELP_LIMIT =
      256; // signals and messages a helper moves while it holds the token
  private static final int HELP_ATTEMPTS = 100; // without memory

  /** Priority messages the owner has taken over, those a selective receive refused included. */
  @Nullable SaveQueue priority; // the owner's

  // ---- guarded by the token

  /** Messages that were taken out of the queue to get at a signal behind them. */
  private @Nullable SaveQueue inbox;

  /** A signal that was not handled, or a message. */
  private @Nullable Object inHand;

  private boolean drained; // the last drain found nothing left, or only what is on its way in

  InboundCell(Kernel kernel, SpawnOptions options) {
    super(kernel, options);
  }

  // ---- taking out: with the token, apart from what was handed over

  /** For the host that is about to run it: whether there is something else than what was handed. */
  final boolean hasInbound() {
    return inbox != null || inHand != null || !mailbox.isPristine() || hasLongQueue();
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
    return (inbox != null && !inbox.isEmpty()) || inHand != null || !hostOf().batchIsEmpty();
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
    while (moved != null && !moved.isEmpty() && !MailboxBound.isEnough(bound, host)) {
      host.batchReserve(); // before it is polled, so that it is not lost without memory
      Object oldest = moved.poll();
      if (oldest != null) {
        host.batchAdd(oldest);
      }
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
        putAside(next);
      } else {
        putInto(host, next);
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
      own = kernel.queues().createSaveQueue();
      priority = own;
    }
    own.reserve(received.size());
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
        putAside(next);
      }
    }
    takePriorityMessages();
  }

  private static final Object HANDLED = new Object();

  /** The next message, HANDLED after a signal that gave none, or null if nothing is visible. */
  private @Nullable Object takeOut() {
    Object next = pollInbound();
    if (next instanceof Signal signal) {
      Object message;
      boolean again = false;
      try {
        message = handle(signal);
      } catch (OutOfMemoryError | StackOverflowError notNow) {
        inHand = signal;
        again = true;
        throw notNow;
      } finally {
        if (!again && signal.isUrgent()) {
          addSignalsPending(-1); // not before: isAlive takes zero for "all had their effect" (P6)
        }
      }
      return message == null ? HANDLED : message;
    }
    return next;
  }

  /** Puts a message that {@link #takeOut} gave where the owner finds it. */
  private void putAside(Object message) {
    try {
      inbox().add(message);
    } catch (Throwable notNow) {
      inHand = message;
      throw notNow;
    }
  }

  /** The same, into the batch of the owner. */
  private void putInto(Host host, Object message) {
    try {
      host.batchAdd(message);
    } catch (Throwable notNow) {
      inHand = message;
      throw notNow;
    }
  }

  /**
   * Handles the signals of a process that computes, or blocks outside of the kernel. While there is
   * no memory for that it tries again, since nobody else may come: each attempt is a collection of
   * garbage. If that is of no use, either, the process is left to whoever comes next.
   */
  @Override
  final void help() {
    boolean again = true;
    int failures = 0;
    while (again && tryTakeTokenToHelp()) {
      again = false;
      boolean interrupt;
      beginHelp();
      try {
        again = helpWithToken();
      } catch (OutOfMemoryError noMemory) {
        again = true;
        if (++failures >= HELP_ATTEMPTS) {
          throw noMemory;
        }
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

  /**
   * The owner, while a predicate of its runs and waits in an operation: throws away what is too
   * much, as far as its senders could if it computed.
   */
  final void trimArrived(MailboxBound full) {
    boolean again = full.hasExcess();
    while (again && takeToken()) {
      notDrained();
      try {
        again = helpWithToken();
      } finally {
        again |= releaseToken();
      }
      full.loseTrimmed();
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
        putAside(next);
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

  /** Whether nothing is queued, published or on its way in. Without the token: an estimate. */
  final boolean inboundIsEmpty() {
    return mailbox.isEmpty() && inHand == null;
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
    Object held = inHand;
    if (held == null) {
      return mailbox.poll();
    }
    inHand = null;
    return held;
  }

  /** The message in hand, if there is one. */
  final @Nullable Object messageInHand() {
    return inHand instanceof Signal ? null : inHand;
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
    return mailbox.size()
        + (inHand == null ? 0 : 1)
        + (moved == null ? 0 : moved.size())
        + (first == null ? 0 : first.size());
  }

  private SaveQueue inbox() {
    if (inbox == null) {
      inbox = kernel.queues().createSaveQueue();
    }
    return inbox;
  }

  /** In phase EXITING, with the token: takes some out of the mailbox, to be looked at. */
  final void takeSome(int limit) {
    SaveQueue moved = inbox();
    moved.reserve(limit);
    for (int i = 0; i < limit; i++) {
      Object next = pollInbound();
      if (next == null) {
        return;
      }
      moved.add(next);
    }
  }
}
