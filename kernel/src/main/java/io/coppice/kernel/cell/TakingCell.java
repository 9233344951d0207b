package io.coppice.kernel.cell;

import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.SpawnOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages a process has taken out of its queue: which is next, which a selective receive has
 * refused. All of it belongs to the owner, the host in phase RUNNING, apart from what is said to be
 * for others.
 */
abstract class TakingCell extends AnsweringCell {
  /* Where a message may be, oldest first: saved (refused by a selective receive), the host's batch, the
   * inbox (moved there by a helper), the mailbox. saved and the batch belong to the owner; inbox and the
   * consumer side of the mailbox to the token.
   *
   * Before all of them: priority messages (P72). Whoever takes one out of the mailbox puts it into the
   * queue of the Relations, under the token; the owner takes them over into `priority` with each drain.
   * The flag PRIORITY tells an owner who is busy with its batch that a helper has put one there.
   */
  private static final VarHandle HOST;

  static {
    try {
      HOST = MethodHandles.lookup().findVarHandle(TakingCell.class, "host", Host.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // ---- owned by the host that runs it
  private @Nullable SaveQueue saved;
  private boolean scanning; // a predicate may be running

  // ---- shared: written by the owner, read by whoever resumes or inspects it
  @SuppressWarnings("unused") // by HOST
  private @Nullable Host host;

  TakingCell(Kernel kernel, SpawnOptions options) {
    super(kernel, options);
  }

  // ---- taking

  /**
   * Takes the next batch out of the queue. False if nothing is visible, or the process is dying.
   */
  final boolean fill(Host by) {
    boolean again = true;
    while (again) {
      if (!takeToken()) {
        return false;
      }
      try {
        drain(by);
      } finally {
        again = releaseToken() && !isDying(); // also when the stack overflows: others would spin
      }
    }
    return !isDying() && hasNew(by);
  }

  /** Whether messages have been taken out that no receive has looked at. */
  final boolean hasNew(Host by) {
    SaveQueue first = priority;
    return !by.batchIsEmpty() || (first != null && first.hasUnscanned());
  }

  /** Whether a message has been taken out and not received. */
  final boolean hasTaken(Host by) {
    SaveQueue refused = saved;
    return hasNew(by) || (refused != null && !refused.isEmpty());
  }

  /** Gives back what an empty mailbox keeps; the queue must be looked at afterwards. */
  final void releaseMemory(Host by) {
    saved = withoutEmpty(saved);
    priority = withoutEmpty(priority);
    if (!takeToken()) {
      return; // fenced
    }
    boolean again = false;
    try {
      releaseQueues();
    } finally {
      again = releaseToken();
    }
    if (again) {
      fill(by);
    }
  }

  private static @Nullable SaveQueue withoutEmpty(@Nullable SaveQueue queue) {
    return queue == null || queue.isEmpty() ? null : queue;
  }

  // ---- looking at what was taken

  /** Whether the predicate of a receive runs. */
  final boolean isScanning() {
    return scanning;
  }

  /** A receive begins. */
  final void restartScan() {
    if (saved != null) {
      saved.restartScan();
    }
    if (priority != null) {
      priority.restartScan();
    }
  }

  final @Nullable Object guardedScan(Host by, Predicate<Object> matching) {
    scanning = true;
    try {
      return scan(by, matching);
    } finally {
      scanning = false;
    }
  }

  private @Nullable Object scan(Host by, Predicate<Object> matching) {
    SaveQueue first = priority;
    Object found = first == null ? null : first.removeFirstMatching(matching);
    if (found != null) {
      by.batchHandles(found);
      return found;
    }
    SaveQueue refused = saved();
    found = refused.removeFirstMatching(matching);
    if (found != null) {
      by.batchHandles(found);
    }
    while (found == null) {
      if (!by.batchIsEmpty()) {
        refused.reserve(1);
      }
      Object message = by.batchPoll();
      if (message == null) {
        return null;
      }
      refused.addScanned(message); // first, so that it is not lost if the predicate throws
      kernel.queueWatch().look(self(), refused.size());
      if (matching.test(message)) {
        found = refused.removeScanned();
      }
    }
    return found;
  }

  final SaveQueue saved() {
    SaveQueue queue = saved;
    if (queue == null) {
      queue = kernel.queues().createSaveQueue();
      saved = queue;
    }
    return queue;
  }

  /** Throws the oldest messages away that a full mailbox is not to keep. */
  final void discardExcess(MailboxBound full, Host by) {
    if (scanning) { // it knows its place in saved, and looks at one of the batch
      trimArrived(full);
      return;
    }
    while (full.hasExcess()) {
      Object oldest = oldestCounted(by);
      if (oldest == null && (!fill(by) || by.batchIsEmpty())) {
        SaveQueue first = priority;
        oldest = first == null ? null : first.removeOldest(MailboxBound::counts);
        if (oldest == null) {
          return; // what is too much is still on its way in
        }
      }
      if (oldest != null) {
        full.discard(oldest);
      }
    }
  }

  private @Nullable Object oldestCounted(Host by) {
    Object oldest = saved == null ? null : saved.removeOldest(MailboxBound::counts);
    while (oldest == null && !by.batchIsEmpty()) {
      SaveQueue others = saved();
      others.reserve(1);
      Object next = by.batchPoll();
      if (next == null || MailboxBound.counts(next)) {
        oldest = next;
      } else {
        others.add(next);
      }
    }
    return oldest;
  }

  /** The oldest message that has been taken out of the queue, or null. */
  final @Nullable Object nextMessage(Host by) {
    SaveQueue first = priority;
    SaveQueue refused = saved;
    Object message = first == null ? null : first.poll();
    if (message == null && refused != null) {
      message = refused.poll();
    }
    if (message == null) {
      message = by.batchPoll();
      return message == null && takeHanded(by) ? by.batchPoll() : message;
    }
    by.batchHandles(message);
    return message;
  }

  /** Whether {@link #bounceTaken} could find something. */
  final boolean mayHoldTaken() {
    Host by = host();
    return priority != null
        || saved != null
        || handedIfAny() != null
        || (by != null && !by.batchIsEmpty());
  }

  /**
   * In phase EXITING, with the token: what was taken out of the queue and not handled finds the
   * process ended. Only looks: the fencer does it while the owner may be clearing.
   */
  final void bounceTaken(ExitReason reason) {
    SaveQueue first = priority;
    if (first != null) {
      first.forEach(message -> answer(message, reason, true));
    }
    SaveQueue refused = saved;
    if (refused != null) {
      refused.forEach(message -> answer(message, reason, true));
    }
    Host by = host();
    if (by != null) { // else it was about to leave, with nothing in its hands
      by.batchForEach(message -> answer(message, reason, true));
    }
    Object handed = handedIfAny();
    if (handed != null) {
      answer(handed, reason, !(handed instanceof Signal));
    }
  }

  /** The owner, at its end. */
  final void clearTaken(Host by) {
    priority = null;
    saved = null;
    forgetHanded();
    by.batchClear();
  }

  /**
   * Messages that have arrived and were not received, wherever they are; estimated, since other
   * threads read the counts of their owners.
   */
  final int queueLength() {
    SaveQueue first = priority;
    SaveQueue refused = saved;
    Host by = host();
    int taken =
        (first == null ? 0 : first.size())
            + (refused == null ? 0 : refused.size())
            + (by == null ? 0 : Math.max(0, by.batchSize()))
            + (handedIfAny() == null ? 0 : 1);
    return inboundSize() + taken;
  }

  /** The messages that wait, oldest first; exact for the owner and while the owner waits (P14). */
  @Override
  final List<Object> messages(int limit) {
    List<Object> all = new ArrayList<>();
    copy(priority, limit, all);
    copy(priorityMessagesIfAny(), limit, all);
    copy(saved, limit, all);
    Host by = host();
    if (by != null) {
      by.batchForEach(
          message -> {
            if (all.size() < limit) {
              all.add(message);
            }
          });
    }
    Object handed = handedIfAny();
    if (handed != null && all.size() < limit) {
      all.add(handed);
    }
    copy(inboxIfAny(), limit, all);
    Object held = messageInHand();
    if (held != null && all.size() < limit) {
      all.add(held);
    }
    return Collections.unmodifiableList(all);
  }

  private static void copy(@Nullable SaveQueue queue, int limit, List<Object> to) {
    if (queue != null) {
      queue.copyTo(to, limit);
    }
  }

  // ---- accessors

  /** The host it runs on, or is captured by; null if it needs one for its next turn. */
  public final @Nullable Host host() {
    return (Host) HOST.getAcquire(this);
  }

  final void setHostRelease(@Nullable Host value) {
    HOST.setRelease(this, value);
  }

  @Override
  final Host hostOf() {
    Host by = host();
    if (by == null) {
      throw new IllegalStateException("Process " + this + " is not running");
    }
    return by;
  }
}
