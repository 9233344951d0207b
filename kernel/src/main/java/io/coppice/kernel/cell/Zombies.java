package io.coppice.kernel.cell;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Zombie;
import io.coppice.kernel.process.ZombieLimitReport;
import io.coppice.kernel.process.ZombieReport;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The processes of a node that were declared dead while their code still runs. Any thread. */
final class Zombies {
  /* The fencer 1. enters the process, 2. fences it, 3. announces it, or withdraws it if 2 failed. The
   * process's own thread may see itself fenced between 2 and 3, and leave. Whoever of the two comes first
   * announces it; if that is still under way when its code has returned, the announcer says that, too. So
   * the report of its end is the second one, and the count is never below zero. The count goes up before
   * the first report and down after the second: who sees none left finds all of them reported.
   */
  private final Kernel kernel;
  private final ConcurrentHashMap<Object, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile int limit = Integer.MAX_VALUE;

  Zombies(Kernel kernel) {
    this.kernel = kernel;
  }

  void setLimit(int value) {
    limit = value;
  }

  /** By the fencer, before it fences. */
  Entry expect(Object key, ProcessCell cell, Thread thread, StackTraceElement[] stack) {
    Entry entry = new Entry(key, cell, thread, stack);
    entries.put(key, entry);
    return entry;
  }

  /** By the fencer: there was nothing to fence. */
  void withdraw(Entry entry) {
    entries.remove(entry.key, entry);
  }

  void announce(Entry entry) {
    if (!entry.stage.compareAndSet(Stage.EXPECTED, Stage.ANNOUNCING)) {
      return;
    }
    int now = count.incrementAndGet();
    try {
      kernel.report(
          new ZombieReport(entry.cell, entry.initialCall, List.of(entry.stack), false, 0));
      if (now > limit && over.compareAndSet(false, true)) {
        kernel.report(new ZombieLimitReport(kernel.name(), now, limit));
      }
    } catch (OutOfMemoryError noMemory) {
      kernel.counters().lost(); // the end of the process goes on
    } finally {
      if (!entry.stage.compareAndSet(Stage.ANNOUNCING, Stage.ANNOUNCED)) {
        tellEnd(entry);
      }
    }
  }

  /** By the thread that ran the code, when it has returned. */
  void ended(Object key) {
    Entry entry = entries.remove(key);
    if (entry == null) {
      return;
    }
    announce(entry);
    if (!entry.stage.compareAndSet(Stage.ANNOUNCING, Stage.ENDED)) {
      tellEnd(entry);
    }
  }

  private void tellEnd(Entry entry) {
    try {
      kernel.report(
          new ZombieReport(entry.cell, entry.initialCall, List.of(), true, entry.refused.get()));
    } catch (OutOfMemoryError noMemory) {
      kernel.counters().lost();
    }
    if (count.decrementAndGet() <= limit / 2) {
      over.set(false);
    }
  }

  /** What the code of a zombie, on this thread, tried through a node was refused. */
  void refused(ProcessCell cell) {
    Entry entry = entries.get(cell);
    Thread thread = Thread.currentThread();
    if (entry == null || entry.thread != thread) { // it may be a section of its own
      entry = entries.values().stream().filter(e -> e.thread == thread).findFirst().orElse(null);
    }
    if (entry != null) {
      entry.refused.getAndIncrement();
      kernel.counters().refusedToZombies.increment();
    }
  }

  int count() {
    return count.get();
  }

  int limit() {
    return limit;
  }

  /** The oldest of them, oldest first. */
  List<Zombie> list(int max, boolean stacks) {
    long now = kernel.dispatcher().clock().nanoTime();
    return entries.values().stream()
        .filter(entry -> entry.stage.get() != Stage.EXPECTED)
        .sorted(Comparator.comparingLong((Entry entry) -> entry.sinceNanos - now))
        .limit(max)
        .map(entry -> entry.look(now, stacks))
        .toList();
  }

  private enum Stage {
    EXPECTED,
    ANNOUNCING,
    ANNOUNCED,
    /** Its code has returned while it was announced: the announcer tells that. */
    ENDED
  }

  /** One of them, with what its cell forgets when it ends. */
  static final class Entry {
    private final Object key; // the process, or its section
    private final ProcessCell cell;
    private final @Nullable String name;
    private final @Nullable Object label;
    private final String initialCall;
    private final ExitReason reason;
    private final Thread thread;
    private final StackTraceElement[] stack;
    private final long sinceNanos;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.EXPECTED);
    private final AtomicLong refused = new AtomicLong();

    private Entry(Object key, ProcessCell cell, Thread thread, StackTraceElement[] stack) {
      this.key = key;
      this.cell = cell;
      this.name = cell.name();
      this.label = cell.label();
      this.initialCall = cell.initialCall();
      this.reason = cell.exitReason();
      this.thread = thread;
      this.stack = stack;
      this.sinceNanos = cell.kernel.dispatcher().clock().nanoTime();
    }

    private Zombie look(long now, boolean withStack) {
      Duration age = Duration.ofNanos(Math.max(0, now - sinceNanos));
      List<StackTraceElement> frames = withStack ? List.of(thread.getStackTrace()) : List.of();
      return new Zombie(cell, name, label, initialCall, reason, age, frames, refused.get());
    }
  }
}
