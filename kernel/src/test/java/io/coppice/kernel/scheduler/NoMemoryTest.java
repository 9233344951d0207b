package io.coppice.kernel.scheduler;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.cell.Kernel;
import io.coppice.kernel.cell.KernelConfig;
import io.coppice.kernel.cell.KernelProcesses;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NoMemoryReport;
import io.coppice.kernel.process.NoThreadReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The JVM has no memory, or no thread: nothing is lost. */
class NoMemoryTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final AtomicInteger noMemory = new AtomicInteger(); // how often still
  private final AtomicInteger noProcessThread = new AtomicInteger();
  private final AtomicInteger noExtraThread = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();

  private final SchedulerPool pool =
      new SchedulerPool(
          new SchedulerConfig(
              "poor",
              1,
              1_000_000,
              5_000_000,
              100_000_000,
              4,
              true,
              50_000_000,
              4,
              2,
              1_000_000_000,
              reports::add),
          (timer, error) -> {},
          new ForgetfulQueue(),
          this::start);
  private final Kernel kernel =
      new Kernel(new KernelConfig("poor", 64, 16, 100_000_000, reports::add), pool);
  private final KernelProcesses node = new KernelProcesses(kernel) {};

  /** A queue that needs memory, which is not always there. */
  private final class ForgetfulQueue extends ConcurrentLinkedQueue<Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean add(Object item) {
      failIfWanted(noMemory);
      return super.add(item);
    }
  }

  private void start(Thread thread) {
    if (thread.getName().contains("process")) {
      failIfWanted(noProcessThread);
    } else if (thread.getName().contains("extra")) {
      failIfWanted(noExtraThread);
    }
    thread.start();
  }

  private static void failIfWanted(AtomicInteger failures) {
    if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new OutOfMemoryError("on purpose");
    }
  }

  @AfterEach
  void stop() {
    stop.set(true);
    noMemory.set(0);
    kernel.close(Duration.ofSeconds(1));
    pool.stop();
  }

  private Pid echo() {
    return node.spawn((self, message) -> ((Request) message).reply(((Request) message).payload()));
  }

  @Test
  @DisplayName("a process that becomes ready while there is no memory runs, and that is reported")
  void inject() {
    pool.start();
    Pid echo = echo();
    for (int i = 0; i < 100; i++) {
      noMemory.set(1); // to make it ready takes one
      assertEquals(i, node.call(echo, i, LIMIT));
    }
    await()
        .atMost(LIMIT)
        .until(
            () -> { // a call that finds it running makes nobody ready: now it has had time to rest
              noMemory.set(1);
              assertEquals("again", node.call(echo, "again", LIMIT));
              return reports.stream().anyMatch(NoMemoryReport.class::isInstance);
            });
  }

  @Test
  @DisplayName("a process with a dedicated thread ends if there is none, as everybody is told")
  void noDedicatedThread() throws Exception {
    pool.start();
    CompletableFuture<ExitReason> reason = new CompletableFuture<>();
    AtomicBoolean ran = new AtomicBoolean();
    node.spawn(
        self -> {
          noProcessThread.set(1);
          Spawned child =
              self.spawnMonitor(
                  me -> ran.set(true), SpawnOptions.DEFAULT.dedicatedThread().name("own"));
          Down down = (Down) self.receive();
          assertEquals(child.monitor(), down.ref());
          reason.complete(down.reason());
        });
    ExitReason.Crashed crashed =
        assertInstanceOf(ExitReason.Crashed.class, reason.get(20, SECONDS));
    assertInstanceOf(OutOfMemoryError.class, crashed.error());
    assertEquals(false, ran.get());
    assertTrue(node.whereis("own").isEmpty());
    assertTrue(reports.stream().anyMatch(NoThreadReport.class::isInstance));
  }

  @Test
  @DisplayName("an extra scheduler that got no thread is tried again at the next pulse")
  void noExtraScheduler() throws Exception {
    pool.start();
    CountDownLatch looping = new CountDownLatch(1);
    Pid echo = echo();
    assertEquals(0, node.call(echo, 0, LIMIT));
    noExtraThread.set(3);
    node.spawn(
        self -> {
          looping.countDown();
          while (!stop.get()) {
            Thread.onSpinWait();
          }
        });
    assertTrue(looping.await(20, SECONDS));
    assertEquals(1, node.call(echo, 1, LIMIT));
    await().atMost(LIMIT).until(() -> pool.extraSchedulers() == 1); // more if it was stuck, too
  }
}
