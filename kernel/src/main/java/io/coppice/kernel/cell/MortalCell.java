package io.coppice.kernel.cell;

import io.coppice.kernel.observe.FlightEvents;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.KillPolicy;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.SpawnOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a process ends: of its own doing, or cut off by others while its code runs.
 *
 * <p>Threads: the end belongs to the owner, or to the fencer in its place, whichever sets EXITING;
 * being told to die belongs to whoever tells.
 */
abstract class MortalCell extends NamedCell {
  /* The end: 1. EXITING, so that senders turn away, 2. name and timers are released, 3. what is queued is
   * answered, 4. requests it holds fail, links break, monitors fire, 5. DEAD. P5, P6, P46 and G5 rest on this
   * order.
   */
  private static final VarHandle FENCE;

  static {
    try {
      FENCE = MethodHandles.lookup().findVarHandle(MortalCell.class, "fence", FenceTimer.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final KillPolicy onKill;

  // ---- shared
  private volatile @Nullable FenceTimer fence;
  private volatile boolean shielded; // in a blocking section: neither interrupted nor fenced

  MortalCell(Kernel kernel, long number, @Nullable ProcessCell parent, SpawnOptions options) {
    super(kernel, number, parent, options);
    KillPolicy policy = options.onKill();
    this.onKill =
        policy != null
            ? policy
            : options.dedicated() ? KillPolicy.AWAIT_TERMINATION : KillPolicy.ABANDON;
  }

  // ---- the end: the owner, or the fencer

  static ExitReason reasonOf(Throwable thrown) {
    return switch (thrown) {
      case ProcessExit exit -> exit.reason();
      case CallFailed failed -> new ExitReason.CallFailure(failed.reason(), failed.call());
      default -> crashed(thrown);
    };
  }

  /** Without a reason there is no end: waits for memory. */
  private static ExitReason crashed(Throwable thrown) {
    while (true) {
      try {
        return ExitReason.crashed(thrown);
      } catch (OutOfMemoryError noMemory) {
        Thread.onSpinWait();
      }
    }
  }

  final void end(Host by, ExitReason own) {
    dropToken();
    Ending ending = beginExit();
    awaitInterrupted();
    leaveThread(by); // thread locals end with the process
    by.current = null; // a reporter, or whoever waits for a future, does not act for the dead
    switch (ending) {
      case OWN -> finish(own, true);
      case SIGNAL -> finish(exitReason(), false);
      case FENCED -> zombieEnded(by);
    }
    clearTaken(by);
    leaveThread(by); // what reporters and futures left there
    setHostRelease(null);
  }

  /** It was fenced, and its code has returned. */
  final void zombieEnded(Host by) {
    awaitDead();
    kernel.zombies().ended(self());
    by.discard();
  }

  /** Whatever code of the user's has done to it. */
  private void leaveThread(Host by) {
    try {
      by.leaveThread();
    } catch (Throwable thrown) {
      kernel.counters().lost();
    }
  }

  /**
   * In phase EXITING, with the token. Every step is taken, whatever becomes of the others: those
   * who wait for this end rely on it.
   */
  private void finish(ExitReason reason, boolean ownDoing) {
    setExitReason(reason);
    if (!reason.isClean()) {
      keepLastHandled();
    }
    String lastName = name();
    if (fence != null) {
      surely(EndStep.GRACE, reason, lastName);
    }
    if (lastName != null) {
      surely(EndStep.NAME, reason, lastName);
    }
    if (timersIfAny() != null) {
      surely(EndStep.TIMERS, reason, lastName);
    }
    if (bound != null) {
      surely(EndStep.ROOM, reason, lastName);
    }
    if (ownDoing && !reason.isClean()) {
      surely(EndStep.REPORT, reason, lastName);
    }
    if (mayHoldTaken()) {
      surely(EndStep.TAKEN, reason, lastName);
    }
    if (mayHoldQueued()) {
      surely(EndStep.QUEUED, reason, lastName);
    }
    if (hasOpenRequests()) {
      surely(EndStep.REQUESTS, reason, lastName);
    }
    if (relationsIfAny() != null) {
      surely(EndStep.ANNOUNCE, reason, lastName);
    }
    if (FlightEvents.on() || wasToldToEnd()) {
      surely(EndStep.RECORD, reason, lastName);
    }
    surely(EndStep.TABLE, reason, lastName);
    forgetAll();
    List<Signal.AliveQuery> queries = takeLateQueries();
    markDead();
    for (int i = 0; i < queries.size(); i++) {
      answer(queries.get(i), reason, false);
    }
    drainGone();
  }

  /** A process that has ended keeps nothing alive. */
  private void forgetAll() {
    if (handlersWatched) {
      kernel.handlerWatches().forget(self());
    }
    forgetCode();
    forgetOwn();
  }

  /** Takes a step; while there is no memory for one that is owed, again and again. */
  private void surely(EndStep step, ExitReason reason, @Nullable String lastName) {
    boolean over = false;
    while (!over) {
      try {
        take(step, reason, lastName);
        over = true;
      } catch (OutOfMemoryError noMemory) {
        over = !step.isOwed; // each attempt is a collection of garbage
      } catch (Throwable thrown) {
        over = true;
        kernel.counters().lost();
      }
    }
  }

  private void take(EndStep step, ExitReason reason, @Nullable String lastName) {
    switch (step) {
      case GRACE -> {
        FenceTimer grace = fence;
        if (grace != null) {
          grace.cancel();
        }
      }
      case NAME -> kernel.names().release(self());
      case TIMERS -> timers().close();
      case ROOM -> {
        if (bound != null) {
          bound.close(); // who waits to send is told at once
        }
      }
      case REPORT -> Crashes.tell(self(), lastName, reason);
      case TAKEN -> bounceTaken(reason);
      case QUEUED -> bounceAll(reason);
      case REQUESTS -> failOpenRequests(reason);
      case ANNOUNCE -> announce(reason);
      case RECORD -> {
        Pid by = takeExitFrom();
        if (FlightEvents.on() && FlightEvents.recordsEnds()) {
          FlightEvents.ended(
              kernel.nodeName(),
              new FlightEvents.End(self(), lastName, initialCall(), reason, by, messages()));
        }
      }
      case TABLE -> kernel.ended(self(), reason);
    }
  }

  // ---- being told to die while the code runs

  /**
   * Kills it for the good of the others, if its policy lets anybody.
   *
   * @return false if it has ended, or is not to be cut off
   */
  public final boolean kill() {
    if (isGone() || !mayInterrupt()) {
      return false;
    }
    deliverSignal(new Signal.ExitSignal(kernel.root(), ExitReason.KILL, null));
    return true;
  }

  /** Whether a signal of somebody else's may interrupt the code that runs now. */
  final boolean mayInterrupt() {
    return onKill == KillPolicy.ABANDON && !shielded;
  }

  /** By the helper that decided, after it gave the token back. */
  final void interruptHost() {
    Host by = host();
    if (by != null && by.currentVolatile() == self()) { // else its thread is lent
      by.thread().interrupt();
    }
    armFence();
    clearInterrupting();
  }

  /** Having lent its thread, it has seen that it is to die: the interrupt that was kept from it. */
  final void interruptItself() {
    if (mayInterrupt()) {
      hostOf().thread().interrupt();
    }
  }

  /** Whether its code runs and need not be waited for: the end of the grace time is its end. */
  final boolean isToBeCutOff() {
    return phase() == RUNNING && isDying() && mayInterrupt();
  }

  /** Starts the grace time, once. */
  final void armFence() {
    if (onKill == KillPolicy.ABANDON && fence == null) {
      FenceTimer timer = new FenceTimer(self());
      if (FENCE.compareAndSet(this, null, timer)) {
        kernel.startFence(timer, kernel.graceNanos());
      }
    }
  }

  /**
   * When the grace time is over; true if it must be tried again later.
   *
   * @param patient whether an operation that is under way is to be completed first
   */
  final boolean fenceNow(boolean patient) {
    if (isGone()) {
      return false;
    }
    Host by = host();
    if (shielded || by == null || phase() != RUNNING) {
      return true;
    }
    StackTraceElement[] stack = by.thread().getStackTrace();
    if (patient && FenceTimer.isInOperation(stack)) {
      return true;
    }
    Zombies.Entry entry = kernel.zombies().expect(self(), self(), by.thread(), stack);
    if (!fence(!patient)) {
      kernel.zombies().withdraw(entry);
      return true;
    }
    kernel.zombies().announce(entry);
    finish(exitReason(), false);
    return false;
  }

  /** In code that runs for it elsewhere. */
  final void refuseIfDying() {
    if (isDying()) {
      kernel.zombies().refused(self());
      throw new ProcessExit(exitReason());
    }
  }

  /** An operation of its code was refused, because it was told to die; counts for a zombie. */
  final void countRefused() {
    if (isFenced()) {
      kernel.zombies().refused(self());
    }
  }

  /**
   * A section of it was given up, because it was told to die, and runs on: a zombie, too.
   *
   * @param section identifies it
   * @param thread runs it
   */
  public final void sectionAbandoned(Object section, Thread thread) {
    Zombies zombies = kernel.zombies();
    zombies.announce(zombies.expect(section, self(), thread, thread.getStackTrace()));
  }

  /**
   * The code of such a section has returned.
   *
   * @param section identifies it
   */
  public final void abandonedEnded(Object section) {
    kernel.zombies().ended(section);
  }

  // ---- its handlers

  /** Its handlers are watched, and a turn begins. */
  final void watchedTurnBegins() {
    HandlerWatch watch = kernel.handlerWatches().of(self());
    if (watch != null) {
      watch.begins();
    }
  }

  @Override
  final void waitedForMessage() {
    HandlerWatch watch = kernel.handlerWatches().of(self());
    if (watch != null) {
      watch.waited();
    }
  }

  /** At its end: the class of the message it is at is still known then, and not kept alive. */
  private void keepLastHandled() {
    try {
      Host by = host();
      Object message = by == null ? null : by.handling();
      if (message != null) {
        setLastHandled(CellView.typeOf(message));
      }
    } catch (OutOfMemoryError noMemory) {
      // it is not known then
    }
  }

  /** The class of the message it was at when it ended, if it ended badly; for any thread. */
  final @Nullable String lastHandled() {
    return isGone() && waitingForAcquire() instanceof String type ? type : null;
  }

  // ---- accessors

  /**
   * Whether its end is over.
   *
   * @return true once everybody has been told
   */
  public final boolean hasEnded() {
    return phase() == DEAD;
  }

  final void setShielded(boolean value) {
    shielded = value;
  }

  /** At its end: what it ran is not kept alive. */
  abstract void forgetCode();

  /** What it was started with, for reports. */
  abstract String initialCall();
}
