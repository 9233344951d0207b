package io.coppice.kernel.cell;

import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.WaitReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The part of a process that takes messages and waits: receive, selective receive, the wait for an
 * answer, yield. All of it belongs to the owner, the host in phase RUNNING.
 */
abstract class WaitingCell extends InboundCell {
  /* Where a message may be, oldest first: saved (refused by a selective receive), the host's batch, the
   * inbox (moved there by a helper), the mailbox. saved and the batch belong to the owner; inbox and the
   * consumer side of the mailbox to the token.
   *
   * Before all of them: priority messages (P72). Whoever takes one out of the mailbox puts it into the
   * queue of the Relations, under the token; the owner takes them over into `priority` with each drain.
   * The flag PRIORITY tells an owner who is busy with its batch that a helper has put one there.
   */
  private static final VarHandle HOST;
  private static final VarHandle WAIT_REASON;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HOST = lookup.findVarHandle(WaitingCell.class, "host", Host.class);
      WAIT_REASON = lookup.findVarHandle(WaitingCell.class, "waitReason", WaitReason.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // ---- owned by the host that runs it
  private @Nullable SaveQueue saved;
  private boolean scanning; // a predicate may be running
  private @Nullable Request lastRequest;
  private @Nullable List<Request>
      openRequests; // received, and not answered when the next message came

  // ---- shared: written by the owner, read by whoever resumes or inspects it
  @SuppressWarnings("unused") // by HOST
  private @Nullable Host host;

  @SuppressWarnings("unused") // by WAIT_REASON
  private WaitReason waitReason = WaitReason.NONE;

  WaitingCell(Kernel kernel, int mailboxCapacity) {
    super(kernel, mailboxCapacity);
  }

  // ---- waits

  /**
   * Waits until something has happened: a signal (WAITING), or a signal that is no message or a
   * wake-up (AWAITING), or the deadline. May return for no reason; returns at once if the process
   * is dying.
   */
  final void await(int phase, WaitReason reason, long deadlineNanos) {
    Host by = hostOf();
    WaitTimer timer = null;
    if (deadlineNanos != Kernel.FOREVER) {
      timer = new WaitTimer(this);
      kernel.dispatcher().startTimer(timer, deadlineNanos);
    }
    WAIT_REASON.setOpaque(this, reason);
    try {
      if (tryWait(phase) == Leave.LEFT) {
        suspend(by);
      }
    } finally {
      WAIT_REASON.setOpaque(this, WaitReason.NONE);
      if (timer != null) {
        timer.cancel();
      }
    }
  }

  /** Waits for the outcome of a request; false when the deadline has passed. */
  final boolean awaitSettled(CallRequest request, WaitReason reason, long deadlineNanos) {
    while (true) {
      clearNotified();
      notDrained();
      checkSignals(); // before the look at the outcome, since it clears NOTIFIED, too
      if (request.isSettled()) {
        return true;
      }
      if (kernel.isPast(deadlineNanos)) {
        return false;
      }
      await(AWAITING, reason, deadlineNanos);
    }
  }

  /** Sleeps; messages do not end it. */
  final void sleepUntil(long deadlineNanos) {
    checkSignals();
    while (!kernel.isPast(deadlineNanos)) {
      clearNotified();
      notDrained();
      checkSignals();
      await(AWAITING, WaitReason.SLEEP, deadlineNanos);
    }
    checkSignals();
  }

  /** Lets others run; the process goes to the end of the queue. */
  final void yieldTurn() {
    Host by = hostOf();
    if (tryReschedule() == Leave.LEFT) {
      by.resume(self()); // queued when it has left its carrier
      suspend(by);
    }
    checkSignals();
  }

  /** Having left RUNNING: comes back to it, also if there is no stack left to suspend on. */
  private void suspend(Host by) {
    boolean suspended = false;
    notDrained();
    try {
      by.suspend(self());
      suspended = true;
      resumed();
    } finally {
      if (!suspended) {
        notSuspended();
      }
    }
  }

  // ---- before each operation

  /** Handles the signals that have arrived; throws if the process is to end. */
  final void checkSignals() {
    if ((signalsPendingVolatile() > 0 || !isUndisturbed()) && !isDying()) {
      fill(hostOf());
    }
    if (isDying()) {
      self().armFence(); // code of the user's is on the stack
      throw new ProcessExit(exitReason());
    }
  }

  /** Takes the token, after the signals that have arrived were handled. */
  final void takeTokenChecked() {
    checkSignals();
    if (!takeToken()) {
      throw new ProcessExit(exitReason());
    }
    notDrained();
  }

  /**
   * Gives the token back and handles what a sender left to the holder of the token: as that sender
   * would have done, because code of the user's runs next (P16).
   */
  final void releaseTokenChecked() {
    if (releaseToken()) {
      Host by = hostOf();
      fill(by);
      if (isDying() && self().mayInterrupt()) {
        by.thread().interrupt();
        self().armFence();
      }
    }
  }

  /**
   * Takes the next batch out of the queue. False if nothing is visible, or the process is dying.
   */
  final boolean fill(Host by) {
    boolean again = true;
    while (again) {
      if (!takeToken()) {
        return false;
      }
      try {
        drain(by);
      } finally {
        again = releaseToken() && !isDying(); // also when the stack overflows: others would spin
      }
    }
    return !isDying() && hasNew(by);
  }

  /** Whether messages have been taken out that no receive has looked at. */
  private boolean hasNew(Host by) {
    SaveQueue first = priority;
    return !by.batchIsEmpty() || (first != null && first.hasUnscanned());
  }

  /** Takes out all that has arrived: what is changed next applies to what comes later (P51). */
  final void takeArrived() {
    Host by = hostOf();
    takeTokenChecked();
    try {
      drainArrived(by);
    } finally {
      releaseTokenChecked();
    }
  }

  // ---- receive

  /** The first message that matches, or null when the deadline has passed. */
  final @Nullable Object receive(@Nullable Predicate<Object> matching, long deadlineNanos) {
    if (scanning) {
      throw new IllegalStateException(
          "The predicate of a receive of process "
              + self()
              + " called receive itself, which would"
              + " lose messages; a predicate only looks at the message");
    }
    Host by = hostOf();
    checkSignals();
    if (saved != null) {
      saved.restartScan();
    }
    if (priority != null) {
      priority.restartScan();
    }
    while (true) {
      Object message = matching == null ? nextMessage(by) : guardedScan(by, matching);
      if (message != null) {
        received(message);
        return message;
      }
      if (fill(by)) {
        continue;
      }
      checkSignals();
      if (hasNew(by)) {
        continue; // came with a signal that has been handled just now
      }
      if (!inboundIsEmpty()) {
        yieldTurn(); // a message is on its way in: "empty" would be the wrong answer
      } else if (!kernel.isPast(deadlineNanos)) {
        await(WAITING, WaitReason.RECEIVE, deadlineNanos);
      } else if (!mayHaveMoved()) { // the mailbox may be empty because a helper has emptied it
        return null;
      }
    }
  }

  private @Nullable Object guardedScan(Host by, Predicate<Object> matching) {
    scanning = true;
    try {
      return scan(by, matching);
    } finally {
      scanning = false;
    }
  }

  private @Nullable Object scan(Host by, Predicate<Object> matching) {
    SaveQueue first = priority;
    Object found = first == null ? null : first.removeFirstMatching(matching);
    if (found != null) {
      return found;
    }
    SaveQueue refused = saved;
    if (refused == null) {
      refused = new SaveQueue();
      saved = refused;
    }
    found = refused.removeFirstMatching(matching);
    while (found == null) {
      Object message = by.batchPoll();
      if (message == null) {
        return null;
      }
      refused.addScanned(message); // first, so that it is not lost if the predicate throws
      if (matching.test(message)) {
        found = refused.removeScanned();
      }
    }
    return found;
  }

  /** The oldest message that has been taken out of the queue, or null. */
  final @Nullable Object nextMessage(Host by) {
    SaveQueue first = priority;
    if (first != null && !first.isEmpty()) {
      return first.poll();
    }
    SaveQueue refused = saved;
    return refused != null && !refused.isEmpty() ? refused.poll() : by.batchPoll();
  }

  /**
   * In phase EXITING, with the token: what was taken out of the queue and not handled finds the
   * process ended. Only looks: the fencer does it while the owner may be clearing.
   */
  final void bounceTaken(ExitReason reason) {
    SaveQueue first = priority;
    if (first != null) {
      first.forEach(message -> kernel.undeliverable().unread(self(), message, reason));
    }
    SaveQueue refused = saved;
    if (refused != null) {
      refused.forEach(message -> kernel.undeliverable().unread(self(), message, reason));
    }
    Host by = host();
    if (by != null) { // else it was about to leave, with nothing in its hands
      by.batchForEach(message -> kernel.undeliverable().unread(self(), message, reason));
    }
  }

  /** The owner, at its end. */
  final void clearTaken(Host by) {
    priority = null;
    saved = null;
    by.batchClear();
  }

  /**
   * Messages that have arrived and were not received, wherever they are; estimated, since other
   * threads read the counts of their owners.
   */
  final int queueLength() {
    SaveQueue first = priority;
    SaveQueue refused = saved;
    Host by = host();
    int taken =
        (first == null ? 0 : first.size())
            + (refused == null ? 0 : refused.size())
            + (by == null ? 0 : Math.max(0, by.batchSize()));
    return inboundSize() + taken;
  }

  // ---- requests this process has received

  /** To be told of each message before the code of the process gets it. */
  final void received(Object message) {
    if (lastRequest != null) {
      if (!lastRequest.isSettled()) {
        addOpenRequest(lastRequest);
      }
      lastRequest = null;
    }
    if (message instanceof Request request) {
      lastRequest = request;
    }
  }

  private void addOpenRequest(Request request) {
    if (openRequests == null) {
      openRequests = new ArrayList<>(4);
    } else if (openRequests.size() >= 16 && Integer.bitCount(openRequests.size()) == 1) {
      openRequests.removeIf(Request::isSettled); // at each doubling
    }
    openRequests.add(request);
  }

  /** In phase EXITING, with the token. */
  final void failOpenRequests(ExitReason reason) {
    Request last = lastRequest;
    List<Request> open = openRequests;
    lastRequest = null;
    openRequests = null;
    if (last != null) {
      fail(last, reason);
    }
    if (open != null) {
      open.forEach(request -> fail(request, reason));
    }
  }

  // ---- accessors

  /** The host it runs on, or is captured by; null if it needs one for its next turn. */
  public final @Nullable Host host() {
    return (Host) HOST.getAcquire(this);
  }

  final void setHostRelease(@Nullable Host value) {
    HOST.setRelease(this, value);
  }

  @Override
  final Host hostOf() {
    Host by = host();
    if (by == null) {
      throw new IllegalStateException("Process " + this + " is not running");
    }
    return by;
  }

  final WaitReason waitReason() {
    return (WaitReason) WAIT_REASON.getOpaque(this);
  }
}
