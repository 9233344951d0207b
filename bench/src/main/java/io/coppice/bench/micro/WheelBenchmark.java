package io.coppice.bench.micro;

import io.coppice.kernel.time.TimerNode;
import io.coppice.kernel.time.TimerWheel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Timers of the wheel: started and cancelled, started and fired, beside others that wait. */
@State(Scope.Thread)
public class WheelBenchmark extends Nanoseconds {
  private static final int MANY = 1_000;
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  /** Timers that wait meanwhile. */
  @Param({"0", "100000"})
  public int others;

  private final TimerWheel wheel = new TimerWheel(0, (timer, error) -> {});
  private final Timer timer = new Timer();
  private final Timer[] many = new Timer[MANY];
  private long now;

  private static final class Timer extends TimerNode {
    @Override
    protected void onExpiry(long nowNanos) {
      // the wheel counts it
    }
  }

  /** Starts the others, over an hour that is never reached. */
  @Setup
  public void setup() {
    for (int i = 0; i < others; i++) {
      wheel.start(new Timer(), 1_000 * HOUR + i * (HOUR / Math.max(1, others)));
    }
    for (int i = 0; i < MANY; i++) {
      many[i] = new Timer();
    }
  }

  /**
   * A time-out of five seconds that is not needed.
   *
   * @return whether it was cancelled
   */
  @Benchmark
  public boolean startCancel() {
    wheel.start(timer, now + 5_000_000_000L);
    return timer.cancel();
  }

  /**
   * A thousand over ten milliseconds.
   *
   * @return how many fired
   */
  @Benchmark
  @OperationsPerInvocation(MANY)
  public int startFire() {
    for (int i = 0; i < MANY; i++) {
      wheel.start(many[i], now + 10_000L * i);
    }
    now += 10_000L * MANY;
    int fired = wheel.advance(now);
    if (fired != MANY) {
      throw new IllegalStateException("fired are " + fired);
    }
    return fired;
  }
}
