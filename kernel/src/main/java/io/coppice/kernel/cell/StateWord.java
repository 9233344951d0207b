package io.coppice.kernel.cell;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The state word of a process: what it is doing, and who may touch what. Nothing else in the kernel
 * decides who runs a process.
 *
 * <p>Threads: any thread may call {@code notify…} and {@code tryTakeToken}; the other transitions
 * belong to the thread named in their comment. All transitions are read-modify-write operations, so
 * each is a full fence.
 */
// Longer than 400 lines: one word, and every transition of it in one place.
abstract class StateWord {
  /* One int: a phase and flags.
   *
   *   SCHEDULED -> RUNNING     beginTurn: a host took it from a run queue
   *   RUNNING   -> IDLE        tryIdle: reactive, everything handled
   *   RUNNING   -> SCHEDULED   tryReschedule: budget used up, or yield; the caller enqueues it
   *   RUNNING   -> SCHEDULED   tryHandBack: it ran on the stack of its caller, and goes on, or ends, elsewhere
   *   RUNNING   -> WAITING     tryWait: receive; any signal wakes it
   *   RUNNING   -> AWAITING    tryWait: call, sleep; a signal that is not a message, or wake, ends it
   *   IDLE      -> SCHEDULED   notify, tryClaimIdle: the one sender that wins enqueues it
   *   WAITING, AWAITING -> SCHEDULED   notify, wake: the one that wins resumes its host
   *   SCHEDULED -> RUNNING     resumed: its captured host runs again
   *   RUNNING   -> EXITING     beginExit: its owner, or the fencer when the grace time is over
   *   EXITING   -> DEAD        markDead
   *   ROOT                     the root of the node: never runs, never ends, keeps nothing it is sent
   *
   * Flags:
   *   NOTIFIED      something arrived, or happened, since the owner last cleared it. While it stands no
   *                 transition away from RUNNING (other than EXITING) succeeds, so no wake-up is lost.
   *   TOKEN         somebody consumes the inbound queue. Held by the owner per batch, in phase RUNNING by a
   *                 helper for a moment, before EXITING by an inspector for a moment, whatever the phase, from
   *                 EXITING on by whoever drains what comes too late. It guards the queue's consumer side, the
   *                 inbox, the relations, trapExit and the exit reason.
   *   SIGNALLED     a signal that is no message came while somebody held the token: the holder looks again
   *                 after it has given the token back, since nobody else will.
   *   DYING         an exit signal has decided the end; the reason is set. Sticky.
   *   INTERRUPTING  the one who decided is about to interrupt the host's thread; the host waits for the
   *                 flag to fall before it leaves the process, so that no later process is hit.
   *   PRIORITY      a helper has put priority messages aside since the owner last took the token: they come
   *                 before all that the owner has taken out already.
   *   FENCED        the end was completed by the fencer while code of the process still ran (a zombie).
   *
   * Why no wake-up is lost. A sender (1) publishes the signal in the queue, (2) full fence, (3) reads the
   * word. The owner (1) clears NOTIFIED or changes phase by an RMW, which is a full fence, (2) looks into
   * the queue. Either the sender sees the new word, or the owner sees the signal.
   */
  static final int IDLE = 0;
  static final int SCHEDULED = 1;
  static final int RUNNING = 2;
  static final int WAITING = 3;
  static final int AWAITING = 4;
  static final int EXITING = 5;
  static final int DEAD = 6;
  static final int ROOT = 7;
  static final int PHASE = 7;
  static final int NOTIFIED = 8;
  static final int TOKEN = 16;
  static final int DYING = 32;
  static final int INTERRUPTING = 64;
  static final int FENCED = 128;
  static final int SIGNALLED = 256;
  static final int PRIORITY = 512;

  /** What the one who delivered a signal must do next. */
  enum Notify {
    /** Nothing: somebody will look. */
    NOTHING,
    /** Enqueue the process: the caller moved it from IDLE to SCHEDULED. */
    SCHEDULE,
    /** Resume its host: the caller moved it from a wait to SCHEDULED. */
    RESUME,
    /** Handle its signals in its place: it computes, or blocks outside of the kernel. */
    HELP,
    /** Drain the queue in its place: the process has ended. */
    GONE
  }

  /** How an attempt to leave RUNNING ended. */
  enum Leave {
    /** Done. */
    LEFT,
    /** Something arrived: look again. */
    NOTIFIED,
    /** The process is dying: finish it. */
    DYING
  }

  private static final VarHandle STATE;
  private static final VarHandle SIGNALS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(StateWord.class, "state", int.class);
      SIGNALS = lookup.findVarHandle(StateWord.class, "signalsPending", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by STATE
  private int state = SCHEDULED;

  private boolean ownToken; // owned by the host that runs the process: whether it holds the token

  /**
   * Signals other than messages that were sent and not yet handled; raised before they are queued.
   */
  @SuppressWarnings("unused") // by SIGNALS
  private int signalsPending;

  // ---- reading

  final int stateAcquire() {
    return (int) STATE.getAcquire(this);
  }

  final int phase() {
    return stateAcquire() & PHASE;
  }

  final boolean isGone() {
    int phase = phase();
    return phase == EXITING || phase == DEAD;
  }

  final boolean isDying() {
    return (stateAcquire() & DYING) != 0;
  }

  /** Nothing to look after before the owner goes on with what it has taken out already. */
  final boolean isUndisturbed() {
    return (stateAcquire() & (DYING | PRIORITY)) == 0;
  }

  /**
   * Somebody who moves signals works on the queue, or has done so since the owner took the token.
   */
  final boolean mayHaveMoved() {
    return (stateAcquire() & (TOKEN | NOTIFIED)) != 0;
  }

  /** Whether something arrived, or happened, since the owner last cleared it. */
  final boolean isNotified() {
    return (stateAcquire() & NOTIFIED) != 0;
  }

  final boolean isFenced() {
    return (stateAcquire() & FENCED) != 0;
  }

  final int signalsPendingVolatile() {
    return (int) SIGNALS.getVolatile(this);
  }

  final void addSignalsPending(int count) {
    SIGNALS.getAndAdd(this, count);
  }

  /** Before anybody else knows it. */
  final void becomeRoot() {
    STATE.setRelease(this, ROOT);
  }

  private boolean casState(int expected, int next) {
    return STATE.compareAndSet(this, expected, next);
  }

  // ---- any thread, after publishing a signal; the fence of Mailbox.offer pairs with the RMW in
  // beginTurn, takeToken, tryIdle and tryWait

  /** A message has been queued. */
  final Notify notifyMessage() {
    return notifyArrival(false);
  }

  /** A signal that is not a message has been queued. */
  final Notify notifySignal() {
    return notifyArrival(true);
  }

  private Notify notifyArrival(boolean urgent) {
    while (true) {
      int s = (int) STATE.getVolatile(this);
      switch (s & PHASE) {
        case IDLE -> {
          if (casState(s, (s & ~PHASE) | SCHEDULED)) {
            return Notify.SCHEDULE;
          }
        }
        case WAITING -> {
          if (casState(s, (s & ~PHASE) | SCHEDULED)) {
            return Notify.RESUME;
          }
        }
        case AWAITING -> {
          if (!urgent && signalsPendingVolatile() == 0) {
            return Notify.NOTHING; // it looks into its queue when it next receives
          }
          if (casState(s, (s & ~PHASE) | SCHEDULED)) {
            return Notify.RESUME;
          }
        }
        case SCHEDULED -> {
          return Notify.NOTHING;
        }
        case RUNNING -> {
          boolean signal = urgent || signalsPendingVolatile() > 0;
          int marked = s | NOTIFIED | (signal && (s & TOKEN) != 0 ? SIGNALLED : 0);
          if (s == marked || casState(s, marked)) {
            return signal && (s & TOKEN) == 0 ? Notify.HELP : Notify.NOTHING;
          }
        }
        default -> {
          return Notify.GONE;
        }
      }
    }
  }

  /** Something the process awaits has happened (an answer, a time-out). */
  final Notify wake() {
    while (true) {
      int s = (int) STATE.getVolatile(this);
      switch (s & PHASE) {
        case WAITING, AWAITING -> {
          if (casState(s, (s & ~PHASE) | SCHEDULED)) {
            return Notify.RESUME;
          }
        }
        case RUNNING -> {
          if ((s & NOTIFIED) != 0 || casState(s, s | NOTIFIED)) {
            return Notify.NOTHING;
          }
        }
        default -> {
          return Notify.NOTHING;
        }
      }
    }
  }

  /**
   * IDLE -> SCHEDULED by a sender who has not queued anything: the process is the caller's until it
   * enqueues it.
   */
  final boolean tryClaimIdle() {
    int s = stateAcquire();
    return (s & PHASE) == IDLE && casState(s, (s & ~PHASE) | SCHEDULED);
  }

  // ---- the host that took the process from a run queue

  /** SCHEDULED -> RUNNING, with the token. */
  final void beginTurn() {
    while (true) {
      int s = stateAcquire();
      assert (s & PHASE) == SCHEDULED : this;
      if ((s & TOKEN) != 0) {
        Thread.onSpinWait(); // an inspector holds it for a moment
      } else if (casState(s, (s & ~(PHASE | SIGNALLED | PRIORITY)) | RUNNING | TOKEN)) {
        ownToken = true;
        return;
      }
    }
  }

  /** SCHEDULED -> RUNNING: a captured host runs again, or one that has nothing to take out. */
  final void resumed() {
    while (true) {
      int s = stateAcquire();
      assert (s & PHASE) == SCHEDULED : this;
      if (casState(s, (s & ~PHASE) | RUNNING)) {
        return;
      }
    }
  }

  /** SCHEDULED, WAITING or AWAITING -> RUNNING: the host could not be suspended. */
  final void notSuspended() {
    while (true) {
      int s = stateAcquire();
      if ((s & PHASE) == RUNNING || casState(s, (s & ~PHASE) | RUNNING | NOTIFIED)) {
        return;
      }
    }
  }

  /** The one who spawns it: it has not run yet, but may have a name, by which others find it. */
  final void takeTokenBeforeBirth() {
    while (tryTakeTokenToLook() != Look.TAKEN) {
      Thread.onSpinWait();
    }
  }

  // ---- the owner, in phase RUNNING

  /** Takes the token and clears NOTIFIED. False if the process has been fenced meanwhile. */
  final boolean takeToken() {
    while (true) {
      int s = stateAcquire();
      if ((s & PHASE) != RUNNING) {
        return false;
      }
      if ((s & TOKEN) == 0) {
        if (casState(s, (s | TOKEN) & ~(NOTIFIED | SIGNALLED | PRIORITY))) {
          ownToken = true; // no call comes between the two: a stack that overflows does so in calls
          return true;
        }
      } else if (ownToken) {
        return true; // left behind by an operation that ran out of stack
      } else {
        Thread.onSpinWait(); // a helper holds it for a moment
      }
    }
  }

  /**
   * Gives the token back; pairs with the acquire in the next taker's CAS. True if a signal came
   * meanwhile that was left to the caller.
   */
  final boolean releaseToken() {
    boolean signalled = releaseTokenOfOther();
    ownToken = false;
    return signalled;
  }

  /** The same by somebody who is not the owner. */
  final boolean releaseTokenOfOther() {
    return ((int) STATE.getAndBitwiseAnd(this, ~TOKEN) & SIGNALLED) != 0;
  }

  /**
   * The owner, at the end of its code: gives back what an operation that ran out of stack could
   * not.
   */
  final void dropToken() {
    if (ownToken) {
      boolean _ = releaseToken(); // whoever left a signal finds the process ended
    }
  }

  /** The same by a helper, who also makes the owner look again. */
  final boolean releaseTokenNotified() {
    while (true) {
      int s = stateAcquire();
      if (casState(s, (s & ~TOKEN) | NOTIFIED)) {
        return (s & SIGNALLED) != 0;
      }
    }
  }

  /** The owner: whether it is in the middle of an operation with its token. */
  final boolean holdsOwnToken() {
    return ownToken;
  }

  /** Clears NOTIFIED before the owner looks at what it awaits. */
  final void clearNotified() {
    STATE.getAndBitwiseAnd(this, ~NOTIFIED);
  }

  /**
   * RUNNING -> IDLE. The host must have detached before; it no longer owns the process afterwards.
   */
  final Leave tryIdle() {
    return tryLeave(IDLE);
  }

  /** RUNNING -> WAITING or AWAITING. */
  final Leave tryWait(int phase) {
    return tryLeave(phase);
  }

  private Leave tryLeave(int phase) {
    while (true) {
      int s = stateAcquire();
      if ((s & (DYING | FENCED)) != 0) {
        return Leave.DYING;
      }
      if ((s & NOTIFIED) != 0) {
        return Leave.NOTIFIED;
      }
      if ((s & TOKEN) != 0) {
        awaitToken();
      } else if (casState(s, (s & ~PHASE) | phase)) {
        return Leave.LEFT;
      }
    }
  }

  /** The owner: somebody else holds it for a moment, or an operation has left it behind. */
  private void awaitToken() {
    if (ownToken) {
      dropToken();
    } else {
      Thread.onSpinWait();
    }
  }

  /** RUNNING -> SCHEDULED, whatever has arrived; the caller enqueues the process. */
  final Leave tryReschedule() {
    while (true) {
      int s = stateAcquire();
      if ((s & (DYING | FENCED)) != 0) {
        return Leave.DYING;
      }
      if ((s & TOKEN) != 0) {
        awaitToken();
      } else if (casState(s, (s & ~(PHASE | NOTIFIED)) | SCHEDULED)) {
        return Leave.LEFT;
      }
    }
  }

  /**
   * RUNNING -> SCHEDULED, with the token, which is given back, also of a process that is dying; the
   * caller enqueues it. False if it has been fenced.
   */
  final boolean tryHandBack() {
    while (true) {
      int s = stateAcquire();
      if ((s & PHASE) != RUNNING) {
        return false;
      }
      ownToken = false; // before: afterwards it is somebody else's
      if (casState(s, (s & ~(PHASE | TOKEN | NOTIFIED | SIGNALLED)) | SCHEDULED | PRIORITY)) {
        return true; // PRIORITY: the next host looks, since whoever took the token has cleared it
      }
    }
  }

  // ---- helpers

  /** Takes the token of a process that computes; if it is held, makes the holder look again. */
  final boolean tryTakeTokenToHelp() {
    while (true) {
      int s = stateAcquire();
      if ((s & PHASE) != RUNNING) {
        return false; // whoever moved it looks into the queue
      }
      boolean held = (s & TOKEN) != 0;
      int next = held ? s | SIGNALLED : (s | TOKEN) & ~SIGNALLED;
      if (s == next || casState(s, next)) {
        return !held;
      }
    }
  }

  /** How an attempt to look at a process ended. */
  enum Look {
    /** The token is the caller's, who gives it back with {@link #releaseTokenOfOther}. */
    TAKEN,
    /** Somebody else holds it, for a moment. */
    HELD,
    /** There is nothing to see any more. */
    GONE
  }

  /** Takes the token to look at what it guards, in any phase before EXITING. */
  final Look tryTakeTokenToLook() {
    while (true) {
      int s = stateAcquire();
      if ((s & PHASE) >= EXITING) {
        return Look.GONE;
      }
      if ((s & TOKEN) != 0) {
        return Look.HELD;
      }
      if (casState(s, (s | TOKEN) & ~SIGNALLED)) {
        return Look.TAKEN;
      }
    }
  }

  /** Takes the token of a process that has ended; if it is held, makes the holder look again. */
  final boolean tryTakeTokenOfGone() {
    while (true) {
      int s = stateAcquire();
      if ((s & PHASE) != DEAD) {
        return false; // who ends the process looks after markDead
      }
      boolean held = (s & TOKEN) != 0;
      int next = held ? s | SIGNALLED : (s | TOKEN) & ~SIGNALLED;
      if (s == next || casState(s, next)) {
        return !held;
      }
    }
  }

  /** A helper, with the token: there are priority messages. */
  final void setPriority() {
    STATE.getAndBitwiseOr(this, PRIORITY);
  }

  /** Whoever holds the token: the end is decided. */
  final void setDying(boolean interrupting) {
    STATE.getAndBitwiseOr(this, interrupting ? DYING | INTERRUPTING : DYING);
  }

  final void clearInterrupting() {
    STATE.getAndBitwiseAnd(this, ~INTERRUPTING);
  }

  /** The host, before it leaves a dying process: waits until nobody is about to interrupt it. */
  final void awaitInterrupted() {
    while ((stateAcquire() & INTERRUPTING) != 0) {
      Thread.onSpinWait();
    }
  }

  // ---- the end

  /** Who decided that a process ends. */
  enum Ending {
    /** Its own code: it returned or threw. */
    OWN,
    /** An exit signal, which came first. */
    SIGNAL,
    /** The fencer, who has completed the end already. */
    FENCED
  }

  /** RUNNING -> EXITING with the token, by the owner. */
  final Ending beginExit() {
    while (true) {
      int s = stateAcquire();
      if ((s & PHASE) != RUNNING) {
        return Ending.FENCED;
      }
      if ((s & TOKEN) != 0) {
        Thread.onSpinWait();
      } else if (casState(s, (s & ~(PHASE | NOTIFIED)) | EXITING | DYING | TOKEN)) {
        return (s & DYING) == 0 ? Ending.OWN : Ending.SIGNAL;
      }
    }
  }

  /**
   * RUNNING -> EXITING with the token, by the fencer. False if the process is not running now, or
   * somebody holds the token, who should be done in a moment.
   *
   * @param forced whether the token counts as left behind: it has been held far too long
   */
  final boolean fence(boolean forced) {
    while (true) {
      int s = stateAcquire();
      if ((s & PHASE) != RUNNING || (s & DYING) == 0 || (!forced && (s & TOKEN) != 0)) {
        return false;
      }
      if (casState(s, (s & ~(PHASE | NOTIFIED)) | EXITING | FENCED | TOKEN)) {
        return true;
      }
    }
  }

  /**
   * The owner of a process that was fenced, before it clears what the fencer looks at: the messages
   * it has taken out, whose senders may wait for an answer. Others run meanwhile: the fencer fails
   * requests, and what hangs on their futures may wait for something that this scheduler is to do.
   */
  final void awaitDead() {
    while (phase() != DEAD) {
      Thread.yield();
    }
  }

  /** EXITING -> DEAD; gives the token back. */
  final void markDead() {
    while (true) {
      int s = stateAcquire();
      if (casState(s, (s & ~(PHASE | TOKEN)) | DEAD)) {
        return;
      }
    }
  }
}
