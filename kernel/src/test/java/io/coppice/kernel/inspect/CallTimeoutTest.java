package io.coppice.kernel.inspect;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a call says that got no answer in time. */
class CallTimeoutTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static SpawnOptions named(String name) {
    return SpawnOptions.DEFAULT.name(name).initialCall("a test server");
  }

  private static String message(TestNode node, Pid callee) {
    return text(assertThrows(CallFailed.class, () -> node.call(callee, "ping", LIMIT)));
  }

  private static String text(CallFailed failed) {
    return String.valueOf(failed.getMessage());
  }

  @Test
  @DisplayName("a time-out says that the callee has nothing to do: it has lost the request")
  void idle() {
    try (TestNode node = TestNode.start(1)) {
      Pid mute = node.spawn((self, message) -> {}, named("mute").label(7));
      assertEquals(
          "call(<1> 'mute', ping, PT5S) failed (timeout): no answer came within the time allowed;"
              + " <1> 'mute' [7] a test server is idle, and has 0 messages in its queue",
          message(node, mute));
    }
  }

  @Test
  @DisplayName("a time-out says what the callee waits for, and what that is doing")
  void waits() {
    try (TestNode node = TestNode.start(1)) {
      Pid mute = node.spawn((self, message) -> {}, named("mute"));
      Reactive asks = (self, message) -> self.call(mute, 1, Duration.ofMinutes(1));
      Pid middle = node.spawn(asks, named("middle"));
      String text = message(node, middle);
      assertTrue(
          text.contains(
              "; <2> 'middle' a test server is waiting for <1> 'mute' to answer Integer, 5.0 s so"
                  + " far, 55.0 s left, with String, at"
                  + " io.coppice.kernel.inspect.CallTimeoutTest."),
          text);
      assertTrue(
          text.endsWith("; <1> 'mute' a test server is idle, and has 0 messages in its queue"),
          text);
      assertFalse(text.contains("cycle"), text);
      node.exit(middle, ExitReason.KILL);
    }
  }

  @Test
  @DisplayName("a time-out in front of a full mailbox says that the request never got in, and why")
  void neverGotIn() {
    try (TestNode node = TestNode.start(1)) {
      MailboxLimit two = MailboxLimit.suspending(2, Duration.ofMinutes(1));
      Pid full =
          node.spawn(self -> self.sleep(LIMIT.multipliedBy(4)), named("full").mailboxLimit(two));
      node.send(full, "first");
      node.send(full, "second");
      List<String> texts = new ArrayList<>();
      node.spawn(
          self -> texts.add(text(assertThrows(CallFailed.class, () -> self.call(full, 1, LIMIT)))));
      node.advance(LIMIT.plusSeconds(1));
      assertEquals(
          List.of(
              "call(<1> 'full', 1, PT5S) failed (timeout): no answer came within the time allowed;"
                  + " the request never got into the mailbox of <1> 'full' (a test server), where"
                  + " the caller waited for room: 2 messages wait there and 2 may; <1> 'full' a"
                  + " test server is sleeping, 15.0 s left, at XX, and has 2 messages in its"
                  + " queue"),
          texts.stream().map(text -> text.replaceAll("at io[^,]*", "at XX")).toList());
      node.advance(LIMIT.multipliedBy(4));
    }
  }

  /** Else the ring would be broken at once: see CallCycleTest. */
  private static void leaveForLater(Object message) {
    if (message instanceof Request request) {
      request.defer();
    }
  }

  private static Reactive calling(Pid[] pids, int callee, String payload) {
    return (self, message) -> {
      leaveForLater(message);
      self.call(pids[callee], payload, null);
    };
  }

  @Test
  @DisplayName("a ring of calls in which answers were left for later is named as a call cycle")
  void cycle() {
    try (TestNode node = TestNode.start(1)) {
      List<Pid> ring = new ArrayList<>();
      List<String> failures = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int next = (i + 1) % 3;
        Reactive asks =
            (self, message) -> {
              leaveForLater(message);
              try {
                self.call(ring.get(next), "next", LIMIT.plusMillis(next));
              } catch (CallFailed failed) {
                failures.add(failed.getMessage());
              }
            };
        ring.add(node.spawn(asks, named("ring-" + i)));
      }
      node.send(ring.getFirst(), "go");
      node.advance(LIMIT.multipliedBy(2));
      // ring-2 is the first to give up: it calls ring-0
      assertTrue(
          failures
              .getFirst()
              .endsWith(
                  "; call cycle: <3> 'ring-2' -> <1> 'ring-0' -> <2> 'ring-1' -> <3> 'ring-2'"),
          failures.getFirst());
      assertFalse(failures.getLast().contains("cycle"), failures.getLast());
    }
  }

  @Test
  @DisplayName("a caller that waits for a ring it is not part of is told of the cycle")
  void behindCycle() {
    try (TestNode node = TestNode.start(1)) {
      Pid[] pair = new Pid[2];
      pair[0] = node.spawn(calling(pair, 1, "b"), named("a"));
      pair[1] = node.spawn(calling(pair, 0, "a"), named("b"));
      String text = message(node, pair[0]);
      assertTrue(text.endsWith("; call cycle: <1> 'a' -> <2> 'b' -> <1> 'a'"), text);
      node.exit(pair[0], ExitReason.KILL);
      node.exit(pair[1], ExitReason.KILL);
    }
  }

  @Test
  @DisplayName("a start that takes too long says what the new process is doing")
  void start() {
    try (TestNode node = TestNode.start(1)) {
      Reactive slow = (self, message) -> self.sleep(Duration.ofDays(1));
      String text =
          text(
              assertThrows(
                  CallFailed.class, () -> node.start(slow, named("slow"), "start", LIMIT)));
      assertTrue(text.contains("; <1> 'slow' a test server is sleeping, 23 h 59 min left"), text);
    }
  }

  @Test
  @DisplayName("a time-out of a callee that computes names the message, the time and the line")
  void busy() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch running = new CountDownLatch(1);
    try (Node node = Node.start()) {
      Reactive spins =
          (self, message) -> {
            running.countDown();
            spin(stop);
          };
      Pid hog = node.spawn(spins, named("hog"));
      node.send(hog, 'c');
      running.await();
      await("the monitor has seen it")
          .atMost(Duration.ofSeconds(20))
          .until(() -> node.info(hog).orElseThrow().busyFor() != null);
      node.send(hog, 'd');
      CallFailed failed =
          assertThrows(CallFailed.class, () -> node.call(hog, "ping", Duration.ofMillis(200)));
      assertTrue(
          text(failed)
              .matches(
                  ".*; <1> 'hog' a test server is running Character for [0-9.]+ m?s, at"
                      + " io.coppice.kernel.inspect.CallTimeoutTest.spin\\(.*\\), and has 2"
                      + " messages in its queue"),
          failed.getMessage());
      assertEquals("call(<1> 'hog', ping, PT0.2S)", failed.call(), "what exit reasons carry");
      stop.set(true);
    }
  }

  private static void spin(AtomicBoolean stop) {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName(
      "a start that is refused by a server that lives on waits for its end without polling")
  void refusedStart() {
    try (TestNode node = TestNode.start(1)) {
      Reactive refuses =
          (self, message) -> {
            ((Request) message).fail(ExitReason.of("no"));
            self.sleep(Duration.ofDays(1));
            self.stop(ExitReason.NORMAL);
          };
      CallFailed failed =
          assertThrows(
              CallFailed.class, () -> node.start(refuses, named("refuses"), "start", null));
      assertEquals("no", failed.reason().toString());
      assertEquals(0, node.processCount());
      assertTrue(node.steps() < 30, "steps: " + node.steps());
    }
  }
}
