package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.mailbox.Queues;
import io.coppice.kernel.process.KernelFaultReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node that is closed while there is no memory to tell its processes. */
class CloseWithoutMemoryTest {
  private static final int PROCESSES = 5;

  private final AtomicInteger failures = new AtomicInteger(); // that are still to come
  private final List<Report> reports = new CopyOnWriteArrayList<>();

  /** The second message or signal that waits in a mailbox needs a queue. */
  private MessageQueue queue(int capacity) {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new OutOfMemoryError("on purpose");
    }
    return Queues.factory().create(capacity);
  }

  @ParameterizedTest
  @CsvSource({"1, PT15S", "7, PT15S", "7, PT0.001S", "27, PT0.03S"})
  @DisplayName("AP10 a close finds no memory to tell processes, tells them later, and is complete")
  void close(int howOften, Duration shutdownTime) throws Exception {
    NodeOptions options =
        NodeOptions.DEFAULT
            .withName("poor")
            .withSchedulers(2)
            .withShutdownTime(shutdownTime)
            .withKillGrace(Duration.ofSeconds(20)) // all of them mind an interrupt
            .withStopTime(Duration.ofSeconds(20))
            .withReporter(reports::add);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch ready = new CountDownLatch(PROCESSES);
    CountDownLatch ended = new CountDownLatch(PROCESSES);
    Node node = Node.start(options, this::queue);
    List<Pid> pids = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      pids.add(
          node.spawn(
              self -> {
                ready.countDown();
                try {
                  never.await();
                } finally {
                  ended.countDown();
                }
              }));
    }
    assertTrue(ready.await(20, SECONDS));
    for (Pid pid : pids) {
      node.send(pid, "takes the place that needs no memory");
    }
    failures.set(howOften);
    long before = System.nanoTime();
    node.close();
    long tooLong = Math.max(shutdownTime.toNanos(), 15_000_000_000L);
    assertTrue(System.nanoTime() - before < tooLong, "told to shut down, not killed in the end");
    assertTrue(ended.await(0, SECONDS), "all were told");
    assertEquals(0, failures.get(), "failures that did not happen");
    assertEquals(0, node.processCount());
    assertEquals(0, node.runnerCount(), "no thread is left");
    List<Report> faults =
        reports.stream().filter(report -> report instanceof KernelFaultReport).toList();
    assertEquals(1, faults.size(), reports.toString());
    assertTrue(faults.getFirst().text().contains("the heap is used up"), faults.toString());
    node.close();
  }
}
