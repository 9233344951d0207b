package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.AliveQuery;
import io.coppice.kernel.cell.Signal.Answered;
import io.coppice.kernel.cell.Signal.Demonitor;
import io.coppice.kernel.cell.Signal.Ended;
import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.cell.Signal.Unlink;
import io.coppice.kernel.mailbox.Mailbox;
import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a process: its one inbound queue, and what each signal does when it is
 * taken out (semantics 1.3–1.5).
 *
 * <p>Threads: any thread delivers. Whoever holds the token of the {@link StateWord} takes out: the
 * owner before each receive and each operation; a helper when a signal waits and the owner computes
 * or blocks outside of the kernel (P16); after the end whoever came too late.
 */
abstract class InboundCell extends StateWord {
  private static final int HELP_LIMIT =
      256; // signals and messages a helper moves while it holds the token

  final Kernel kernel;
  private final Mailbox mailbox;

  // ---- guarded by the token

  /** Messages that were taken out of the queue to get at a signal behind them. */
  private @Nullable SaveQueue inbox;

  private @Nullable Relations relations;
  private boolean trapExit;
  private boolean helped; // the holder of the token is not the owner
  private boolean interruptWanted;
  private @Nullable List<AliveQuery> lateQueries;

  /** Why the process ends; written once, before DYING or EXITING is set. */
  private @Nullable ExitReason exitReason;

  InboundCell(Kernel kernel, int mailboxCapacity) {
    this.kernel = kernel;
    this.mailbox = new Mailbox(kernel.queues(), mailboxCapacity);
  }

  // ---- delivering: any thread

  final void deliverMessage(Object message) {
    if (phase() >= EXITING) {
      bounce(message, ExitReason.NO_PROCESS); // the root, too, takes no messages
      return;
    }
    mailbox.offer(message);
    act(notifyMessage());
  }

  final void deliverSignal(Signal signal) {
    int phase = phase();
    if (phase == DEAD) {
      bounce(signal, ExitReason.NO_PROCESS);
      return;
    }
    if (phase == ROOT) {
      return; // exits and links have no effect on it, and its monitors never fire
    }
    addSignalsPending(1);
    mailbox.offer(signal);
    act(notifySignal());
  }

  private boolean isDead() {
    return phase() == DEAD;
  }

  final void act(Notify what) {
    switch (what) {
      case NOTHING -> {}
      case SCHEDULE -> self().makeReady();
      case RESUME -> hostOf().resume(self());
      case HELP -> help();
      case GONE -> drainGone();
    }
  }

  /** Something the process awaits has happened. */
  final void wakeUp() {
    act(wake());
  }

  // ---- taking out: with the token

  /** Moves messages into the host's batch and handles the signals among and behind them. */
  final void drain(Host host) {
    SaveQueue moved = inbox;
    while (moved != null && !host.batchIsFull()) {
      Object oldest = moved.poll();
      if (oldest == null) {
        break;
      }
      host.batchAdd(oldest);
    }
    while (!isDying() && (!host.batchIsFull() || signalsPendingVolatile() > 0)) {
      Object next = takeOut();
      if (next == null) {
        break;
      }
      if (next == HANDLED) {
        continue;
      }
      if (host.batchIsFull()) {
        inbox().add(next);
      } else {
        host.batchAdd(next);
      }
    }
  }

  private static final Object HANDLED = new Object();

  /** The next message, HANDLED after a signal that gave none, or null if nothing is visible. */
  private @Nullable Object takeOut() {
    Object next = mailbox.poll();
    if (next instanceof Signal signal) {
      Object message;
      try {
        message = handle(signal);
      } finally {
        addSignalsPending(
            -1); // not before: isAlive takes zero for "all have had their effect" (P6)
      }
      return message == null ? HANDLED : message;
    }
    return next;
  }

  /** Handles the signals of a process that computes, or blocks outside of the kernel. */
  private void help() {
    boolean again = true;
    while (again && tryTakeTokenToHelp()) {
      again = false;
      boolean interrupt;
      helped = true;
      try {
        again = helpWithToken();
      } finally { // also when the helper's stack overflows: the process would spin for ever
        helped = false;
        interrupt = interruptWanted;
        interruptWanted = false;
        again |= releaseTokenNotified();
      }
      if (interrupt) {
        self().interruptHost();
      }
    }
  }

  /** True if signals are left because the limit was reached. */
  private boolean helpWithToken() {
    for (int i = 0; i < HELP_LIMIT; i++) {
      if (isDying() || signalsPendingVolatile() == 0) {
        return false;
      }
      Object next = takeOut();
      if (next == null) {
        return false; // a message is on its way in before the signal; its sender will help
      }
      if (next != HANDLED) {
        inbox().add(next);
      }
    }
    return true;
  }

  /** Whether nothing is queued, published or on its way in. */
  final boolean inboundIsEmpty() {
    return mailbox.isEmpty();
  }

  final int inboundSize() {
    SaveQueue moved = inbox;
    return mailbox.size() + (moved == null ? 0 : moved.size());
  }

  private SaveQueue inbox() {
    if (inbox == null) {
      inbox = new SaveQueue();
    }
    return inbox;
  }

  // ---- what each signal does

  /** Acts on a signal; the message it becomes, if any. */
  private @Nullable Object handle(Signal signal) {
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
      case Ended ended ->
          relations().removeMonitor(ended.monitor)
              ? new Down(ended.monitor, ended.monitor.object, ended.reason)
              : null;
      case AliveQuery query -> {
        query.slot.reply(true);
        yield null;
      }
      case Answered answered ->
          answered.request.unwanted
              ? null
              : new Response(
                  answered.request, answered.request.answer(), answered.request.failure());
    };
  }

  /** The table of semantics 1.3. */
  private @Nullable Object handleExit(ExitSignal exit) {
    ExitReason reason = exit.reason;
    if (exit.links != null) {
      if (!relations().breakLinks((ProcessCell) exit.from, exit.links)) {
        return null;
      }
      if (!trapExit && !(reason instanceof ExitReason.Normal)) {
        decide(reason, true);
      }
    } else if (reason instanceof ExitReason.Kill) {
      decide(ExitReason.KILLED, exit.from != self());
      return null;
    } else if (!trapExit && (!(reason instanceof ExitReason.Normal) || exit.from == self())) {
      decide(reason, exit.from != self());
    }
    return trapExit ? new Exit(exit.from, reason) : null;
  }

  /** The process is to end; the first decision counts (P25). */
  private void decide(ExitReason reason, boolean byOther) {
    if (!isDying()) {
      exitReason = reason;
      boolean interrupt = helped && byOther && self().mayInterrupt();
      interruptWanted = interrupt;
      setDying(interrupt);
      kernel.counters().exitsDecided.increment();
    }
  }

  // ---- the end

  /** Answers what arrived before the end, or too late, in place of the process. */
  final void bounce(Object what, ExitReason reason) {
    switch (what) {
      case Request request -> fail(request, reason);
      case Link link -> link.from.deliverSignal(new ExitSignal(self(), reason, new Link[] {link}));
      case Monitor monitor -> monitor.watcher.deliverSignal(new Ended(monitor, reason));
      case AliveQuery query -> lateQuery(query);
      case Signal other -> kernel.counters().signalsToTheDead.increment();
      default -> kernel.undeliverable().count(Undeliverable.reasonOf(this), self(), what);
    }
  }

  /** Whatever code of the user's hangs on a request, it does not stop the end of a process. */
  final void fail(Request request, ExitReason reason) {
    try {
      request.fail(reason);
    } catch (Throwable thrown) {
      kernel.counters().reportsLost.increment();
    }
  }

  /** The answer is no, but only when everything has been released and announced (P6). */
  private void lateQuery(AliveQuery query) {
    if (isDead()) {
      query.slot.reply(false);
      return;
    }
    if (lateQueries == null) {
      lateQueries = new ArrayList<>(2);
    }
    lateQueries.add(query);
  }

  /** In phase EXITING, with the token: the queries to answer once DEAD is set. */
  final List<AliveQuery> takeLateQueries() {
    List<AliveQuery> queries = lateQueries;
    lateQueries = null;
    return queries == null ? List.of() : queries;
  }

  /** In phase EXITING, with the token: everything that is queued finds the process ended. */
  final void bounceAll(ExitReason reason) {
    SaveQueue moved = inbox;
    inbox = null;
    if (moved != null) {
      moved.forEach(message -> kernel.undeliverable().unread(self(), message, reason));
    }
    for (Object next = mailbox.poll(); next != null; next = mailbox.poll()) {
      kernel.undeliverable().unread(self(), next, reason);
    }
  }

  /** Bounces what arrived after the process had ended. */
  final void drainGone() {
    while (!mailbox.isEmpty() && tryTakeTokenOfGone()) {
      Object next = mailbox.poll();
      boolean none = next == null;
      for (; next != null; next = mailbox.poll()) {
        bounce(next, ExitReason.NO_PROCESS);
      }
      boolean signalled = releaseToken();
      if (none && !signalled) {
        return; // a sender is between claiming its place and filling it: it will come itself
      }
    }
  }

  /** In phase EXITING, with the token: tells everybody who is linked or watches. */
  final void announce(ExitReason reason) {
    Relations known = relations;
    relations = null;
    if (known == null) {
      return;
    }
    known
        .links()
        .forEach((peer, links) -> peer.deliverSignal(new ExitSignal(self(), reason, links)));
    for (Monitor watcher : known.watchers()) {
      watcher.watcher.deliverSignal(new Ended(watcher, reason));
    }
    for (Monitor own : known.monitors()) {
      if (own.target != null) {
        own.target.deliverSignal(new Demonitor(own));
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

  // ---- the other half

  abstract ProcessCell self();

  abstract Host hostOf();
}
