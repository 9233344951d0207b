package io.coppice.kernel.scheduler;

import io.coppice.kernel.jdk.JdkInternals;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs the JDK's socket pollers on the schedulers whose processes they wake. One for the JVM.
 *
 * <p>Threads: any.
 */
final class Pollers implements Executor {
  /* Who waits for a socket on a virtual thread is woken by a poller, a virtual thread itself: it asks the
   * system which sockets are ready, unparks those who wait, yields, and asks again; when none is ready it
   * parks, and a platform thread wakes it. The JDK has one or a few of them for the whole JVM, made by whoever
   * waits first, on that thread's scheduler. On the JDK's scheduler they compete with ours for the processors:
   * each answer to a process was a switch between two threads (tcp_echo, 2 cores: 1.3 of them per message, now
   * 0.03). On one of ours a poller wakes as many as are ready, they run after it on the same thread, and then it
   * comes up again.
   *
   * So the pollers are made by a thread of which this is the scheduler, and here it is decided each time where
   * the next turn of a poller is to be: on a scheduler of the node that it has woken processes of, as long
   * as more turns do so than not (those that find nothing do not count); else on the JDK's, as if we were not
   * there. A turn is queued like any item. But neither the sockets of others may wait for our processes, nor all
   * sockets of the JVM for a node that is closed:
   *
   *   - a turn that still waits when the monitor comes a second time goes to the JDK's scheduler;
   *   - so do those that wait at a node that closes. Who queues one says so (waits), and looks whether the
   *     node is closing after that; who closes it says that first, and then looks at all that wait: one
   *     of both sees the other.
   *
   * Whoever claims a turn (waits, by compare-and-set) runs it; what is left in a queue of a turn that was
   * claimed does nothing. A poller that exists already when the first node starts stays where it is.
   *
   * Rejected: jdk.pollerMode=1 (platform threads that poll), which switches as often; to poll ourselves,
   * since the sockets are the JDK's.
   */
  static final Pollers ALL = new Pollers();

  private static final String NAME = "SubPoller-";
  private static final int TRUST_MAX = 4;

  private final Map<Runnable, Turn> turns = new ConcurrentHashMap<>(); // a few, for ever
  private volatile @Nullable SchedulerPool wokenLast;
  private volatile int woken; // processes; a lost count does no harm
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch made = new CountDownLatch(1);
  private volatile @Nullable Thread starter;
  private @Nullable Runnable first; // of the starter

  private Pollers() {}

  /** A poller, whose turn it may be. */
  static final class Turn implements Runnable {
    private final Pollers all;
    private final Runnable continuation;
    private final AtomicBoolean waits = new AtomicBoolean();
    private volatile @Nullable SchedulerPool pool; // where it waits
    private volatile int submissions;
    private int seen; // of them, by the monitor of the pool
    private int rescued; // likewise: the last that was taken elsewhere
    private int trust; // by who runs it: above 0 if most of its turns wake processes

    private Turn(Pollers all, Runnable continuation) {
      this.all = all;
      this.continuation = continuation;
    }

    /** By whoever has found it in a queue. */
    @Override
    public void run() {
      if (!waits.compareAndSet(true, false)) {
        return;
      }
      int before = all.woken;
      continuation.run();
      if (all.woken != before) {
        trust = Math.min(TRUST_MAX, trust + 1);
      } else if (waits.get()) { // it has yielded: it has woken others
        trust = Math.max(-TRUST_MAX, trust - 1);
      }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one waits at a time
    private void submit() {
      SchedulerPool to = trust > 0 ? all.wokenLast : null;
      pool = to;
      submissions++;
      waits.set(true);
      if (to == null) {
        JdkInternals.defaultScheduler().execute(this);
        return;
      }
      to.again(this);
      if (to.isStopping()) {
        leave();
      }
    }

    /** The pool where it waits is stopping, so that it does not stay there if it comes again. */
    private void leave() {
      pool = null;
      goElsewhere();
    }

    private void goElsewhere() {
      if (waits.get()) {
        JdkInternals.defaultScheduler().execute(this);
      }
    }

    private void watch(SchedulerPool by) {
      if (pool != by) {
        return;
      }
      int now = submissions;
      if (now == seen && now != rescued && waits.get()) {
        goElsewhere(); // pool stays: it may have come again by now, and must be found there
        rescued = now;
      }
      seen = now;
    }
  }

  // ---- as the scheduler of the pollers

  @Override
  public void execute(Runnable continuation) {
    if (Thread.currentThread().equals(starter)) {
      first = continuation;
    } else {
      turns.computeIfAbsent(continuation, one -> new Turn(this, one)).submit();
    }
  }

  // ---- by the nodes

  /** Makes the pollers, unless there are some; before a process can. */
  void prepare() {
    if (begun.compareAndSet(false, true)) {
      boolean started = false;
      try {
        Thread.ofPlatform().daemon().name("coppice-poller-init").start(this::makePollers);
        started = true;
      } finally {
        if (!started) { // no thread: they will be made by whoever waits for a socket first
          made.countDown();
        }
      }
    }
    boolean interrupted = false;
    while (made.getCount() > 0) {
      try {
        made.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** On a virtual thread, but without waiting for a carrier of the JDK's: this thread is it. */
  private void makePollers() {
    try {
      Thread maker =
          JdkInternals.newVirtualThread(this, "coppice-poller-init", JdkInternals::loadPollers);
      starter = Thread.currentThread();
      maker.start();
      starter = null;
      Runnable continuation = first;
      first = null;
      if (continuation != null) {
        continuation.run();
      }
      maker.join(); // it may have had to wait for somebody who loads classes
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody knows this thread", e);
    } finally {
      made.countDown();
    }
  }

  /** A process of this node goes on after a wait in the JDK; by who has woken it. */
  void woke(SchedulerPool pool) {
    Thread thread = Thread.currentThread();
    if (thread.isVirtual() && thread.getName().startsWith(NAME)) {
      count();
      if (wokenLast != pool && !pool.isStopping()) {
        wokenLast = pool;
        if (pool.isStopping()) {
          wokenLast = null;
        }
      }
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void count() {
    woken++;
  }

  /** By the monitor of a node, once per pulse: what waits there for too long. */
  void watch(SchedulerPool pool) {
    for (Turn turn : turns.values()) { // none is ever there if no process waits for a socket
      turn.watch(pool);
    }
  }

  /** For tests: whether a poller has its turns on the schedulers of a node. */
  boolean hasHome() {
    return wokenLast != null && turns.values().stream().anyMatch(turn -> turn.trust > 0);
  }

  /** This node is closing, and says so. */
  void leave(SchedulerPool pool) {
    if (wokenLast == pool) {
      wokenLast = null;
    }
    for (Turn turn : turns.values()) {
      if (turn.pool == pool) {
        turn.leave();
      }
    }
  }
}
