package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The heap is full when a process crashes. */
class CrashWithoutMemoryTest {
  private final AtomicBoolean noMemory = new AtomicBoolean();

  /** A ring that once finds no memory. */
  private final class PoorQueue implements MessageQueue {
    private final ConcurrentLinkedQueue<Object> messages = new ConcurrentLinkedQueue<>();

    @Override
    public boolean offer(Object message) {
      return messages.offer(message);
    }

    @Override
    public @Nullable Object poll() {
      if (noMemory.getAndSet(false)) {
        throw new OutOfMemoryError("asked for by the test");
      }
      return messages.poll();
    }

    @Override
    public boolean isEmpty() {
      return messages.isEmpty();
    }

    @Override
    public int size() {
      return messages.size();
    }

    @Override
    public boolean closeIfEmpty() {
      return false;
    }
  }

  @Test
  @DisplayName("PL5 a process that crashes without memory for its report has a short one, and ends")
  void shortReport() throws Exception {
    CompletableFuture<CrashReport> told = new CompletableFuture<>();
    CountDownLatch go = new CountDownLatch(1);
    NodeOptions options =
        NodeOptions.DEFAULT.withReporter(
            report -> {
              if (report instanceof CrashReport crash) {
                told.complete(crash);
              }
            });
    try (Node node = Node.start(options, capacity -> new PoorQueue())) {
      Pid victim =
          node.spawn(
              self -> {
                go.await();
                noMemory.set(true);
                throw new OutOfMemoryError("of the process");
              },
              SpawnOptions.DEFAULT.name("victim"));
      List<CompletableFuture<?>> requests = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        requests.add(node.request(victim, i));
      }
      go.countDown();
      for (CompletableFuture<?> request : requests) {
        assertThrows(ExecutionException.class, () -> request.get(20, SECONDS));
      }
      CrashReport report = told.get(20, SECONDS);
      assertEquals("victim", report.name());
      assertEquals(20, report.queueLength());
      assertEquals(List.of(), report.messages());
      assertEquals(List.of(), report.ancestors());
      assertInstanceOf(String.class, report.text());
    }
  }
}
