package io.coppice.kernel.scheduler;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.cell.Kernel;
import io.coppice.kernel.cell.KernelConfig;
import io.coppice.kernel.cell.KernelProcesses;
import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.KernelFaultReport;
import io.coppice.kernel.process.LongTurnReport;
import io.coppice.kernel.process.NoThreadReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Reporter;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.time.TimerNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The threads of a node go on, whatever is thrown on them, and that is told. */
class SurvivalTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger noThread = new AtomicInteger();
  private final AtomicInteger noAfterlife = new AtomicInteger();
  private final AtomicInteger thrown = new AtomicInteger();
  private volatile Reporter reporter = reports::add;
  private @Nullable SchedulerPool started;
  private @Nullable Kernel kernel;

  private KernelProcesses start() {
    SchedulerConfig config =
        new SchedulerConfig(
            "hardy",
            1,
            1_000_000,
            5_000_000,
            20_000_000,
            4,
            true,
            50_000_000,
            4,
            2,
            1_000_000_000,
            report -> reporter.report(report));
    SchedulerPool pool =
        new SchedulerPool(
            config,
            (timer, error) -> {
              throw (Error) error;
            },
            new ConcurrentLinkedQueue<>(),
            this::startThread);
    Kernel of = new Kernel(new KernelConfig("hardy", 64, 16, 100_000_000, reports::add), pool);
    started = pool;
    kernel = of;
    pool.start();
    return new KernelProcesses(of) {};
  }

  private void startThread(Thread thread) {
    AtomicInteger failures = thread.getName().contains("afterlife") ? noAfterlife : noThread;
    if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new OutOfMemoryError("no thread, on purpose");
    }
    thread.start();
  }

  @AfterEach
  void stop() {
    stop.set(true);
    reporter = report -> {};
    if (kernel != null && started != null) {
      kernel.close(Duration.ofSeconds(1));
      started.stop();
    }
  }

  private static Pid echo(KernelProcesses node) {
    return node.spawn((self, message) -> ((Request) message).reply(((Request) message).payload()));
  }

  /** A process that keeps a scheduler until the test is over. */
  private void loop(KernelProcesses node) throws InterruptedException {
    CountDownLatch looping = new CountDownLatch(1);
    node.spawn(
        self -> {
          looping.countDown();
          while (!stop.get()) {
            Thread.onSpinWait();
          }
        });
    assertTrue(looping.await(20, SECONDS), "somebody was to run it");
  }

  private static Error error(String kind) {
    return switch (kind) {
      case "stack" -> new StackOverflowError("on purpose");
      case "memory" -> new OutOfMemoryError("on purpose");
      case "class" -> new NoClassDefFoundError("on purpose");
      default -> new AssertionError("on purpose");
    };
  }

  private List<KernelFaultReport> faults() {
    return reports.stream()
        .filter(KernelFaultReport.class::isInstance)
        .map(KernelFaultReport.class::cast)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stack", "memory", "class", "other"})
  @DisplayName("the monitor replaces schedulers that are stuck after its reporter has thrown")
  void monitor(String kind) throws Exception {
    reporter =
        report -> {
          if (report instanceof LongTurnReport) {
            thrown.getAndIncrement();
            throw error(kind);
          }
          reports.add(report);
        };
    KernelProcesses node = start();
    loop(node);
    await().atMost(LIMIT).until(() -> !faults().isEmpty());
    loop(node);
    assertEquals(1, node.call(echo(node), 1, LIMIT));
    await().atMost(LIMIT).until(() -> thrown.get() >= 2);
    assertEquals(1, faults().size(), "told once: " + reports);
    KernelFaultReport told = faults().getFirst();
    assertEquals(error(kind).getClass(), told.error().getClass());
    assertEquals("hardy-monitor", told.thread());
    assertTrue(told.text().startsWith("Thread hardy-monitor of node hardy goes on"), told.text());
  }

  @Test
  @DisplayName("the monitor goes on if the reporter throws at all reports, and tells it later")
  void always() throws Exception {
    reporter =
        report -> {
          thrown.getAndIncrement();
          throw new OutOfMemoryError("on purpose");
        };
    KernelProcesses node = start();
    loop(node);
    await().atMost(LIMIT).until(() -> thrown.get() > 2);
    loop(node);
    assertEquals(1, node.call(echo(node), 1, LIMIT));
    reporter = reports::add;
    await().atMost(LIMIT).until(() -> !faults().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"stack", "memory", "class", "other"})
  @DisplayName("a scheduler goes on after a timer and what is told of it have both thrown")
  void timer(String kind) {
    KernelProcesses node = start();
    Pid echo = echo(node);
    for (int i = 0; i < 10; i++) {
      TimerNode bad =
          new TimerNode() {
            @Override
            protected void onExpiry(long nowNanos) {
              thrown.getAndIncrement();
              throw error(kind);
            }
          };
      if (started != null) {
        started.startTimer(bad, started.clock().nanoTime() + 1_000_000);
      }
      assertEquals(i, node.call(echo, i, LIMIT));
      int count = i + 1;
      await().atMost(LIMIT).until(() -> thrown.get() == count);
    }
    assertEquals(10, node.call(echo, 10, LIMIT), "the only scheduler, and its timers, go on");
    await().atMost(LIMIT).until(() -> faults().size() == 1);
    // If the scheduler was stuck the monitor, or an extra one, has fired the timer in its place.
    assertTrue(faults().getFirst().thread().startsWith("hardy-"), faults().toString());
  }

  @Test
  @DisplayName("a process that gets no thread of its own ends, also if the reporter throws at that")
  void noThread() throws Exception {
    reporter =
        report -> {
          if (report instanceof NoThreadReport) {
            throw new OutOfMemoryError("on purpose");
          }
          reports.add(report);
        };
    KernelProcesses node = start();
    noThread.set(1);
    Pid pid = node.spawn(self -> {}, SpawnOptions.DEFAULT.dedicatedThread());
    await().atMost(LIMIT).until(() -> !node.isAlive(pid));
    await().atMost(LIMIT).until(() -> faults().size() == 1);
    node.exit(pid, ExitReason.NORMAL);
  }

  @Test
  @DisplayName(
      "what blocks when a pool is stopped goes on, though there is no thread for it at first")
  void noAfterlife() throws Exception {
    KernelProcesses node = start();
    CountDownLatch blocking = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch wentOn = new CountDownLatch(1);
    node.spawn(
        self -> {
          blocking.countDown();
          goOn.await();
          wentOn.countDown();
        });
    assertTrue(blocking.await(10, SECONDS));
    noAfterlife.set(3);
    if (started != null) {
      started.stop();
    }
    goOn.countDown();
    assertTrue(wentOn.await(10, SECONDS));
    assertEquals(JdkInternals.isOpen() ? 0 : 3, noAfterlife.get()); // else it needs none
  }

  @Test
  @DisplayName("an extra scheduler that got no thread is forgotten, also if the reporter throws")
  void noExtra() throws Exception {
    reporter =
        report -> {
          if (report instanceof NoThreadReport) {
            throw new NoClassDefFoundError("on purpose");
          }
          reports.add(report);
        };
    KernelProcesses node = start();
    noThread.set(2);
    loop(node);
    assertEquals(1, node.call(echo(node), 1, LIMIT));
    await() // there are more while the extra one is stuck, too
        .atMost(LIMIT)
        .until(() -> started != null && started.extraSchedulers() == 1);
  }
}
