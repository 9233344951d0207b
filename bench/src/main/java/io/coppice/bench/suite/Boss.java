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
    return result(driver, start(driver, boss));
  }

  /** Starts the boss's work. */
  static Spawned start(Context driver, Boss boss) {
    boss.driver = driver.pid();
    return driver.spawnMonitor(boss);
  }

  /** The result of work that was started. */
  static Object result(Context driver, Spawned spawned) {
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

  /**
   * Processes that are monitored, each of which must end once. Their numbers are added and taken
   * away again: a process that is told of twice in place of another leaves a difference.
   */
  static final class Watched {
    private int count;
    private long numbers;

    void add(Spawned spawned) {
      count++;
      numbers += spawned.pid().number();
    }

    /** One has ended. */
    void ended(Down down) {
      count--;
      numbers -= ((Pid) down.target()).number();
      if (count == 0) {
        Run.same(0, numbers, "the processes that did not end, less those that ended twice");
      }
    }

    /** One has ended, and normally. */
    void endedNormally(Down down) {
      normal(down);
      ended(down);
    }

    int left() {
      return count;
    }

    /** Waits, in a blocking process, until all have ended normally. */
    void await(Context self) {
      while (count > 0) {
        endedNormally((Down) self.receive());
      }
    }
  }

  /** A boss that waits for the normal ends of processes it monitors. */
  abstract static class OfEnds extends Boss {
    final Watched watched = new Watched();
    private int ended;

    @Override
    public final void onMessage(Context self, Object message) {
      watched.endedNormally((Down) message);
      ended++;
      if (watched.left() == 0) {
        finish(self, ended);
      }
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
