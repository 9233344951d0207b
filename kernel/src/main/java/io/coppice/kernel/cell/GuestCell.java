package io.coppice.kernel.cell;

import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A turn of one message on the stack of the caller; see {@link Loan}.
 *
 * <p>Threads: as in {@link TurnCell}; the caller, who has claimed the process, is its host.
 */
abstract class GuestCell extends TurnCell {
  GuestCell(
      Kernel kernel,
      long number,
      @Nullable ProcessCell parent,
      @Nullable ProcessBody body,
      @Nullable Reactive reactive,
      SpawnOptions options) {
    super(kernel, number, parent, body, reactive, options);
  }

  /** Afterwards it rests, or is ready again: it neither waits nor ends here. */
  final void runAsGuest(Host by, ProcessCell lender) {
    resumed();
    turns++;
    if (handlersWatched) {
      watchedTurnBegins();
    }
    try {
      attach(by);
      wakeUpFromHibernation();
      boolean _ = takeHanded(by);
      if (!isDrainedAtOnce()) {
        fill(by);
      }
      if (!lender.isDying()) { // else an interrupt may be on its way that is not meant for this
        handleOne(by);
      }
      if (!hasTaken(by) && (isDrained() || !fill(by)) && mayRest() && leave(by, true)) {
        return;
      }
    } catch (Throwable thrown) {
      stopReason = reasonOf(thrown);
    }
    handBack(by);
  }

  private void handleOne(Host by) throws Exception {
    if (!isUndisturbed()) {
      fill(by); // takes priority messages over
    }
    Object message = isDying() ? null : nextMessage(by);
    if (message == null) {
      return;
    }
    hibernate = false;
    if (received(message)) {
      Objects.requireNonNull(reactive).onMessage(Objects.requireNonNull(context), message);
    }
    yieldAsked = false;
  }

  private boolean mayRest() {
    return stopReason == null && next == null && !hibernate && !isDying();
  }

  /** What is left to do is done in an ordinary turn. */
  private void handBack(Host by) {
    if (takeToken()) {
      awaitInterrupted(); // it is for this process, not for the one below
      setAside(by);
      leaveAsGuest(by);
      if (tryHandBack()) {
        makeReadyLast();
        return;
      }
    }
    awaitInterrupted(); // fenced
    zombieEnded(by);
    clearTaken(by);
    leaveAsGuest(by);
  }

  /** With the token: another host will go on with what this one has taken out. */
  private void setAside(Host by) {
    for (Object next = by.batchPoll(); next != null; next = by.batchPoll()) {
      boolean kept = false;
      while (!kept) {
        try {
          saved().add(next);
          kept = true;
        } catch (OutOfMemoryError noMemory) {
          Thread.onSpinWait(); // each attempt is a collection of garbage
        }
      }
    }
  }

  private void leaveAsGuest(Host by) {
    by.batchHandled();
    try {
      threadLocals = by.leaveThread();
    } catch (Throwable thrown) {
      kernel.counters().lost();
    }
    setHostRelease(null);
    by.current = null;
  }
}
