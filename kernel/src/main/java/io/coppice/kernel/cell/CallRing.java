package io.coppice.kernel.cell;

import io.coppice.kernel.process.CallCycleReport;
import io.coppice.kernel.process.ExitReason.CallCycle;
import io.coppice.kernel.process.WaitReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Processes that wait for each other in a ring: found by the one whose wait closes it, and broken
 * by failing one call (features N5).
 *
 * <p>Threads: whoever has just left RUNNING for a wait looks, still on its own stack.
 */
final class CallRing {
  /* Who needs whom. A process that awaits the outcome of a request needs the one it has asked, as long as the
   * request is unsettled and not deferred (Request.defer): it is still queued there, or it is what that process
   * is handling now. A process that receives for what one other alone can bring (Context.receive with a Ref)
   * needs that one. Each process needs one at most, so one walk from a process finds its ring.
   *
   * Why no ring is missed. Who waits (1) publishes what it waits for, (2) leaves RUNNING by an RMW, a full fence
   * (StateWord.tryWait), (3) walks. Of those who close a ring together, the one whose RMW is the last sees what
   * all others have published, and all of them in a wait. A walk that meets one who is not at rest in its
   * wait (it is about to wait, was woken, has a signal to handle) gives up: that one has its own RMW, or another
   * one, still before it, and walks after that.
   *
   * Why none is seen that is not there. Requests are used once: unsettled and awaited when the first look saw it,
   * and unsettled at the second, it was so all the time between, whoever was woken in it for a moment. The
   * other waits have an object each. What the second look finds unchanged in all of them has been a ring, whole,
   * at the moment between the two. Such a ring stays until somebody outside acts: a time-out, an exit signal, or
   * an answer from one who was given the request. The last is what defer is for: its receiver calls it before
   * it waits itself, so whoever sees that wait sees the mark, too.
   *
   * What is failed is the call that closes the ring; if that is no call (a start, a wait for an end), the
   * last call on the way round. Settling it is the CAS that answers use, too, so an answer that comes first
   * wins. Rings are broken under a lock of the node: who closes one together with others looks again
   * with the lock, and finds it broken. So one call fails for each ring, not several. The lock is taken only by
   * those who have seen a ring, and held for a few hundred instructions by threads that do not wait meanwhile.
   * No code of the user's runs under it, which is why reasons hold labels and not their texts.
   *
   * What it costs: one look at the callee per wait. That of one that rests, computes or receives ends there.
   *
   * What is not found: waits that the kernel does not see as waits for one process (futures that are joined,
   * locks, handoffs, a receive for any message), deferred requests, and rings through another node, a
   * blocking section or a thread. For those there is what a time-out says (CallDiagnosis).
   */
  private static final int LENGTH_MAX = 10_000;
  private static final int LOOKS = 100;

  private final ProcessCell first;
  private final CallCycle reason;

  private CallRing(ProcessCell first, CallCycle reason) {
    this.first = first;
    this.reason = reason;
  }

  /**
   * Looks whether a wait has closed a ring, and breaks it.
   *
   * @param by who has just begun to wait
   * @param wait what for
   * @return the ring, to be told once it runs again; null if there is none
   */
  static @Nullable CallRing closedBy(ProcessCell by, Object wait) {
    ProcessCell next = needed(wait);
    if (next == null) {
      return null;
    }
    Object its = next.waitingForVolatile();
    return its == null || its instanceof WaitReason ? null : follow(by);
  }

  private static @Nullable CallRing follow(ProcessCell by) {
    try {
      return leadsBack(by) ? breakUp(by) : null;
    } catch (StackOverflowError | OutOfMemoryError notNow) {
      return null; // it has left RUNNING: nothing may be thrown
    }
  }

  private static boolean leadsBack(ProcessCell by) {
    ProcessCell next = needed(untimed(by.waitingForVolatile()));
    for (int i = 0; next != null && next != by && i < LENGTH_MAX; i++) {
      next = needed(untimed(next.waitingForVolatile()));
    }
    return next == by;
  }

  private static @Nullable CallRing breakUp(ProcessCell by) {
    AtomicBoolean lock = by.kernel.ringLock();
    while (!lock.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
    try {
      for (int look = 0; look < LOOKS; look++) {
        List<Link> ring = links(by);
        if (ring.isEmpty() || !areAtRest(ring)) {
          return null;
        }
        if (areUnchanged(ring)) {
          return breakAt(ring);
        }
      }
      return null;
    } finally {
      lock.set(false);
    }
  }

  /** One process of a ring, as a look saw it. */
  private record Link(ProcessCell cell, Object waitsFor, ProcessCell needs) {}

  /** The ring from a process on; empty if there is none any more. */
  private static List<Link> links(ProcessCell by) {
    List<Link> ring = new ArrayList<>(4);
    ProcessCell cell = by;
    do {
      Object waitsFor = cell.waitingForVolatile();
      ProcessCell needs = needed(untimed(waitsFor));
      if (waitsFor == null || needs == null || ring.size() > LENGTH_MAX) {
        return List.of();
      }
      ring.add(new Link(cell, waitsFor, needs));
      cell = needs;
    } while (cell != by);
    return ring;
  }

  /** Whether all wait, and nobody has woken them; whoever is woken walks again. */
  private static boolean areAtRest(List<Link> ring) {
    for (Link link : ring) {
      int state = link.cell.stateAcquire();
      int phase = state & StateWord.PHASE;
      boolean waits = phase == StateWord.AWAITING || phase == StateWord.WAITING;
      if (!waits || (state & StateWord.DYING) != 0 || link.cell.signalsPendingVolatile() != 0) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // one object for each wait
  private static boolean areUnchanged(List<Link> ring) {
    for (Link link : ring) {
      if (link.cell.waitingForVolatile() != link.waitsFor
          || needed(untimed(link.waitsFor)) != link.needs) {
        return false;
      }
    }
    return true;
  }

  /** Fails the call that has closed it, or else the last one on the way round. */
  private static @Nullable CallRing breakAt(List<Link> ring) {
    for (int i = ring.size(); i > 0; i--) {
      int at = i % ring.size();
      CallRequest call = call(ring.get(at));
      if (call != null) {
        CallCycle reason = reason(ring, at);
        return call.failWith(reason) ? new CallRing(ring.get(at).cell, reason) : null;
      }
    }
    return null;
  }

  /** The call that may fail, if it is one. */
  private static @Nullable CallRequest call(Link link) {
    Object wait = untimed(link.waitsFor);
    if (wait instanceof CallRequest.ByProcess call) {
      return call.reason == WaitReason.CALL ? call : null;
    }
    return wait instanceof Awaited awaited && awaited.ref instanceof CallRequest request
        ? request
        : null;
  }

  private static CallCycle reason(List<Link> ring, int first) {
    List<CallCycle.Member> members = new ArrayList<>(ring.size());
    for (int i = 0; i < ring.size(); i++) {
      ProcessCell cell = ring.get((first + i) % ring.size()).cell;
      members.add(new CallCycle.Member(cell, cell.name(), cell.label()));
    }
    return new CallCycle(members);
  }

  /** The process without which a wait has no end, if there is such a one. */
  private static @Nullable ProcessCell needed(@Nullable Object wait) {
    if (wait instanceof CallRequest.ByProcess call) {
      return call.needs();
    }
    return wait instanceof Awaited awaited ? awaited.needs() : null;
  }

  private static @Nullable Object untimed(@Nullable Object wait) {
    return wait instanceof WaitTimer timer ? timer.reason : wait;
  }

  /** By whoever has closed it, once it runs again: runs code of the user's. */
  void tell() {
    Kernel kernel = first.kernel;
    kernel.counters().callCycles.increment();
    kernel.report(new CallCycleReport(reason));
  }
}
