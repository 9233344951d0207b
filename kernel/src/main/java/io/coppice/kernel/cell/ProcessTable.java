package io.coppice.kernel.cell;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All processes of a node, and how many there have been. Cut into shards so that spawns on
 * different threads rarely meet. A spin lock guards a shard; it is held for a few instructions,
 * longer only by a snapshot.
 */
final class ProcessTable {
  /* A shard is a list of chunks of 64 places, a bit for each that is taken. A new process gets a place in the
   * open chunk; when that is full, in one of which three quarters are free again, or else in a new one. A
   * chunk that is empty and not open goes.
   *
   * Not a list through the processes themselves: to take one out of it writes to both its neighbours, which
   * were spawned 16 processes earlier and later and are in no cache when there are many. An eighth of the
   * time of skynet went into the first fence after that. The places of processes of about the same age share
   * a cache line, and the shard counts under its lock what two LongAdders counted. With that, and an end that
   * takes only the steps it needs (1 scheduler, before and after): skynet 245 and 199 ms, chained_spawn 88
   * and 59 us.
   */
  private static final int SHARDS = 16;
  private static final int PLACES = Long.SIZE;
  private static final int REUSED = PLACES / 4; // processes that are left in a chunk

  private final Shard[] shards = new Shard[SHARDS];

  ProcessTable() {
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard();
    }
  }

  /**
   * Adds a process; only this may fail for lack of memory, and then has done nothing.
   *
   * @param cell known to nobody else
   */
  void add(ProcessCell cell) {
    shard(cell).add(cell);
  }

  /** Takes a process out; false if it was out already. */
  boolean remove(ProcessCell cell) {
    return shard(cell).remove(cell, false);
  }

  /** Takes a process out that was never alive: it does not count. */
  void withdraw(ProcessCell cell) {
    shard(cell).remove(cell, true);
  }

  /** How many processes are in it. */
  int count() {
    long sum = 0;
    for (Shard shard : shards) {
      long removed = shard.removedAcquire(); // first: nothing is removed before it is added
      sum += shard.addedOpaque() - removed;
    }
    return (int) sum;
  }

  /** How many processes have been added. */
  long added() {
    long sum = 0;
    for (Shard shard : shards) {
      sum += shard.addedOpaque();
    }
    return sum;
  }

  /** How many of them have been removed. */
  long removed() {
    long sum = 0;
    for (Shard shard : shards) {
      sum += shard.removedAcquire();
    }
    return sum;
  }

  List<ProcessCell> snapshot() {
    List<ProcessCell> all = new ArrayList<>(count());
    for (Shard shard : shards) {
      shard.copyTo(all);
    }
    return all;
  }

  /** How many chunks there are; for tests. */
  int chunks() {
    int sum = 0;
    for (Shard shard : shards) {
      sum += shard.chunks();
    }
    return sum;
  }

  private Shard shard(ProcessCell cell) {
    return shards[(int) cell.number() & SHARDS - 1];
  }

  /** Places for 64 processes. Guarded by the shard. */
  static final class Chunk {
    private final @Nullable ProcessCell[] places = new ProcessCell[PLACES];
    private long taken; // a bit for each place
    private boolean free; // in the list of those to be opened again
    private @Nullable Chunk previous;
    private @Nullable Chunk next;
    private @Nullable Chunk previousFree;
    private @Nullable Chunk nextFree;

    private boolean isFull() {
      return taken == -1L;
    }

    private void put(ProcessCell cell) {
      int place = Long.numberOfTrailingZeros(~taken);
      taken |= 1L << place;
      places[place] = cell;
      cell.chunk = this;
      cell.place = (byte) place;
    }

    private void clear(ProcessCell cell) {
      taken &= ~(1L << cell.place);
      places[cell.place] = null;
      cell.chunk = null;
    }
  }

  private static final class Shard {
    private static final VarHandle LOCK;
    private static final VarHandle ADDED;
    private static final VarHandle REMOVED;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        LOCK = lookup.findVarHandle(Shard.class, "lock", int.class);
        ADDED = lookup.findVarHandle(Shard.class, "added", long.class);
        REMOVED = lookup.findVarHandle(Shard.class, "removed", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    @SuppressWarnings("unused") // by LOCK
    private int lock;

    // ---- written under the lock, read by anybody
    @SuppressWarnings("unused") // by ADDED
    private long added;

    @SuppressWarnings("unused") // by REMOVED
    private long removed;

    // ---- guarded by the lock
    private @Nullable Chunk first;
    private @Nullable Chunk firstFree;
    private @Nullable Chunk open; // gets the next process, if it has a place

    void add(ProcessCell cell) {
      lockAcquire();
      try { // the caller's stack may be all but used up, or its memory
        Chunk chunk = open;
        if (chunk == null || chunk.isFull()) {
          chunk = firstFree;
          if (chunk == null) {
            chunk = newChunk();
          } else {
            removeFree(chunk);
          }
          open = chunk;
        }
        chunk.put(cell);
        ADDED.setOpaque(this, (long) ADDED.get(this) + 1);
      } finally {
        unlockRelease();
      }
    }

    boolean remove(ProcessCell cell, boolean forgotten) {
      lockAcquire();
      try {
        Chunk chunk = cell.chunk;
        if (chunk == null) {
          return false;
        }
        chunk.clear(cell);
        if (chunk != open) {
          hasFewer(chunk);
        }
        if (forgotten) {
          ADDED.setOpaque(this, (long) ADDED.get(this) - 1);
        } else {
          REMOVED.setRelease(this, (long) REMOVED.get(this) + 1);
        }
        return true;
      } finally {
        unlockRelease();
      }
    }

    private void hasFewer(Chunk chunk) {
      if (chunk.taken == 0) {
        if (chunk.free) {
          removeFree(chunk);
        }
        remove(chunk);
      } else if (!chunk.free && Long.bitCount(chunk.taken) <= REUSED) {
        addFree(chunk);
      }
    }

    private Chunk newChunk() {
      Chunk chunk = new Chunk();
      Chunk second = first;
      chunk.next = second;
      if (second != null) {
        second.previous = chunk;
      }
      first = chunk;
      return chunk;
    }

    private void remove(Chunk chunk) {
      Chunk before = chunk.previous;
      Chunk after = chunk.next;
      if (before == null) {
        first = after;
      } else {
        before.next = after;
      }
      if (after != null) {
        after.previous = before;
      }
      chunk.previous = null; // else a dead chunk keeps others alive until a full collection
      chunk.next = null;
    }

    private void addFree(Chunk chunk) {
      Chunk second = firstFree;
      chunk.free = true;
      chunk.nextFree = second;
      if (second != null) {
        second.previousFree = chunk;
      }
      firstFree = chunk;
    }

    private void removeFree(Chunk chunk) {
      Chunk before = chunk.previousFree;
      Chunk after = chunk.nextFree;
      if (before == null) {
        firstFree = after;
      } else {
        before.nextFree = after;
      }
      if (after != null) {
        after.previousFree = before;
      }
      chunk.free = false;
      chunk.previousFree = null;
      chunk.nextFree = null;
    }

    long addedOpaque() {
      return (long) ADDED.getOpaque(this);
    }

    /** Whoever sees a removal sees the addition; pairs with setRelease in remove. */
    long removedAcquire() {
      return (long) REMOVED.getAcquire(this);
    }

    void copyTo(List<ProcessCell> all) {
      lockAcquire();
      try {
        for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
          for (long left = chunk.taken; left != 0; left &= left - 1) {
            ProcessCell cell = chunk.places[Long.numberOfTrailingZeros(left)];
            if (cell != null) {
              all.add(cell);
            }
          }
        }
      } finally {
        unlockRelease();
      }
    }

    int chunks() {
      int count = 0;
      lockAcquire();
      try {
        for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
          count++;
        }
      } finally {
        unlockRelease();
      }
      return count;
    }

    private void lockAcquire() {
      while (!LOCK.compareAndSet(this, 0, 1)) {
        Thread.onSpinWait();
      }
    }

    private void unlockRelease() {
      LOCK.setRelease(this, 0); // pairs with the CAS in lockAcquire
    }
  }
}
