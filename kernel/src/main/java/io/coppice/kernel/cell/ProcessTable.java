package io.coppice.kernel.cell;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All processes of a node: intrusive lists, cut into shards so that spawns on different threads
 * rarely meet. A spin lock guards a shard; it is held for a few instructions, longer only by a
 * snapshot.
 */
final class ProcessTable {
  private static final int SHARDS = 16;

  private final Shard[] shards = new Shard[SHARDS];

  ProcessTable() {
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard();
    }
  }

  void add(ProcessCell cell) {
    shard(cell).add(cell);
  }

  /** Takes a process out; it may be asked for twice. */
  void remove(ProcessCell cell) {
    shard(cell).remove(cell);
  }

  int count() {
    int sum = 0;
    for (Shard shard : shards) {
      sum += shard.countOpaque();
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

  private Shard shard(ProcessCell cell) {
    return shards[(int) cell.number() & SHARDS - 1];
  }

  private static final class Shard {
    private static final VarHandle LOCK;
    private static final VarHandle COUNT;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        LOCK = lookup.findVarHandle(Shard.class, "lock", int.class);
        COUNT = lookup.findVarHandle(Shard.class, "count", int.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    @SuppressWarnings("unused") // by LOCK
    private int lock;

    @SuppressWarnings("unused") // by COUNT
    private int count;

    private @Nullable ProcessCell first;

    void add(ProcessCell cell) {
      lockAcquire();
      try { // the caller's stack may be all but used up
        cell.tableNext = first;
        if (first != null) {
          first.tablePrevious = cell;
        }
        first = cell;
        cell.inTable = true;
        COUNT.setOpaque(this, (int) COUNT.get(this) + 1);
      } finally {
        unlockRelease();
      }
    }

    void remove(ProcessCell cell) {
      lockAcquire();
      if (cell.inTable) {
        cell.inTable = false;
        if (cell.tablePrevious == null) {
          first = cell.tableNext;
        } else {
          cell.tablePrevious.tableNext = cell.tableNext;
        }
        if (cell.tableNext != null) {
          cell.tableNext.tablePrevious = cell.tablePrevious;
        }
        cell.tableNext = null;
        cell.tablePrevious = null;
        COUNT.setOpaque(this, (int) COUNT.get(this) - 1);
      }
      unlockRelease();
    }

    int countOpaque() {
      return (int) COUNT.getOpaque(this);
    }

    void copyTo(List<ProcessCell> all) {
      lockAcquire();
      try {
        for (ProcessCell cell = first; cell != null; cell = cell.tableNext) {
          all.add(cell);
        }
      } finally {
        unlockRelease();
      }
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
