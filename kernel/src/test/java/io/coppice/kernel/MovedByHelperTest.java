package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A helper that empties the mailbox of a process while that one finds out whether it is empty. */
class MovedByHelperTest {

  /** A ring with an open slot at its head, that does something just before it says it is empty. */
  private static final class HookedQueue implements MessageQueue {
    private static final Object CLAIMED = new Object();

    private final List<Object> slots = new ArrayList<>();
    final AtomicReference<@Nullable Runnable> beforeIsEmpty = new AtomicReference<>();

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
      return slots.isEmpty() || slots.getFirst() == CLAIMED ? null : slots.removeFirst();
    }

    @Override
    public boolean isEmpty() {
      Runnable hook = beforeIsEmpty.getAndSet(null);
      if (hook != null) {
        hook.run();
      }
      return size() == 0;
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
  @DisplayName("P15 receive after 0 finds a message that a helper is just moving out of the queue")
  void movedMeanwhile() throws Exception {
    CompletableFuture<HookedQueue> ring = new CompletableFuture<>();
    try (Node node =
        Node.start(
            NodeOptions.DEFAULT.withSchedulers(1),
            capacity -> {
              var queue = new HookedQueue();
              ring.complete(queue);
              return queue;
            })) {
      CountDownLatch bothSent = new CountDownLatch(1);
      CompletableFuture<Optional<Object>> found = new CompletableFuture<>();
      Pid receiver =
          node.spawn(
              self -> {
                bothSent.await(); // the second message that waits makes the ring
                self.receive("ring"::equals);
                HookedQueue queue = ring.join();
                queue.claim(); // somebody's message is on its way in, and hides what follows
                self.send(self.pid(), "own");
                queue.beforeIsEmpty.set(
                    () -> {
                      queue.fill("late");
                      signal(node, self.pid());
                    });
                found.complete(self.receive("own"::equals, Duration.ZERO));
              });
      node.send(receiver, "first slot");
      node.send(receiver, "ring");
      bothSent.countDown();
      assertEquals(Optional.of("own"), found.get(10, SECONDS), "the process's own message");
    }
  }

  /** A signal without effect, by another thread, which handles it in the place of the process. */
  private static void signal(Node node, Pid pid) {
    Thread sender = new Thread(() -> node.exit(pid, ExitReason.NORMAL));
    sender.start();
    try {
      sender.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
