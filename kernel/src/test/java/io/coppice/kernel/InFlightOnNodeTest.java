package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A sender that the operating system stops between claiming its slot in a ring and filling it. */
class InFlightOnNodeTest {

  /** A ring in which a test can claim a slot and leave it open for as long as it likes. */
  private static final class OpenSlotQueue implements MessageQueue {
    private static final Object CLAIMED = new Object();

    private final List<Object> slots = new ArrayList<>();
    final AtomicInteger hiddenPolls = new AtomicInteger();

    synchronized void claim() {
      slots.add(CLAIMED);
    }

    synchronized void fill(Object message) {
      slots.set(slots.indexOf(CLAIMED), message);
    }

    @Override
    public synchronized boolean offer(Object message) {
      return slots.add(message);
    }

    @Override
    public synchronized @Nullable Object poll() {
      if (slots.isEmpty()) {
        return null;
      }
      if (slots.getFirst() == CLAIMED) {
        hiddenPolls.getAndIncrement();
        return null;
      }
      return slots.removeFirst();
    }

    @Override
    public synchronized boolean isEmpty() {
      return slots.isEmpty();
    }

    @Override
    public synchronized int size() {
      return slots.size();
    }

    @Override
    public boolean closeIfEmpty() {
      return false;
    }
  }

  @Test
  @DisplayName("P15 receive after 0 finds a message that hides behind one which is on its way in")
  void hiddenBehindAnOpenSlot() throws Exception {
    CompletableFuture<OpenSlotQueue> ring = new CompletableFuture<>();
    NodeOptions options = NodeOptions.DEFAULT.withSchedulers(1);
    try (Node node =
        Node.start(
            options,
            capacity -> {
              var queue = new OpenSlotQueue();
              ring.complete(queue);
              return queue;
            })) {
      CountDownLatch bothSent = new CountDownLatch(1);
      CountDownLatch begin = new CountDownLatch(1);
      CountDownLatch ringIsThere = new CountDownLatch(1);
      CompletableFuture<Optional<Object>> found = new CompletableFuture<>();
      Pid receiver =
          node.spawn(
              self -> {
                bothSent.await();
                self.receive();
                self.receive();
                ringIsThere.countDown();
                begin.await();
                self.send(self.pid(), "own");
                found.complete(self.receive("own"::equals, Duration.ZERO));
              });
      node.send(receiver, "first slot");
      node.send(receiver, "ring");
      bothSent.countDown();
      ringIsThere.await(10, SECONDS);
      OpenSlotQueue queue = ring.get(10, SECONDS);
      queue.claim();
      begin.countDown();
      await().atMost(10, SECONDS).until(() -> queue.hiddenPolls.get() > 1 || found.isDone());
      queue.fill("late");
      assertEquals(Optional.of("own"), found.get(10, SECONDS), "the process's own message");
    }
  }
}
