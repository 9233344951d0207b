package io.coppice.bench.peer.jvm;

import io.coppice.bench.suite.Lcg;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** One runtime: its name and its workloads. */
abstract class JvmPeer implements AutoCloseable {
  /** One run; returns when its end has been observed and its result is right. */
  interface Work {
    void run() throws Exception;
  }

  /** Spawns idle processes and returns when all of them wait for a message. */
  interface Idle {
    Object spawn(int count) throws Exception;
  }

  final Map<String, Work> works = new LinkedHashMap<>();

  private volatile long startNanos;

  /** The time starts: before a run, and again where it has prepared something first. */
  final void startClock() {
    startNanos = System.nanoTime();
  }

  final double micros() {
    return (System.nanoTime() - startNanos) / 1e3;
  }

  abstract Idle idle();

  /** Waits, outside of the time, until what a run has started is gone. */
  void settle() throws Exception {}

  @Override
  public void close() {}

  static final int FAN = 64;
  static final int FAN_STEPS = 200_000;
  static final long SKYNET_SUM = 499_999_500_000L;

  static long steps(long seed) {
    return Lcg.steps(seed, FAN_STEPS);
  }

  /** The sum over the seeds 0 to 63, worked out apart from this program. */
  static final long FAN_SUM = 110_264_110_085_765_088L;

  static void check(boolean right, Object seen) {
    if (!right) {
      throw new IllegalStateException("The result is wrong: " + seen);
    }
  }

  /** Runs the driver on a virtual thread, as the other processes are. */
  static Work driver(Work body) {
    return () -> {
      AtomicReference<Exception> failed = new AtomicReference<>();
      Thread.startVirtualThread(
              () -> {
                try {
                  body.run();
                } catch (Exception e) {
                  failed.set(e);
                }
              })
          .join();
      if (failed.get() != null) {
        throw failed.get();
      }
    };
  }

  static Thread spawn(Work body) {
    return Thread.startVirtualThread(
        () -> {
          try {
            body.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
