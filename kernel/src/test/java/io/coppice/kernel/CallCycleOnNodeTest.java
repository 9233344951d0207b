package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason.CallCycle;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rings of calls on the schedulers of a node, closed from all sides at the same time. */
class CallCycleOnNodeTest {
  private static final int ROUNDS = 3_000;
  private static final int CLIENTS = 16;
  private static final int CALLS = 1_000;
  private static final NodeOptions OPTIONS =
      NodeOptions.DEFAULT.withSchedulers(2).withReporter(report -> {});

  /** What the processes of a test have seen. */
  private static final class Seen {
    final LongAdder answers = new LongAdder();
    final LongAdder cycles = new LongAdder();
    final LongAdder others = new LongAdder();

    void call(Context self, Pid callee, Object payload) {
      try {
        self.call(callee, payload, null);
        answers.increment();
      } catch (CallFailed failed) {
        (failed.reason() instanceof CallCycle ? cycles : others).increment();
      }
    }
  }

  /** Calls its neighbour when it is told its own number, and answers whoever asks. */
  private record Member(List<Pid> ring, Seen seen, CountDownLatch done) implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Request request) {
        request.reply("answer");
      } else {
        seen.call(self, ring.get(((Integer) message + 1) % ring.size()), "question");
        done.countDown();
      }
    }
  }

  @Test
  @DisplayName("a ring that all close at the same time is broken once, whoever sees it")
  void closedAtOnce() throws Exception {
    try (Node node = Node.start(OPTIONS)) {
      Seen seen = new Seen();
      List<List<Pid>> rings = new ArrayList<>();
      CountDownLatch done = new CountDownLatch(ROUNDS * 2 + ROUNDS / 4);
      for (int i = 0; i < ROUNDS; i++) {
        int size = i % 4 == 0 ? 3 : 2;
        List<Pid> ring = new ArrayList<>(size);
        for (int k = 0; k < size; k++) {
          Member member = new Member(ring, seen, done);
          ProcessBody blocking =
              self -> {
                while (true) {
                  member.onMessage(self, self.receive());
                }
              };
          ring.add((i + k) % 3 == 0 ? node.spawn(blocking) : node.spawn(member));
        }
        rings.add(ring);
      }
      for (List<Pid> ring : rings) {
        for (int k = 0; k < ring.size(); k++) {
          node.send(ring.get(k), k);
        }
      }
      assertTrue(done.await(20, TimeUnit.SECONDS), done.getCount() + " wait for ever");
      assertEquals(0, seen.others.sum());
      assertEquals(seen.cycles.sum(), node.counters().callCycles(), "one call for each ring");
      assertTrue(seen.cycles.sum() <= ROUNDS, "broken once");
      assertTrue(seen.cycles.sum() > 0, "the test has made rings");
    }
  }

  /**
   * Answers in one of several ways. Where it leaves the answer to a helper it calls back who waits
   * for it, and that one then waits for nobody but the helper. Tells the caller when it is through.
   */
  private record CallsBack(List<Pid> helpers, List<Pid> deeper, Seen seen) implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {
      if (message.equals(NEXT)) {
        return; // of a caller's caller
      }
      Request request = (Request) message;
      int choice = (Integer) request.payload();
      Pid helper = helpers.get(choice / WAYS % helpers.size());
      Pid caller = Objects.requireNonNull(request.caller());
      switch (choice % WAYS) {
        case 0 -> request.reply("answer");
        case 1 -> {
          self.send(helper, request);
          seen.call(self, caller, 0);
        }
        case 2 -> {
          request.defer();
          self.send(helper, new Given(request));
          seen.call(self, caller, 0);
        }
        case 3 -> {
          self.call(helper, request, null);
          seen.call(self, caller, 0);
        }
        default -> {
          seen.call(self, deeper.get(choice / WAYS % deeper.size()), 0);
          request.reply("answer");
        }
      }
      self.send(caller, NEXT);
    }
  }

  private static final int WAYS = 5;
  private static final String NEXT = "next";

  private record Given(Request request) {}

  private static void helps(Context self, Object message) {
    switch (message) {
      case Request asked when asked.payload() instanceof Request request -> {
        asked.reply("taken");
        self.yieldNow();
        request.reply("answer");
      }
      case Given(Request request) -> request.reply("answer");
      case Request request -> request.reply("answer");
      default -> {}
    }
  }

  @Test
  @DisplayName("calls back to who waits for an answer that others give are no rings")
  void noFalseAlarm() throws Exception {
    try (Node node = Node.start(OPTIONS)) {
      Seen seen = new Seen();
      List<Pid> helpers = spawn(node, 4, CallCycleOnNodeTest::helps);
      List<Pid> deeper = spawn(node, 2, new CallsBack(helpers, helpers, seen));
      List<Pid> servers = spawn(node, 3, new CallsBack(helpers, deeper, seen));
      CountDownLatch done = new CountDownLatch(CLIENTS);
      for (int i = 0; i < CLIENTS; i++) {
        node.send(node.spawn(new Asks(servers, seen, done, new SplittableRandom(i))), NEXT);
      }
      assertTrue(done.await(20, TimeUnit.SECONDS), done.getCount() + " wait for ever");
      assertEquals(0, seen.cycles.sum() + seen.others.sum());
      assertEquals(0, node.counters().callCycles());
    }
  }

  /** Asks again when the one it has asked is through, and answers whoever calls back. */
  private static final class Asks implements Reactive {
    private final List<Pid> servers;
    private final Seen seen;
    private final CountDownLatch done;
    private final SplittableRandom random;
    private int left = CALLS;

    Asks(List<Pid> servers, Seen seen, CountDownLatch done, SplittableRandom random) {
      this.servers = servers;
      this.seen = seen;
      this.done = done;
      this.random = random;
    }

    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Request request) {
        request.reply("asked back");
      } else if (left-- > 0) {
        seen.call(self, servers.get(random.nextInt(servers.size())), random.nextInt(1_000));
      } else {
        done.countDown();
      }
    }
  }

  private static List<Pid> spawn(Node node, int count, Reactive code) {
    List<Pid> pids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pids.add(node.spawn(code));
    }
    return pids;
  }
}
