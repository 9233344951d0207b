package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Spawned;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reactive process that is in charge of a reactive workload: it starts the others, takes their
 * messages, and tells the driver the result. (The driver itself blocks, once a run.)
 */
abstract class Boss implements Reactive {
  private @Nullable Pid driver;

  /** The result of the boss's work, as the driver gets it. */
  static Object result(Context driver, Boss boss) {
    boss.driver = driver.pid();
    Spawned spawned = driver.spawnMonitor(boss);
    Object result = driver.receive();
    if (result instanceof Down down) {
      throw new IllegalStateException("The run failed: " + down.reason().describe());
    }
    driver.demonitorFlush(spawned.monitor());
    return result;
  }

  /** Tells the driver the result and ends. */
  final void finish(Context self, Object result) {
    self.send(Objects.requireNonNull(driver, "result() started this process"), result);
    self.stop(ExitReason.NORMAL);
  }

  @Override
  public abstract void onStart(Context self) throws Exception;

  /** A boss that counts the normal ends of processes it monitors. */
  abstract static class OfEnds extends Boss {
    private final int expected;
    private int ended;

    OfEnds(int expected) {
      this.expected = expected;
    }

    @Override
    public final void onMessage(Context self, Object message) {
      normal((Down) message);
      if (++ended == expected) {
        allEnded(self);
      }
    }

    void allEnded(Context self) {
      finish(self, ended);
    }
  }

  /** Waits, in a blocking process, for processes it monitors to end normally. */
  static void awaitEnds(Context self, int count) {
    for (int i = 0; i < count; i++) {
      normal((Down) self.receive());
    }
  }

  /** Waits, in a blocking process, for a message that others send when they are done. */
  static void awaitDone(Context self, int count) {
    for (int i = 0; i < count; i++) {
      Object message = self.receive();
      Run.check(message == Word.DONE, "a message should be DONE", message);
    }
  }

  static void normal(Down down) {
    if (!down.reason().equals(ExitReason.NORMAL)) {
      throw new IllegalStateException("A process of the run failed: " + down.reason().describe());
    }
  }
}
