package io.coppice.kernel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.LongQueueReport;
import io.coppice.kernel.process.MailboxFull;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Overflow;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Timeout;
import io.coppice.kernel.process.TimerFailureReport;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.process.Watermarks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bounded mailboxes on a running node, with senders of all kinds. */
class MailboxLimitTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ConcurrentLinkedQueue<Report> reports = new ConcurrentLinkedQueue<>();
  private final Node node =
      Node.start(
          NodeOptions.DEFAULT
              .withSchedulers(2)
              .withShutdownTime(Duration.ZERO)
              .withKillGrace(LIMIT) // all of them mind an interrupt
              .withReporter(reports::add));

  @AfterEach
  void close() {
    node.close();
    assertEquals(0, node.processCount(), "processes left over");
  }

  private static SpawnOptions limit(int messages, Overflow overflow) {
    return SpawnOptions.DEFAULT.mailboxLimit(MailboxLimit.of(messages, overflow));
  }

  /** Receives nothing until it is told, then everything. */
  private final class Held {
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final List<Object> received = Collections.synchronizedList(new ArrayList<>());
    final Pid pid;

    Held(SpawnOptions options) {
      Reactive code =
          new Reactive() {
            @Override
            public void onStart(Context self) throws Exception {
              boolean _ = self.trapExit(true);
              started.countDown();
              go.await();
            }

            @Override
            public void onMessage(Context self, Object message) {
              received.add(message);
            }
          };
      pid = node.spawn(code, options);
      await().atMost(LIMIT).until(() -> started.getCount() == 0);
    }

    List<Object> afterAll(int expected) {
      go.countDown();
      await().atMost(LIMIT).until(() -> received.size() >= expected);
      return List.copyOf(received);
    }
  }

  private long lost() {
    return node.counters().undelivered(Undelivered.MAILBOX_FULL);
  }

  private static List<Object> numbers(int from, int to) {
    return IntStream.range(from, to).<Object>mapToObj(i -> i).toList();
  }

  /** Runs code in a process of its own; throws here what it throws there. */
  private void run(ProcessBody body) throws Exception {
    var outcome = new CompletableFuture<Boolean>();
    var _ =
        node.spawn(
            self -> {
              try {
                body.run(self);
                outcome.complete(true);
              } catch (Throwable thrown) {
                outcome.completeExceptionally(thrown);
                throw thrown;
              }
            });
    try {
      boolean _ = outcome.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("in the process: " + e.getCause(), e.getCause());
    }
  }

  // ---- the policies

  @Test
  @DisplayName("drop newest: the first messages are received, the others counted")
  void dropNewest() {
    Held held = new Held(limit(10, Overflow.DROP_NEWEST));
    for (int i = 0; i < 1_000; i++) {
      node.send(held.pid, i);
    }
    assertEquals(990, lost());
    assertEquals(numbers(0, 10), held.afterAll(10));
    node.send(held.pid, "room again");
    assertEquals("room again", held.afterAll(11).getLast());
    assertEquals(990, lost());
  }

  @Test
  @DisplayName("drop oldest: the last messages are received, the others counted")
  void dropOldest() {
    Held held = new Held(limit(10, Overflow.DROP_OLDEST));
    for (int i = 0; i < 1_000; i++) {
      node.send(held.pid, i);
    }
    assertEquals(numbers(990, 1_000), held.afterAll(10));
    assertEquals(990, lost());
  }

  @Test
  @DisplayName("drop oldest: the mailbox of a process that computes, sleeps or calls stays short")
  void dropOldestMeanwhile() throws Exception {
    Pid silent = node.spawn((self, message) -> {});
    List<ProcessBody> waits =
        List.of(
            self -> {
              while (self.info(self.pid()).orElseThrow().queueLength() < Integer.MAX_VALUE) {
                self.checkpoint();
              }
            },
            self -> self.sleep(Duration.ofDays(1)),
            self -> self.call(silent, "?", null),
            self -> new CountDownLatch(1).await());
    for (ProcessBody wait : waits) {
      var started = new CountDownLatch(1);
      Pid pid =
          node.spawn(
              self -> {
                started.countDown();
                wait.run(self);
              },
              limit(100, Overflow.DROP_OLDEST));
      assertTrue(started.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
      for (int i = 0; i < 20_000; i++) {
        node.send(pid, i);
      }
      await().atMost(LIMIT).until(() -> node.info(pid).orElseThrow().queueLength() <= 100 + 12 + 1);
      node.exit(pid, ExitReason.KILL);
    }
  }

  @Test
  @DisplayName(
      "drop oldest: also of what came before the handler that runs now the oldest are lost")
  void dropOldestInHand() throws Exception {
    List<Object> received = new CopyOnWriteArrayList<>();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch begin = new CountDownLatch(1);
    CountDownLatch handling = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Reactive code =
        new Reactive() {
          @Override
          public void onStart(Context self) throws Exception {
            started.countDown();
            begin.await();
          }

          @Override
          public void onMessage(Context self, Object message) throws Exception {
            received.add(message);
            handling.countDown();
            goOn.await();
          }
        };
    Pid pid = node.spawn(code, limit(6, Overflow.DROP_OLDEST));
    assertTrue(started.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    for (int i = 0; i < 6; i++) {
      node.send(pid, i);
    }
    begin.countDown();
    assertTrue(handling.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    for (int i = 6; i < 1_000; i++) {
      node.send(pid, i);
      int length = node.info(pid).orElseThrow().queueLength();
      assertTrue(length <= 6, "messages: " + length);
    }
    goOn.countDown();
    await().atMost(LIMIT).until(() -> received.size() == 7);
    assertEquals(0, received.getFirst());
    assertEquals(numbers(994, 1_000), received.subList(1, 7));
    assertEquals(993, lost());
  }

  @Test
  @DisplayName("drop oldest keeps what signals have become, in its place, and fails lost requests")
  void dropOldestKeepsSignals() throws Exception {
    Held held = new Held(limit(3, Overflow.DROP_OLDEST));
    CompletableFuture<?> oldest = node.request(held.pid, "first");
    node.exit(held.pid, ExitReason.of("trapped"));
    for (int i = 0; i < 500; i++) {
      node.send(held.pid, i);
    }
    List<Object> received = held.afterAll(4);
    assertInstanceOf(Exit.class, received.getFirst());
    assertEquals(numbers(497, 500), received.subList(1, 4));
    ExecutionException thrown =
        assertThrows(
            ExecutionException.class, () -> oldest.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertEquals(
        new ExitReason.MailboxOverflow(3),
        assertInstanceOf(CallFailed.class, thrown.getCause()).reason());
  }

  @Test
  @DisplayName("fail: a send to a full mailbox throws, and says who, how many and how many may")
  void failSend() {
    Held held = new Held(limit(2, Overflow.FAIL_SEND).name("slow"));
    node.send(held.pid, 1);
    node.send("slow", 2);
    MailboxFull full = assertThrows(MailboxFull.class, () -> node.send("slow", 3));
    assertEquals(held.pid, full.receiver());
    assertEquals(2, full.limit());
    String text = String.valueOf(full.getMessage());
    assertTrue(text.contains(held.pid + " 'slow'"), text);
    assertTrue(text.contains("2 messages wait and 2 may"), text);
    assertEquals(1, lost());
    assertEquals(List.of(1, 2), held.afterAll(2));
  }

  @Test
  @DisplayName("end: a process whose mailbox overflows ends with a reason that says so")
  void endReceiver() throws Exception {
    Held held = new Held(limit(5, Overflow.END_RECEIVER));
    var reason = new CompletableFuture<ExitReason>();
    var watching = new CountDownLatch(1);
    var _ =
        node.spawn(
            self -> {
              var _ = self.monitor(held.pid);
              watching.countDown();
              reason.complete(((Down) self.receive()).reason());
            });
    assertTrue(watching.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    for (int i = 0; i < 5; i++) {
      node.send(held.pid, i);
    }
    assertTrue(node.isAlive(held.pid));
    CompletableFuture<?> request = node.request(held.pid, "one too many");
    assertEquals(
        new ExitReason.MailboxOverflow(5), reason.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertThrows(ExecutionException.class, () -> request.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("suspend: a sender waits for room, and nothing is lost or changes its order")
  void suspend() throws Exception {
    Held held = new Held(limit(5, Overflow.SUSPEND_SENDER));
    Pid sender =
        node.spawn(
            self -> {
              for (int i = 0; i < 1_000; i++) {
                self.send(held.pid, i);
              }
            });
    await()
        .atMost(LIMIT)
        .until(() -> node.info(sender).orElseThrow().waitReason() == WaitReason.ROOM);
    await()
        .atMost(LIMIT)
        .until(() -> node.info(sender).orElseThrow().status() == ProcessStatus.WAITING);
    assertEquals(5, node.info(held.pid).orElseThrow().queueLength());
    assertEquals(numbers(0, 1_000), held.afterAll(1_000));
    assertEquals(0, lost());
  }

  @Test
  @DisplayName("suspend: a sender loses its patience with a failure that says for whom it waited")
  void suspendPatience() throws Exception {
    Held held =
        new Held(
            SpawnOptions.DEFAULT
                .name("slow")
                .mailboxLimit(MailboxLimit.suspending(1, Duration.ofMillis(20))));
    run(
        self -> {
          self.send(held.pid, 1);
          MailboxFull full = assertThrows(MailboxFull.class, () -> self.send(held.pid, 2));
          String text = String.valueOf(full.getMessage());
          assertTrue(text.contains(held.pid + " 'slow'"), text);
          assertTrue(text.contains(self.pid() + " "), text);
          assertTrue(text.matches("(?s).*has waited PT[0-9.]+S.*"), text);
          assertFalse(text.contains("circle"), text);
        });
    assertEquals(List.of(1), held.afterAll(1));
  }

  @Test
  @DisplayName("suspend: an exit signal ends a sender that waits, and its message is not sent")
  void suspendKilled() {
    Held held = new Held(limit(1, Overflow.SUSPEND_SENDER));
    Pid sender =
        node.spawn(
            self -> {
              self.send(held.pid, "sent");
              self.send(held.pid, "not sent");
            });
    await()
        .atMost(LIMIT)
        .until(() -> node.info(sender).orElseThrow().waitReason() == WaitReason.ROOM);
    node.exit(sender, ExitReason.of("enough"));
    await().atMost(LIMIT).until(() -> !node.isAlive(sender));
    assertEquals(List.of("sent"), held.afterAll(1));
    node.send(held.pid, "and there is room");
    assertEquals(List.of("sent", "and there is room"), held.afterAll(2));
  }

  @Test
  @DisplayName("suspend: the end of the receiver lets its senders go on at once")
  void suspendReceiverEnds() throws Exception {
    Duration patience = Duration.ofMinutes(10);
    Held held = new Held(SpawnOptions.DEFAULT.mailboxLimit(MailboxLimit.suspending(1, patience)));
    node.send(held.pid, "fills it");
    int senders = 5;
    var wentOn = new CountDownLatch(senders);
    for (int i = 0; i < senders; i++) {
      Pid sender =
          node.spawn(
              self -> {
                self.send(held.pid, "lost");
                wentOn.countDown();
              });
      await()
          .atMost(LIMIT)
          .until(() -> node.info(sender).orElseThrow().waitReason() == WaitReason.ROOM);
    }
    node.exit(held.pid, ExitReason.KILL);
    assertTrue(
        wentOn.await(LIMIT.toSeconds(), TimeUnit.SECONDS), "long before their patience ends");
    await()
        .atMost(LIMIT)
        .until(() -> node.counters().undelivered(Undelivered.DEAD_PROCESS) == senders);
    held.go.countDown();
  }

  @Test
  @DisplayName("suspend: threads that run no process, and timers, are never held up")
  void suspendOutside() {
    Held held = new Held(limit(1, Overflow.SUSPEND_SENDER));
    node.send(held.pid, 1);
    MailboxFull full = assertThrows(MailboxFull.class, () -> node.send(held.pid, 2));
    assertTrue(String.valueOf(full.getMessage()).contains("runs no process"), full.getMessage());
    CallFailed failed =
        assertThrows(CallFailed.class, () -> node.call(held.pid, "?", Duration.ofDays(1)));
    assertEquals(new ExitReason.MailboxOverflow(1), failed.reason());
    long before = lost();
    var _ = node.sendAfter(Duration.ZERO, held.pid, 3);
    await().atMost(LIMIT).until(() -> lost() == before + 1);
    assertEquals(List.of(1), held.afterAll(1));
    node.close();
    assertTrue(reports.stream().noneMatch(TimerFailureReport.class::isInstance), "the timer threw");
  }

  @Test
  @DisplayName("suspend: a process does not wait for itself")
  void suspendSelf() throws Exception {
    var text = new CompletableFuture<String>();
    var _ =
        node.spawn(
            self -> {
              self.send(self.pid(), 1);
              text.complete(
                  String.valueOf(
                      assertThrows(MailboxFull.class, () -> self.send(self.pid(), 2))
                          .getMessage()));
            },
            limit(1, Overflow.SUSPEND_SENDER));
    assertTrue(text.get(LIMIT.toSeconds(), TimeUnit.SECONDS).contains("cannot wait for itself"));
  }

  // ---- what never counts

  @Test
  @DisplayName("signals pass a full mailbox: link, unlink, monitor, demonitor, exit, kill")
  void signalsPass() throws Exception {
    for (Overflow overflow : Overflow.values()) {
      Held held = new Held(limit(1, overflow));
      node.send(held.pid, "fills it");
      run(
          self -> {
            boolean _ = self.trapExit(true);
            var gone = self.monitor(held.pid);
            assertTrue(self.demonitor(gone));
            self.link(held.pid);
            self.unlink(held.pid);
            var monitor = self.monitor(held.pid);
            self.link(held.pid);
            self.exit(held.pid, ExitReason.of("trapped"));
            assertTrue(self.isAlive(held.pid), overflow + ": " + held.received);
            self.exit(held.pid, ExitReason.KILL);
            Exit exit = (Exit) self.receive(m -> m instanceof Exit, LIMIT).orElseThrow();
            assertEquals(ExitReason.KILLED, exit.reason());
            Down down = (Down) self.receive(m -> m instanceof Down, LIMIT).orElseThrow();
            assertEquals(monitor, down.ref());
          });
      held.go.countDown();
    }
  }

  @Test
  @DisplayName("Exit, Down and Response reach a full mailbox and take no room in it")
  void signalsBecomeMessages() throws Exception {
    Pid echo =
        node.spawn(
            (self, message) -> ((io.coppice.kernel.process.Request) message).reply("answer"));
    var outcome = new CompletableFuture<List<Object>>();
    var full = new CountDownLatch(1);
    Pid child = node.spawn(self -> self.receive());
    Pid pid =
        node.spawn(
            self -> {
              boolean _ = self.trapExit(true);
              self.link(child);
              var _ = self.monitor(child);
              var _ = self.sendRequest(echo, "?");
              full.await();
              List<Object> all = new ArrayList<>();
              while (all.size() < 4) {
                all.add(self.receive());
              }
              outcome.complete(all);
            },
            limit(1, Overflow.FAIL_SEND));
    node.send(pid, "fills it");
    node.send(child, "end");
    await().atMost(LIMIT).until(() -> !node.isAlive(child));
    assertTrue(node.isAlive(pid));
    assertThrows(MailboxFull.class, () -> node.send(pid, "no room"));
    full.countDown();
    List<Object> all = outcome.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertTrue(all.contains("fills it"), all.toString());
    assertTrue(all.stream().anyMatch(Exit.class::isInstance), all.toString());
    assertTrue(all.stream().anyMatch(Down.class::isInstance), all.toString());
    assertTrue(all.stream().anyMatch(Response.class::isInstance), all.toString());
  }

  @Test
  @DisplayName("a process's own timers reach it though its mailbox is full")
  void ownTimers() throws Exception {
    var outcome = new CompletableFuture<List<Object>>();
    var full = new CountDownLatch(1);
    Pid pid =
        node.spawn(
            self -> {
              full.await();
              var _ = self.startTimer(Duration.ZERO, self.pid(), "tick");
              var _ = self.sendAfter(Duration.ZERO, self.pid(), "tock");
              self.sleep(Duration.ofMillis(5));
              outcome.complete(List.of(self.receive(), self.receive(), self.receive()));
            },
            limit(1, Overflow.DROP_NEWEST));
    node.send(pid, "fills it");
    full.countDown();
    List<Object> all = outcome.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertTrue(all.contains("tock"), all.toString());
    assertTrue(all.stream().anyMatch(Timeout.class::isInstance), all.toString());
    assertEquals(0, lost());
  }

  @Test
  @DisplayName("messages that a selective receive has skipped take room")
  void skippedCount() throws Exception {
    var waiting = new CountDownLatch(1);
    Pid pid =
        node.spawn(
            self -> {
              waiting.countDown();
              self.receive(message -> message.equals("wanted"));
            },
            limit(3, Overflow.FAIL_SEND));
    assertTrue(waiting.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    for (int i = 0; i < 3; i++) {
      node.send(pid, i);
    }
    await()
        .atMost(LIMIT)
        .until(() -> node.info(pid).orElseThrow().status() == ProcessStatus.WAITING);
    assertThrows(MailboxFull.class, () -> node.send(pid, "wanted"));
    node.exit(pid, ExitReason.KILL);
  }

  @Test
  @DisplayName("P53 messages through an alias take room like others, until it is found inactive")
  void aliases() throws Exception {
    var alias = new CompletableFuture<Alias>();
    var full = new CountDownLatch(1);
    var outcome = new CompletableFuture<List<Object>>();
    Pid pid =
        node.spawn(
            self -> {
              alias.complete(self.alias());
              full.await();
              boolean _ = self.unalias(alias.join());
              List<Object> all = new ArrayList<>();
              for (int i = 0; i < 3; i++) {
                all.add(self.receive()); // these have arrived before the alias ended
              }
              outcome.complete(all);
              self.receive();
            },
            limit(3, Overflow.FAIL_SEND));
    var to = alias.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    node.send(to, 1);
    node.send(pid, 2);
    node.send(to, 3);
    assertThrows(MailboxFull.class, () -> node.send(to, 4));
    full.countDown();
    assertEquals(List.of(1, 2, 3), outcome.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    for (int i = 0; i < 5; i++) { // each finds the alias inactive, and takes no room after that
      node.send(to, "late");
      int sent = i + 1;
      await()
          .atMost(LIMIT)
          .until(() -> node.counters().undelivered(Undelivered.INACTIVE_ALIAS) == sent);
    }
    node.send(pid, "end");
    await().atMost(LIMIT).until(() -> !node.isAlive(pid));
  }

  // ---- many senders

  @Test
  @DisplayName("many processes, threads and timers send: each message is received or counted")
  void manySenders() throws Exception {
    for (Overflow overflow : Overflow.values()) {
      if (overflow != Overflow.END_RECEIVER) {
        manySenders(overflow);
      }
    }
  }

  private void manySenders(Overflow overflow) throws Exception {
    int each = 2_000;
    int kinds = 4; // two processes, a thread, a virtual thread of the JDK's
    long lostBefore = lost();
    Map<Integer, Integer> last = new HashMap<>();
    var received = new AtomicInteger();
    var refused = new AtomicInteger();
    var timers = new AtomicInteger();
    Reactive code =
        (self, message) -> {
          if (message instanceof int[] numbered) {
            Integer before = last.put(numbered[0], numbered[1]);
            assertTrue(before == null || before < numbered[1], "order of one sender");
            received.incrementAndGet();
          } else {
            timers.incrementAndGet();
          }
        };
    Pid pid = node.spawn(code, limit(20, overflow));
    var done = new CountDownLatch(kinds);
    for (int kind = 0; kind < kinds; kind++) {
      int number = kind;
      Runnable sending =
          () -> {
            for (int i = 0; i < each; i++) {
              try {
                node.send(pid, new int[] {number, i});
              } catch (MailboxFull full) {
                refused.incrementAndGet();
              }
            }
            done.countDown();
          };
      switch (kind) {
        case 0, 1 -> node.spawn(self -> sending.run());
        case 2 -> Thread.ofPlatform().start(sending);
        default -> Thread.ofVirtual().start(sending);
      }
    }
    for (int i = 0; i < each; i++) {
      var _ = node.sendAfter(Duration.ofNanos(i * 1_000L), pid, "tick");
    }
    assertTrue(done.await(LIMIT.toSeconds(), TimeUnit.SECONDS), overflow + ": a sender waits");
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertEquals(
                    (kinds + 1L) * each,
                    received.get() + timers.get() + lost() - lostBefore,
                    overflow.toString()));
    switch (overflow) {
      case SUSPEND_SENDER, FAIL_SEND -> assertTrue(refused.get() <= lost() - lostBefore);
      default -> assertEquals(0, refused.get());
    }
    assertTrue(node.isAlive(pid), "it crashed");
    node.exit(pid, ExitReason.KILL);
    await().atMost(LIMIT).until(() -> !node.isAlive(pid));
  }

  @Test
  @DisplayName("never more than the limit wait, whoever sends")
  void limitHolds() throws Exception {
    Held held = new Held(limit(50, Overflow.DROP_NEWEST));
    int senders = 8;
    var done = new CountDownLatch(senders);
    for (int s = 0; s < senders; s++) {
      Runnable sending =
          () -> {
            for (int i = 0; i < 5_000; i++) {
              node.send(held.pid, i);
            }
            done.countDown();
          };
      if (s % 2 == 0) {
        node.spawn(self -> sending.run());
      } else {
        Thread.ofPlatform().start(sending);
      }
    }
    assertTrue(done.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertEquals(50, held.afterAll(50).size());
    assertEquals(senders * 5_000L - 50, lost());
  }

  // ---- watermarks

  @Test
  @DisplayName(
      "P85 a long queue is reported once when it gets long and once when it is short again")
  void watermarks() {
    Held held =
        new Held(
            SpawnOptions.DEFAULT.name("watched").label("L").watermarks(new Watermarks(100, 10)));
    for (int i = 0; i < 1_000; i++) {
      node.send(held.pid, i);
    }
    held.afterAll(1_000);
    await().atMost(LIMIT).until(() -> longQueues().size() >= 2);
    List<LongQueueReport> all = longQueues();
    assertEquals(2, all.size(), all.toString());
    LongQueueReport first = all.getFirst();
    assertTrue(first.above());
    assertEquals("watched", first.name());
    assertEquals("L", first.label());
    assertEquals(100, first.length());
    assertTrue(first.text().startsWith("Process " + held.pid + " 'watched' ("), first.text());
    assertFalse(all.get(1).above());
    assertEquals(10, all.get(1).length());
    for (int i = 0; i < 1_000; i++) {
      node.send(held.pid, i); // now sender and receiver compete
    }
    held.afterAll(2_000);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertEquals(
                    longQueues().stream().filter(LongQueueReport::above).count(),
                    longQueues().stream().filter(report -> !report.above()).count()));
    assertEquals(0, lost());
  }

  @Test
  @DisplayName("P85 the node watches the queues of all processes, and tells each crossing once")
  void nodeWatch() {
    try (Node watching =
        Node.start(
            NodeOptions.DEFAULT
                .with(Knob.LONG_QUEUE, 1_000)
                .withShutdownTime(Duration.ZERO)
                .withReporter(reports::add))) {
      var go = new java.util.concurrent.Semaphore(0);
      Pid slow =
          watching.spawn(
              (self, message) -> {
                if (message.equals("hold")) {
                  go.acquire();
                }
              });
      for (int round = 1; round <= 2; round++) {
        watching.send(slow, "hold");
        for (int i = 0; i < 5_000; i++) {
          watching.send(slow, i);
        }
        int expected = 2 * round;
        await().atMost(LIMIT).until(() -> longQueues().size() == expected - 1);
        go.release();
        await().atMost(LIMIT).until(() -> longQueues().size() == expected);
        await().atMost(LIMIT).until(() -> watching.info(slow).orElseThrow().queueLength() == 0);
      }
    }
    List<LongQueueReport> all = longQueues();
    for (int i = 0; i < all.size(); i++) {
      LongQueueReport report = all.get(i);
      assertEquals(i % 2 == 0, report.above(), all.toString());
      long length = report.length(); // how late it is told depends on who runs meanwhile
      assertTrue(report.above() ? length >= 1_000 : length <= 500, report.text());
    }
  }

  @Test
  @DisplayName("P85 the queue of a process that refuses what it gets is found long, however slowly")
  void nodeWatchRefused() {
    try (Node watching =
        Node.start(
            NodeOptions.DEFAULT
                .with(Knob.LONG_QUEUE, 200)
                .withShutdownTime(Duration.ZERO)
                .withReporter(reports::add))) {
      Pid choosy = watching.spawn(self -> self.receive(message -> message.equals("wanted")));
      for (int i = 1; i <= 300; i++) {
        watching.send(choosy, i);
        int sent = i; // one by one: it is refused before the next is sent
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .atMost(LIMIT)
            .until(() -> watching.messages(choosy, 1_000).orElseThrow().size() == sent);
      }
      await().atMost(LIMIT).until(() -> longQueues().size() == 1);
      LongQueueReport report = longQueues().getFirst();
      assertTrue(report.above() && report.length() >= 200, report::text);
    }
  }

  private List<LongQueueReport> longQueues() {
    return reports.stream()
        .filter(LongQueueReport.class::isInstance)
        .map(LongQueueReport.class::cast)
        .toList();
  }

  // ---- the example

  @Test
  @DisplayName("the example of SpawnOptions.mailboxLimit does what it says")
  void example() throws Exception {
    // @start region="limit"
    SpawnOptions careful =
        SpawnOptions.DEFAULT
            .name("mailer")
            .mailboxLimit(MailboxLimit.of(100, Overflow.FAIL_SEND))
            .watermarks(new Watermarks(80, 20));
    Pid mailer = node.spawn((self, letter) -> self.sleep(Duration.ofMillis(100)), careful);
    int accepted = 0;
    try {
      while (accepted < 10_000) {
        node.send(mailer, "Dear customer, ...");
        accepted++;
      }
    } catch (MailboxFull full) {
      node.report(new Overloaded(full.receiver(), accepted)); // and answer "try again later"
    }
    // @end region="limit"
    assertTrue(accepted >= 100 && accepted < 200, accepted + " accepted");
    await().atMost(LIMIT).until(() -> longQueues().size() == 1);
    node.exit(mailer, ExitReason.KILL);
  }

  private record Overloaded(Pid who, int accepted) implements Report {
    @Override
    public System.Logger.Level level() {
      return System.Logger.Level.WARNING;
    }

    @Override
    public String text() {
      return who + " is overloaded, it has accepted " + accepted + " letters";
    }
  }
}
