package io.coppice.kernel.cell;

import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.observe.FlightEvents;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.KillPolicy;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.time.TimerGroup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One process inside: its turn and its end. It is its own {@link Pid}.
 *
 * <p>Threads: the host that runs it (phase RUNNING of the {@link StateWord}) owns everything here
 * that is not said to be shared. Ownership passes through the run queues and the CAS of the state
 * word.
 */
public final class ProcessCell extends WaitingCell implements Pid {
  /* A turn. The host takes the process from a run queue, drains a batch of messages under the token, gives
   * the token back, and runs the handlers inline on its own stack. The turn ends when everything is handled
   * (IDLE), when the budget of messages or the time slice is used up (SCHEDULED, at the end of the queue),
   * or when the code blocks: then the process keeps the host, stack and all, and the turn goes on when the
   * host is resumed.
   *
   * The end. The owner, or the fencer in its place: 1. EXITING, so that senders turn away, 2. name and
   * timers are released, 3. what is queued is answered, 4. requests it holds fail, links break, monitors
   * fire, 5. DEAD. P5, P6, P46 and G5 rest on this order.
   */

  // Longer than 400 lines: turn and end work on the same private fields, each owned by one thread.
  private static final VarHandle NAME;
  private static final VarHandle FENCE;
  private static final VarHandle PARENT;
  private static final VarHandle TIMERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NAME = lookup.findVarHandle(ProcessCell.class, "name", String.class);
      FENCE = lookup.findVarHandle(ProcessCell.class, "fence", FenceTimer.class);
      PARENT = lookup.findVarHandle(ProcessCell.class, "parent", ProcessCell.class);
      TIMERS = lookup.findVarHandle(ProcessCell.class, "timers", TimerGroup.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // ---- immutable
  private final long number;
  private final @Nullable String initialCall;
  private final KillPolicy onKill;

  // ---- owned by the host that runs it
  private @Nullable ProcessBody body; // until it has started
  private @Nullable Reactive reactive;
  private @Nullable Reactive next;
  private @Nullable CellContext context;
  private @Nullable ExitReason stopReason;
  private boolean hibernate; // when the handler has returned
  private boolean hibernating;
  private boolean yieldAsked; // when the handler has returned
  private @Nullable Object threadLocals;
  private long turns;

  // ---- shared
  private @Nullable String name; // by NAME
  private volatile @Nullable Map<Object, Object> dictionary; // its owner writes, others may look
  private volatile @Nullable Object label;
  private @Nullable ProcessCell parent; // by PARENT
  private @Nullable TimerGroup timers; // by TIMERS; made when the first is started
  private volatile @Nullable Host dedicated;
  private volatile @Nullable FenceTimer fence;
  private volatile boolean shielded; // in a blocking section: neither interrupted nor fenced

  // ---- guarded by the shard of the ProcessTable
  ProcessTable.@Nullable Chunk chunk;
  byte place;

  ProcessCell(
      Kernel kernel,
      long number,
      @Nullable ProcessCell parent,
      @Nullable ProcessBody body,
      @Nullable Reactive reactive,
      SpawnOptions options) {
    super(kernel, options);
    this.number = number;
    this.parent = parent;
    this.body = body;
    this.reactive = reactive;
    String call = options.initialCall();
    this.initialCall = call == null && body != null ? body.getClass().getName() : call;
    Object given = options.label();
    if (given != null) {
      label = given; // a volatile write
    }
    KillPolicy policy = options.onKill();
    this.onKill =
        policy != null
            ? policy
            : options.dedicated() ? KillPolicy.AWAIT_TERMINATION : KillPolicy.ABANDON;
  }

  /**
   * The process whose code runs on the calling thread.
   *
   * @return null if the thread runs none
   */
  public static @Nullable ProcessCell current() {
    if (JdkInternals.currentCarrier() instanceof HostThread carrier) {
      Host host = carrier.host();
      return host == null ? null : host.current;
    }
    return null;
  }

  // ---- the turn: the host that took it from a run queue

  /**
   * Runs one turn of this process, which is SCHEDULED and has no host. Afterwards the host is free,
   * and the process may be running elsewhere already.
   *
   * @param by the host, on whose thread this is called
   */
  public void runTurn(Host by) {
    boolean drains = hasInbound();
    if (drains) {
      beginTurn();
    } else {
      resumed();
    }
    turns++;
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
      self = new CellContext(this);
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
        received(message);
        Objects.requireNonNull(reactive).onMessage(self, message);
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

  private void wakeUpFromHibernation() {
    if (hibernating) {
      hibernating = false;
      setHibernating(false);
    }
  }

  /** Ends the turn: idle, or ready again. False if something arrived, or the process is dying. */
  private boolean leave(Host by, boolean idle) {
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

  private void attach(Host by) {
    setHostRelease(by);
    by.current = this;
    if (threadLocals != null) {
      JdkInternals.putThreadLocals(by.thread(), threadLocals);
      threadLocals = null;
    }
  }

  // ---- a turn of one message on the stack of the caller: the caller, who has claimed it

  /** Afterwards it rests, or is ready again: it neither waits nor ends here. */
  void runAsGuest(Host by, ProcessCell lender) {
    resumed();
    turns++;
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
    received(message);
    Objects.requireNonNull(reactive).onMessage(Objects.requireNonNull(context), message);
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
    awaitDead();
    kernel.zombies().ended(this);
    by.discard();
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

  void makeReady() {
    Host own = dedicated;
    if (own != null) {
      own.resume(this);
    } else {
      kernel.dispatcher().ready(this);
    }
  }

  void makeReadyLast() {
    Host own = dedicated;
    if (own != null) {
      own.resume(this);
    } else {
      kernel.dispatcher().readyLast(this);
    }
  }

  // ---- the end: the owner, or the fencer

  private static ExitReason reasonOf(Throwable thrown) {
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

  private void end(Host by, ExitReason own) {
    dropToken();
    Ending ending = beginExit();
    awaitInterrupted();
    leaveThread(by); // thread locals end with the process
    by.current = null; // a reporter, or whoever waits for a future, does not act for the dead
    switch (ending) {
      case OWN -> finish(own, true);
      case SIGNAL -> finish(exitReason(), false);
      case FENCED -> {
        awaitDead();
        kernel.zombies().ended(this);
        by.discard();
      }
    }
    clearTaken(by);
    leaveThread(by); // what reporters and futures left there
    setHostRelease(null);
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
    body = null;
    reactive = null;
    context = null;
    if (dictionary != null) {
      dictionary = null; // a volatile write
    }
    forgetDeadAncestors();
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

  /**
   * Keeps the nearest ancestor that has not ended, for the descendants of this process. Those
   * between are forgotten: each of a chain of processes that start their successors would else keep
   * all before it. So a process keeps no more than were alive when it was spawned.
   */
  private void forgetDeadAncestors() {
    ProcessCell old = parentCell();
    ProcessCell living = old;
    while (living != null && living.hasEnded()) {
      living = living.parentCell();
    }
    if (living != old) {
      PARENT.setOpaque(this, living);
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
      case NAME -> kernel.names().release(this);
      case TIMERS -> timers().close();
      case ROOM -> {
        if (bound != null) {
          bound.close(); // who waits to send is told at once
        }
      }
      case REPORT -> Crashes.tell(this, lastName, reason);
      case TAKEN -> bounceTaken(reason);
      case QUEUED -> bounceAll(reason);
      case REQUESTS -> failOpenRequests(reason);
      case ANNOUNCE -> announce(reason);
      case RECORD -> {
        Pid by = takeExitFrom();
        if (FlightEvents.on() && FlightEvents.recordsEnds()) {
          FlightEvents.ended(
              kernel.nodeName(),
              new FlightEvents.End(this, lastName, initialCall(), reason, by, messages()));
        }
      }
      case TABLE -> kernel.ended(this, reason);
    }
  }

  /** There is no thread for it: it ends in its first turn, which needs none of its own. */
  public void cannotStart() {
    dedicated = null;
    ExitReason reason =
        ExitReason.crashed(new OutOfMemoryError("no thread for a process with a dedicated one"));
    deliverSignal(new Signal.ExitSignal(kernel.root(), reason, null));
  }

  // ---- being told to die while the code runs

  /**
   * Kills it for the good of the others, if its policy lets anybody.
   *
   * @return false if it has ended, or is not to be cut off
   */
  public boolean kill() {
    if (isGone() || !mayInterrupt()) {
      return false;
    }
    deliverSignal(new Signal.ExitSignal(kernel.root(), ExitReason.KILL, null));
    return true;
  }

  /** Whether a signal of somebody else's may interrupt the code that runs now. */
  boolean mayInterrupt() {
    return onKill == KillPolicy.ABANDON && !shielded;
  }

  /** By the helper that decided, after it gave the token back. */
  void interruptHost() {
    Host by = host();
    if (by != null && by.currentVolatile() == this) { // else its thread is lent
      by.thread().interrupt();
    }
    armFence();
    clearInterrupting();
  }

  /** Having lent its thread, it has seen that it is to die: the interrupt that was kept from it. */
  void interruptItself() {
    if (mayInterrupt()) {
      hostOf().thread().interrupt();
    }
  }

  /** Whether its code runs and need not be waited for: the end of the grace time is its end. */
  boolean isToBeCutOff() {
    return phase() == RUNNING && isDying() && mayInterrupt();
  }

  /** Starts the grace time, once. */
  void armFence() {
    if (onKill == KillPolicy.ABANDON && fence == null) {
      FenceTimer timer = new FenceTimer(this);
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
  boolean fenceNow(boolean patient) {
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
    Zombies.Entry entry = kernel.zombies().expect(this, this, by.thread(), stack);
    if (!fence(!patient)) {
      kernel.zombies().withdraw(entry);
      return true;
    }
    kernel.zombies().announce(entry);
    finish(exitReason(), false);
    return false;
  }

  /** In code that runs for it elsewhere. */
  void refuseIfDying() {
    if (isDying()) {
      kernel.zombies().refused(this);
      throw new ProcessExit(exitReason());
    }
  }

  /** An operation of its code was refused, because it was told to die; counts for a zombie. */
  void countRefused() {
    if (isFenced()) {
      kernel.zombies().refused(this);
    }
  }

  /**
   * A section of it was given up, because it was told to die, and runs on: a zombie, too.
   *
   * @param section identifies it
   * @param thread runs it
   */
  public void sectionAbandoned(Object section, Thread thread) {
    Zombies zombies = kernel.zombies();
    zombies.announce(zombies.expect(section, this, thread, thread.getStackTrace()));
  }

  /**
   * The code of such a section has returned.
   *
   * @param section identifies it
   */
  public void abandonedEnded(Object section) {
    kernel.zombies().ended(section);
  }

  // ---- accessors

  /**
   * For its host, which has suspended it: whether somebody has resumed it.
   *
   * @return false if its host was woken for nothing
   */
  public boolean mayGoOn() {
    return phase() == SCHEDULED;
  }

  /**
   * Whether its end is over.
   *
   * @return true once everybody has been told
   */
  public boolean hasEnded() {
    return phase() == DEAD;
  }

  @Override
  ProcessCell self() {
    return this;
  }

  @Override
  public long number() {
    return number;
  }

  @Nullable String name() {
    return (String) NAME.getAcquire(this);
  }

  boolean casName(@Nullable String expected, @Nullable String value) {
    return NAME.compareAndSet(this, expected, value);
  }

  @Nullable ProcessCell parentCell() {
    return (ProcessCell) PARENT.getAcquire(this);
  }

  /** The timers that will deliver to it; a closed group if it has ended. */
  TimerGroup timers() {
    TimerGroup known = timersIfAny();
    if (known == null) {
      TimerGroup made = new TimerGroup();
      TimerGroup found = (TimerGroup) TIMERS.compareAndExchange(this, null, made);
      known = found == null ? made : found;
      VarHandle.fullFence(); // between this write and the look for EXITING
    }
    if (isGone()) {
      known.close();
    }
    return known;
  }

  /**
   * Its timers, or null if none has been started. Volatile: at the end it is read after EXITING is
   * set, and whoever makes the group looks for EXITING afterwards.
   */
  @Nullable TimerGroup timersIfAny() {
    return (TimerGroup) TIMERS.getVolatile(this);
  }

  @Nullable Object label() {
    return label;
  }

  void setLabel(Object value) {
    label = value;
  }

  void setShielded(boolean value) {
    shielded = value;
  }

  /**
   * Gives the process a host of its own for its whole life.
   *
   * @param own the host
   */
  public void setDedicated(Host own) {
    dedicated = own;
  }

  void stopAfterHandler(ExitReason reason) {
    stopReason = reason;
  }

  void becomeAfterHandler(Reactive value) {
    next = value;
  }

  /** False if there is no handler. */
  boolean yieldAfterHandler() {
    yieldAsked = reactive != null;
    return yieldAsked;
  }

  /** A handler is not kept waiting: it would cost a stack. */
  void hibernateNowOrAfterHandler() {
    if (reactive == null) {
      hibernate();
    } else {
      hibernate = true;
    }
  }

  Map<Object, Object> dictionary() {
    Map<Object, Object> own = dictionary;
    if (own == null) {
      own = new ConcurrentHashMap<>(4);
      dictionary = own;
    }
    return own;
  }

  @Nullable Map<Object, Object> dictionaryIfAny() {
    return dictionary;
  }

  /** Turns it has had, those after a wait not counted; for any thread, a momentary value. */
  long turns() {
    return turns;
  }

  /** What its handler says it is doing, or null if it says nothing of its own; for any thread. */
  @Nullable String described() {
    Reactive handler = reactive;
    String text = handler == null ? null : describe(handler);
    return handler != null && handler.getClass().getName().equals(text) ? null : text;
  }

  String initialCall() {
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

  /** The same in each run, so that whoever iterates over a hash map of pids does so too. */
  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }

  @Override
  public String toString() {
    return "<" + number + ">";
  }
}
