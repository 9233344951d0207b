package io.coppice.kernel.cell;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessStatus;
import org.jspecify.annotations.Nullable;

/**
 * The little of a process that is looked at when there are a million.
 *
 * @param pid the process
 * @param parent the process that spawned it, or the root of the node; it may have ended
 * @param status what it is doing
 * @param queueLength messages that wait in its mailbox
 * @param awaits the process for whose answer it waits, or null
 */
public record Glance(
    Pid pid, Pid parent, ProcessStatus status, int queueLength, @Nullable Pid awaits) {
  static Glance of(ProcessCell cell) {
    ProcessCell parent = cell.parentCell();
    return new Glance(
        cell,
        parent == null ? cell.kernel.root() : parent,
        CellView.status(cell),
        cell.queueLength(),
        CallDiagnosis.awaitedBy(cell));
  }
}
