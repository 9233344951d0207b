package io.coppice.kernel.mailbox;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were taken out of the mailbox and not received yet, oldest first: those that a
 * selective receive refused, and those that a signal handler moved out of its way.
 *
 * <p>A scan remembers how far it came, so that a receive that waits never looks twice at a message
 * it refused. It goes: {@link #restartScan} at the start of a receive; {@link #scanNext} until a
 * message fits; {@link #removeScanned} takes that message. When {@code scanNext} returns null, the
 * next message comes from the mailbox; the receive that refuses it calls {@link #addScanned}. In
 * between, others may {@link #add}, also while the caller judges a message.
 *
 * <p>Threads: confined to the consumer of the mailbox.
 */
public final class SaveQueue {
  /* A circular array without a fixed capacity. All operations are O(1) amortised, except taking a
   * message out of the middle, which moves the shorter side. Nothing is allocated before the first
   * message, nor per message. Emptied, it drops an array longer than KEPT_WHEN_EMPTY.
   */

  private static final int INITIAL = 4;
  private static final int KEPT_WHEN_EMPTY = 8;
  private static final @Nullable Object[] UNALLOCATED = {};

  private @Nullable Object[] slots = UNALLOCATED; // length is zero or a power of two
  private int head;
  private int size;
  private int scanned; // messages 0 .. scanned - 1 were seen by the scan

  /** Appends a message, unseen by the scan. */
  public void add(Object message) {
    if (size == slots.length) {
      grow();
    }
    slots[slot(size)] = message;
    size++;
  }

  /** Appends a message that the current scan has refused already. All before it must be scanned. */
  public void addScanned(Object message) {
    assert scanned == size : "unscanned messages come first: " + scanned + " of " + size;
    add(message);
    scanned = size;
  }

  /** Makes room for some more messages: to add so many needs no memory then. */
  public void reserve(int count) {
    while (slots.length - size < count) {
      grow();
    }
  }

  /** Takes the oldest message, or returns null. */
  public @Nullable Object poll() {
    return size == 0 ? null : remove(0);
  }

  /** The oldest message that fits, which stays in the queue; null if there is none. */
  public @Nullable Object findOldest(Predicate<Object> fits) {
    for (int i = 0; i < size; i++) {
      Object message = at(i);
      if (fits.test(message)) {
        return message;
      }
    }
    return null;
  }

  /** Takes the oldest message that fits, wherever the scan is; null if there is none. */
  public @Nullable Object removeOldest(Predicate<Object> fits) {
    for (int i = 0; i < size; i++) {
      if (fits.test(at(i))) {
        return remove(i);
      }
    }
    return null;
  }

  /** The scan begins again at the oldest message. */
  public void restartScan() {
    scanned = 0;
  }

  /** The next message of the scan, which stays in the queue; null if all were seen. */
  public @Nullable Object scanNext() {
    return scanned == size ? null : slots[slot(scanned++)];
  }

  /** Takes the message that {@link #scanNext} returned last; the others keep their order. */
  public Object removeScanned() {
    if (scanned == 0) {
      throw new IllegalStateException("Nothing was scanned, so there is nothing to remove.");
    }
    return remove(scanned - 1);
  }

  /** Whether the scan has not seen all. */
  public boolean hasUnscanned() {
    return scanned < size;
  }

  /**
   * Goes on with the scan until a message fits and takes that one; null if no other message fits.
   * If the predicate throws, the message that it was asked about counts as seen and stays.
   */
  public @Nullable Object removeFirstMatching(Predicate<Object> fits) {
    for (Object message = scanNext(); message != null; message = scanNext()) {
      if (fits.test(message)) {
        return removeScanned();
      }
    }
    return null;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /**
   * Shows every message, oldest first. Another thread may call it, in place of a consumer that is
   * kept out; while that one is still on its way out it may miss messages.
   */
  public void forEach(Consumer<Object> action) {
    @Nullable Object[] all = slots;
    for (int i = 0; i < size && all.length > 0; i++) {
      Object message = all[(head + i) & (all.length - 1)];
      if (message != null) {
        action.accept(message);
      }
    }
  }

  /** Adds the oldest messages to a list, until that is of a given size. As {@link #forEach}. */
  public void copyTo(List<Object> to, int sizeMax) {
    @Nullable Object[] all = slots;
    for (int i = 0; i < size && all.length > 0 && to.size() < sizeMax; i++) {
      Object message = all[(head + i) & (all.length - 1)];
      if (message != null) {
        to.add(message);
      }
    }
  }

  private Object remove(int index) {
    Object message = at(index);
    if (index < size - 1 - index) {
      for (int i = index; i > 0; i--) {
        slots[slot(i)] = slots[slot(i - 1)];
      }
      slots[head] = null;
      head = slot(1);
    } else {
      for (int i = index; i < size - 1; i++) {
        slots[slot(i)] = slots[slot(i + 1)];
      }
      slots[slot(size - 1)] = null;
    }
    size--;
    if (index < scanned) {
      scanned--;
    }
    if (size == 0) {
      head = 0;
      if (slots.length > KEPT_WHEN_EMPTY) {
        slots = UNALLOCATED;
      }
    }
    return message;
  }

  private Object at(int index) {
    Object message = slots[slot(index)];
    if (message == null) {
      throw new IllegalStateException("No message at " + index + " of " + size + ".");
    }
    return message;
  }

  private int slot(int index) {
    return (head + index) & (slots.length - 1);
  }

  private void grow() {
    int old = slots.length;
    @Nullable Object[] larger = Arrays.copyOfRange(slots, head, head + Math.max(INITIAL, 2 * old));
    System.arraycopy(slots, 0, larger, old - head, head);
    slots = larger;
    head = 0;
  }
}
