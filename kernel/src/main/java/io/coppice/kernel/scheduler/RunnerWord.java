package io.coppice.kernel.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The word of a runner: who is to run it next. {@link #wake}, {@link #isQueued} and {@link
 * #isCaptured} belong to any thread, the rest to the carrier that mounts the runner.
 */
final class RunnerWord {
  /* The submission of a runner that has parked comes when it may go on, from any thread, possibly while the
   * continuation is still unmounting. Hence a handshake:
   *
   *   MOUNTED        -> CAPTURED         leave: the carrier, after run() has returned, in the middle of a process
   *   MOUNTED        -> IDLE             idle: the carrier, after run() has returned, by a handing back
   *   MOUNTED        -> RESUME_PENDING   wake came before the carrier saw it unmount
   *   RESUME_PENDING -> QUEUED           leave: the carrier, which then enqueues it
   *   MOUNTED        -> QUEUED           again: likewise; its process has only let others run
   *   CAPTURED       -> QUEUED           wake: the caller, which then enqueues it
   *   QUEUED, IDLE   -> MOUNTED          mounted: the carrier that took it
   *
   * After the carrier has moved it to CAPTURED it must not touch the runner again: it may run elsewhere.
   */
  private static final int MOUNTED = 0;
  private static final int CAPTURED = 1;
  private static final int RESUME_PENDING = 2;
  private static final int QUEUED = 3;
  private static final int IDLE = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(RunnerWord.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by STATE
  private int state = IDLE;

  /** It can go on. True if the caller is to enqueue it. */
  boolean wake() {
    while (true) {
      switch ((int) STATE.getVolatile(this)) {
        case CAPTURED -> {
          if (STATE.compareAndSet(this, CAPTURED, QUEUED)) {
            return true;
          }
        }
        case MOUNTED -> {
          if (STATE.compareAndSet(this, MOUNTED, RESUME_PENDING)) {
            return false;
          }
        }
        default -> {
          return false;
        }
      }
    }
  }

  /** Whether it can go on and nobody has mounted it yet. Any thread. */
  boolean isQueued() {
    return (int) STATE.getAcquire(this) == QUEUED;
  }

  /** Whether a process keeps it that cannot go on. Any thread. */
  boolean isCaptured() {
    return (int) STATE.getOpaque(this) == CAPTURED;
  }

  /**
   * Before it is run. A full fence: it may have been queued for nothing, and then looks whether its
   * process may go on, while whoever says so looks at this word next (QueuedForNothing in
   * RunnerWordStress fails with a release).
   */
  void mounted() {
    STATE.setVolatile(this, MOUNTED);
  }

  /** After it was run and has nothing to run any more. */
  void idle() {
    STATE.setRelease(this, IDLE);
  }

  /** After it was run, in the middle of a process that goes on: nobody else wakes that one. */
  void again() {
    STATE.setRelease(this, QUEUED);
  }

  /**
   * After it was run, in the middle of a process. False if it can go on already: the caller
   * enqueues it.
   */
  boolean leave() {
    if (STATE.compareAndSet(this, MOUNTED, CAPTURED)) {
      return true;
    }
    STATE.setRelease(this, QUEUED);
    return false;
  }
}
