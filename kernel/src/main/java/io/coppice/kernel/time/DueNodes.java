package io.coppice.kernel.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one slot that are due, to be put in order and fired one by one. Owned by the thread
 * that advances. The keys are copies: a node may be cancelled and started anew meanwhile.
 */
final class DueNodes {
  private static final int SMALL = 64;

  /** A larger array is given back once it is empty. */
  private static final int KEPT_MAX = 4096;

  private @Nullable TimerNode[] nodes = new @Nullable TimerNode[SMALL];
  private long[] whens = new long[SMALL];
  private long[] seqs = new long[SMALL];
  private int head;
  private int size;
  private boolean sorted = true;

  /** Makes room for {@code count} more, so that {@link #add} need not allocate under the lock. */
  void reserve(int count) {
    if (size + count > nodes.length) {
      int capacity = Math.max(nodes.length * 2, size + count);
      nodes = Arrays.copyOf(nodes, capacity);
      whens = Arrays.copyOf(whens, capacity);
      seqs = Arrays.copyOf(seqs, capacity);
    }
  }

  void add(TimerNode node) {
    nodes[size] = node;
    whens[size] = node.when();
    seqs[size] = node.seq();
    size++;
    sorted = sorted && (size - head == 1 || !less(size - 1, size - 2));
  }

  /** Orders by deadline, then by start: a heap sort, as it needs no memory and has no bad case. */
  void sort() {
    if (sorted) {
      return;
    }
    int count = size - head;
    for (int root = count / 2 - 1; root >= 0; root--) {
      siftDown(root, count);
    }
    for (int last = count - 1; last > 0; last--) {
      swap(head, head + last);
      siftDown(0, last);
    }
    sorted = true;
  }

  /** Takes the first, or returns null if there is none. */
  @Nullable TimerNode poll() {
    if (head == size) {
      clear();
      return null;
    }
    TimerNode node = nodes[head];
    nodes[head++] = null;
    return node;
  }

  boolean isEmpty() {
    return head == size;
  }

  private void clear() {
    head = 0;
    size = 0;
    sorted = true;
    if (nodes.length > KEPT_MAX) {
      nodes = new @Nullable TimerNode[SMALL];
      whens = new long[SMALL];
      seqs = new long[SMALL];
    }
  }

  private void siftDown(int start, int count) {
    int root = start;
    while (2 * root + 1 < count) {
      int child = 2 * root + 1;
      if (child + 1 < count && less(head + child, head + child + 1)) {
        child++;
      }
      if (!less(head + root, head + child)) {
        return;
      }
      swap(head + root, head + child);
      root = child;
    }
  }

  private boolean less(int i, int j) {
    return whens[i] < whens[j] || (whens[i] == whens[j] && seqs[i] < seqs[j]);
  }

  private void swap(int i, int j) {
    TimerNode node = nodes[i];
    nodes[i] = nodes[j];
    nodes[j] = node;
    long when = whens[i];
    whens[i] = whens[j];
    whens[j] = when;
    long seq = seqs[i];
    seqs[i] = seqs[j];
    seqs[j] = seq;
  }
}
