package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** How all processes of a node end (AP10). Used by the thread that closes the node. */
final class Closing {
  /* Told to shut down are those nobody else looks after: their parent is the root, or has ended. That
   * includes those whose parent ends meanwhile: a process without a link would else sit out the whole time
   * and be killed. Telling again takes a look at all processes, so it waits twice as long each time.
   *
   * Whatever is thrown meanwhile, for lack of memory say, the close goes on, and that is told: who was
   * not told to shut down is told the next time, or killed; who was not killed is killed again, until the
   * grace time is over. Half a close would leave threads behind that nobody can stop any more. Only a
   * simulation ends it, if its time stands still.
   *
   * After the kill it waits while processes go on ending, and for those that are to be cut off: on a machine
   * that is busy with something else the timers for that may fire late, and once the schedulers have stopped
   * they never do.
   */
  private static final long FIRST_LOOK_NANOS = 20_000_000;
  private static final long STEP_NANOS = 10_000_000;
  private static final long LATE_NANOS = 10_000_000_000L; // 10 s: how late a cut-off may come

  private final Kernel kernel;
  private final ProcessTable table;
  private final Set<ProcessCell> told = new HashSet<>();
  private final BooleanSupplier empty = this::isEmpty; // made when there is memory
  private boolean failed;

  Closing(Kernel kernel) {
    this.kernel = kernel;
    this.table = kernel.table();
  }

  List<Pid> close(Duration shutdownTime, long graceNanos) {
    long deadline = kernel.deadline(shutdownTime.toNanos());
    long pause = FIRST_LOOK_NANOS;
    do {
      tellOrphans();
      awaitEmpty(Math.min(deadline, kernel.deadline(pause)));
      pause *= 2;
    } while (table.count() > 0 && !kernel.isPast(deadline));
    int killed = table.count();
    long grace = kernel.deadline(2 * graceNanos);
    while (!killAll() && !kernel.isPast(grace)) {
      awaitEmpty(Math.min(grace, kernel.deadline(STEP_NANOS)));
    }
    awaitEmpty(grace);
    awaitLate(killed, 2 * graceNanos);
    return left();
  }

  private void awaitLate(int killed, long pauseNanos) {
    int before = killed;
    for (int left = table.count(); left > 0 && left < before; left = table.count()) {
      before = left;
      awaitEmpty(kernel.deadline(pauseNanos));
    }
    long limit = kernel.deadline(LATE_NANOS);
    while (isAnyToBeCutOff() && !kernel.isPast(limit)) {
      awaitEmpty(kernel.deadline(STEP_NANOS));
    }
  }

  private boolean isAnyToBeCutOff() {
    try {
      for (ProcessCell cell : table.snapshot()) {
        if (cell.isToBeCutOff()) {
          return true;
        }
      }
    } catch (Throwable thrown) {
      goOnAfter(thrown);
    }
    return false;
  }

  /** The youngest first. */
  private void tellOrphans() {
    try {
      List<ProcessCell> cells = table.snapshot();
      cells.sort(Comparator.comparingLong(ProcessCell::number).reversed());
      for (ProcessCell cell : cells) {
        ProcessCell parent = cell.parentCell();
        boolean orphan = parent == null || parent == kernel.root() || parent.isGone();
        if (orphan && told.add(cell) && !tell(cell, ExitReason.SHUTDOWN)) {
          told.remove(cell);
        }
      }
    } catch (Throwable thrown) {
      goOnAfter(thrown);
    }
  }

  /** False if one of them could not be told. */
  private boolean killAll() {
    boolean all = true;
    try {
      for (ProcessCell cell : table.snapshot()) {
        all &= tell(cell, ExitReason.KILL);
      }
    } catch (Throwable thrown) {
      goOnAfter(thrown);
      all = false;
    }
    return all;
  }

  private boolean tell(ProcessCell cell, ExitReason reason) {
    try {
      cell.deliverSignal(new ExitSignal(kernel.root(), reason, null));
      return true;
    } catch (Throwable thrown) {
      goOnAfter(thrown);
      return false;
    }
  }

  private List<Pid> left() {
    try {
      return List.copyOf(table.snapshot());
    } catch (Throwable thrown) {
      goOnAfter(thrown);
      return List.of();
    }
  }

  /** Tells the first failure; where there is one there are more. */
  private void goOnAfter(Throwable thrown) {
    if (!failed) {
      failed = true;
      kernel.reportFault(thrown);
    }
  }

  private boolean isEmpty() {
    return table.count() == 0;
  }

  private void awaitEmpty(long deadline) {
    while (table.count() > 0 && !kernel.isPast(deadline)) {
      long now = kernel.dispatcher().clock().nanoTime();
      long until = now + Math.min(deadline - now, STEP_NANOS);
      kernel.dispatcher().parkOutside(this, empty, until);
      Thread.interrupted(); // closing is not cut short; a parked thread must not spin
    }
  }
}
