package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.AliveQuery;
import io.coppice.kernel.cell.Signal.Answered;
import io.coppice.kernel.cell.Signal.Demonitor;
import io.coppice.kernel.cell.Signal.Ended;
import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.MessagesQuery;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.cell.Signal.Overrun;
import io.coppice.kernel.cell.Signal.Unlink;
import io.coppice.kernel.cell.Signal.ViaAlias;
import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Undelivered;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each signal does to a process when it is taken out of its queue (semantics 1.3–1.8), and
 * what it does it to: links, monitors, trapExit, the exit reason. Guarded by the token of the
 * {@link StateWord}, but for what is said to be read by others.
 */
abstract class SignalCell extends StateWord {
  private static final VarHandle LONG_QUEUE;

  static {
    try {
      LONG_QUEUE = MethodHandles.lookup().findVarHandle(SignalCell.class, "longQueue", byte.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Kernel kernel;
  final @Nullable MailboxBound bound; // null: unbounded, and nobody watches
  private @Nullable Relations relations;
  private boolean trapExit;
  private boolean helped; // the holder of the token is not the owner
  private boolean interruptWanted;

  @SuppressWarnings("unused") // by LONG_QUEUE; shared
  private byte longQueue; // what the node's watch knows of its queue

  /** Why the process ends; written once, before DYING or EXITING is set. */
  private @Nullable ExitReason exitReason;

  private @Nullable Pid exitFrom; // who decided that; for the flight recorder

  SignalCell(Kernel kernel, SpawnOptions.Queue queue) {
    this.kernel = kernel;
    this.bound = MailboxBound.of(self(), queue);
  }

  /** From now on the holder of the token is not the owner. */
  final void beginHelp() {
    helped = true;
  }

  /** The helper is about to give the token back; whether it is to interrupt the owner then. */
  final boolean endHelp() {
    helped = false;
    boolean interrupt = interruptWanted;
    interruptWanted = false;
    return interrupt;
  }

  /**
   * Acts on a signal; the message it becomes, if any. If there is no memory for all of it, the same
   * signal comes again: see {@link InboundCell}.
   */
  final @Nullable Object handle(Signal signal) {
    return switch (signal) {
      case ExitSignal exit -> handleExit(exit);
      case Link link -> {
        relations().addLink(link.from, link);
        yield null;
      }
      case Unlink unlink -> {
        relations().removeLinks(unlink.from, unlink.links);
        yield null;
      }
      case Monitor monitor -> {
        relations().addWatcher(monitor);
        yield null;
      }
      case Demonitor demonitor -> {
        relations().removeWatcher(demonitor.monitor);
        yield null;
      }
      case Ended ended -> {
        Object down = ended.monitor.down(ended.reason); // first: there may be no memory for it
        makeRoom(ended.monitor.isPriority());
        yield relations().removeMonitor(ended.monitor)
            ? placed(down, ended.monitor.isPriority())
            : null;
      }
      case ViaAlias via -> handleViaAlias(via);
      case AliveQuery query -> {
        aliveQuery(query);
        yield null;
      }
      case MessagesQuery query -> {
        query.slot.answer(helped ? SteadyLook.messages(this, query.limit) : messages(query.limit));
        yield null;
      }
      case Overrun overrun -> {
        decide(overrun.reason, kernel.root());
        yield null;
      }
      case Answered answered ->
          answered.request.unwanted
              ? null
              : new Response(
                  answered.request, answered.request.answer(), answered.request.failure());
    };
  }

  private @Nullable Object handleViaAlias(ViaAlias via) {
    AliasState alias = via.alias.aliasState();
    Monitor monitor = via.alias instanceof Monitor m ? m : null;
    boolean exits = via.content instanceof ExitSignal;
    makeRoom(via.isPriority());
    if (alias == null || !(exits ? alias.isActive() : alias.receive(relations(), monitor))) {
      dropped(via);
      if (bound != null) {
        bound.received(via); // it takes no room any more
      }
      return null;
    }
    Object message = via.content instanceof ExitSignal exit ? handleExit(exit) : via.content;
    return message == null ? null : placed(message, via.isPriority());
  }

  /** What came through an alias that is inactive, or whose owner has ended. */
  final void dropped(ViaAlias via) {
    switch (via.content) {
      case ExitSignal _ -> kernel.counters().signalsToTheDead.increment();
      case Request request -> fail(request, ExitReason.NO_PROCESS);
      default -> kernel.undeliverable().count(Undelivered.INACTIVE_ALIAS, self(), via.content);
    }
  }

  /** Before a signal has any effect, if it becomes a message of high priority. */
  private void makeRoom(boolean first) {
    if (first) {
      SaveQueue _ = relations().roomForPriority(kernel.queues());
    }
  }

  /** A message of high priority does not go where the others are (P72). */
  private @Nullable Object placed(Object message, boolean first) {
    if (!first) {
      return message;
    }
    relations().roomForPriority(kernel.queues()).add(message);
    if (helped) {
      setPriority();
    }
    return null;
  }

  /** The table of semantics 1.3. */
  private @Nullable Object handleExit(ExitSignal exit) {
    ExitReason reason = exit.reason;
    Exit message = trapExit ? new Exit(exit.from, reason) : null; // first, likewise
    boolean first = false;
    if (exit.links != null) {
      first = relations().isPriority((ProcessCell) exit.from);
      makeRoom(first);
      if (!relations().breakLinks((ProcessCell) exit.from, exit.links)) {
        return null;
      }
      if (!trapExit && !(reason instanceof ExitReason.Normal)) {
        decide(reason, exit.from);
      }
    } else if (reason instanceof ExitReason.Kill || !exit.trappable) {
      decide(exit.trappable ? ExitReason.KILLED : reason, exit.from);
      return null;
    } else if (!trapExit && (!(reason instanceof ExitReason.Normal) || exit.from == self())) {
      decide(reason, exit.from);
    }
    return message == null ? null : placed(message, first);
  }

  /** The process is to end; the first decision counts (P25). */
  private void decide(ExitReason reason, Pid by) {
    if (!isDying()) {
      exitReason = reason;
      exitFrom = by;
      boolean interrupt = helped && by != self() && self().mayInterrupt();
      interruptWanted = interrupt;
      setDying(interrupt);
      kernel.counters().exitsDecided.increment();
    }
  }

  // ---- a long queue

  /** For {@link QueueWatch}, whose states these are. */
  final boolean casLongQueue(byte expected, byte value) {
    return LONG_QUEUE.compareAndSet(this, expected, value);
  }

  final void setLongQueueRelease(byte value) {
    LONG_QUEUE.setRelease(this, value);
  }

  /** Whether it has watermarks of its own. */
  final boolean isWatched() {
    return bound != null && bound.hasMarks();
  }

  /** Whether the node's watch has found its queue long; for its owner. */
  final boolean hasLongQueue() {
    return (byte) LONG_QUEUE.getOpaque(this) == QueueWatch.LONG;
  }

  // ---- the end

  /** In phase EXITING, with the token: whether somebody else decided the end. */
  final boolean wasToldToEnd() {
    return exitFrom != null;
  }

  /** In phase EXITING, with the token: who decided the end, or null if it did itself. Once. */
  final @Nullable Pid takeExitFrom() {
    Pid by = exitFrom;
    exitFrom = null; // a process that has ended keeps nobody
    return by;
  }

  /** In phase EXITING, with the token: tells everybody who is linked or watches. */
  final void announce(ExitReason reason) {
    Relations known = relations;
    if (known != null) {
      known.announce(self(), reason);
    }
    relations = null;
  }

  /** Whatever code of the user's hangs on a request, it does not stop the end of a process. */
  final void fail(Request request, ExitReason reason) {
    ProcessCell by = ProcessCell.current();
    if (by != null) {
      by.beginToGoOn(); // it may hold this process's token
    }
    try {
      failSurely(request, reason);
    } finally {
      if (by != null) {
        by.endToGoOn();
      }
    }
  }

  private void failSurely(Request request, ExitReason reason) {
    boolean again = true;
    while (again) {
      try {
        boolean _ =
            request instanceof CallRequest call ? call.failWith(reason) : request.fail(reason);
        again = false;
      } catch (OutOfMemoryError noMemory) {
        again = request instanceof CallRequest && !request.isSettled(); // the caller waits for it
      } catch (Throwable thrown) {
        again = false;
        kernel.counters().reportsLost.increment();
      }
    }
  }

  // ---- accessors, with the token

  final Relations relations() {
    if (relations == null) {
      relations = new Relations();
    }
    return relations;
  }

  final @Nullable Relations relationsIfAny() {
    return relations;
  }

  final boolean swapTrapExit(boolean trap) {
    boolean old = trapExit;
    trapExit = trap;
    return old;
  }

  final boolean trapsExit() {
    return trapExit;
  }

  /** Once DYING, EXITING or DEAD is set. */
  final ExitReason exitReason() {
    ExitReason reason = exitReason;
    return reason == null ? ExitReason.NORMAL : reason;
  }

  final void setExitReason(ExitReason reason) {
    exitReason = reason;
  }

  /**
   * Priority messages that wait for the owner to take them over; others may ask for their number.
   */
  final @Nullable SaveQueue priorityMessagesIfAny() {
    Relations known = relations;
    return known == null ? null : known.priorityMessagesIfAny();
  }

  abstract List<Object> messages(int limit);

  /** The question whether it lives: answered now, or when it has ended. */
  abstract void aliveQuery(AliveQuery query);

  abstract ProcessCell self();
}
