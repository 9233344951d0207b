package io.coppice.kernel.cell;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.HandlerLimit;
import io.coppice.kernel.process.HungHandler;
import io.coppice.kernel.process.LongHandlerReport;
import io.coppice.kernel.time.TimerNode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;

/** Watches that a process is not at one message for too long ({@link HandlerLimit}). */
final class HandlerWatch extends TimerNode {
  /* A timer that looks, four times within the limit, whether the process has got on since the last look: it
   * has handled a message, begun a turn, or, if it is a blocking process, waited for a message. The time
   * counts from the first look that saw it there. So a handler is found out between one and one and a
   * quarter times the limit, and the code that is watched pays nothing per message.
   *
   * The timer runs only while the process does. A look that finds it at rest 1. says that the watch is off
   * (`armed`), 2. looks again; the process 1. leaves its rest, by an atomic operation on its state word,
   * 2. looks whether the watch is off, and turns it on. With a full fence between 1 and 2 on both sides one
   * of them sees the other. Whoever has set `armed` owns the fields below, and starts the timer.
   *
   * Not by the monitor of the schedulers: that knows turns, and a handler that waits for another process, or
   * for the world, is in none.
   */
  private static final int LOOKS = 4; // within the limit
  private static final VarHandle ARMED;
  private static final VarHandle MARKS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ARMED = lookup.findVarHandle(HandlerWatch.class, "armed", boolean.class);
      MARKS = lookup.findVarHandle(HandlerWatch.class, "marks", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ProcessCell cell;
  private final HandlerLimit limit;
  private final long stepNanos;
  private final long warnNanos;
  private final long failNanos;

  private volatile boolean over;

  @SuppressWarnings("unused") // by ARMED
  private boolean armed;

  private long marks; // by MARKS: the owner of the cell writes, looks read

  // ---- of whoever has set armed
  private long seenMessages;
  private long seenTurns;
  private long seenMarks;
  private long sinceNanos;
  private boolean warned;

  HandlerWatch(ProcessCell cell, HandlerLimit limit) {
    this.cell = cell;
    this.limit = limit;
    this.warnNanos = limit.time().toNanos();
    this.stepNanos = warnNanos / LOOKS;
    this.failNanos = limit.failAt() == 0 ? Long.MAX_VALUE : saturated(warnNanos, limit.failAt());
  }

  private static long saturated(long nanos, int times) {
    return nanos > Long.MAX_VALUE / times ? Long.MAX_VALUE : nanos * times;
  }

  /** By the owner of the cell, which has left its rest; or by whoever begins to watch. */
  void begins() {
    if (!(boolean) ARMED.getVolatile(this) && ARMED.compareAndSet(this, false, true)) {
      noteProgress(now());
      cell.kernel.dispatcher().startTimer(this, now() + stepNanos);
    }
  }

  /** By the owner of the cell: its code, a handler perhaps, has waited for a message. */
  void waited() {
    if (cell.reactive == null) {
      MARKS.setOpaque(this, marks + 1);
      begins();
    }
  }

  /** Nothing is watched any more. Any thread. */
  void end() {
    over = true;
    cancel();
  }

  @Override
  protected void onExpiry(long nowNanos) {
    if (over || cell.isGone() || (rests() && restsStill())) {
      return;
    }
    boolean failed = false;
    try {
      if (hasGoneOn() || isToRun()) {
        noteProgress(nowNanos);
      } else {
        failed = look(nowNanos - sinceNanos);
      }
    } finally {
      if (!failed) { // also if there was no memory: nobody else would look again
        cell.kernel.dispatcher().startTimer(this, nowNanos + stepNanos);
      }
    }
  }

  /** Whether that is all. */
  private boolean look(long nanos) {
    boolean fails = nanos >= failNanos;
    if (fails || (nanos >= warnNanos && !warned)) {
      warned = true;
      Duration time = Duration.ofNanos(nanos);
      String handling = CellView.handling(cell);
      Thread thread = CellView.threadOf(cell);
      List<StackTraceElement> stack = thread == null ? List.of() : List.of(thread.getStackTrace());
      cell.kernel.report(
          new LongHandlerReport(cell, cell.initialCall(), handling, time, limit, fails, stack));
      if (fails) {
        ExitReason reason = ExitReason.of(new HungHandler(time, handling));
        cell.deliverSignal(Signal.ExitSignal.untrappable(cell.kernel.root(), reason));
      }
    }
    return fails;
  }

  // ---- what is seen

  private boolean rests() {
    int phase = cell.phase();
    // a handler that waits for a message is at one; a blocking process is between two
    return phase == StateWord.IDLE || (phase == StateWord.WAITING && cell.reactive == null);
  }

  private boolean restsStill() {
    ARMED.setVolatile(this, false);
    VarHandle.fullFence(); // between this write and the look at the state word
    return rests() || !ARMED.compareAndSet(this, false, true);
  }

  /** Whether it is between two turns, for which it only waits. */
  private boolean isToRun() {
    return cell.phase() == StateWord.SCHEDULED && cell.host() == null;
  }

  private boolean hasGoneOn() {
    return seenMessages != cell.messages()
        || seenTurns != cell.turns()
        || seenMarks != (long) MARKS.getOpaque(this);
  }

  private void noteProgress(long nowNanos) {
    seenMessages = cell.messages();
    seenTurns = cell.turns();
    seenMarks = (long) MARKS.getOpaque(this);
    sinceNanos = nowNanos;
    warned = false;
  }

  private long now() {
    return cell.kernel.dispatcher().clock().nanoTime();
  }
}
