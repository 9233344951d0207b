package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
  private record Idle(Pid driver) implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {
      self.send(driver, Word.DONE);
      if (message == Word.STOP) {
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  private static Pid[] spawn(Context driver, int count, boolean blocking) {
    Pid to = driver.pid();
    Idle idle = new Idle(to);
    ProcessBody waiting =
        self -> {
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
    double resident = resident();
    double heap = heap();
    Pid[] crowd = spawn(driver, run.size(MILLION), blocking);
    for (int i = 0; i < 10; i++) {
      driver.yieldNow(); // all of them reach their wait
    }
    settle(driver, run);
    run.value("", (resident() - resident) / crowd.length);
    run.value("_heap", (heap() - heap) / crowd.length);
    tell(driver, crowd, Word.TICK);
    settle(driver, run);
    run.value("_after_message", (resident() - resident) / crowd.length);
    run.value("_after_message_heap", (heap() - heap) / crowd.length);
    tell(driver, crowd, Word.STOP);
  }

  private static void settle(Context driver, Run run) {
    for (int i = 0; i < 3; i++) {
      System.gc();
      driver.sleep(Duration.ofMillis(run.size(200)));
    }
  }

  private static double heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Linux only; elsewhere there is nothing to report. */
  private static double resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return 1_024.0 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return Double.NaN;
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
