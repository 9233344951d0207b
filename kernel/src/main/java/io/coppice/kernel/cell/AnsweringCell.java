package io.coppice.kernel.cell;

import io.coppice.kernel.process.Deadlines;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process owes to those who asked it: which requests are not answered, which need not be,
 * and how long the caller of the one it handles waits. All of it belongs to the owner, the host in
 * phase RUNNING, apart from what is said to be for others.
 */
abstract class AnsweringCell extends EndingCell {
  private final boolean dropsExpired;
  private final boolean passesOn; // implies the other

  private long received; // messages, handled by a reactive process
  @Nullable Request lastRequest; // null: the last message was none
  private @Nullable List<Request> openRequests; // received, and not answered when the next came

  AnsweringCell(Kernel kernel, SpawnOptions options) {
    super(kernel, options);
    Deadlines deadlines = options.queue().deadlines();
    this.dropsExpired = deadlines != Deadlines.IGNORE;
    this.passesOn = deadlines == Deadlines.PASS_ON;
  }

  /**
   * To be told of each message before the code of the process gets it; false if it is not to get
   * it, since nobody waits for the answer (or its caller was told of a ring).
   */
  final boolean received(Object message) {
    received++;
    if (bound != null) {
      bound.received(message);
    }
    if (lastRequest != null) {
      putAside(lastRequest);
    }
    if (message instanceof Request request) {
      if (request instanceof CallRequest call && call.isWithdrawn()) {
        return false;
      }
      if (dropsExpired && dropIfExpired(request)) {
        received--;
        return false;
      }
      lastRequest = request;
    }
    return true;
  }

  /**
   * Its code goes on with what it had received before, a request or something else (null); false if
   * that need not be.
   */
  final boolean takeUp(@Nullable Request request) {
    if (request != null && dropsExpired && dropIfExpired(request)) {
      return false;
    }
    if (lastRequest != null && !lastRequest.equals(request)) {
      putAside(lastRequest);
    }
    lastRequest = request;
    if (request != null && openRequests != null) {
      openRequests.remove(request); // it comes back if it is put aside again
    }
    return true;
  }

  private boolean dropIfExpired(Request request) {
    if (!(request instanceof CallRequest call) || !call.isExpired(kernel) || call.stands()) {
      return false;
    }
    boolean _ = call.abandon(); // its caller may be about to look
    kernel.undeliverable().expired(self(), call);
    return true;
  }

  /** Adds first: the request is in one of the two whenever somebody else ends this process. */
  private void putAside(Request request) {
    if (!request.isSettled()) {
      addOpenRequest(request);
    }
    lastRequest = null;
  }

  private void addOpenRequest(Request request) {
    request.defer(); // its answer comes later, from whomever
    if (openRequests == null) {
      openRequests = new ArrayList<>(4);
    } else if (openRequests.size() >= 16 && Integer.bitCount(openRequests.size()) == 1) {
      openRequests.removeIf(Request::isSettled); // at each doubling
    }
    openRequests.add(request);
  }

  // ---- what is left for the calls of this process

  /** Whether its calls end with the time of the request it handles. */
  final boolean passesDeadlinesOn() {
    return passesOn;
  }

  /** When a call must end that may take until then by itself. */
  final long limited(long deadlineNanos) {
    long given = givenNanos();
    if (given == Kernel.FOREVER) {
      return deadlineNanos;
    }
    return deadlineNanos == Kernel.FOREVER || deadlineNanos - given > 0 ? given : deadlineNanos;
  }

  /** Whether that is what has limited a call of this process. */
  final boolean isLimit(long deadlineNanos) {
    return passesOn && deadlineNanos != Kernel.FOREVER && deadlineNanos == givenNanos();
  }

  private long givenNanos() {
    return lastRequest instanceof CallRequest call && !call.isAnswered()
        ? call.deadlineNanos()
        : Kernel.FOREVER;
  }

  // ---- the end

  /** Whether {@link #failOpenRequests} could find something. */
  final boolean hasOpenRequests() {
    return lastRequest != null || openRequests != null;
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

  /**
   * Messages it has handled or received; for any thread.
   *
   * @return a momentary value
   */
  public final long messages() {
    return received;
  }
}
