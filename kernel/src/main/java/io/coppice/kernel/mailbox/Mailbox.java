package io.coppice.kernel.mailbox;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The unbounded inbound queue of one process: many senders, one consumer at a time.
 *
 * <p>Threads: {@link #offer}, {@link #isEmpty}, {@link #size}, {@link #hasRing} and {@link
 * #everSpilled} on any thread, whatever locks it holds: they neither lock nor park. {@link #poll}
 * and {@link #releaseRing} belong to the consumer, a role that may move between threads if each
 * hand-over is ordered by happens-before (the consumer token of the process).
 *
 * <p>Memory: what a sender did before {@code offer} happens-before what the consumer does after the
 * {@code poll} that returns the message. The messages of one sender arrive in the order sent, also
 * if the sender is a process that moves between threads.
 *
 * <p>A mailbox tells <em>empty</em> from <em>in flight</em>: when {@code poll} returns null, ask
 * {@code isEmpty}. True: there was nothing to receive. False: a message is on its way, or has
 * arrived since; the consumer must poll again before it waits or reports "no message".
 */
public class Mailbox {
  /* Three places, tried in this order by a sender, emptied in this order by the consumer:
   *
   *   first    one field. While no ring exists, a sender puts its message here by CAS, so a process
   *            that drains one message at a time never has a ring (330 bytes with 16 slots).
   *   ring     a bounded queue, created by the sender that finds `first` taken, and released when the
   *            process goes idle or waits: a million processes that once had a burst have no ring.
   *   spilled  a stack of nodes, newest on top, for what the ring refuses. As long as it holds
   *            anything, all senders push here. The consumer takes it as a whole, turns it round,
   *            and hands it out as its private batch. The batch lives in `first`, which is closed to
   *            senders by then: both are "what comes before the ring".
   *
   * States of the fields:
   *
   *   first    null     -> message   sender's CAS, only if it read ring == null
   *            message  -> null      consumer took it, ring == null
   *            null or message -> NONE   consumer closes it (getAndSet), before it polls a ring or
   *                                  takes the stack; a message found there is received next
   *            NONE     -> node      consumer is about to take the stack, or took it
   *            node     -> node, NONE    consumer hands out its batch
   *            NONE     -> null      releaseRing
   *   ring     null -> ring          sender's CAS; ring -> null: releaseRing, after closing it
   *   spilled  null                  nothing was ever spilled
   *            any -> node           sender pushes (CAS)
   *            node -> NONE          consumer takes all (CAS)
   *
   * Order per sender. Let one sender send m, then n. Each pair of places:
   *
   *   m first,  n first     n's CAS needs null, so m was taken.
   *   m first,  n ring      The ring is polled only after `first` was closed, by a read-modify-write
   *                         that returns m if it is still there. (Were `first` only looked at, m
   *                         could be put there just after the look, n in the ring, and n be polled
   *                         first: MailboxFirstSlotStress shows it.)
   *   m first,  n spilled   The consumer reads the top of the stack, then closes `first`, then takes
   *                         the stack only if the top is unchanged: it takes n only if it saw n's
   *                         push before the closing, and m went before the push.
   *   m ring,   n first     The sender saw a ring, now it saw none: it was released, when it was
   *                         empty, so m was taken.
   *   m ring,   n ring      The ring's own order; or m's ring was released, so m was taken.
   *   m ring,   n spilled   As m first, n spilled: between seeing n's push and taking the stack the
   *                         consumer finds the ring truly empty, not merely a null poll: a claimed
   *                         and unfilled slot may hide m. (MailboxSpillStress shows it.)
   *   m spilled, n first    The sender saw no stack, so m is in the batch, and the batch is in
   *     or n ring           `first`: n cannot be put there, and the ring is polled only after it.
   *   m spilled, n spilled  The stack turned round; a second stack is taken only after the first
   *                         batch is used up.
   *
   * Late senders. A sender may sleep for any time between reading `ring` and acting on it. If it read
   * null, its CAS on `first` succeeds only if `first` is open and empty, and the table above holds
   * whatever happened between. If it read a ring that was released meanwhile, that ring is closed: it
   * refuses, and the sender pushes. This is why releaseRing is safe.
   *
   * Memory. Each mode below is what the proof needs, no more:
   *   first    message in: CAS (release) -> firstAcquire, closeFirst: publishes the message.
   *            node in: setFirstRelease -> firstAcquire in isEmpty and size of other threads.
   *   ring     casRing (release) -> ringAcquire: publishes the ring's fields.
   *            setRingRelease(null): what is published is "closed and empty", see m ring, n first.
   *   spilled  casSpilled (acquire and release). Push -> spilledAcquire of the consumer: publishes
   *            node and message, and the sender's earlier claims in `first` and ring; acquire too, so
   *            that this holds for the senders of the nodes below. Take -> spilledAcquire in offer:
   *            a sender that sees the stack gone sees `first` closed.
   *
   * A stack and not a list under a spin lock: a sender that the operating system stops while it holds
   * a spin lock stops every other sender and the consumer for a time slice, and a virtual thread must
   * not yield or park here. Measured against that lock with a circular array behind it (2 cores, about
   * 20 runnable threads, ring of 16, cpu time per message in ns): 8 senders, worst poll 48..110 ms with
   * the lock, 9..24 ms with the stack; 3 senders, an offer 11..25 and 5..10, a poll 5..14 and 6..10;
   * one sender and consumer in turn, bursts of 100, an offer 11..16 and 29, a poll 9..11 and 17. The
   * price is thus a node per spilled message (24 bytes) and some time where nobody competes.
   */

  /** In {@code first}: closed, no batch. In {@code spilled}: empty, but it was used before. */
  private static final Node NONE = new Node();

  private final MessageQueue.Factory factory;
  private final int capacity;

  // ---- shared, accessed through the methods at the end only
  private volatile @Nullable Object first;
  private volatile @Nullable MessageQueue ring;
  private volatile @Nullable Node spilled;

  /**
   * Creates an empty mailbox; allocates nothing else.
   *
   * @param factory creates the ring when it is needed
   * @param capacity number of messages the ring holds before senders spill, {@code > 0}
   */
  public Mailbox(MessageQueue.Factory factory, int capacity) {
    this.factory = factory;
    this.capacity = capacity;
  }

  /**
   * Adds a message. Never fails, unless the heap is exhausted. Ends with a full fence, of its own
   * or that of a CAS: what the sender reads afterwards (whether the consumer sleeps) is read after
   * the message can be seen. Returns 0, or, if the message has spilled, how many have since the
   * consumer last took those, itself included.
   */
  public final int offer(Object message) {
    Objects.requireNonNull(message, "a message must not be null");
    if (isDrained(spilledAcquire())) {
      MessageQueue queue = ringAcquire();
      if (queue == null) {
        if (firstAcquire() == null && casFirst(message)) {
          return 0;
        }
        queue = createRing();
      }
      if (queue.offer(message)) {
        VarHandle.fullFence(); // the ring fills its slot by a release store only
        return 0;
      }
    }
    return push(new Node(message));
  }

  /** Takes the oldest message; null if there is none or if it is in flight. Consumer only. */
  public final @Nullable Object poll() {
    MessageQueue queue = ringAcquire();
    Object message = queue == null ? takeFirst() : closeAndTakeFirst();
    if (message == null && queue != null) {
      message = queue.poll();
    }
    return message != null || isDrained(spilledAcquire()) ? message : pollSpilled();
  }

  /**
   * True only if nothing is in the mailbox and nothing is in flight: every message whose {@code
   * offer} happens-before this call has been taken. When the consumer asks, there was an instant
   * during the call at which the mailbox was empty.
   */
  public final boolean isEmpty() {
    // The stack before `first`: messages move from the one to the other, never back.
    if (!isDrained(spilledAcquire())) {
      return false;
    }
    Object head = firstAcquire();
    if (head != null && head != NONE) {
      return false;
    }
    MessageQueue queue = ringAcquire();
    return queue == null || queue.isEmpty();
  }

  /**
   * True only if nothing is in the mailbox or in flight, and it has no ring: what {@link #isEmpty}
   * tells of most mailboxes, at less cost.
   */
  public final boolean isPristine() {
    return isDrained(spilledAcquire()) && firstAcquire() == null && ringAcquire() == null;
  }

  /** The number of messages, those in flight included; an estimate while others send. */
  public final int size() {
    Node stack = spilledAcquire();
    Object head = firstAcquire();
    MessageQueue queue = ringAcquire();
    int before = head instanceof Node batch ? batch.count : head == null ? 0 : 1;
    return before + (queue == null ? 0 : queue.size()) + (stack == null ? 0 : stack.count);
  }

  /** Whether a message ever found the ring full (or just released). Costs one load. */
  public final boolean everSpilled() {
    return spilledAcquire() != null;
  }

  /** Whether {@link #releaseRing} has something to do. Costs one load. */
  public final boolean hasRing() {
    return ringAcquire() != null;
  }

  /**
   * Drops the ring of an empty mailbox, so that an idle process costs what it cost before its first
   * burst; the next burst creates a new one. Returns whether there is no ring now: false if the
   * mailbox is not empty. Consumer only.
   */
  public final boolean releaseRing() {
    MessageQueue queue = ringAcquire();
    if (queue == null) {
      reopenFirst();
      return true;
    }
    if (firstAcquire() != NONE || !isDrained(spilledAcquire()) || !queue.closeIfEmpty()) {
      return false;
    }
    setRingRelease(null);
    reopenFirst();
    return true;
  }

  // ---- sender

  private MessageQueue createRing() {
    MessageQueue created = factory.create(capacity);
    MessageQueue existing = casRing(created);
    return existing == null ? created : existing;
  }

  private int push(Node node) {
    Node top;
    int count;
    do {
      top = spilledAcquire();
      node.putOn(isDrained(top) ? null : top);
      count = node.count; // the consumer may change it once it is pushed
    } while (!casSpilled(top, node));
    return count;
  }

  // ---- consumer

  private @Nullable Object takeFirst() {
    Object head = firstAcquire();
    if (head == null || head == NONE) {
      return null;
    }
    if (head instanceof Node batch) {
      return takeFromBatch(batch);
    }
    setFirstRelease(null); // no sender writes while a message is there
    return head;
  }

  private @Nullable Object closeAndTakeFirst() {
    Object head = firstAcquire();
    if (head == NONE) {
      return null;
    }
    return head instanceof Node batch ? takeFromBatch(batch) : closeFirst();
  }

  private void reopenFirst() {
    if (firstAcquire() == NONE) {
      setFirstRelease(null);
    }
  }

  private Object takeFromBatch(Node batch) {
    Node rest = batch.next;
    batch.next = null; // else an old, dead node keeps all later ones alive until a full collection
    setFirstRelease(rest == null ? NONE : rest);
    return Objects.requireNonNull(batch.message);
  }

  /** Takes the stack if everything sent before it has been received, else what comes before it. */
  private @Nullable Object pollSpilled() {
    for (Node top = spilledAcquire(); top != null && top != NONE; top = spilledAcquire()) {
      Object older = closeAndTakeFirst();
      if (older != null) {
        return older;
      }
      MessageQueue queue = ringAcquire();
      if (queue != null && !queue.isEmpty()) {
        return queue.poll();
      }
      setFirstRelease(top); // before the stack is gone: isEmpty must find it in one of the two
      if (casSpilled(top, NONE)) {
        return takeFromBatch(top.reversed());
      }
      setFirstRelease(NONE);
    }
    return null;
  }

  private static boolean isDrained(@Nullable Node stack) {
    return stack == null || stack == NONE;
  }

  // ---- accessors by memory mode

  private @Nullable Object firstAcquire() {
    return FIRST.getAcquire(this);
  }

  private boolean casFirst(Object message) {
    return FIRST.compareAndSet(this, null, message);
  }

  /** Read-modify-write: a sender's casFirst either comes before it, and is returned, or fails. */
  private @Nullable Object closeFirst() {
    Object head = FIRST.getAndSet(this, NONE);
    return head == NONE ? null : head;
  }

  private void setFirstRelease(@Nullable Object head) {
    FIRST.setRelease(this, head);
  }

  private @Nullable MessageQueue ringAcquire() {
    return (MessageQueue) RING.getAcquire(this);
  }

  private @Nullable MessageQueue casRing(MessageQueue created) {
    return (MessageQueue) RING.compareAndExchange(this, null, created);
  }

  private void setRingRelease(@Nullable MessageQueue queue) {
    RING.setRelease(this, queue);
  }

  private @Nullable Node spilledAcquire() {
    return (Node) SPILLED.getAcquire(this);
  }

  private boolean casSpilled(@Nullable Node expected, Node stack) {
    return SPILLED.compareAndSet(this, expected, stack);
  }

  private static final VarHandle FIRST;
  private static final VarHandle RING;
  private static final VarHandle SPILLED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      FIRST = lookup.findVarHandle(Mailbox.class, "first", Object.class);
      RING = lookup.findVarHandle(Mailbox.class, "ring", MessageQueue.class);
      SPILLED = lookup.findVarHandle(Mailbox.class, "spilled", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * A spilled message. Written by its sender until it is pushed, then by the consumer that took it.
   */
  private static final class Node {
    final @Nullable Object message;
    @Nullable Node next;

    /** Messages from here to the end of the chain. */
    int count;

    /** The node that stands for no chain. */
    Node() {
      message = null;
    }

    Node(Object message) {
      this.message = message;
    }

    void putOn(@Nullable Node below) {
      next = below;
      count = below == null ? 1 : below.count + 1;
    }

    /** Turns the chain round and returns its new head, the oldest message. */
    Node reversed() {
      Node newer = null;
      Node node = this;
      while (true) {
        Node older = node.next;
        node.putOn(newer);
        if (older == null) {
          return node;
        }
        newer = node;
        node = older;
      }
    }
  }
}
