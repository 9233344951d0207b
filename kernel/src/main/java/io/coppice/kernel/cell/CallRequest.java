package io.coppice.kernel.cell;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.StandingOrder;
import io.coppice.kernel.process.WaitReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way: the message the server gets and the one-shot slot its caller waits on, one
 * object.
 *
 * <p>The outcome is settled once, by a CAS: by the first reply, by the end of the process that
 * holds the request, or by the caller who gives up. It never passes the caller's mailbox, so a call
 * costs the same whatever waits there (P17), and needs no monitor: a process fails the requests it
 * holds when it ends.
 */
abstract sealed class CallRequest implements Request {
  private static final Object NULL_ANSWER = new Object();
  private static final Object ABANDONED = new Object();
  private static final VarHandle OUTCOME;
  private static final VarHandle CALLEE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OUTCOME = lookup.findVarHandle(CallRequest.class, "outcome", Object.class);
      CALLEE = lookup.findVarHandle(CallRequest.class, "callee", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Object payload;

  @SuppressWarnings("unused") // by OUTCOME
  private @Nullable Object outcome;

  private long beforeForever; // the deadline, counted back so that 0 is none; set before it is sent
  private @Nullable Object callee; // a process, or Deferred; set before anybody else knows it

  private CallRequest(Object payload) {
    this.payload = payload;
    if (payload instanceof CallRequest given) {
      given.defer(); // whoever is asked may answer it
    }
  }

  @Override
  public final Object payload() {
    return payload;
  }

  @Override
  public @Nullable Pid caller() {
    return null;
  }

  @Override
  public final boolean reply(@Nullable Object answer) {
    return !callerIsDying() && answer(answer);
  }

  @Override
  public final boolean fail(ExitReason reason) {
    return !callerIsDying() && failWith(reason);
  }

  /** The answer of a process that was told to die, or of a zombie, changes nothing. */
  private static boolean callerIsDying() {
    StackRoom.require();
    ProcessCell cell = ProcessCell.current();
    if (cell == null) {
      return SectionThread.isRefused();
    } else if (!cell.isDying()) {
      return false;
    }
    cell.countRefused();
    return true;
  }

  /** By the kernel, on whatever thread. */
  final boolean answer(@Nullable Object answer) {
    return settle(answer == null ? NULL_ANSWER : answer);
  }

  /** By the kernel, on whatever thread. */
  final boolean failWith(ExitReason reason) {
    return settle(new Failure(reason));
  }

  @Override
  public final boolean isSettled() {
    return OUTCOME.getVolatile(this) != null; // after the RMW that cleared NOTIFIED: settle's pair
  }

  /** The caller gives up. False if the outcome came first. */
  final boolean abandon() {
    return OUTCOME.compareAndSet(this, null, ABANDONED);
  }

  private boolean settle(Object value) {
    if (outcomeAcquire() == null && OUTCOME.compareAndSet(this, null, value)) {
      settled(); // the CAS is a full fence: pairs with the caller's RMW in StateWord.tryWait
      return true;
    }
    return false;
  }

  private @Nullable Object outcomeAcquire() {
    return OUTCOME.getAcquire(this);
  }

  // ---- the deadline

  /** When its caller gives up, on the clock of the node of that. */
  void setDeadline(long nanos, Kernel kernel) {
    beforeForever = Kernel.FOREVER - nanos;
  }

  final long deadlineNanos() {
    return Kernel.FOREVER - beforeForever;
  }

  @Override
  public final Optional<Duration> timeLeft() {
    if (outcomeAcquire() == ABANDONED) {
      return Optional.of(Duration.ZERO);
    }
    Kernel kernel = kernel();
    if (kernel == null || beforeForever == 0) {
      return Optional.empty();
    }
    long left = deadlineNanos() - kernel.dispatcher().clock().nanoTime();
    return Optional.of(Duration.ofNanos(Math.max(0, left)));
  }

  /** Whose clock the deadline is on; null if it has none. */
  @Nullable Kernel kernel() {
    return null;
  }

  /** Whether nobody waits for the answer, and nobody has given one. */
  final boolean isExpired(Kernel kernel) {
    Object value = outcomeAcquire();
    return value == null ? kernel.isPast(deadlineNanos()) : value == ABANDONED;
  }

  /** Whether its caller got an answer, or a failure that was no time-out. */
  final boolean isAnswered() {
    Object value = outcomeAcquire();
    return value != null && value != ABANDONED;
  }

  /** Whether it is to be carried out even if nobody waits for the answer. */
  boolean stands() {
    return payload instanceof StandingOrder order && order.stands();
  }

  /** Whether the calling thread is the one that waits, if that is no process. */
  boolean isMadeHere() {
    return true;
  }

  /** Tells whoever waits. */
  abstract void settled();

  /** Why it failed, or null if it was answered. Only when settled. */
  final @Nullable ExitReason failure() {
    Object value = outcomeAcquire();
    if (value == ABANDONED) {
      return ExitReason.TIMEOUT;
    }
    return value instanceof Failure(ExitReason reason) ? reason : null;
  }

  /** The answer. Only when settled and not failed. */
  final @Nullable Object answer() {
    Object value = outcomeAcquire();
    return value == NULL_ANSWER ? null : value;
  }

  private record Failure(ExitReason reason) {}

  /** It would have closed a ring, and whoever waited has gone on: nobody is to begin with it. */
  final boolean isWithdrawn() {
    return outcomeAcquire() instanceof Failure(ExitReason reason)
        && reason instanceof ExitReason.CallCycle;
  }

  // ---- who is to answer

  /** The process that was asked may leave the answer to others. */
  private record Deferred(ProcessCell asked) {}

  /** Before anybody else knows it: who is asked, or null for anybody. */
  final void isFor(@Nullable ProcessCell target) {
    callee = target;
  }

  /** Who was asked, or null for nobody in particular. */
  final @Nullable ProcessCell callee() {
    Object to = CALLEE.getAcquire(this);
    return to instanceof Deferred(ProcessCell asked) ? asked : (ProcessCell) to;
  }

  @Override
  public final void defer() {
    if (!isSettled() && CALLEE.getAcquire(this) instanceof ProcessCell asked) {
      CALLEE.setVolatile(this, new Deferred(asked)); // before that process waits: see CallRing
    }
  }

  /** The process without whose code whoever waits for the outcome cannot go on; null if none. */
  final @Nullable ProcessCell needs() {
    return CALLEE.getAcquire(this) instanceof ProcessCell asked && !isSettled() ? asked : null;
  }

  /** A process of the node waits. */
  static final class ByProcess extends CallRequest {
    private static final long NEVER_SENT = Long.MIN_VALUE + 1;

    final WaitReason reason;
    final ProcessCell caller;

    // ---- for those who see the caller wait; published by WaitingCell.await
    private long sinceNanos = Long.MIN_VALUE;

    ByProcess(Object payload, ProcessCell caller, WaitReason reason) {
      super(payload);
      this.caller = caller;
      this.reason = reason;
    }

    /** Once: when the wait has begun. */
    void waitsSince(long nowNanos) {
      if (sinceNanos == Long.MIN_VALUE) {
        sinceNanos = nowNanos;
      }
    }

    /** The caller gave up while it waited for room in a mailbox; instead of {@link #waitsSince}. */
    void neverSent() {
      sinceNanos = NEVER_SENT;
    }

    boolean wasNeverSent() {
      return sinceNanos == NEVER_SENT;
    }

    /** Since when the caller waits, or MIN_VALUE. */
    long sinceNanos() {
      return sinceNanos;
    }

    /** Whether the code of the callee must do something before the caller can go on. */
    boolean isAnswerAwaited() {
      return reason == WaitReason.CALL || reason == WaitReason.START;
    }

    @Override
    Kernel kernel() {
      return caller.kernel;
    }

    /** Also a start: one that is given up is ended from outside (G8). */
    @Override
    boolean stands() {
      return reason == WaitReason.START || super.stands();
    }

    @Override
    public Pid caller() {
      return caller;
    }

    @Override
    void settled() {
      caller.wakeUp();
    }
  }

  /** A thread from outside waits. */
  static final class ByThread extends CallRequest {
    private final Thread caller = Thread.currentThread();
    private @Nullable Kernel kernel;

    @Override
    boolean isMadeHere() {
      return caller == Thread.currentThread();
    }

    ByThread(Object payload) {
      super(payload);
    }

    @Override
    void setDeadline(long nanos, Kernel on) {
      super.setDeadline(nanos, on);
      kernel = on;
    }

    @Override
    @Nullable Kernel kernel() {
      return kernel;
    }

    @Override
    void settled() {
      LockSupport.unpark(caller);
    }
  }

  /** Nobody waits; a future is completed. */
  static final class AsFuture extends CallRequest {
    final CompletableFuture<@Nullable Object> future;
    private final @Nullable ProcessCell caller;
    private final Pid callee;

    AsFuture(
        Object payload,
        @Nullable ProcessCell caller,
        Pid callee,
        CompletableFuture<@Nullable Object> future) {
      super(payload);
      this.caller = caller;
      this.callee = callee;
      this.future = future;
    }

    @Override
    public @Nullable Pid caller() {
      return caller;
    }

    /**
     * Once only, and whoever waits has nothing else: without memory it is tried again. What hangs
     * on the future and was not reached is reached then, too.
     */
    @Override
    void settled() {
      boolean done = false;
      while (!done) {
        try {
          complete();
          done = true;
        } catch (OutOfMemoryError noMemory) {
          Thread.onSpinWait(); // each attempt is a collection of garbage
        } catch (Throwable thrown) { // the end of the stack, where that text is made
          done = true;
          future.completeExceptionally(thrown);
        }
      }
    }

    private void complete() {
      ExitReason failure = failure();
      if (failure == null) {
        future.complete(answer());
      } else {
        String call = "request(" + callee + ", " + Kernel.text(payload()) + ")";
        future.completeExceptionally(new CallFailed(failure, call));
      }
    }
  }

  /** Nobody waits; the outcome becomes a message of the caller. */
  static final class AsMessage extends CallRequest {
    final ProcessCell caller;

    private final Signal.Answered answered = new Signal.Answered(this); // memory it has for sure

    /** Set by the caller when it gives up an outcome that is on its way. */
    volatile boolean unwanted;

    AsMessage(Object payload, ProcessCell caller) {
      super(payload);
      this.caller = caller;
    }

    @Override
    public Pid caller() {
      return caller;
    }

    @Override
    void settled() {
      caller.deliverSurely(answered);
    }
  }
}
