package io.coppice.kernel;

import io.coppice.kernel.observe.FlightEvents;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Reporter;
import io.coppice.kernel.time.SystemClock;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands the reports of a node to its reporter, one after another, on a thread of its own.
 *
 * <p>Any thread may call any method. {@link #report} never blocks and never throws.
 */
final class ReportQueue implements Reporter {
  /* Why a thread. Reports are made by whoever meets what is to be reported: a scheduler, whoever advances a
   * wheel, the monitor. A reporter is code of the user's, and may wait, for the lock of a log say, that the
   * very process holds that it is told about. With one of those threads the node would stand still.
   *
   * Bounded: while the reporter stands still the node goes on. What does not fit is counted, and the
   * count is reported as soon as there is room.
   *
   * The thread starts with the first report. When the queue is empty it first pauses for LINGER_NANOS, from
   * which nobody wakes it: to wake a thread costs microseconds, more than the crash of a process, and crashes
   * come in showers (10 000 crashes: 20 ms before, 12 ms with the pause). Its sleep: it 1. says that it
   * sleeps, 2. looks once more, 3. parks; who adds a report 1. adds it, 2. looks whether the thread sleeps. After the node has been closed
   * it ends when the queue is empty: it 1. gives up its place, 2. looks once more; a report that comes
   * later (a zombie has ended, say) 1. is added, 2. looks whether the place is taken, and if not starts
   * another thread. All of these are volatile accesses, so one of the two sees the other.
   */
  private static final long LINGER_NANOS = 500_000; // 0.5 ms

  private final Reporter target;
  private final String node;
  private final int capacity;
  private final Queue<Report> queue;
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicLong missed = new AtomicLong(); // did not fit since this was last said
  private final AtomicLong lost = new AtomicLong(); // did not fit, or the reporter threw
  private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
  private volatile boolean asleep;
  private volatile boolean closing;

  ReportQueue(Reporter target, String node, int capacity) {
    this(target, node, capacity, new ConcurrentLinkedQueue<>());
  }

  ReportQueue(Reporter target, String node, int capacity, Queue<Report> queue) {
    this.target = target;
    this.node = node;
    this.capacity = capacity;
    this.queue = queue;
  }

  @Override
  public void report(Report report) {
    recordMade(report);
    if (size.getAndIncrement() >= capacity) {
      doesNotFit();
      return;
    }
    try {
      queue.add(report);
    } catch (OutOfMemoryError noMemory) {
      doesNotFit();
      return;
    }
    wake();
  }

  private void doesNotFit() {
    size.getAndDecrement();
    missed.getAndIncrement();
    lost.getAndIncrement();
  }

  private void recordMade(Report report) {
    try {
      if (FlightEvents.on()) {
        FlightEvents.reported(node, report);
      }
    } catch (Throwable thrown) {
      lost.getAndIncrement(); // for the recorder; the reporter gets it
    }
  }

  private void wake() {
    Thread worker = thread.get();
    if (worker == null) {
      startThread();
    } else if (asleep || size.get() > capacity / 2) { // it may be pausing
      LockSupport.unpark(worker);
    }
  }

  private void startThread() {
    try {
      Thread worker =
          Thread.ofPlatform()
              .daemon()
              .name(node + "-reporter")
              .inheritInheritableThreadLocals(false)
              .unstarted(this::run);
      if (thread.compareAndSet(null, worker)) {
        boolean started = false;
        try {
          worker.start();
          started = true;
        } finally {
          if (!started) {
            thread.set(null);
          }
        }
      }
    } catch (Throwable noThread) {
      // the report waits for the next one, which tries again
    }
  }

  // ---- the thread

  private void run() {
    boolean over = false;
    while (!over) {
      try {
        work();
        over = true;
      } catch (Throwable thrown) { // without this thread nobody would be told of anything
        lost.getAndIncrement();
        LockSupport.parkNanos(this, LINGER_NANOS);
      }
    }
  }

  private void work() {
    int sinceSummary = 0;
    boolean lingered = false;
    while (true) {
      Report next = queue.poll();
      if (next != null) {
        deliver(next);
        lingered = false;
      }
      if (next == null || ++sinceSummary >= capacity) {
        sinceSummary = 0;
        sayWhatWasMissed();
      }
      if (next == null && !lingered && !closing) {
        LockSupport.parkNanos(this, LINGER_NANOS);
        lingered = true;
      } else if (next == null && idle()) {
        return;
      }
    }
  }

  private void deliver(Report report) {
    if (report instanceof Flush flush) {
      flush.reached.countDown();
      return;
    }
    size.getAndDecrement();
    hand(report);
  }

  private void hand(Report report) {
    try { // the text that is recorded may be code of the user's, as the reporter is
      if (FlightEvents.on()) {
        FlightEvents.handed(node, report);
      }
    } catch (Throwable thrown) {
      lost.getAndIncrement();
    }
    try {
      target.report(report);
    } catch (Throwable thrown) {
      lost.getAndIncrement();
    }
  }

  private void sayWhatWasMissed() {
    long count = missed.get();
    if (count > 0) {
      Report summary = new ReportsMissed(node, count, capacity);
      missed.getAndAdd(-count);
      hand(summary);
    }
  }

  /** With an empty queue; true if the thread is to end. */
  private boolean idle() {
    if (closing) {
      thread.set(null);
      return queue.isEmpty() || !thread.compareAndSet(null, Thread.currentThread());
    }
    asleep = true;
    if (queue.isEmpty() && !closing) {
      LockSupport.park(this);
    }
    asleep = false;
    boolean _ = Thread.interrupted(); // of the reporter's doing; a parked thread must not spin
    return false;
  }

  // ---- the node

  /** Reports that never reached the end of the reporter, or of the flight recorder. */
  long lost() {
    return lost.get();
  }

  /** There was no memory to make a report. */
  void countLost() {
    lost.getAndIncrement();
  }

  /** Waits until the reporter has got all reports made before; false if it takes longer. */
  boolean flush(Duration limit) throws InterruptedException {
    Flush flush = new Flush(new CountDownLatch(1));
    queue.add(flush);
    wake();
    LockSupport.unpark(thread.get());
    return flush.reached.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Lets the thread end as soon as the queue is empty, and waits for that, but not for ever. */
  void close(long limitNanos) {
    closing = true;
    Thread worker = thread.get();
    if (worker == null || worker.equals(Thread.currentThread())) {
      return;
    }
    LockSupport.unpark(worker);
    long deadline = SystemClock.INSTANCE.nanoTime() + limitNanos;
    boolean interrupted = false;
    for (long left = limitNanos; left > 0 && worker.isAlive(); ) {
      try {
        worker.join(Duration.ofNanos(left));
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = deadline - SystemClock.INSTANCE.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Not a report: whoever waits for those before it. */
  private record Flush(CountDownLatch reached) implements Report {
    @Override
    public System.Logger.Level level() {
      return System.Logger.Level.TRACE;
    }

    @Override
    public String text() {
      return "flush";
    }
  }
}
