package io.coppice.kernel.cell;

import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxFull;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Overflow;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.TaggedDown;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.process.Watermarks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The limit of one mailbox and what happens at it, and its watermarks. Only processes with either
 * have one; the others pay one test of a final field per message.
 *
 * <p>Threads: any thread may send; {@link #received} and {@link #discard} belong to the owner of
 * the process, {@link #trim} to who holds its token.
 */
final class MailboxBound extends Occupancy {
  /* What is counted. A message counts from the moment it is let in, before it is in any queue, until the
   * code of the process gets it. Where it is meanwhile (ring, overflow, inbox, batch, save queue) does not
   * matter, so it can move between them without being counted anew, and the limit holds exactly, also while
   * many send: who is let in has moved the count by a CAS from below the limit. (With the sum of the sizes
   * of the queues, which their owners change without telling, neither would be true.)
   *
   * Signals never come here; what they become (Exit, Down, Response) is recognised by its type, which was
   * preferred to an envelope around each message. Thus nothing that a dying or answering process says is
   * lost or waits.
   *
   * Who may wait. Only a process, in a kernel wait, which leaves its scheduler to others. A thread that runs
   * none is somebody's event loop, or holds locks we do not know: it is told at once. Timers fire on
   * schedulers: they neither wait nor throw; what they cannot deliver is lost and counted. A process's own
   * timers are let in over the limit: they are as many as it has started, and a behaviour whose time-outs
   * are lost under load stands still when it should act.
   *
   * A process never waits for itself; two that wait for each other, in whatever long a circle, are ended by
   * their patience, and the failure names the circle (circleTo). No detector runs meanwhile: to be sure of
   * a circle it would have to stop all of its members.
   *
   * DROP_OLDEST. Senders cannot take from the queue, so they let everything in and the owner throws away
   * what is too much, oldest first, before it takes the next message (WaitingCell.discardExcess). An owner
   * that computes or waits for an answer would let the queue grow: an eighth of the limit later, at most
   * 64 messages, its senders treat it as they do when a signal waits, that is, they wake it, or hold its
   * token for a moment and throw away in its place (trim). They cannot reach what it has in hand: so it takes
   * one message at a time (isEnough), and what they throw away is the oldest but for messages that a
   * selective receive has refused. The same is true of an owner that waits in the middle of such a
   * receive, because its predicate calls somebody (trimArrived). So memory is bounded by limit + slack + a
   * message per sender under way, but for a process that waits for its turn: that begins with throwing
   * away. Requests that are thrown away fail, never with the token held: code of the user's hangs on them.
   */

  private static final int CIRCLE_LIMIT = 1_000; // processes looked at to explain a time-out

  private final ProcessCell owner;
  private final @Nullable MailboxLimit limit;
  private final @Nullable Watermarks marks;
  private final ConcurrentLinkedQueue<Object> discarded = new ConcurrentLinkedQueue<>();
  private final int slack; // excess that senders leave to the owner
  private final ExitReason full; // made when there is memory
  private volatile boolean ending;

  private MailboxBound(
      ProcessCell owner, @Nullable MailboxLimit limit, @Nullable Watermarks marks) {
    super(
        limit == null ? Long.MAX_VALUE : limit.messages(),
        marks == null ? Long.MAX_VALUE : marks.high(),
        marks == null ? Long.MIN_VALUE : marks.low());
    this.owner = owner;
    this.limit = limit;
    this.marks = marks;
    this.full = new ExitReason.MailboxOverflow(limitMessages());
    this.slack = limit == null ? 0 : Math.min(64, limit.messages() / 8);
  }

  /** The bound of a process, null if it has none. */
  static @Nullable MailboxBound of(ProcessCell owner, SpawnOptions.Queue options) {
    return options.limit() == null && options.marks() == null
        ? null
        : new MailboxBound(owner, options.limit(), options.marks());
  }

  /** Whether this is a message that somebody sent, and not what a signal became. */
  static boolean counts(Object message) {
    return switch (contentOf(message)) {
      case Exit _, Down _, TaggedDown _, Response _, Signal _ -> false;
      default -> true;
    };
  }

  /** The message itself, if it was sent through an alias. */
  private static Object contentOf(Object message) {
    return message instanceof Signal.ViaAlias via ? via.content : message;
  }

  // ---- sending: any thread

  /**
   * A send by code of the user's. Waits for room if that is the policy and a process sends.
   *
   * @param sender the process that sends, null if the thread runs none
   * @param deadlineNanos when the sender is no longer interested; then nothing happens
   * @throws MailboxFull if that is the policy and this is no request, which would fail instead
   */
  void send(@Nullable ProcessCell sender, Object message, long deadlineNanos) {
    if (sender != null && limit != null && overflow() == Overflow.SUSPEND_SENDER) {
      sender.refuseToWait("a send to " + owner + ", whose mailbox suspends its senders");
    }
    if (letIn(message)) {
      return;
    }
    switch (overflow()) {
      case SUSPEND_SENDER -> {
        if (sender == null) {
          refuse(message, "a thread that runs no process does not wait for room");
        } else if (sender == owner) {
          refuse(message, "a process cannot wait for itself to make room");
        } else {
          sendWhenRoom(sender, message, deadlineNanos);
        }
      }
      case FAIL_SEND -> refuse(message, "it handles messages more slowly than they come");
      case DROP_NEWEST, DROP_OLDEST, END_RECEIVER -> lose(message);
    }
  }

  /** A message from a timer, or from nobody: neither waits nor throws. */
  void sendUnattended(Object message) {
    if (!letIn(message)) {
      lose(message);
    }
  }

  /** A message that the process itself has asked for: over the limit, if need be. */
  void sendOwn(Object message) {
    if (counts(message)) {
      put(message, admitAlways());
    } else {
      put(message, 0);
    }
  }

  /** Delivers a message for which there is room, or to whom a limit does not apply. */
  private boolean letIn(Object message) {
    if (!counts(message)) {
      put(message, 0);
    } else if (overflow() == Overflow.DROP_OLDEST || limit == null) {
      put(message, admitAlways());
    } else if (tryAdmit()) {
      put(message, 0);
    } else {
      return false;
    }
    return true;
  }

  /** Puts it into the mailbox, and finds somebody who throws away if there are far too many. */
  private void put(Object message, long count) {
    boolean tooMany = limit != null && discardsOldest() && count - limit.messages() > slack;
    owner.enqueue(null, message, tooMany);
  }

  private Overflow overflow() {
    return limit == null ? Overflow.DROP_NEWEST : limit.overflow();
  }

  // ---- no room

  private void sendWhenRoom(ProcessCell sender, Object message, long deadlineNanos) {
    long patience = patienceNanos();
    long start = sender.kernel.dispatcher().clock().nanoTime();
    long until = sender.kernel.deadline(patience);
    boolean callerGivesUpFirst = deadlineNanos != Kernel.FOREVER && deadlineNanos - until < 0;
    Place place = new Place(sender);
    switch (enqueue(place)) {
      case ADMITTED -> put(message, 0);
      case CLOSED -> owner.bounce(message, owner.exitReason());
      case QUEUED -> {
        awaitPlace(place, callerGivesUpFirst ? deadlineNanos : until);
        if (place.isAdmitted()) {
          put(message, 0);
        } else if (place.isSettled()) {
          owner.bounce(message, owner.exitReason());
        } else if (callerGivesUpFirst) {
          if (message instanceof CallRequest.ByProcess call) {
            call.neverSent();
          }
        } else {
          String circle = circleTo(sender);
          long waited = sender.kernel.dispatcher().clock().nanoTime() - start;
          refuse(
              message,
              Undeliverable.identify(sender)
                  + " has waited "
                  + Duration.ofNanos(waited)
                  + " for room"
                  + circle);
        }
      }
    }
  }

  /** Waits; afterwards the place is settled, or it is not in the queue any more. */
  private void awaitPlace(Place place, long deadlineNanos) {
    boolean dying = true;
    try {
      place.sender.awaitRoom(place, deadlineNanos);
      dying = false;
    } finally {
      if (!place.isSettled()) {
        boolean _ = cancel(place); // if it fails, the place has been settled meanwhile
      }
      if (dying && place.isAdmitted()) {
        release(); // the next may have it
      }
    }
  }

  private long patienceNanos() {
    return limit == null ? 0 : Kernel.nanos(limit.patience(), "The patience of a mailbox limit");
  }

  /** Tells the sender. */
  private void refuse(Object sent, String why) {
    Object message = contentOf(sent);
    if (message instanceof Request request) {
      owner.fail(request, full);
      return;
    }
    owner.kernel.undeliverable().count(Undelivered.MAILBOX_FULL, owner, message);
    String text =
        "A "
            + message.getClass().getName()
            + " cannot be sent to "
            + Undeliverable.identify(owner)
            + ": its mailbox is full, "
            + count()
            + " messages wait and "
            + limitMessages()
            + " may; "
            + why;
    throw new MailboxFull(owner, limitMessages(), text);
  }

  /** Tells nobody, but for the caller of a request; ends the receiver if that is the policy. */
  private void lose(Object lost) {
    Object message = contentOf(lost);
    if (overflow() == Overflow.END_RECEIVER && !ending) {
      ending = true; // two may do it, and the second has no effect
      owner.deliverSignal(new Signal.Overrun(full));
    }
    if (message instanceof Request request) {
      owner.fail(request, full);
    } else {
      owner.kernel.undeliverable().count(Undelivered.MAILBOX_FULL, owner, message);
    }
  }

  int limitMessages() {
    return limit == null ? Integer.MAX_VALUE : limit.messages();
  }

  // ---- why it took so long

  /** Whether the owner, directly or through others, waits for room in the sender's mailbox. */
  private String circleTo(ProcessCell sender) {
    Deque<List<ProcessCell>> ways = new ArrayDeque<>();
    Set<ProcessCell> seen = new HashSet<>();
    ways.add(List.of(sender));
    while (!ways.isEmpty() && seen.size() < CIRCLE_LIMIT) {
      List<ProcessCell> way = ways.remove();
      MailboxBound bound = way.getFirst().bound;
      for (Waiter waiter : bound == null ? List.<Waiter>of() : bound.waiters()) {
        ProcessCell from = ((Place) waiter).sender;
        List<ProcessCell> longer = new ArrayList<>();
        longer.add(from);
        longer.addAll(way);
        if (from == owner) {
          return describeCircle(longer);
        }
        if (seen.add(from)) {
          ways.add(longer);
        }
      }
    }
    return "";
  }

  /** From the receiver to the sender: each waits for the next, and the sender for the first. */
  private static String describeCircle(List<ProcessCell> way) {
    StringBuilder out = new StringBuilder(", while ").append(Undeliverable.identify(way.get(0)));
    for (int i = 1; i < way.size(); i++) {
      out.append(i == 1 ? " waits for room in the mailbox of " : ", and that one for ");
      out.append(Undeliverable.identify(way.get(i)));
    }
    return out.append(": they wait for each other in a circle, which this failure breaks")
        .toString();
  }

  // ---- the receiver

  /** The code of the process gets a message. */
  void received(Object message) {
    if (counts(message)) {
      release();
    }
  }

  private boolean discardsOldest() {
    return limit != null && limit.overflow() == Overflow.DROP_OLDEST;
  }

  /** Whether the owner is to take no more of its messages into its hand. */
  static boolean isEnough(@Nullable MailboxBound bound, Host host) {
    return host.batchIsFull() || (bound != null && bound.discardsOldest() && !host.batchIsEmpty());
  }

  /** Whether it has watermarks of its own. */
  boolean hasMarks() {
    return marks != null;
  }

  /** Whether messages are to be thrown away. */
  boolean hasExcess() {
    return discardsOldest() && isOverLimit();
  }

  /** The owner throws a message away, which it holds and nobody else does; without the token. */
  void discard(Object oldest) {
    release();
    lose(oldest);
  }

  /** With the token: throws away what is too much, as far as the inbox goes. */
  void trim(SaveQueue inbox) {
    while (hasExcess()) {
      Object oldest = inbox.findOldest(MailboxBound::counts);
      if (oldest == null) {
        return;
      }
      discarded.add(oldest); // first: there may be no memory for it
      Object _ = inbox.removeOldest(MailboxBound::counts);
      release();
    }
  }

  /** After {@link #trim}, without the token. */
  void loseTrimmed() {
    for (Object message = discarded.poll(); message != null; message = discarded.poll()) {
      lose(message);
    }
  }

  @Override
  void crossed(boolean above, long count) {
    if (marks != null) {
      QueueWatch.report(owner, marks, count, above);
    }
  }

  @Override
  void crossingLost() {
    owner.kernel.counters().lost();
  }

  /** A process that waits for room. */
  private static final class Place extends Waiter {
    private final ProcessCell sender;

    Place(ProcessCell sender) {
      this.sender = sender;
    }

    @Override
    void wake() {
      sender.wakeUp();
    }
  }
}
