package io.coppice.kernel.scheduler;

import io.coppice.kernel.jdk.JdkInternals;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A runner whose virtual thread is scheduled by us: its carrier runs its continuation.
 *
 * <p>Threads: {@link #execute} is called by any thread; for the rest see {@link MountedRunner}.
 */
final class ContinuationRunner extends MountedRunner implements Executor {
  /* When it leaves its carrier by a yield of ours the JDK submits the continuation at once, from the carrier
   * itself, and execute ignores it. A yield, not a park, because anybody may unpark a parked thread (a cancelled
   * timed park, a late wake-up of java.util.concurrent); a yielded one cannot be disturbed.
   *
   * By a park of the JDK, when the code of a process blocks outside of the kernel: then the submission comes
   * when it may go on, from any thread, possibly while the continuation is still unmounting. The RunnerWord
   * settles who enqueues it.
   *
   * Whoever takes the stack of a runner that is unmounted (Thread.getStackTrace, a thread dump) suspends it for
   * that long and submits it again afterwards, needed or not. So run() may return without having run anything:
   * after a yield of ours the carrier sees that (nobody has counted a resumption) and tries again; after a park
   * the new submission resumes it. And a submission may come for nothing: it may make a runner go on whose
   * process is not yet to go on, which therefore looks at the state of its process, and waits again.
   *
   * A virtual thread that the code of a process starts inherits this executor. Its continuation is not the
   * one this runner remembers, and goes to the JDK's own scheduler.
   */
  private final Thread thread;
  private @Nullable Runnable continuation; // set by start(), before anybody else knows the runner

  ContinuationRunner(RunnerPool pool, String name) {
    super(pool, name);
    this.thread = JdkInternals.newVirtualThread(this, name, this);
  }

  @Override
  void start() {
    thread.start();
  }

  @Override
  public void execute(Runnable command) {
    if (continuation == null) {
      continuation = command; // the first submission, from start()
    } else if (!command.equals(continuation)) {
      JdkInternals.defaultScheduler().execute(command);
    } else {
      submitted();
    }
  }

  @Override
  void enter() {
    Objects.requireNonNull(continuation, "not started").run();
  }

  @Override
  boolean hasEnded() {
    return !thread.isAlive();
  }

  @Override
  void leave() {
    Thread.yield();
  }

  @Override
  @Nullable Object takeThreadLocals() {
    return JdkInternals.takeThreadLocals(thread);
  }

  @Override
  public Thread thread() {
    return thread;
  }
}
