package io.coppice.bench.peer.jvm;

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

  abstract Idle idle();

  /** Waits, outside of the time, until what a run has started is gone. */
  void settle() throws Exception {}

  @Override
  public void close() {}

  static final int FAN = 64;
  static final int FAN_STEPS = 200_000;
  static final long SKYNET_SUM = 499_999_500_000L;

  /* Not final: see Compute in the suite. */
  private static long factor = 6_364_136_223_846_793_005L;
  private static long summand = 1_442_695_040_888_963_407L;

  static long steps(long seed) {
    long x = seed;
    long a = factor;
    long c = summand;
    for (int i = 0; i < FAN_STEPS; i++) {
      x = x * a + c;
    }
    return x;
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
