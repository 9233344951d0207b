package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.HostThread;
import io.coppice.kernel.cell.ProcessCell;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that runs one process for its whole life. A wait of the process parks the
 * thread, so code that blocks in native frames disturbs nobody.
 */
final class DedicatedThread extends Thread implements HostThread {
  private final Own host;
  private final ProcessCell cell;

  DedicatedThread(SchedulerPool pool, ProcessCell cell, String name) {
    super(null, null, name, 0, false);
    this.cell = cell;
    this.host = new Own(this);
    setDaemon(true);
    setContextClassLoader(pool.contextClassLoader());
    cell.setDedicated(host);
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public void run() {
    cell.runTurn(host);
    while (!cell.hasEnded()) {
      host.awaitPermit();
      if (!cell.hasEnded()) {
        cell.runTurn(host);
      }
    }
  }

  /** The thread as the host of its process. */
  private static final class Own extends Host {
    private final DedicatedThread thread;
    private volatile boolean permit;

    Own(DedicatedThread thread) {
      this.thread = thread;
    }

    @Override
    public Thread thread() {
      return thread;
    }

    @Override
    protected void suspend(ProcessCell cell) {
      awaitPermit();
    }

    void awaitPermit() {
      boolean interrupted = false;
      while (!permit) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted(); // else it would not park again
      }
      permit = false;
      if (interrupted) {
        thread.interrupt();
      }
    }

    @Override
    protected void resume(ProcessCell cell) {
      permit = true;
      LockSupport.unpark(thread);
    }

    @Override
    protected boolean blocksOutside() {
      return switch (thread.getState()) {
        case BLOCKED, WAITING, TIMED_WAITING -> true;
        case NEW, RUNNABLE, TERMINATED -> false;
      };
    }

    @Override
    protected boolean sliceUsed() {
      return false; // it has the thread for itself
    }

    @Override
    protected @Nullable Object leaveThread() {
      Thread.interrupted();
      return null; // nobody else comes here: they stay on the thread
    }

    @Override
    protected void discard() {
      // the thread ends with its process anyhow
    }
  }
}
