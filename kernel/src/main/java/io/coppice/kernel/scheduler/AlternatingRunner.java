package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.jdk.JdkInternals;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A runner of a simulation whose virtual thread the JDK schedules: its carrier lets it go on, and
 * waits until it comes back.
 *
 * <p>Threads: see {@link MountedRunner}.
 */
final class AlternatingRunner extends MountedRunner implements Carried {
  /* `entered` is true while the runner has control; who gives control away sets it and unparks the other.
   *
   * Code that blocks outside of the kernel does not give it back. The carrier sees that by the state of the
   * thread, in some looks in a row, and goes on without it: then the runner is a stranger, which comes back as
   * soon as it leaves, by asking to be mounted. What runs until then runs beside the simulation, at a moment
   * that no seed decides: such a wait is an error here, which the carrier reports.
   */
  private static final long LOOK_NANOS = 1_000_000; // 1 ms
  private static final int LOOKS = 10;

  private final Thread thread;
  private volatile boolean entered;
  private volatile @Nullable Thread enteredBy;
  private volatile boolean strange; // it blocked, and the carrier did not wait for it
  private volatile boolean inSection;
  private volatile boolean over;

  AlternatingRunner(RunnerPool pool, String name) {
    super(pool, name);
    this.thread =
        Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(this);
  }

  @Override
  void start() {
    // by the first entering
  }

  @Override
  public void run() {
    JdkInternals.carriedBy(this);
    try {
      super.run();
    } finally {
      over = true;
      LockSupport.unpark(enteredBy);
    }
  }

  // ---- its carrier

  @Override
  void enter() {
    enteredBy = Thread.currentThread();
    strange = false;
    entered = true;
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    } else {
      LockSupport.unpark(thread);
    }
    int looks = 0;
    while (entered && !over) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      looks = entered && !inSection && isWaiting() ? looks + 1 : 0;
      if (looks == LOOKS) {
        strange = true;
        return;
      }
    }
  }

  @Override
  boolean hasEnded() {
    return over;
  }

  private boolean isWaiting() {
    return switch (thread.getState()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      case NEW, RUNNABLE, TERMINATED -> false;
    };
  }

  // ---- its own code

  @Override
  void leave() {
    boolean interrupted = false;
    if (strange) {
      entered = false;
      cameBack();
      interrupted = awaitEntered();
    }
    entered = false;
    LockSupport.unpark(enteredBy);
    if (awaitEntered() || interrupted) {
      thread.interrupt();
    }
  }

  private boolean awaitEntered() {
    boolean interrupted = false;
    while (!entered) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // else it would not park again
    }
    return interrupted;
  }

  /** Runs code that may take real time, while nobody else runs and no process is here. */
  <T extends @Nullable Object> T section(Callable<T> code) throws Exception {
    Carrier by = carrier;
    inSection = true;
    if (by != null) {
      by.carries(null);
    }
    try {
      return code.call();
    } finally {
      if (by != null) {
        by.carries(this);
      }
      inSection = false;
    }
  }

  @Override
  public @Nullable Carrier carrier() {
    return carrier;
  }

  @Override
  public @Nullable Host host() {
    return inSection ? null : this;
  }

  @Override
  @Nullable Object takeThreadLocals() {
    return null; // they cannot be kept apart
  }

  @Override
  public Thread thread() {
    return thread;
  }
}
