package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.mailbox.Queues;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a call costs, counted. It allocates, in all threads of the JVM together, its request, which
 * is the slot of the reply as well, and a timer if there is a time-out; payloads and answers are
 * constants here. And it looks at no message that waits for its caller (P17).
 */
class CallCostTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 6;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** A request with 12 bytes of header, 5 references, 2 longs; in steps of 8. */
  private static final int REQUEST = 48;

  /** A timer of a wait; see {@code TimerNode}. */
  private static final int TIMER = 64;

  /** What the JVM allocates beside: its compilers, its tests, stacks that grow. */
  private static final int NOISE = 16;

  /** What the scheduler of the JDK, where processes must run on that, takes to wake two up. */
  private static final int JDK_SCHEDULER = 96;

  private final AtomicLong looks = new AtomicLong();
  private final Node node =
      Node.start(
          NodeOptions.DEFAULT.withSchedulers(1),
          capacity -> new Watched(Queues.factory().create(capacity), looks));

  /** Counts how often somebody wants a message of it. */
  private record Watched(MessageQueue queue, AtomicLong looks) implements MessageQueue {
    @Override
    public boolean offer(Object message) {
      return queue.offer(message);
    }

    @Override
    public @Nullable Object poll() {
      looks.incrementAndGet();
      return queue.poll();
    }

    @Override
    public boolean isEmpty() {
      return queue.isEmpty();
    }

    @Override
    public int size() {
      return queue.size();
    }

    @Override
    public boolean closeIfEmpty() {
      return queue.closeIfEmpty();
    }
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static Pid answering(Processes node, SpawnOptions options) {
    Reactive server = (self, message) -> ((Request) message).reply("answer");
    return node.spawn(server, options);
  }

  /** Of several rounds the one in which least was allocated, per call. */
  private static double bytesPerCall(
      Processes by, Pid server, @Nullable Duration timeout, int calls) {
    double least = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = THREADS.getTotalThreadAllocatedBytes();
      for (int i = 0; i < calls; i++) {
        by.call(server, "question", timeout);
      }
      least = Math.min(least, (double) (THREADS.getTotalThreadAllocatedBytes() - before) / calls);
    }
    return least;
  }

  private static void assertAtMost(int own, double bytes) {
    boolean open = Object.class.getModule().isOpen("java.lang", CallCostTest.class.getModule());
    int bound = own + NOISE + (open ? 0 : JDK_SCHEDULER);
    assertTrue(bytes <= bound, () -> bytes + " bytes per call, at most " + bound + " are allowed");
  }

  private interface Measured {
    double bytes(Context self);
  }

  private double inProcess(Measured code) throws Exception {
    var bytes = new CompletableFuture<Double>();
    node.spawn(
        self -> {
          try {
            bytes.complete(code.bytes(self));
          } catch (Throwable thrown) {
            bytes.completeExceptionally(thrown);
          }
        });
    return bytes.get(60, SECONDS);
  }

  @Test
  @DisplayName(
      "A call between processes allocates its request, which is its reply slot, and no more")
  void process() throws Exception {
    Pid server = answering(node, SpawnOptions.DEFAULT);
    assertAtMost(REQUEST, inProcess(self -> bytesPerCall(self, server, null, 20_000)));
  }

  @Test
  @DisplayName("A time-out adds a timer to that")
  void timeout() throws Exception {
    Pid server = answering(node, SpawnOptions.DEFAULT);
    assertAtMost(REQUEST + TIMER, inProcess(self -> bytesPerCall(self, server, MINUTE, 20_000)));
  }

  @Test
  @DisplayName("A process that never blocks is called for the price of the request")
  void inline() throws Exception {
    Pid server = answering(node, SpawnOptions.DEFAULT.neverBlocks());
    assertAtMost(REQUEST, inProcess(self -> bytesPerCall(self, server, null, 20_000)));
  }

  @Test
  @DisplayName("P17 a call allocates no more when 100 000 messages wait for its caller")
  void longQueue() throws Exception {
    Pid server = answering(node, SpawnOptions.DEFAULT);
    double bytes =
        inProcess(
            self -> {
              for (int i = 0; i < 100_000; i++) {
                self.send(self.pid(), "waits");
              }
              double queued = bytesPerCall(self, server, null, 20_000);
              self.receive("none is this"::equals, Duration.ZERO); // now they have been refused
              return Math.max(queued, bytesPerCall(self, server, null, 20_000));
            });
    assertAtMost(REQUEST, bytes);
  }

  @Test
  @DisplayName("A call from a thread outside allocates its request and what it asks when it waits")
  void outside() {
    Pid server = answering(node, SpawnOptions.DEFAULT);
    assertAtMost(REQUEST + TIMER, bytesPerCall(node, server, MINUTE, 2_000));
  }

  /** How often all mailboxes together were looked into for these calls. */
  private long looksOfCalls(Context self, Pid server, int calls) {
    long before = looks.get();
    for (int i = 0; i < calls; i++) {
      assertEquals("answer", self.call(server, "question", null));
    }
    return looks.get() - before;
  }

  @Test
  @DisplayName("P17 a call takes no message out of its caller's mailbox, however many wait there")
  void looks() throws Exception {
    int calls = 2_000;
    double most =
        inProcess(
            self -> {
              Pid server = answering(self, SpawnOptions.DEFAULT);
              long empty = looksOfCalls(self, server, calls);
              for (int i = 0; i < 20_000; i++) {
                self.send(self.pid(), i);
              }
              long queued = looksOfCalls(self, server, calls);
              self.receive("none is this"::equals, Duration.ZERO);
              long refused = looksOfCalls(self, server, calls);
              assertEquals(0, self.receive());
              return Math.max(empty, Math.max(queued, refused));
            });
    // Those of the server: its request, and that there is no more. A batch has up to 64 messages.
    assertTrue(most <= 4 * calls, () -> most + " looks for " + calls + " calls");
  }
}
