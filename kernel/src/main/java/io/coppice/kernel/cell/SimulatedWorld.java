package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.cell.Signal.ViaAlias;
import io.coppice.kernel.process.ExitReason;
import java.util.ArrayList;
import java.util.List;

/** What a simulation may do with a kernel, and see of it, beyond what its processes may. */
public final class SimulatedWorld {
  private final Kernel kernel;

  /**
   * The world of a simulated node.
   *
   * @param kernel its kernel
   */
  public SimulatedWorld(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Sends an exit signal on behalf of nobody.
   *
   * @param to the process
   * @param reason as of {@code Processes.exit}
   */
  public void exit(ProcessCell to, ExitReason reason) {
    to.deliverSignal(new ExitSignal(kernel.root(), reason, null));
  }

  /**
   * Delivers what had been held back.
   *
   * @param to the receiver
   * @param item a message, or a signal, which is counted already
   */
  public static void deliver(ProcessCell to, Object item) {
    if (to.phase() == StateWord.DEAD) {
      to.bounce(item, ExitReason.NO_PROCESS);
    } else {
      to.enter(item, isUrgent(item));
    }
  }

  /**
   * Drops what had been held back.
   *
   * @param to the receiver
   * @param item as it was counted when it was sent
   */
  public static void forget(ProcessCell to, Object item) {
    if (isUrgent(item)) {
      to.addSignalsPending(-1);
    }
    MailboxBound bound = to.bound;
    if (bound != null && MailboxBound.counts(item)) {
      bound.release();
    }
  }

  private static boolean isUrgent(Object item) {
    return item instanceof Signal signal && signal.isUrgent();
  }

  static boolean holdsBack(Dispatcher dispatcher, ProcessCell to, Object item) {
    if (to.chunk == null) {
      return false; // what starts a process is part of it
    }
    ProcessCell from = item instanceof Signal signal ? signal.sender() : null;
    Object content = item instanceof ViaAlias via ? via.content : item;
    return dispatcher.holdsBack(
        from == null ? ProcessCell.current() : from,
        to,
        item,
        content instanceof Signal ? null : content);
  }

  /**
   * Links and monitors of living processes with processes that have ended and have told so: there
   * are none, unless something was lost. Only while no process runs.
   *
   * @return each in words
   */
  public List<String> danglingRelations() {
    List<String> all = new ArrayList<>();
    for (ProcessCell cell : kernel.cells()) {
      Relations relations = cell.relationsIfAny();
      if (relations != null && cell.signalsPendingVolatile() == 0) {
        relations.dangling().forEach(what -> all.add(cell + " " + what));
      }
    }
    return all;
  }
}
