package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.cell.SectionThread;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The platform threads of computations: as many as processors, with a queue of their own. The
 * waiting process parks as any virtual thread does; an interrupt, by which it is told to die, ends
 * the wait.
 */
final class CpuThreads {
  /* A computation that was given up may go on for ever. While it does it takes no place: the pool is larger by
   * one for each of them, up to LOST_MAX, so that the others still get their processors' worth of
   * threads.
   */
  private static final int LOST_MAX = 256;

  private final ThreadPoolExecutor threads;
  private final int size;
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();

  CpuThreads(SchedulerConfig config) {
    size = config.cpuThreads();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new SectionThread(task, config.threadName("cpu-" + made.getAndIncrement())));
    threads.allowCoreThreadTimeOut(true);
  }

  <T extends @Nullable Object> T run(Callable<T> code) throws Exception {
    Computation<T> computation = new Computation<>(code, ProcessCell.current());
    FutureTask<T> task = new FutureTask<>(computation);
    threads.execute(task);
    boolean over = false;
    try {
      T result = task.get();
      over = true;
      return result;
    } catch (ExecutionException e) {
      over = true;
      throw BlockingThreads.cause(e);
    } finally {
      if (!over) {
        task.cancel(true);
        computation.giveUp();
      }
    }
  }

  void stop() {
    threads.shutdown();
  }

  private void resize(int change) {
    int now = size + Math.min(LOST_MAX, lost.addAndGet(change));
    try {
      if (now > threads.getMaximumPoolSize()) {
        threads.setMaximumPoolSize(now);
        threads.setCorePoolSize(now);
      } else {
        threads.setCorePoolSize(now);
        threads.setMaximumPoolSize(now);
      }
    } catch (OutOfMemoryError noThread) {
      // the pool has its new size: it starts the thread with the next computation
    }
  }

  /** The code with whom it runs for. Its state: new, running, over, or given up while it runs. */
  private final class Computation<T extends @Nullable Object> implements Callable<T> {
    private static final int NEW = 0;
    private static final int RUNNING = 1;
    private static final int OVER = 2;
    private static final int GIVEN_UP = 3;

    private final Callable<T> code;
    private final @Nullable ProcessCell owner;
    private final AtomicInteger state = new AtomicInteger(NEW);
    private volatile @Nullable Thread thread;

    Computation(Callable<T> code, @Nullable ProcessCell owner) {
      this.code = code;
      this.owner = owner;
    }

    @Override
    public T call() throws Exception {
      SectionThread own = (SectionThread) Thread.currentThread();
      own.setOwner(owner);
      thread = own;
      state.compareAndSet(NEW, RUNNING);
      try {
        return code.call();
      } finally {
        own.setOwner(null);
        if (!state.compareAndSet(RUNNING, OVER)) {
          resize(-1);
          if (owner != null) {
            owner.abandonedEnded(this);
          }
        }
      }
    }

    /** By the process, which waits no more; the task was cancelled before. */
    void giveUp() {
      Thread runs = thread;
      if (runs == null || state.get() != RUNNING) {
        return;
      }
      if (owner != null) {
        owner.sectionAbandoned(this, runs);
      }
      resize(1);
      if (!state.compareAndSet(RUNNING, GIVEN_UP)) {
        resize(-1); // it has just come to its end
        if (owner != null) {
          owner.abandonedEnded(this);
        }
      }
    }
  }
}
