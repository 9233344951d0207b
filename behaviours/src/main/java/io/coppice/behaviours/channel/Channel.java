package io.coppice.behaviours.channel;

import io.coppice.behaviours.channel.Line.Place;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Processes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Longer than 400 lines: more than half is documentation.
/**
 * A queue between processes, for pipelines in which data flows through stages: any number of
 * senders and of receivers, each item received by one of them, in the order of sending. A bounded
 * channel pushes back: who sends to a full one waits.
 *
 * <p>Processes wait in the kernel: a scheduler runs others meanwhile, exit signals end the wait, an
 * exact time-out is one of the node's timers, and in a test node all is repeatable. A wait inside a
 * reactive process's handler works as well, but holds up its messages; {@link #trySend} and {@link
 * #tryReceive} never wait. Threads from outside may use a channel like processes. An item that was
 * handed to a process that is killed before it could take it is received by the next one.
 *
 * <p>It is no mailbox: it belongs to nobody, is garbage when nobody knows it any more, and does not
 * notice when those who use it end. Whoever knows that no more will come calls {@link #close()}; a
 * supervised stage does it when it ends for good.
 *
 * {@snippet class="io.coppice.behaviours.channel.ChannelSnippets" region="pipeline"}
 *
 * @param <T> the items, immutable objects
 */
public final class Channel<T> {
  /*
   * Structure. One lock around a ring of items and two queues of those who wait: a critical section
   * is a few dozen instructions, never waits, and runs no code of users. Whoever has to wait leaves a
   * place in one of the queues, gives the lock back, and waits at the place's handoff.
   *
   * Invariants, whenever the lock is free:
   *   - a receiver waits only if there are no items, and no sender waits;
   *   - a sender waits only if there are as many items as fit;
   *   - if the channel is closed, nobody waits.
   *
   * What is handed over is handed over under the lock: an item to the first receiver that still waits,
   * ACCEPTED to the first sender whose item has gone into the ring. A place whose owner has given up
   * (time-out, death) refuses the offer, and the next one is asked. So an item is always in exactly one
   * place: in the ring, in the place of a sender, or accepted by the handoff of a receiver. A receiver
   * that dies with an item in its handoff puts it back in front (it may be one more than fit, then).
   *
   * Rejected: a queue of java.util.concurrent. Its waits are invisible to the kernel (no wait reason, no
   * virtual time), and close and hand-back cannot be added from outside. Not tried: a lock-free ring.
   * With the lock an item costs 17 to 20 ns on one scheduler (bench uncontended_channel_on_channel and
   * ..._bounded_on_channel), a message through an unbounded mailbox 30 there, through a bounded one 74.
   *
   * Fairness is first come, first served among those who wait; somebody who finds an item or room takes
   * it only if nobody waits for it, by the invariants.
   */
  private static final Object ACCEPTED = new Object();
  private static final Object CLOSED = new Object();
  private static final int SPINS = 64; // whoever has the lock has it for less than a microsecond

  private final Processes node;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();

  // ---- guarded by the lock
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final Line<T> receivers = new Line<>();
  private final Line<T> senders = new Line<>();
  private boolean closed;
  private @Nullable Throwable cause;

  private Channel(Processes node, int capacity) {
    this.node = node instanceof Context self ? self.node() : node;
    this.capacity = capacity;
  }

  /**
   * A channel in which any number of items fit: senders never wait.
   *
   * @param <T> the items
   * @param node the node of the processes that use it, or a context of one of them
   * @return an empty channel
   */
  public static <T> Channel<T> unbounded(Processes node) {
    return new Channel<>(node, Integer.MAX_VALUE);
  }

  /**
   * A channel that pushes back when it is full.
   *
   * @param <T> the items
   * @param node the node of the processes that use it, or a context of one of them
   * @param capacity how many items fit, zero or more; with zero each sender waits for a receiver
   * @return an empty channel
   * @throws IllegalArgumentException if the capacity is negative
   */
  public static <T> Channel<T> bounded(Processes node, int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException(
          "The capacity of a channel is the number of items that fit, zero or more, not "
              + capacity
              + ".");
    }
    return new Channel<>(node, capacity);
  }

  // ---- sending

  /**
   * Sends an item, and waits as long as there is no room.
   *
   * @param item an immutable object
   * @throws ChannelClosed if the channel is closed, or is closed while the sender waits; the item
   *     is then not in it
   * @throws IllegalStateException if there is no room and the calling process is one that never
   *     waits
   */
  public void send(T item) {
    boolean _ = put(item, null);
  }

  /**
   * Sends an item, and waits for room for a while.
   *
   * @param item an immutable object
   * @param timeout how long, zero or more
   * @return false if there was no room in that time; the item is then not in the channel
   * @throws ChannelClosed as {@link #send(Object)}
   */
  public boolean send(T item, Duration timeout) {
    return put(item, Objects.requireNonNull(timeout, "timeout"));
  }

  /**
   * Sends an item if there is room. Never waits.
   *
   * @param item an immutable object
   * @return false if the channel is full
   * @throws ChannelClosed if the channel is closed
   */
  public boolean trySend(T item) {
    Objects.requireNonNull(item, "item");
    lock();
    try {
      return accepts(item);
    } finally {
      lock.unlock();
    }
  }

  private boolean put(T item, @Nullable Duration timeout) {
    Objects.requireNonNull(item, "item");
    Place<T> place = null;
    while (true) {
      lock();
      try {
        if (accepts(item)) {
          return true;
        }
        if (place != null) {
          senders.join(place);
          break;
        }
      } finally {
        lock.unlock();
      }
      place = new Place<>(node.handoff(this), item); // may end this process: not with the lock
    }
    Object outcome = await(place, senders, timeout);
    if (outcome == CLOSED) {
      throw closedFor("send to");
    }
    return outcome == ACCEPTED;
  }

  /** With the lock: a receiver, or the ring, takes it. */
  private boolean accepts(T item) {
    if (closed) {
      throw closedFor("send to");
    }
    if (receivers.handOver(item) != null) {
      return true;
    }
    if (items.size() >= capacity) {
      return false;
    }
    items.addLast(item);
    return true;
  }

  // ---- receiving

  /**
   * Receives the next item, and waits for it.
   *
   * @return the item
   * @throws ChannelClosed if the channel is closed and empty, or becomes so while the receiver
   *     waits
   * @throws IllegalStateException if there is no item and the calling process is one that never
   *     waits
   */
  public T receive() {
    return take(null).orElseThrow(() -> closedFor("receive from"));
  }

  /**
   * Receives the next item, and waits for a while.
   *
   * @param timeout how long, zero or more
   * @return the item, or empty if none came in that time
   * @throws ChannelClosed as {@link #receive()}
   */
  public Optional<T> receive(Duration timeout) {
    return take(Objects.requireNonNull(timeout, "timeout"));
  }

  /**
   * Receives the next item if there is one. Never waits.
   *
   * @return the item, or empty
   * @throws ChannelClosed if the channel is closed and empty
   */
  public Optional<T> tryReceive() {
    lock();
    try {
      return Optional.ofNullable(next());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Receives until the channel is closed and empty: the loop of a stage.
   *
   * @param action called with each item; what it throws ends the loop, and that item is gone
   * @throws ChannelClosed if the channel was closed with a cause
   */
  public void forEach(Consumer<? super T> action) {
    Objects.requireNonNull(action, "action");
    while (true) {
      T item;
      try {
        item = receive();
      } catch (ChannelClosed end) {
        if (end.getCause() != null) {
          throw end;
        }
        return;
      }
      action.accept(item);
    }
  }

  @SuppressWarnings("unchecked") // what is neither CLOSED nor absent is an item
  private Optional<T> take(@Nullable Duration timeout) {
    Place<T> place = null;
    while (true) {
      lock();
      try {
        T item = next();
        if (item != null) {
          return Optional.of(item);
        }
        if (place != null) {
          receivers.join(place);
          break;
        }
      } finally {
        lock.unlock();
      }
      place = new Place<>(node.handoff(this), null); // may end this process: not with the lock
    }
    Object outcome = await(place, receivers, timeout);
    if (outcome == CLOSED) {
      throw closedFor("receive from");
    }
    return Optional.ofNullable((T) outcome);
  }

  /** With the lock: the next item; what its room is good for, a waiting sender gets. */
  private @Nullable T next() {
    T item = items.pollFirst();
    if (item != null) {
      admitSenders();
      return item;
    }
    Place<T> sender = senders.handOver(ACCEPTED); // only if nothing fits at all
    if (sender != null) {
      return Objects.requireNonNull(sender.item);
    }
    if (closed) {
      throw closedFor("receive from");
    }
    return null;
  }

  /** With the lock. */
  private void admitSenders() {
    while (items.size() < capacity) {
      Place<T> sender = senders.handOver(ACCEPTED);
      if (sender == null) {
        return;
      }
      items.addLast(Objects.requireNonNull(sender.item));
    }
  }

  // ---- closing

  /**
   * Says that no more items will come. Those that are in the channel can still be received; who
   * waits to send, or to receive from an empty channel, gets {@link ChannelClosed}.
   *
   * @return false if it was closed before
   */
  public boolean close() {
    return close(null);
  }

  /**
   * Closes the channel because something went wrong, which those who use it are told.
   *
   * @param why the cause of each {@link ChannelClosed} that is thrown, or null
   * @return false if it was closed before: its cause does not change
   */
  public boolean close(@Nullable Throwable why) {
    lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      cause = why;
      while (receivers.handOver(CLOSED) != null || senders.handOver(CLOSED) != null) {
        // on to the next
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether it was closed; items may still be in it.
   *
   * @return true once {@link #close()} was called
   */
  public boolean isClosed() {
    lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many items are in it, without those of senders that wait.
   *
   * @return a number that may have changed when it is read
   */
  public int size() {
    lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many items fit.
   *
   * @return zero or more; {@link Integer#MAX_VALUE} if it is unbounded
   */
  public int capacity() {
    return capacity;
  }

  @Override
  public String toString() {
    lock();
    try {
      String bound = capacity == Integer.MAX_VALUE ? "unbounded" : "of " + capacity;
      return "Channel[%s, %d items, %d senders and %d receivers wait%s]"
          .formatted(
              bound, items.size(), senders.size(), receivers.size(), closed ? ", closed" : "");
    } finally {
      lock.unlock();
    }
  }

  // ---- waiting

  /** Null if the time is over. */
  private @Nullable Object await(Place<T> place, Line<T> line, @Nullable Duration timeout) {
    Object outcome = null;
    boolean told = false;
    try {
      outcome = place.handoff.await(timeout).orElse(null);
      told = true;
      return outcome;
    } finally {
      if (outcome == null) {
        leave(place, line, told);
      }
    }
  }

  /** Nobody waits at that place any more. An item that came all the same goes to somebody else. */
  @SuppressWarnings("unchecked")
  private void leave(Place<T> place, Line<T> line, boolean timedOut) {
    lock();
    try {
      line.leave(place);
      Object late = timedOut ? null : place.handoff.withdraw().orElse(null);
      if (late != null && late != ACCEPTED && late != CLOSED) {
        T item = (T) late;
        if (receivers.handOver(item) == null) {
          items.addFirst(item);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void lock() {
    for (int i = 0; i < SPINS; i++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  private ChannelClosed closedFor(String what) {
    return new ChannelClosed("Cannot " + what + " a channel that is closed.", cause);
  }
}
