package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A million processes at a time: idle ones, and Skynet's tree. */
final class Crowd {
  private static final int MILLION = 1_000_000;

  private Crowd() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("spawn_1m_idle", (driver, run) -> idle(driver, run, false)),
        Workload.of("spawn_1m_idle_blocking", (driver, run) -> idle(driver, run, true)),
        Workload.gauge("spawn_1m_idle_bytes", (driver, run) -> bytes(driver, run, false)),
        Workload.gauge("spawn_1m_idle_blocking_bytes", (driver, run) -> bytes(driver, run, true)),
        Workload.of("skynet", Crowd::skynet),
        Workload.of("skynet_blocking", Crowd::skynetBlocking));
  }

  // ---- spawn_1m_idle

  /** Waits for {@code STOP}; any other message is handled and changes nothing. */
  private record Idle(Pid driver, AtomicInteger starting) implements Reactive {
    @Override
    public void onStart(Context self) {
      started(self, driver, starting);
    }

    @Override
    public void onMessage(Context self, Object message) {
      self.send(driver, Word.DONE);
      if (message == Word.STOP) {
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  /** The last one to start tells the driver. */
  private static void started(Context self, Pid driver, AtomicInteger starting) {
    if (starting.decrementAndGet() == 0) {
      self.send(driver, Word.READY);
    }
  }

  /** All of them are known to have run up to their wait when this returns. */
  private static Pid[] spawn(Context driver, int count, boolean blocking) {
    Pid to = driver.pid();
    AtomicInteger starting = new AtomicInteger(count);
    Idle idle = new Idle(to, starting);
    ProcessBody waiting =
        self -> {
          started(self, to, starting);
          Object message;
          do {
            message = self.receive();
            self.send(to, Word.DONE);
          } while (message != Word.STOP);
        };
    Pid[] crowd = new Pid[count];
    for (int i = 0; i < count; i++) {
      crowd[i] = blocking ? driver.spawn(waiting) : driver.spawn(idle);
    }
    Object ready = driver.receive();
    Run.check(ready == Word.READY, "a message should be READY", ready);
    return crowd;
  }

  private static void tell(Context driver, Pid[] crowd, Word word) {
    for (Pid pid : crowd) {
      driver.send(pid, word);
    }
    Boss.awaitDone(driver, crowd.length);
  }

  private static void idle(Context driver, Run run, boolean blocking) {
    tell(driver, spawn(driver, run.size(MILLION), blocking), Word.STOP);
  }

  /** Bytes per process: resident and in the heap, freshly spawned and after one message. */
  private static void bytes(Context driver, Run run, boolean blocking) throws IOException {
    tell(driver, spawn(driver, 1_000, blocking), Word.STOP);
    settle(driver, run);
    double resident = Memory.resident();
    double heap = Memory.heap();
    Pid[] crowd = spawn(driver, run.size(MILLION), blocking);
    settle(driver, run);
    run.value("", (Memory.resident() - resident) / crowd.length);
    run.value("_heap", (Memory.heap() - heap) / crowd.length);
    tell(driver, crowd, Word.TICK);
    settle(driver, run);
    run.value("_after_message", (Memory.resident() - resident) / crowd.length);
    run.value("_after_message_heap", (Memory.heap() - heap) / crowd.length);
    tell(driver, crowd, Word.STOP);
  }

  private static void settle(Context driver, Run run) {
    for (int i = 0; i < 3; i++) {
      System.gc();
      driver.sleep(Duration.ofMillis(run.size(200)));
    }
  }

  // ---- skynet: a tree of a million leaves, each level adds up its ten children

  private static final class Skynet implements Reactive {
    private final Pid above;
    private final long first;
    private final int size;
    private int results;
    private long sum;

    Skynet(Pid above, long first, int size) {
      this.above = above;
      this.first = first;
      this.size = size;
    }

    @Override
    public void onStart(Context self) {
      if (size == 1) {
        self.send(above, first);
        self.stop(ExitReason.NORMAL);
        return;
      }
      int part = size / 10;
      for (int i = 0; i < 10; i++) {
        self.spawn(new Skynet(self.pid(), first + (long) i * part, part));
      }
    }

    @Override
    public void onMessage(Context self, Object message) {
      sum += (long) message;
      if (++results == 10) {
        self.send(above, sum);
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  /** A power of ten. */
  private static int leaves(Run run) {
    int leaves = 10;
    while (leaves * 10 <= run.size(MILLION)) {
      leaves *= 10;
    }
    return leaves;
  }

  private static void skynet(Context driver, Run run) {
    int leaves = leaves(run);
    driver.spawn(new Skynet(driver.pid(), 0, leaves));
    Run.same((long) leaves * (leaves - 1) / 2, (long) driver.receive(), "the sum");
  }

  private static void skynetBlocking(Context driver, Run run) {
    int leaves = leaves(run);
    Pid to = driver.pid();
    driver.spawn(self -> skynet(self, to, 0, leaves));
    Run.same((long) leaves * (leaves - 1) / 2, (long) driver.receive(), "the sum");
  }

  private static void skynet(Context self, Pid above, long first, int size) {
    if (size == 1) {
      self.send(above, first);
      return;
    }
    Pid me = self.pid();
    int part = size / 10;
    for (int i = 0; i < 10; i++) {
      long start = first + (long) i * part;
      self.spawn(child -> skynet(child, me, start, part));
    }
    long sum = 0;
    for (int i = 0; i < 10; i++) {
      sum += (long) self.receive();
    }
    self.send(above, sum);
  }
}
