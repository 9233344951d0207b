package io.coppice.kernel.cell;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Handoff;
import io.coppice.kernel.process.WaitReason;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How whoever calls, a process or a thread from outside, waits for an outcome. */
abstract class KernelWaits extends KernelTimers {
  KernelWaits(Kernel kernel) {
    super(kernel);
  }

  static CallRequest newRequest(
      Object payload, @Nullable ProcessCell by, WaitReason reason, @Nullable ProcessCell target) {
    CallRequest request = newRequest(payload, by, reason);
    request.isFor(target);
    return request;
  }

  private static CallRequest newRequest(
      Object payload, @Nullable ProcessCell by, WaitReason reason) {
    return by == null
        ? new CallRequest.ByThread(payload)
        : new CallRequest.ByProcess(payload, by, reason);
  }

  /**
   * Until when a call may take: no longer than the caller of the request waits for which it is
   * made.
   */
  final long withinTimeLeft(ProcessCell by, long deadline, Supplier<String> call) {
    long limited = by.limited(deadline);
    if (limited != deadline && kernel.isPast(limited)) {
      String why = "it was not sent: " + CallDiagnosis.INHERITED + ", which is over";
      throw new CallFailed(ExitReason.TIMEOUT, call.get(), why);
    }
    return limited;
  }

  /**
   * Waits until a request is settled or the deadline has passed.
   *
   * @param by who waits, or null for a thread from outside
   * @param target who is to settle it, or null for anybody
   * @return whether it is settled
   */
  final boolean awaitSettled(
      CallRequest request, @Nullable ProcessCell by, @Nullable ProcessCell target, long deadline) {
    if (by != null && request instanceof CallRequest.ByProcess own) {
      boolean settled = false;
      try {
        settled = by.awaitSettled(own, deadline);
      } finally {
        if (!settled && by.isDying()) {
          request.abandon();
          if (target != null && target.nonBlocking) {
            by.interruptItself(); // it may have lent its thread: see Loan
          }
        }
      }
      return settled;
    }
    ProcessCell foreign =
        ProcessCell.current(); // of another node: here it is a thread like any other
    boolean interrupted = false;
    while (!request.isSettled() && !kernel.isPast(deadline)) {
      kernel.dispatcher().parkOutside(request, request::isSettled, deadline);
      interrupted |= Thread.interrupted();
      if (foreign != null && foreign.isDying()) {
        request.abandon();
        foreign.checkSignals(); // there it has been told to die
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return request.isSettled();
  }

  @Override
  public final <T> Handoff<T> handoff(Object what) {
    Objects.requireNonNull(what, "what");
    ProcessCell by = waiter("handoff");
    return new Slot<>(this, by, newRequest(what, by, WaitReason.HANDOFF, null));
  }

  /** The slot of a call that nobody in particular is asked to answer. */
  private record Slot<T>(KernelWaits node, @Nullable ProcessCell by, CallRequest request)
      implements Handoff<T> {
    /** Also by a process that has just been told to die: what it has begun is ended. */
    @Override
    public boolean offer(T value) {
      return request.answer(Objects.requireNonNull(value, "value"));
    }

    @Override
    public Optional<T> await(@Nullable Duration timeout) {
      ProcessCell waits = node.waiter("await");
      if (waits != by || !request.isMadeHere()) {
        throw new IllegalStateException(
            "A handoff is awaited by who has made it, here " + (by == null ? "a thread" : by));
      }
      long deadline = node.kernel.deadline(timeout, "The time-out of a handoff");
      boolean settled = node.awaitSettled(request, by, null, deadline);
      return settled ? value() : withdraw();
    }

    @Override
    public Optional<T> withdraw() {
      return request.abandon() ? Optional.empty() : value();
    }

    @SuppressWarnings("unchecked") // what offer was given
    private Optional<T> value() {
      ExitReason failure = request.failure();
      return failure == null
          ? Optional.of((T) Objects.requireNonNull(request.answer()))
          : Optional.empty();
    }
  }
}
