package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.AliveQuery;
import io.coppice.kernel.cell.Signal.Ended;
import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.MessagesQuery;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.cell.Signal.ViaAlias;
import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of that which arrives in the queue of a process that ends, or has ended: somebody
 * may wait for an answer.
 */
abstract class EndingCell extends InboundCell {
  private @Nullable List<AliveQuery> lateQueries; // guarded by the token

  EndingCell(Kernel kernel, SpawnOptions options) {
    super(kernel, options);
  }

  /** Answers what arrived before the end, or too late, in place of the process. */
  @Override
  final void bounce(Object what, ExitReason reason) {
    switch (what) {
      case Request request -> fail(request, reason);
      case Link link -> link.from.deliverSurely(new ExitSignal(self(), reason, new Link[] {link}));
      case Monitor monitor -> monitor.watcher.deliverSurely(new Ended(monitor, reason));
      case AliveQuery query -> aliveQuery(query);
      case ViaAlias via -> dropped(via);
      case MessagesQuery query -> query.slot.answer(null);
      case Signal other -> kernel.counters().signalsToTheDead.increment();
      default -> kernel.undeliverable().count(Undeliverable.reasonOf(this), self(), what);
    }
  }

  /** If the answer is no, it comes when everything has been released and announced (P6). */
  @Override
  final void aliveQuery(AliveQuery query) {
    int phase = phase();
    if (phase == DEAD || (phase < EXITING && !query.untilEnd)) {
      query.slot.answer(phase != DEAD);
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

  /** Whether {@link #bounceAll} could find something. */
  final boolean mayHoldQueued() {
    return priorityMessagesIfAny() != null || inboxIfAny() != null || !inboundIsEmpty();
  }

  /** In phase EXITING, with the token: everything that is queued finds the process ended. */
  final void bounceAll(ExitReason reason) {
    SaveQueue first = priorityMessagesIfAny();
    if (first != null) {
      first.forEach(message -> answer(message, reason, true));
    }
    SaveQueue moved = inboxIfAny();
    if (moved != null) {
      moved.forEach(message -> answer(message, reason, true));
    }
    forgetInbox();
    for (Object next = pollInbound(); next != null; next = pollInbound()) {
      answer(next, reason, true);
    }
  }

  /**
   * Bounces something; while there is no memory to answer it, again and again.
   *
   * @param unread whether it came before the end
   */
  final void answer(Object what, ExitReason reason, boolean unread) {
    boolean done = false;
    while (!done) {
      try {
        if (unread) {
          kernel.undeliverable().unread(self(), what, reason);
        } else {
          bounce(what, reason);
        }
        done = true;
      } catch (OutOfMemoryError noMemory) {
        done = !(what instanceof Signal); // fail sees to requests
      } catch (Throwable thrown) {
        done = true;
        kernel.counters().lost();
      }
    }
  }

  /** Bounces what arrived after the process had ended. */
  @Override
  final void drainGone() {
    while (!inboundIsEmpty() && tryTakeTokenOfGone()) {
      Object next = pollInbound();
      boolean none = next == null;
      for (; next != null; next = pollInbound()) {
        answer(next, ExitReason.NO_PROCESS, false);
      }
      boolean signalled = releaseTokenOfOther();
      if (none && !signalled) {
        return; // a sender is between claiming its place and filling it: it will come itself
      }
    }
  }
}
