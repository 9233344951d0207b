package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How all processes of a node end (AP10). Used by the thread that closes the node. */
final class Closing {
  /* Told to shut down are those nobody else looks after: their parent is the root, or has ended. That
   * includes those whose parent ends meanwhile: a process without a link would else sit out the whole time
   * and be killed. Telling again takes a look at all processes, so it waits twice as long each time.
   */
  private static final long FIRST_LOOK_NANOS = 20_000_000;
  private static final long STEP_NANOS = 10_000_000;

  private final Kernel kernel;
  private final ProcessTable table;
  private final Set<ProcessCell> told = new HashSet<>();

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
    for (ProcessCell cell : table.snapshot()) {
      cell.deliverSignal(new ExitSignal(kernel.root(), ExitReason.KILL, null));
    }
    awaitEmpty(kernel.deadline(2 * graceNanos));
    return List.copyOf(table.snapshot());
  }

  /** The youngest first. */
  private void tellOrphans() {
    List<ProcessCell> cells = table.snapshot();
    cells.sort(Comparator.comparingLong(ProcessCell::number).reversed());
    for (ProcessCell cell : cells) {
      ProcessCell parent = cell.parentCell();
      boolean orphan = parent == null || parent == kernel.root() || parent.isGone();
      if (orphan && told.add(cell)) {
        cell.deliverSignal(new ExitSignal(kernel.root(), ExitReason.SHUTDOWN, null));
      }
    }
  }

  private void awaitEmpty(long deadline) {
    while (table.count() > 0 && !kernel.isPast(deadline)) {
      long now = kernel.dispatcher().clock().nanoTime();
      long until = now + Math.min(deadline - now, STEP_NANOS);
      kernel.dispatcher().parkOutside(this, () -> table.count() == 0, until);
      Thread.interrupted(); // closing is not cut short; a parked thread must not spin
    }
  }
}
