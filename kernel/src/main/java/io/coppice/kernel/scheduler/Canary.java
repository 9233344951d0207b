package io.coppice.kernel.scheduler;

import java.util.concurrent.locks.LockSupport;

/**
 * Sees to it that virtual threads which were woken from outside get to run, however busy those on
 * the carriers keep each other.
 *
 * <p>Threads: the monitor, except for what is said to be shared.
 */
final class Canary {
  /* A carrier of the JDK's takes from its own queue as long as there is anything in it, and what is unparked or
   * yields on a carrier comes there. Who is unparked by anybody else (the JDK's timers, our monitor, a thread of
   * the user's) stands in other queues, which a carrier looks at when its own is empty. So two processes per
   * carrier that send to each other, or yield, over and over, keep those waiting for ever: timers, calls from
   * outside, the holders of seats (bench spawn_storm_busy_blocking without flags did not end in five minutes).
   *
   * The canary is a virtual thread that the monitor unparks every few pulses. If it has not run until the next
   * time, all runners that go on over and over are to rest: each parks for a moment with a time-out, so that its
   * carrier's queue runs empty, and it comes back from outside like the others. As long as that is not enough
   * (many runners take long to meet their rest), each rest is twice as long as the last. A runner that goes on
   * once or twice is none of those that keep a queue full, and a million of them would pay for it dearly.
   *
   * While nobody starves this costs a runner one read when it goes on, and the machine two switches per 4 ms.
   */
  /** So many times has a runner gone on that is to rest. */
  static final int GOINGS = 16;

  private static final int PULSES = 4;

  private static final long REST_NANOS = 100_000; // 0.1 ms
  private static final long REST_MAX_NANOS = 10_000_000; // 10 ms

  private final Thread thread;
  private int pulses;
  private int asked;
  private int told; // to rest, so many times

  // ---- shared
  private volatile int toAnswer;
  private volatile int answered;
  private volatile boolean ended;
  private volatile int rests;
  private volatile long restNanos = REST_NANOS / 2; // of the last rest, half of the first

  Canary(String name) {
    thread =
        Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(this::run);
  }

  /** Its own thread. */
  private void run() {
    while (!ended) {
      answered = toAnswer;
      LockSupport.park(this);
    }
  }

  /** Once per pulse. */
  void watch() {
    if (pulses++ % PULSES != 0 || ended) {
      return;
    }
    if (asked == 0) {
      thread.start();
    } else if (answered != asked) {
      restNanos = Math.min(REST_MAX_NANOS, 2 * restNanos);
      rests = ++told;
      return;
    }
    restNanos = REST_NANOS / 2;
    toAnswer = ++asked;
    LockSupport.unpark(thread);
  }

  /** Shared: how many times all have been told to rest; a runner that has seen fewer does. */
  int rests() {
    return rests;
  }

  /** Shared: rests, if somebody still starves. */
  void rest() {
    if (answered == toAnswer) {
      return;
    }
    try {
      LockSupport.parkNanos(this, restNanos);
    } catch (VirtualMachineError noMemory) { // nor, perhaps, stack
      Thread.yield();
    }
  }

  /** Shared. */
  void end() {
    ended = true;
    LockSupport.unpark(thread);
  }
}
