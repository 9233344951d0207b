package io.coppice.kernel.cell;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.process.UndeliveredReport;
import io.coppice.kernel.time.TimerNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The messages that reached nobody: counted by reason, told as a summary per interval.
 *
 * <p>Threads: any thread may call any method; none blocks.
 */
final class Undeliverable {
  /* A line per lost message would make a bad night worse: the log would be as busy as the mailbox
   * that overflows. So a loss costs an increment, and only the first few of an interval are
   * described. The first loss starts a timer; a node that loses nothing has none and stays idle.
   *
   * No loss is forgotten: a loss (1) is counted, (2) looks whether a timer runs; the timer (1) says
   * that it no longer runs, (2) reads the counts. All four are volatile, so either the timer sees the
   * count, or the loss starts another timer.
   */
  private static final int EXAMPLES = 5;

  private final Kernel kernel;
  private final long intervalNanos;

  private final Map<Undelivered, LongAdder> counts = new EnumMap<>(Undelivered.class);

  // ---- shared
  private final AtomicBoolean timing = new AtomicBoolean();
  private final AtomicInteger described = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> examples = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean summing = new AtomicBoolean();

  // ---- guarded by `summing`
  private final Map<Undelivered, Long> told = new EnumMap<>(Undelivered.class);

  /**
   * Counts from zero.
   *
   * @param intervalNanos between two summaries, 0 for none
   */
  Undeliverable(Kernel kernel, long intervalNanos) {
    this.kernel = kernel;
    this.intervalNanos = intervalNanos;
    for (Undelivered reason : Undelivered.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /**
   * One message reached nobody.
   *
   * @param addressee who should have got it: a process, or a name
   */
  void count(Undelivered reason, Object addressee, Object message) {
    count(reason, addressee, message, ProcessCell.current());
  }

  /** A request that its receiver does not handle, since nobody waits for the answer. */
  void expired(ProcessCell receiver, CallRequest request) {
    count(Undelivered.EXPIRED, receiver, request.payload(), request.caller());
  }

  private void count(Undelivered reason, Object addressee, Object message, @Nullable Pid sender) {
    counter(reason).increment();
    if (intervalNanos == 0 || !reason.isTold()) {
      return;
    }
    if (described.get() < EXAMPLES && described.getAndIncrement() < EXAMPLES) {
      examples.add(describe(reason, addressee, message, sender));
    }
    if (!timing.get() && timing.compareAndSet(false, true)) {
      boolean started = false;
      try {
        kernel.dispatcher().startTimer(new SummaryTimer(), kernel.deadline(intervalNanos));
        started = true;
      } finally {
        if (!started) {
          timing.set(false); // the next loss tries again
        }
      }
    }
  }

  /** Answers what a process had been given and did not read, at its end. */
  void unread(ProcessCell ended, Object what, ExitReason reason) {
    if (what instanceof Signal || what instanceof Request) {
      ended.bounce(what, reason);
    } else {
      count(Undelivered.UNREAD, ended, what);
    }
  }

  private static String describe(
      Undelivered reason, Object addressee, Object message, @Nullable Pid sender) {
    StringBuilder out = new StringBuilder("a ").append(message.getClass().getName());
    out.append(" for ");
    out.append(addressee instanceof ProcessCell cell ? identify(cell) : "'" + addressee + "'");
    if (sender instanceof ProcessCell from) {
      out.append(" from ").append(identify(from));
    }
    return out.append(": ").append(reason.describe()).toString();
  }

  /** A process as people know it: pid, name, label or what it was started as. */
  static String identify(ProcessCell cell) {
    String name = cell.name();
    Object label = cell.label();
    StringBuilder out = new StringBuilder(cell.toString());
    if (name != null) {
      out.append(" '").append(name).append('\'');
    }
    out.append(" (").append(label == null ? cell.initialCall() : Kernel.text(label)).append(')');
    return out.toString();
  }

  /** By the timer, and when the node closes: tells what came since the last time, if anything. */
  void tell() {
    if (!summing.compareAndSet(false, true)) {
      return; // the node closes while the timer fires; one of the two is enough
    }
    Map<Undelivered, Long> since = new EnumMap<>(Undelivered.class);
    try {
      for (Undelivered reason : Undelivered.values()) {
        long now = counter(reason).sum();
        Long before = told.put(reason, now);
        long more = before == null ? now : now - before;
        if (more > 0 && reason.isTold()) {
          since.put(reason, more);
        }
      }
    } finally {
      summing.set(false);
    }
    List<String> some = new ArrayList<>(EXAMPLES);
    for (String example = examples.poll(); example != null; example = examples.poll()) {
      some.add(example);
    }
    described.set(0);
    if (!since.isEmpty()) {
      kernel.report(new UndeliveredReport(since, Duration.ofNanos(intervalNanos), some));
    }
  }

  /** How many timers of the node's own run. */
  int timers() {
    return timing.get() ? 1 : 0;
  }

  Map<Undelivered, Long> sums() {
    Map<Undelivered, Long> sums = new EnumMap<>(Undelivered.class);
    counts.forEach((reason, count) -> sums.put(reason, count.sum()));
    return sums;
  }

  private LongAdder counter(Undelivered reason) {
    return Objects.requireNonNull(counts.get(reason), "every reason has a counter");
  }

  /** Why a process that is no longer there did not get it. */
  static Undelivered reasonOf(InboundCell gone) {
    if (gone.kernel.isClosed()) {
      return Undelivered.NODE_CLOSED;
    }
    return gone.isFenced() ? Undelivered.ZOMBIE : Undelivered.DEAD_PROCESS;
  }

  /** Ends an interval. */
  private final class SummaryTimer extends TimerNode {
    @Override
    protected void onExpiry(long nowNanos) {
      timing.set(false); // before the counts are read: see above
      tell();
    }

    @Override
    public String toString() {
      return "#Timer<summary of undelivered messages>";
    }
  }
}
