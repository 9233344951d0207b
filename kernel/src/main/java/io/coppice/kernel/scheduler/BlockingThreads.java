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
 * The platform threads of blocking sections. The waiting process parks as any virtual thread does:
 * its runner is captured. At the bound further sections queue.
 */
final class BlockingThreads {
  private final ThreadPoolExecutor threads;
  private final AtomicInteger made = new AtomicInteger();

  BlockingThreads(SchedulerConfig config) {
    int max = config.blockingThreadsMax();
    threads =
        new ThreadPoolExecutor(
            max,
            max,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task ->
                new SectionThread(task, config.threadName("blocking-" + made.getAndIncrement())));
    threads.allowCoreThreadTimeOut(true);
  }

  <T extends @Nullable Object> T run(Callable<T> code) throws Exception {
    if (!Thread.currentThread().isVirtual()) {
      return code.call(); // a dedicated thread may block as it likes
    }
    ProcessCell owner = ProcessCell.current();
    FutureTask<T> section =
        new FutureTask<>(
            () -> {
              SectionThread own = (SectionThread) Thread.currentThread();
              own.setOwner(owner);
              try {
                return code.call();
              } finally {
                own.setOwner(null);
              }
            });
    threads.execute(section);
    return result(section);
  }

  /** Waits for the end of a section, which is not cut short. */
  static <T extends @Nullable Object> T result(FutureTask<T> section) throws Exception {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return section.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw cause(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static Exception cause(ExecutionException e) {
    return switch (e.getCause()) {
      case Exception exception -> exception;
      case Error error -> throw error;
      case null, default -> e;
    };
  }

  void stop() {
    threads.shutdown();
  }
}
