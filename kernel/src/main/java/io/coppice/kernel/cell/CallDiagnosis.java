package io.coppice.kernel.cell;

import io.coppice.kernel.observe.ProcessText;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessStatus;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Why a call got no answer in time: what its callee is doing, and whom that waits for in turn.
 *
 * @param callee what the callee is doing, in words
 * @param cycle the processes that wait for each other's answers, in words; null if they do not
 */
record CallDiagnosis(String callee, @Nullable String cycle) {
  private static final int CHAIN_MAX = 16; // of processes that wait for each other
  private static final int SHOWN_MAX = 4;
  static final String INHERITED = "it had the time left for the request that its caller handles";

  /** Looks at a callee just now; the time of the request is over. */
  static CallDiagnosis of(@Nullable ProcessCell caller, ProcessCell callee, CallRequest request) {
    SequencedSet<ProcessCell> chain = new LinkedHashSet<>();
    ProcessCell next = callee;
    while (next != null && next != caller && chain.size() < CHAIN_MAX && chain.add(next)) {
      next = awaitedBy(next);
    }
    StringBuilder out = new StringBuilder();
    MailboxBound full = callee.bound;
    if (full != null && request instanceof CallRequest.ByProcess call && call.wasNeverSent()) {
      out.append("the request never got into the mailbox of ");
      out.append(Undeliverable.identify(callee)).append(", where the caller waited for room: ");
      out.append(full.count()).append(" messages wait there and ");
      out.append(full.limitMessages()).append(" may");
    }
    chain.stream().limit(SHOWN_MAX).forEach(cell -> append(out, cell));
    if (caller != null && caller.isLimit(request.deadlineNanos())) {
      out.append("; ").append(INHERITED);
    }
    String cycle = null;
    if (next != null && (next == caller || chain.contains(next))) {
      cycle = cycle(next, chain);
      out.append("; call cycle: ").append(cycle);
    }
    return new CallDiagnosis(out.toString(), cycle);
  }

  /** The process for whose answer a process waits, or null. */
  static @Nullable ProcessCell awaitedBy(ProcessCell cell) {
    Object what = cell.waitingForAcquire();
    if (what instanceof WaitTimer timer) {
      what = timer.reason;
    }
    return what instanceof CallRequest.ByProcess call && call.isAnswerAwaited()
        ? call.callee()
        : null;
  }

  private static void append(StringBuilder out, ProcessCell cell) {
    ProcessInfo info = CellView.info(cell);
    if (!out.isEmpty()) {
      out.append("; ");
    }
    if (info == null) {
      out.append(cell).append(" has ended meanwhile");
      return;
    }
    out.append(ProcessText.who(info)).append(" is ").append(ProcessText.doing(info));
    StackTraceElement frame = info.status() == ProcessStatus.IDLE ? null : telling(info);
    if (frame != null) {
      out.append(", at ").append(frame);
    }
    out.append(", and has ").append(info.queueLength()).append(" messages in its queue");
  }

  private static @Nullable StackTraceElement telling(ProcessInfo info) {
    return ProcessText.telling(info.stack());
  }

  /** From the first that is in the cycle round to itself. */
  private static String cycle(ProcessCell first, SequencedSet<ProcessCell> chain) {
    StringBuilder out = new StringBuilder(name(first));
    boolean inside = !chain.contains(first); // then it is the caller, who is not in the chain
    for (ProcessCell cell : chain) {
      if (inside) {
        out.append(" -> ").append(name(cell));
      }
      inside |= cell == first;
    }
    return out.append(" -> ").append(name(first)).toString();
  }

  private static String name(ProcessCell cell) {
    return ProcessText.who(cell, cell.name());
  }

  /** A call, as its failure names it. */
  static String describeCall(ProcessCell to, Object payload, @Nullable Duration timeout) {
    String name = to.name();
    StringBuilder text = new StringBuilder("call(").append(to);
    if (name != null) {
      text.append(" '").append(name).append('\'');
    }
    text.append(", ").append(Kernel.text(payload)).append(", ");
    text.append(timeout == null ? "no time-out" : timeout.toString()).append(')');
    return text.toString();
  }
}
