package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.ViaAlias;
import io.coppice.kernel.mailbox.Mailbox;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.SpawnOptions;
import org.jspecify.annotations.Nullable;

/**
 * What goes into the inbound queue of a process: its mailbox, and the place of the one message that
 * needs no mailbox.
 *
 * <p>Threads: any thread delivers.
 */
abstract class ArrivalCell extends SignalCell {
  /* Most processes rest when a message comes, with nothing in their mailbox. Then the sender who makes such
   * a process ready (tryClaimIdle) owns it until it is in a run queue, and leaves the message in `handed`;
   * the host that takes it from there owns it next. So neither needs the mailbox, nor the token: 4 instead
   * of 6 read-modify-write operations for a process that handles one message and rests again (one
   * scheduler, ms, before and after: thread_ring 41 and 31, gen_server_call 19 and 11.5; to itself:
   * yield_many 13 and 7.5, yield_in_hot_loop 27 and 16).
   *
   * The order of one sender's messages: the mailbox was empty when it looked, so all that it had sent before
   * were taken out, and what it sends next is behind, since the host takes `handed` first.
   *
   * The same place serves a process that sends to itself, while nothing else is on its way to it: it stands
   * behind all that has been taken out, and before all that will be. Before the mailbox is seen to be empty
   * because a helper has emptied it, the state word says that one is, or was, at work.
   *
   * Not for a process that waits with its stack: its host may go on between the claim and the message, for
   * instance because somebody took a picture of its stack (Runner.unmount).
   */
  private static final int BACKLOG = 256; // spilled messages after which a sender gives way

  @Nullable Object handed; // whoever has claimed the process writes it, then its host
  final Mailbox mailbox; // whoever holds the token takes out

  ArrivalCell(Kernel kernel, SpawnOptions options) {
    super(kernel, options.queue());
    this.mailbox = new Mailbox(kernel.queues(), kernel.mailboxCapacity(options));
  }

  // ---- delivering: any thread

  /** A message that no code of the user's sends now: of a timer, or the first. */
  final void deliverMessage(Object message) {
    if (phase() >= EXITING) {
      bounce(message, ExitReason.NO_PROCESS); // the root, too, takes no messages
    } else if (bound == null) {
      enqueue(null, message, false);
    } else {
      bound.sendUnattended(message);
    }
  }

  /** A message of a process, null for a thread that runs none; see {@link MailboxBound#send}. */
  final void deliverFrom(@Nullable ProcessCell sender, Object message, long deadlineNanos) {
    if (phase() >= EXITING) {
      deliverMessage(message);
    } else if (bound == null) {
      int spilled = enqueue(sender, message, false);
      if (spilled != 0 && spilled % BACKLOG == 0 && sender != null) {
        sender.giveWay();
      }
    } else {
      bound.send(sender, message, deadlineNanos);
    }
  }

  /**
   * Puts a message into the queue. In a hurry somebody takes messages out as if a signal waited.
   * Returns how many have spilled, as {@link Mailbox#offer} does.
   */
  final int enqueue(@Nullable ProcessCell sender, Object message, boolean hurry) {
    boolean urgent = message instanceof ViaAlias via && via.isUrgent();
    if (urgent) {
      addSignalsPending(1);
    }
    if (kernel.holdsBack(self(), message)) {
      return 0;
    }
    boolean handed =
        !hurry
            && !(message instanceof Signal)
            && (sender == self() ? keepOwn(message) : handOver(message));
    return handed ? 0 : enter(message, urgent || hurry);
  }

  /** The owner, who runs, sends to itself. */
  private boolean keepOwn(Object message) {
    if (handed != null || !mailbox.isPristine() || mayHaveMoved() || hasTakenOut()) {
      return false;
    }
    handed = message;
    return true;
  }

  /** Makes a process that rests, and has nothing in its mailbox, ready for one message. */
  private boolean handOver(Object message) {
    if (!mailbox.isPristine() || !tryClaimIdle()) {
      return false;
    }
    handed = message; // published by the run queue
    self().makeReady();
    return true;
  }

  /** By a caller: whether a claim may succeed. */
  final boolean isAtRest() {
    return phase() == IDLE && bound == null && mailbox.isPristine() && !hasLongQueue();
  }

  /** By a caller who will run the process itself: makes it SCHEDULED, with one message. */
  final boolean claimFor(Object message) {
    if (!mailbox.isPristine() || !tryClaimIdle()) {
      return false;
    }
    handed = message;
    return true;
  }

  /** Puts something that is counted into the queue, and tells the process. */
  final int enter(Object item, boolean urgent) {
    int spilled = mailbox.offer(item);
    act(urgent ? notifySignal() : notifyMessage());
    if (spilled != 0) {
      kernel.queueWatch().look(self(), spilled);
    }
    return spilled;
  }

  final void deliverSignal(Signal signal) {
    if (!accepts(signal)) {
      return;
    }
    boolean offered = false;
    try {
      mailbox.offer(signal);
      offered = true;
    } finally {
      if (!offered) {
        addSignalsPending(-1); // there is no memory for it
      }
    }
    act(notifySignal());
  }

  /**
   * A signal that somebody relies on, and that cannot be refused. While there is no memory for it
   * this tries again: each attempt is a collection of garbage.
   */
  final void deliverSurely(Signal signal) {
    if (!accepts(signal) || (!signal.isUrgent() && handOver(signal))) {
      return;
    }
    boolean offered = false;
    while (!offered) {
      try {
        mailbox.offer(signal);
        offered = true;
      } catch (OutOfMemoryError noMemory) {
        Thread.onSpinWait();
      }
    }
    act(signal.isUrgent() ? notifySignal() : notifyMessage());
  }

  /** Counts a signal that is to be queued; false if it is not to be. */
  private boolean accepts(Signal signal) {
    int phase = phase();
    if (phase == DEAD) {
      bounce(signal, ExitReason.NO_PROCESS);
      return false;
    }
    if (phase == ROOT) {
      return false; // exits and links have no effect on it, and its monitors never fire
    }
    if (signal.isUrgent()) {
      addSignalsPending(1);
    }
    return !kernel.holdsBack(self(), signal);
  }

  /** A message that the process itself has asked for: there is always room for it. */
  final void deliverOwn(Object message) {
    if (bound == null) {
      deliverMessage(message);
    } else {
      bound.sendOwn(message);
    }
  }

  /** Something that comes through an alias of this process, and that nobody sends now. */
  final void deliverViaAlias(ViaAlias via) {
    if (via.isUrgent() && (bound == null || phase() >= EXITING)) {
      deliverSignal(via);
    } else {
      deliverMessage(via);
    }
  }

  /** Something that is sent through an alias of this process. */
  final void deliverViaAliasFrom(@Nullable ProcessCell sender, ViaAlias via) {
    if (bound == null || phase() >= EXITING) {
      deliverViaAlias(via);
    } else {
      bound.send(sender, via, Kernel.FOREVER);
    }
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

  /** What it was handed and has not taken; for its end, and for those who look. */
  final @Nullable Object handedIfAny() {
    return handed;
  }

  final void forgetHanded() {
    handed = null;
  }

  /** The owner: whether there are messages in its inbox or its batch. */
  abstract boolean hasTakenOut();

  /** Handles signals in place of a process that computes. */
  abstract void help();

  /** Answers what arrived before the end, or too late, in place of the process. */
  abstract void bounce(Object what, ExitReason reason);

  /** Bounces what arrived after the process had ended. */
  abstract void drainGone();

  abstract Host hostOf();
}
