package io.coppice.kernel.cell;

import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The turn of a process: what its host does with it between two stays in a run queue.
 *
 * <p>Threads: the host that runs it (phase RUNNING of the {@link StateWord}) owns everything here
 * that is not said to be shared. Ownership passes through the run queues and the CAS of the state
 * word.
 */
abstract class TurnCell extends MortalCell {
  /* The host takes the process from a run queue, drains a batch of messages under the token, gives the token
   * back, and runs the handlers inline on its own stack. The turn ends when everything is handled (IDLE), when
   * the budget of messages or the time slice is used up (SCHEDULED, at the end of the queue), or when the code
   * blocks: then the process keeps the host, stack and all, and the turn goes on when the host is resumed.
   */
  private final @Nullable String initialCall;

  // ---- owned by the host that runs it
  private @Nullable ProcessBody body; // until it has started
  @Nullable Reactive reactive;
  @Nullable Reactive next;
  @Nullable CellContext context;
  @Nullable ExitReason stopReason;
  boolean hibernate; // when the handler has returned
  private boolean hibernating;
  boolean yieldAsked; // when the handler has returned
  @Nullable Object threadLocals;
  long turns;

  // ---- shared
  private boolean free; // set once; a late look costs a slice
  private volatile @Nullable Host dedicated;

  TurnCell(
      Kernel kernel,
      long number,
      @Nullable ProcessCell parent,
      @Nullable ProcessBody body,
      @Nullable Reactive reactive,
      SpawnOptions options) {
    super(kernel, number, parent, options);
    this.body = body;
    this.reactive = reactive;
    String call = options.initialCall();
    this.initialCall = call == null && body != null ? body.getClass().getName() : call;
  }

  // ---- the turn: the host that took it from a run queue

  /**
   * Runs one turn of this process, which is SCHEDULED and has no host. Afterwards the host is free,
   * and the process may be running elsewhere already.
   *
   * @param by the host, on whose thread this is called
   */
  public final void runTurn(Host by) {
    boolean drains = hasInbound();
    if (drains) {
      beginTurn();
    } else {
      resumed();
    }
    turns++;
    if (handlersWatched) {
      watchedTurnBegins();
    }
    attach(by);
    wakeUpFromHibernation();
    ExitReason reason;
    try {
      takeFirst(by, drains);
      ExitReason ended = runCode(by);
      if (ended == null) {
        return; // idle, or scheduled again
      }
      reason = ended;
    } catch (Throwable thrown) {
      reason = reasonOf(thrown);
    }
    end(by, reason);
  }

  private void takeFirst(Host by, boolean drains) {
    if (stopReason != null && lastRequest != null) {
      by.batchHandles(lastRequest); // on the stack of its caller: the report of its end names it
    }
    boolean _ = takeHanded(by);
    if (drains) {
      drain(by);
      if (releaseToken()) {
        fill(by);
      }
    } else if (!isDrainedAtOnce()) { // the RMW of resumed pairs with the fence of senders
      fill(by);
    }
  }

  /** Runs the code until the turn is over (null) or the process has ended. */
  private @Nullable ExitReason runCode(Host by) throws Exception {
    if (isDying()) {
      return exitReason();
    }
    CellContext self = context;
    if (self == null) {
      self = new CellContext(self());
      context = self;
      if (reactive != null) {
        reactive.onStart(self);
      }
    }
    ProcessBody blocking = body;
    if (blocking != null) {
      body = null;
      blocking.run(self);
      if (next == null) {
        return ExitReason.NORMAL;
      }
    }
    return handleMessages(by, self);
  }

  private @Nullable ExitReason handleMessages(Host by, CellContext self) throws Exception {
    int budget = kernel.turnMessages();
    while (true) {
      if (!isUndisturbed()) {
        if (isDying()) {
          return exitReason();
        }
        fill(by); // takes priority messages over before those of the batch
      }
      if (stopReason != null) {
        return stopReason;
      }
      if (next != null) {
        if (lastRequest != null) {
          lastRequest.defer(); // its handler has returned
        }
        reactive = next;
        next = null;
        reactive.onStart(self);
        continue;
      }
      boolean due = budget <= 0 || by.sliceUsed();
      if (due) {
        budget = kernel.turnMessages();
      }
      if ((due || yieldAsked) && endTurn(by, due)) {
        return null;
      }
      if (bound != null) {
        discardExcess(bound, by);
      }
      Object message = nextMessage(by);
      if (message != null) {
        budget--;
        hibernate = false;
        if (received(message)) {
          Objects.requireNonNull(reactive).onMessage(self, message);
        }
      } else if ((isDrained() || !fill(by)) && rest(by)) {
        return null;
      }
    }
  }

  /** In the middle of its messages; false if it is to go on. */
  private boolean endTurn(Host by, boolean due) {
    boolean asked = yieldAsked;
    yieldAsked = false;
    if (!due && !kernel.dispatcher().worthYielding()) {
      return false;
    }
    if (by.batchIsEmpty()) {
      return leave(by, false);
    }
    if (asked) {
      yieldTurn(); // with what it has taken out already
    }
    return false;
  }

  /** Nothing is left to do, it seems. */
  private boolean rest(Host by) {
    if (hibernate) {
      hibernate = false;
      releaseMemory(by);
      if (fill(by)) {
        return false;
      }
      hibernating = true;
      setHibernating(true);
    }
    if (leave(by, true)) {
      return true;
    }
    wakeUpFromHibernation();
    return false;
  }

  final void wakeUpFromHibernation() {
    if (hibernating) {
      hibernating = false;
      setHibernating(false);
    }
  }

  /** Ends the turn: idle, or ready again. False if something arrived, or the process is dying. */
  final boolean leave(Host by, boolean idle) {
    by.batchHandled();
    threadLocals = by.leaveThread();
    setHostRelease(null);
    by.current = null;
    Leave left = idle ? tryIdle() : tryReschedule();
    if (left == Leave.LEFT) {
      if (!idle) {
        makeReadyLast();
      }
      return true;
    }
    attach(by);
    return false;
  }

  final void attach(Host by) {
    setHostRelease(by);
    by.current = self();
    if (threadLocals != null) {
      JdkInternals.putThreadLocals(by.thread(), threadLocals);
      threadLocals = null;
    }
  }

  // ---- ready to run

  final void makeReady() {
    Host own = dedicated;
    if (own != null) {
      own.resume(self());
    } else {
      kernel.dispatcher().ready(self());
    }
  }

  final void makeReadyLast() {
    Host own = dedicated;
    if (own != null) {
      own.resume(self());
    } else {
      kernel.dispatcher().readyLast(self());
    }
  }

  /** There is no thread for it: it ends in its first turn, which needs none of its own. */
  public final void cannotStart() {
    dedicated = null;
    ExitReason reason =
        ExitReason.crashed(new OutOfMemoryError("no thread for a process with a dedicated one"));
    deliverSignal(new Signal.ExitSignal(kernel.root(), reason, null));
  }

  /**
   * Gives the process a host of its own for its whole life.
   *
   * @param own the host
   */
  public final void setDedicated(Host own) {
    dedicated = own;
  }

  /**
   * For its host, which has suspended it: whether somebody has resumed it.
   *
   * @return false if its host was woken for nothing
   */
  public final boolean mayGoOn() {
    return phase() == SCHEDULED;
  }

  // ---- what the code asks for, and what it is

  final void stopAfterHandler(ExitReason reason) {
    stopReason = reason;
  }

  final void becomeAfterHandler(Reactive value) {
    next = value;
  }

  /** False if there is no handler. */
  final boolean yieldAfterHandler() {
    yieldAsked = reactive != null;
    return yieldAsked;
  }

  /** A handler is not kept waiting: it would cost a stack. */
  final void hibernateNowOrAfterHandler() {
    if (reactive == null) {
      hibernate();
    } else {
      hibernate = true;
    }
  }

  /**
   * Its code has kept a scheduler by blocking outside of the kernel: its turns need none from now
   * on, for as long as it lives. Any thread.
   */
  public final void setRunsFree() {
    free = true;
  }

  /**
   * Whether {@link #setRunsFree} was called. Any thread.
   *
   * @return a momentary value, which may be late
   */
  public final boolean runsFree() {
    return free;
  }

  /**
   * The name of the code that its first turn will run; for the host that is about to run that.
   *
   * @return as {@link #startedCode}; null if it has started, or has handlers only
   */
  public final @Nullable String codeToStart() {
    return body == null ? null : initialCall;
  }

  /**
   * The name of the code that it was started with: that of its spawn options, or its class. Any
   * thread.
   *
   * @return null if it has handlers only, and no name in its options
   */
  public final @Nullable String startedCode() {
    return initialCall;
  }

  /**
   * Whether its code runs, or blocks outside of the kernel. Any thread.
   *
   * @return a momentary value
   */
  public final boolean isInItsCode() {
    return phase() == RUNNING;
  }

  /** Turns it has had, those after a wait not counted; for any thread, a momentary value. */
  final long turns() {
    return turns;
  }

  /** What its handler says it is doing, or null if it says nothing of its own; for any thread. */
  final @Nullable String described() {
    Reactive handler = reactive;
    String text = handler == null ? null : describe(handler);
    return handler != null && handler.getClass().getName().equals(text) ? null : text;
  }

  @Override
  final String initialCall() {
    if (initialCall != null) {
      return initialCall;
    }
    Reactive handler = reactive;
    return handler == null ? "a process" : describe(handler);
  }

  private static String describe(Reactive handler) {
    try {
      return handler.describe();
    } catch (Throwable e) {
      return handler.getClass().getName(); // a report must not fail, least of all that of a crash
    }
  }

  @Override
  final void forgetCode() {
    body = null;
    reactive = null;
    context = null;
  }
}
