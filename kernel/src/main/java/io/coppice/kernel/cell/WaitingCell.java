package io.coppice.kernel.cell;

import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.WaitReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// Longer than 400 lines: all waits of a process, whose order of steps is the same.

/**
 * The part of a process that waits: receive, the wait for an answer, sleep, yield, hibernation. All
 * of it belongs to the owner, the host in phase RUNNING.
 */
abstract class WaitingCell extends TakingCell {
  /* When very many wait before any of them has gone on, the compiled wait knows nothing of what comes after:
   * HotSpot has left that out, and turns the frames of each suspended stack back into interpreted ones, one
   * stack after another, 15 to 20 us each. The first million that block in a fresh JVM, and go on together,
   * take 16 to 21 s, of which the collector has one or two. -Xlog:deoptimization=debug shows it, at await.
   * Later ones take 1 us each; in some stretches of a run 4 or 5, without such a trace: not explained yet.
   */
  private static final VarHandle WAITING_FOR;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WAITING_FOR = lookup.findVarHandle(WaitingCell.class, "waitingFor", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int SPAWNS = 128; // after which a process gives way
  private static final int LOANS = 128; // of its thread, likewise

  final boolean nonBlocking; // refuses to wait

  private int spawnedInARow; // the owner's
  private int lentInARow; // the owner's
  private int mustGoOn; // the owner's: it may act with the token of somebody

  /** Others set it, once; a late look is made up for at the next turn. */
  boolean handlersWatched;

  // ---- shared: written by the owner, read by whoever resumes or inspects it
  /**
   * A WaitReason, the request whose outcome it awaits, Awaited, or the timer that ends the wait. Of
   * a process that has ended badly, the class of the message it was at.
   */
  @SuppressWarnings("unused") // by WAITING_FOR
  private @Nullable Object waitingFor;

  WaitingCell(Kernel kernel, SpawnOptions options) {
    super(kernel, options);
    this.nonBlocking = options.nonBlocking();
  }

  // ---- waits

  /**
   * Waits until something has happened: a signal (WAITING), or a signal that is no message or a
   * wake-up (AWAITING), or the deadline. May return for no reason; returns at once if the process
   * is dying.
   *
   * @param reason for those who look: a {@link WaitReason} or a request
   */
  final void await(int phase, Object reason, long deadlineNanos) {
    Host by = hostOf();
    WaitTimer timer = null;
    if (deadlineNanos != Kernel.FOREVER) {
      timer = new WaitTimer(this, reason);
      kernel.dispatcher().startTimer(timer, deadlineNanos);
    }
    WAITING_FOR.setRelease(this, timer == null ? reason : timer);
    CallRing ring = null;
    try {
      if (tryWait(phase) == Leave.LEFT) {
        ring = CallRing.closedBy(self(), reason);
        suspend(by, false);
      }
    } finally {
      WAITING_FOR.setOpaque(this, null);
      if (timer != null) {
        timer.cancel();
      }
      if (handlersWatched && phase == WAITING) {
        waitedForMessage();
      }
    }
    if (ring != null) {
      ring.tell();
    }
  }

  /** Its handlers are watched, and its code has waited for a message. */
  abstract void waitedForMessage();

  /** Waits for the outcome of a request; false when the deadline has passed. */
  final boolean awaitSettled(CallRequest.ByProcess request, long deadlineNanos) {
    while (true) {
      lookAround();
      if (request.isSettled()) {
        return true;
      }
      long now = kernel.dispatcher().clock().nanoTime();
      if (deadlineNanos != Kernel.FOREVER && now - deadlineNanos >= 0) {
        return false;
      }
      request.waitsSince(now);
      await(AWAITING, request, deadlineNanos);
    }
  }

  /** Waits for room in a mailbox, until the place is settled or the deadline has passed. */
  final void awaitRoom(Occupancy.Waiter place, long deadlineNanos) {
    while (true) {
      lookAround();
      if (place.isSettled() || kernel.isPast(deadlineNanos)) {
        return;
      }
      await(AWAITING, WaitReason.ROOM, deadlineNanos);
    }
  }

  /** Sleeps; messages do not end it. */
  final void sleepUntil(long deadlineNanos) {
    checkSignals();
    while (!kernel.isPast(deadlineNanos)) {
      lookAround();
      await(AWAITING, WaitReason.SLEEP, deadlineNanos);
    }
    checkSignals();
  }

  /** Waits until there is a message, with as little memory as possible (P83). */
  final void hibernate() {
    Host by = hostOf();
    checkSignals();
    while (!hasTaken(by)) {
      releaseMemory(by); // before the look into the queue, since it takes the token
      if (fill(by)) {
        return;
      }
      checkSignals();
      if (hasTaken(by)) {
        return;
      }
      if (inboundIsEmpty()) {
        await(WAITING, WaitReason.HIBERNATE, Kernel.FOREVER);
      } else {
        yieldTurn();
      }
    }
  }

  final void setHibernating(boolean value) {
    WAITING_FOR.setOpaque(this, value ? WaitReason.HIBERNATE : null);
  }

  /** Lets others run; the process goes to the end of the queue. */
  final void yieldTurn() {
    Host by = hostOf();
    if (tryReschedule() == Leave.LEFT) {
      suspend(by, true);
    }
    checkSignals();
    if (bound != null) {
      discardExcess(bound, by); // while it was in the run queue nobody could
    }
  }

  /**
   * After a send to a process that is far behind, or many spawns: they may be waiting for just this
   * scheduler. A process thus pays for what it makes others do, as in the BEAM, and what it has
   * written is still in the cache when it is read.
   *
   * <p>A courtesy: what the process has just done stays done, also if there is no stack or memory
   * to keep it on meanwhile; and with a token in hand, its own or another's, nobody waits.
   */
  final void giveWay() {
    if (nonBlocking || !mayPause()) {
      return;
    }
    try {
      if (kernel.dispatcher().worthYielding()) {
        yieldTurn();
      }
    } catch (StackOverflowError | OutOfMemoryError notNow) {
      // another time
    }
  }

  /** Whether nothing is half done, by it or by its thread for others. */
  final boolean mayPause() {
    return mustGoOn == 0 && !holdsOwnToken() && !isScanning();
  }

  /** Its thread begins something in the middle of which it does not give way. */
  final void beginToGoOn() {
    mustGoOn++;
  }

  final void endToGoOn() {
    mustGoOn--;
  }

  /** It has spawned one more. */
  final void hasSpawned() {
    if (++spawnedInARow >= SPAWNS) {
      spawnedInARow = 0;
      giveWay();
    }
  }

  /**
   * Before its thread runs another process: no wait ends its turn meanwhile, so it gives way as
   * after a wait, and a turn that goes on counts as a new one.
   */
  final void aboutToLend(Host by) {
    if (++lentInARow >= LOANS || by.sliceUsed()) {
      lentInARow = 0;
      giveWay();
      if (by.sliceUsed()) {
        by.beginSlice();
      }
    }
  }

  /** For those who look: what it waits for while its thread is lent, or null. */
  final void setLentFor(CallRequest.@Nullable ByProcess request) {
    WAITING_FOR.setRelease(this, request);
  }

  /** Having left RUNNING: comes back to it, also if there is no stack left to suspend on. */
  private void suspend(Host by, boolean ready) {
    boolean suspended = false;
    notDrained();
    try {
      by.batchTrim();
      if (ready) {
        by.letOthersRun(self());
      } else {
        by.suspend(self());
      }
      suspended = true;
      resumed();
    } finally {
      if (!suspended) {
        notSuspended();
      }
    }
  }

  // ---- before each operation

  /**
   * Before an operation that may wait has any effect.
   *
   * @throws IllegalStateException if the process has declared that it never waits
   */
  final void refuseToWait(String operation) {
    if (nonBlocking) {
      throw new IllegalStateException(
          "Process "
              + self()
              + " was spawned with neverBlocks, so it is refused "
              + operation
              + ", which may wait; leave that to another process, use messages instead, or spawn"
              + " it without neverBlocks");
    }
  }

  /** Handles the signals that have arrived; throws if the process is to end. */
  final void checkSignals() {
    if (signalsPendingVolatile() == 0 && isUndisturbed()) {
      return;
    }
    if (!isDying()) {
      fill(hostOf());
    }
    if (isDying()) {
      self().armFence(); // code of the user's is on the stack
      self().countRefused();
      throw new ProcessExit(exitReason());
    }
  }

  /** In a wait that messages do not end, before each look at what it waits for. */
  private void lookAround() {
    clearNotified();
    notDrained();
    checkSignals(); // before the look, since it clears NOTIFIED, too
    if (bound != null) {
      discardExcess(bound, hostOf());
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

  /**
   * The first message that matches, or null when the deadline has passed.
   *
   * @param awaited what it can only be about, or null for anything
   */
  final @Nullable Object receive(
      @Nullable Predicate<Object> matching, long deadlineNanos, @Nullable Ref awaited) {
    if (isScanning()) {
      throw new IllegalStateException(
          "The predicate of a receive of process "
              + self()
              + " called receive itself, which would"
              + " lose messages; a predicate only looks at the message");
    }
    Host by = hostOf();
    checkSignals();
    restartScan();
    while (true) {
      if (bound != null) {
        discardExcess(bound, by);
      }
      Object message = matching == null ? nextMessage(by) : guardedScan(by, matching);
      if (message != null) {
        if (received(message)) {
          return message;
        }
        continue; // a request that is not to be run: the scan goes on behind it
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
        Object why = awaited == null ? WaitReason.RECEIVE : new Awaited(awaited);
        await(WAITING, why, deadlineNanos);
      } else if (!mayHaveMoved()) { // the mailbox may be empty because a helper has emptied it
        return null;
      }
    }
  }

  // ---- sections

  /** The code that runs next does so elsewhere, while its host waits. */
  final void enterSection(WaitReason reason) {
    Section section = new Section(reason, kernel.dispatcher().clock().nanoTime());
    WAITING_FOR.setRelease(this, section);
  }

  final void leaveSection() {
    WAITING_FOR.setOpaque(this, null);
  }

  /** The section it is in, or null; for any thread. */
  final @Nullable Section section() {
    return waitingForAcquire() instanceof Section section ? section : null;
  }

  /** At its end, in place of what it waited for. */
  final void setLastHandled(String type) {
    WAITING_FOR.setOpaque(this, type); // who is told of the end sees it
  }

  /** What it waits for: a WaitReason, a request, Awaited, a WaitTimer, a Section, or null. */
  final @Nullable Object waitingForAcquire() {
    return WAITING_FOR.getAcquire(this);
  }

  /** The same after what the calling process has published: see {@link CallRing}. */
  final @Nullable Object waitingForVolatile() {
    return WAITING_FOR.getVolatile(this);
  }
}
