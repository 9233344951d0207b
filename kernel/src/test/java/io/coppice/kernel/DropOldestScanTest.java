package io.coppice.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Overflow;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Undelivered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A mailbox that drops the oldest, of a process in the middle of a selective receive. */
class DropOldestScanTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MESSAGES = 16;
  private static final int BOUND = MESSAGES + 2 + 1; // an eighth more, and one sender
  private static final SpawnOptions OPTIONS =
      SpawnOptions.DEFAULT.mailboxLimit(MailboxLimit.of(MESSAGES, Overflow.DROP_OLDEST));

  private final Node node =
      Node.start(
          NodeOptions.DEFAULT
              .withSchedulers(2)
              .withShutdownTime(Duration.ZERO)
              .withReporter(report -> {}));
  private final CountDownLatch judging = new CountDownLatch(1);
  private final CompletableFuture<List<Object>> taken = new CompletableFuture<>();

  @AfterEach
  void close() {
    node.close();
  }

  /** What a predicate does with the first message that it gets. */
  private interface Judge {
    void judge(Context self) throws Exception;
  }

  /** Refuses all but "last", at the first for long; then takes what is left. */
  private Pid receiver(int refusedBefore, Judge judge) {
    return node.spawn(
        self -> {
          int[] seen = {0};
          List<Object> all = new ArrayList<>();
          all.add(self.receive(message -> judged(self, message, seen, refusedBefore, judge)));
          for (Optional<Object> next = self.receive(Duration.ZERO);
              next.isPresent();
              next = self.receive(Duration.ZERO)) {
            all.add(next.get());
          }
          taken.complete(all);
        },
        OPTIONS);
  }

  private boolean judged(Context self, Object message, int[] seen, int before, Judge judge) {
    if (seen[0]++ == before) {
      judging.countDown();
      try {
        judge.judge(self);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return message.equals("last");
  }

  private int length(Pid pid) {
    return node.info(pid).orElseThrow().queueLength();
  }

  private void sendTo(Pid pid, int from, int to) {
    IntStream.range(from, to).forEach(i -> node.send(pid, i));
  }

  private long lost() {
    return node.counters().undelivered(Undelivered.MAILBOX_FULL);
  }

  @Test
  @DisplayName(
      "drop oldest: a predicate that calls somebody keeps the mailbox of its process short")
  void calls() throws Exception {
    CompletableFuture<Request> asked = new CompletableFuture<>();
    Pid slow = node.spawn((self, message) -> asked.complete((Request) message));
    Pid pid = receiver(0, self -> self.call(slow, "?", null));
    node.send(pid, "first");
    Request request = asked.get(20, SECONDS);
    sendTo(pid, 0, 20_000);
    await().atMost(LIMIT).until(() -> length(pid) <= BOUND);
    assertTrue(request.reply("!"));
    node.send(pid, "last");
    List<Object> all = taken.get(20, SECONDS);
    assertEquals("last", all.getFirst());
    assertTrue(all.size() <= MESSAGES && all.size() > 1, () -> all.toString());
    assertEquals(19_999, all.getLast(), "the newest are kept");
    assertEquals(20_002 - all.size(), lost());
  }

  @Test
  @DisplayName("drop oldest: a predicate that computes keeps the mailbox of its process short")
  void computes() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Pid pid =
        receiver(
            0,
            self -> {
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
    node.send(pid, "first");
    assertTrue(judging.await(20, SECONDS));
    for (int i = 0; i < 5_000; i++) {
      node.send(pid, i);
      int length = length(pid);
      assertTrue(length <= BOUND, () -> "messages: " + length);
    }
    stop.set(true);
    node.send(pid, "last");
    List<Object> all = taken.get(20, SECONDS);
    assertEquals("last", all.getFirst());
    assertEquals(4_999, all.getLast());
    assertEquals(5_002 - all.size(), lost());
  }

  @Test
  @DisplayName("drop oldest: a receive that waits drops what it has skipped, and keeps the newest")
  void waits() throws Exception {
    Pid pid = receiver(-1, self -> {});
    sendTo(pid, 0, 5_000);
    await().atMost(LIMIT).until(() -> length(pid) <= MESSAGES);
    node.send(pid, "last");
    List<Object> all = taken.get(20, SECONDS);
    assertEquals("last", all.getFirst());
    assertEquals(
        IntStream.range(5_001 - MESSAGES, 5_000).boxed().toList(), all.subList(1, all.size()));
  }

  @Test
  @DisplayName(
      "drop oldest: while a predicate runs, a mailbox full of what it skipped drops the rest")
  void fullOfSkipped() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Pid pid = receiver(MESSAGES - 1, self -> goOn.await());
    sendTo(pid, 0, MESSAGES);
    assertTrue(judging.await(20, SECONDS));
    sendTo(pid, MESSAGES, 5_000);
    assertTrue(length(pid) <= BOUND, () -> "messages: " + length(pid));
    goOn.countDown();
    await().atMost(LIMIT).until(() -> length(pid) <= MESSAGES);
    node.send(pid, "last");
    assertEquals("last", taken.get(20, SECONDS).getFirst());
  }
}
