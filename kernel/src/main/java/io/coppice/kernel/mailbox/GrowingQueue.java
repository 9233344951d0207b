package io.coppice.kernel.mailbox;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A ring of few slots that grows while its producers are ahead of its consumer. It needs nothing of
 * the JDK but {@link VarHandle}, and so no flag: what mailboxes have where Agrona's ring cannot be
 * used, see {@link Queues}.
 */
public class GrowingQueue implements MessageQueue {
  /* A chain of rings. The producers work on the last one, the consumer on the oldest; most of the time
   * that is one and the same, which is used round and round, and nothing is allocated.
   *
   * In a ring, position p belongs to slot p mod length. A producer claims a position by moving `tail`,
   * then fills the slot; the consumer empties the slot, then moves `head`: Lamport's circular buffer,
   * with a CAS in place of the one producer. What happens to `tail`, by CAS each:
   *
   *   p -> p + 1        a producer claims position p; it saw that p - head < length
   *   p -> p | SEALED   a producer that found the ring full has put a ring of twice the length behind
   *                     it: all later messages go there
   *   p -> p | CLOSED   the consumer closes the queue; p == head
   *
   * A mark is for ever. That marks and claims compete for one word is the whole trick. It is the one of
   * LCRQ (Morrison and Afek, Fast Concurrent Queues for x86 Processors, PPoPP 2013). What differs: one
   * consumer, so a slot needs no counter of its own; claims by CAS instead of fetch-and-add, so a claim
   * is never given up; and the next ring is there before the mark says so.
   *
   * Invariants:
   *   1  The position in a `tail` never decreases, and after a mark `tail` never changes.
   *   2  head <= position(tail) <= head + length.
   *   3  `next` changes once, from null. A ring that is sealed has a next one.
   *   4  A ring in which a position was ever claimed follows only sealed ones.
   *   5  The consumer goes on to the next ring only if its own is sealed and head == position(tail). As
   *      it passes no slot that is not filled, all that was ever claimed there has been polled.
   *
   * Non-invariants:
   *   -  `newest` is where producers begin to look. It may lag behind by any number of rings.
   *   -  A ring with a next one may be open: the consumer made room after it was found full, so that
   *      it could not be sealed at that tail. It is used on, and the next one when it is full again.
   *   -  A sealed ring may be empty, and the one behind it, too: its producer is about to claim.
   *
   * Order of one producer that offers m, then n. In the same ring n's position is larger (1). If n's
   * ring comes later, m's has been polled before the consumer gets there (5). It cannot come earlier:
   * that ring was sealed before m was claimed (4), and is for ever.
   *
   * A producer that the operating system stops, for any time, holds up no other one:
   *   before its CAS       it fails if there was any other since (1, no ABA); it looks again
   *   before it fills      the consumer waits at that slot: poll returns null and isEmpty false, also if
   *                        the ring is sealed and those behind it are filled (5)
   *   before it seals      whoever finds the ring full does it in its place
   *   after it has sealed  the others go by `next`
   *
   * closeIfEmpty is the CAS head -> head | CLOSED. If it succeeds, the ring was open, hence the last one
   * with messages (4), and all of them have been polled. Offers under way fail at their CAS, whether it
   * claims or seals; a ring made meanwhile was made in vain. If it fails, and the ring is neither used up
   * nor closed, there was a claim.
   *
   * Without memory for the next ring nothing has happened yet: the queue is full.
   *
   * Memory. Each mode is what the proof needs:
   *   slot    setSlotRelease -> slotAcquire in poll: publishes the message.
   *           clearSlot, plain: setHeadRelease -> headAcquire in offer puts it before the next filling.
   *   head    setHeadRelease -> headAcquire in offer, see slot; in isEmpty and size of others. The
   *           consumer reads its own writes, or those of the consumer before it.
   *   tail    casTail -> tailAcquire in offer and poll: who sees SEALED sees `next`.
   *           casTail -> tailVolatile in isEmpty: a process says that it rests, then asks whether its
   *           mailbox is empty; a sender claims, and asks after a full fence whether the process rests
   *           (Mailbox.offer). One of them sees the other.
   *   next    casNext -> nextAcquire: publishes the ring.
   *   newest  casNewest -> newestAcquire in offer: publishes the ring.
   *   oldest  setOldestRelease -> oldestAcquire in isEmpty and size of others: publishes the ring, and that
   *           those before it are used up.
   *
   * Rejected:
   *   -  One array that is replaced by a larger copy: somebody copies while all others stand still.
   *   -  A mark in the producers' index while one of them grows the queue, which the others spin on: one
   *      that is stopped just then stops all of them.
   *   -  A linked list (Vyukov's): 24 bytes a message for ever; null is as ambiguous; and there is no one
   *      word that says "empty" and can be closed.
   *   -  Claims by fetch-and-add: what is claimed beyond the end of a ring must be given up, and the
   *      consumer must skip it.
   *   -  Pieces that are used once, instead of rings: garbage for ever, also without any burst.
   *   -  Growth without a bound: what is beyond spills (see Mailbox), which costs the same again per message
   *      and is how senders learn that they are far ahead.
   *
   * Measured (2 cores, ns; a message in and out of a mailbox that begins with 16 slots; JMH, Agrona's
   * ring and this one): one by one 3.3 and 3.3, no ring is needed; bursts of 16: 7.5 and 9.4; bursts
   * of 256, of which Agrona's spills most: 8.3 +- 2.3 and 9.7 +- 3.1.
   *
   * The bound. Bursts of 256, again and again, with a bound of 16, 64, 256, 1024: 18, 16, 9, 12. One such
   * burst in a new mailbox: 8.4, 8.7, 10, 14; so growth pays where bursts return, and is cheap where they
   * do not. 256 is what a process handles in one turn: who is further behind than that should be seen to be.
   *
   * The gap between head and tail (Ring). Without, with it, and with a line before and behind as well,
   * medians: one sender and the consumer at once, 64 messages between them: 100, 84, 60; two senders, 200
   * between them: 180, 90, 63; but a new mailbox for each 8 messages: 20, 22, 29, and 144, 200, 336 bytes
   * with its first ring. Most rings are short-lived and see one sender at a time.
   */
  static final int MOST_SLOTS = 256;

  private final int mostSlots;

  // ---- shared, accessed through the methods at the end only
  private Ring oldest; // written by the consumer

  @SuppressWarnings("unused") // by NEWEST
  private Ring newest;

  /**
   * Creates a queue.
   *
   * @param capacity number of slots at first, {@code > 0}, rounded up to a power of two
   */
  public GrowingQueue(int capacity) {
    this(capacity, MOST_SLOTS);
  }

  /** A queue whose last ring has that many slots, if it does not begin with more. */
  GrowingQueue(int capacity, int mostSlots) {
    this.mostSlots = mostSlots;
    this.oldest = new Ring(Integer.highestOneBit(2 * capacity - 1));
    this.newest = oldest;
  }

  @Override
  public final boolean offer(Object message) {
    Ring ring = newestAcquire();
    while (true) {
      long tail = ring.tailAcquire();
      if (Ring.isClosed(tail)) {
        return false;
      } else if (Ring.isSealed(tail)) {
        ring = behind(ring);
      } else if (ring.isFull(tail)) {
        if (!seal(ring, tail)) {
          return false;
        }
      } else if (ring.casTail(tail, tail + 1)) {
        ring.setSlotRelease(tail, message);
        return true;
      }
    }
  }

  @Override
  public final @Nullable Object poll() {
    Ring ring = oldest;
    Object message = ring.take();
    return message != null || !ring.isUsedUp() ? message : firstInUse().take();
  }

  @Override
  public final boolean isEmpty() {
    Ring ring = oldestAcquire();
    while (true) {
      long head = ring.headAcquire(); // before the tail: if they are the same, it was empty here
      long tail = ring.tailVolatile();
      if (Ring.position(tail) != head) {
        return false;
      }
      if (!Ring.isSealed(tail)) {
        return true;
      }
      ring = ring.nextOfSealed();
    }
  }

  @Override
  public final int size() {
    int size = 0;
    Ring ring = oldestAcquire();
    while (true) {
      long head = ring.headAcquire();
      long tail = ring.tailAcquire();
      size += (int) (Ring.position(tail) - head);
      if (!Ring.isSealed(tail)) {
        return size;
      }
      ring = ring.nextOfSealed();
    }
  }

  @Override
  public final boolean closeIfEmpty() {
    Ring ring;
    do {
      ring = firstInUse();
      if (ring.close()) {
        return true;
      }
    } while (ring.isUsedUp()); // sealed just now
    return false;
  }

  // ---- producer

  /** The ring behind a sealed one. */
  private Ring behind(Ring ring) {
    Ring next = ring.nextOfSealed();
    casNewest(ring, next);
    return next;
  }

  /** Lets the ring end where it is full; false if there cannot be another one behind it. */
  final boolean seal(Ring ring, long fullAt) {
    if (ring.length() >= mostSlots) {
      return false;
    }
    if (ring.nextAcquire() == null) {
      try {
        ring.casNext(createRing(2 * ring.length()));
      } catch (OutOfMemoryError noMemory) {
        return false;
      }
    }
    ring.seal(fullAt);
    return true;
  }

  /** Tests make it fail, and do what happens meanwhile. */
  Ring createRing(int slots) {
    return new Ring(slots);
  }

  // ---- consumer

  private Ring firstInUse() {
    while (oldest.isUsedUp()) {
      setOldestRelease(oldest.nextOfSealed());
    }
    return oldest;
  }

  // ---- accessors by memory mode

  final Ring newestAcquire() {
    return (Ring) NEWEST.getAcquire(this);
  }

  private void casNewest(Ring expected, Ring ring) {
    NEWEST.compareAndSet(this, expected, ring);
  }

  private Ring oldestAcquire() {
    return (Ring) OLDEST.getAcquire(this);
  }

  private void setOldestRelease(Ring ring) {
    OLDEST.setRelease(this, ring);
  }

  private static final VarHandle OLDEST;
  private static final VarHandle NEWEST;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OLDEST = lookup.findVarHandle(GrowingQueue.class, "oldest", Ring.class);
      NEWEST = lookup.findVarHandle(GrowingQueue.class, "newest", Ring.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
    rehearse();
  }

  /**
   * Does everything once. The JVM links an access by a VarHandle when it meets it first, which
   * takes stack and memory: what is short of either must not find that out between its claim and
   * its slot.
   */
  private static void rehearse() {
    GrowingQueue queue = new GrowingQueue(1, 2);
    for (int i = 0; i < 3; i++) {
      queue.offer("");
    }
    while (!queue.isEmpty() && queue.size() > 0) {
      queue.poll();
    }
    queue.closeIfEmpty();
    queue.offer("");
  }
}
