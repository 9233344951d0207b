package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallCycleReport;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ExitReason.CallCycle;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rings of waiting calls are found and named at once, and nothing else is taken for one. */
class CallCycleTest {
  private static final int SEEDS = 150;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static SpawnOptions named(String name) {
    return SpawnOptions.DEFAULT.name(name);
  }

  /** Calls, and says why that failed, or null. */
  private static @Nullable ExitReason failure(Context self, Pid callee) {
    try {
      self.call(callee, "question", null);
      return null;
    } catch (CallFailed failed) {
      return failed.reason();
    }
  }

  private static CallCycle cycle(@Nullable Object reason) {
    return assertInstanceOf(CallCycle.class, reason);
  }

  private static void broken(TestNode node, int rings) {
    assertEquals(rings, node.reports(CallCycleReport.class).size());
    assertEquals(rings, node.counters().callCycles());
  }

  @Test
  @DisplayName("the call that closes a ring fails at once, and names all who wait in it")
  void named() {
    try (TestNode node = TestNode.start(1)) {
      Pid[] ring = new Pid[3];
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int next = (i + 1) % 3;
        Reactive asks =
            (self, message) -> {
              try {
                self.call(ring[next], next, null);
              } catch (CallFailed failed) {
                texts.add(failed.getMessage());
              }
              if (message instanceof Request request) {
                request.reply("answer");
              }
            };
        ring[i] = node.spawn(asks, named("ring-" + i).label(7 + i));
      }
      long before = node.monotonicNanos();
      node.send(ring[0], "go");
      node.runUntilIdle();
      String path = "<3> 'ring-2' [9] -> <1> 'ring-0' [7] -> <2> 'ring-1' [8] -> <3> 'ring-2' [9]";
      assertEquals(
          List.of(
              "call(<1> 'ring-0', 0, no time-out) failed ({call_cycle, [<3>, <1>, <2>]}): these"
                  + " processes waited for each other, and none could have gone on: "
                  + path),
          texts);
      assertEquals(before, node.monotonicNanos(), "at once");
      broken(node, 1);
      assertTrue(
          node.reports(CallCycleReport.class).getFirst().text().startsWith("Call cycle: " + path));
    }
  }

  @Test
  @DisplayName(
      "of a ring that is closed from several sides one call fails, the others are answered")
  void oneFails() {
    int rings = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      int size = 2 + seed % 3;
      try (TestNode node = TestNode.start(seed)) {
        Pid[] ring = new Pid[size];
        List<ExitReason> failures = new ArrayList<>();
        List<Integer> answered = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          int number = i;
          Pid[] all = ring;
          BiConsumer<Context, Object> handles =
              (self, message) -> {
                if (message instanceof Request request) {
                  request.reply("answer");
                  return;
                }
                ExitReason failure = failure(self, all[(number + 1) % size]);
                if (failure == null) {
                  answered.add(number);
                } else {
                  failures.add(failure);
                }
              };
          ProcessBody blocking =
              self -> {
                while (true) {
                  handles.accept(self, self.receive());
                }
              };
          ring[i] = (seed + i) % 2 == 0 ? node.spawn(handles::accept) : node.spawn(blocking);
        }
        node.spawn(
            self -> {
              for (Pid pid : ring) {
                self.send(pid, "go");
              }
            });
        node.runUntilIdle();
        assertEquals(size, failures.size() + answered.size(), "all go on, seed " + seed);
        assertTrue(failures.size() <= 1, "seed " + seed + ": " + failures);
        broken(node, failures.size());
        rings += failures.size();
        failures.forEach(reason -> assertEquals(size, cycle(reason).ring().size()));
        for (Pid pid : ring) {
          node.exit(pid, ExitReason.KILL);
        }
      }
    }
    assertTrue(rings > SEEDS / 4, "rings: " + rings);
  }

  @Test
  @DisplayName("a process that waits for a ring fails not, and gets its answer when it is broken")
  void behind() {
    try (TestNode node = TestNode.start(1)) {
      Pid[] pair = new Pid[2];
      List<@Nullable ExitReason> failures = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int other = 1 - i;
        pair[i] =
            node.spawn(
                (self, message) -> {
                  failures.add(failure(self, pair[other]));
                  ((Request) message).reply("answer");
                });
      }
      assertEquals("answer", node.call(pair[0], "outside", null));
      assertNull(failures.getLast());
      assertEquals(2, failures.size());
      broken(node, 1);
    }
  }

  @Test
  @DisplayName("a call with a time-out fails at once, too, and its time does not pass")
  void timed() {
    try (TestNode node = TestNode.start(1)) {
      Pid[] pair = new Pid[2];
      List<ExitReason> reasons = new ArrayList<>();
      List<@Nullable Object> answers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int other = 1 - i;
        pair[i] =
            node.spawn(
                (self, message) -> {
                  try {
                    answers.add(self.call(pair[other], "x", SECOND));
                  } catch (CallFailed failed) {
                    reasons.add(failed.reason());
                  }
                  if (message instanceof Request request) {
                    request.reply("answer");
                  }
                });
      }
      long before = node.monotonicNanos();
      node.send(pair[0], "go");
      node.runUntilIdle();
      assertEquals(2, cycle(reasons.getFirst()).ring().size());
      assertEquals(List.of("answer"), answers);
      assertEquals(before, node.monotonicNanos());
    }
  }

  @Test
  @DisplayName("a child that calls who waits for its start fails, and so does its start")
  void start() {
    try (TestNode node = TestNode.start(1)) {
      node.run(
          self -> {
            Reactive child =
                (own, message) -> {
                  own.call(self.pid(), "may I?", null);
                  ((Request) message).reply("up");
                };
            CallFailed failed =
                assertThrows(
                    CallFailed.class, () -> self.start(child, SpawnOptions.DEFAULT, "start", null));
            ExitReason.CallFailure inner =
                assertInstanceOf(ExitReason.CallFailure.class, failed.reason());
            assertEquals(self.pid(), cycle(inner.cause()).ring().getLast().pid());
          });
      broken(node, 1);
    }
  }

  @Test
  @DisplayName("whoever awaits the outcome of one request is part of a ring, whoever closes it")
  void awaitedRequest() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try (TestNode node = TestNode.start(seed)) {
        List<ExitReason> failures = new ArrayList<>();
        node.run(
            self -> {
              Reactive asksBack =
                  (own, message) -> {
                    ExitReason failure = failure(own, self.pid());
                    if (failure != null) {
                      failures.add(failure);
                    }
                    ((Request) message).reply("answer");
                  };
              Ref request = self.sendRequest(self.spawn(asksBack), "question");
              Response response =
                  (Response) self.receive(request, m -> m instanceof Response, null).orElseThrow();
              if (response.failure() != null) {
                failures.add(response.failure());
                ((Request) self.receive()).reply("go on");
              } else {
                assertEquals("answer", response.answer());
              }
            });
        assertEquals(1, failures.size(), "seed " + seed);
        assertEquals(2, cycle(failures.getFirst()).ring().size());
        broken(node, 1);
        node.runUntilIdle();
        node.processes().forEach(pid -> node.exit(pid, ExitReason.KILL));
      }
    }
  }

  @Test
  @DisplayName("whoever awaits the end of a process is part of a ring; the call in it fails")
  void awaitedEnd() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try (TestNode node = TestNode.start(seed)) {
        List<@Nullable ExitReason> failures = new ArrayList<>();
        node.run(
            self -> {
              Pid child = self.spawn(own -> failures.add(failure(own, self.pid())));
              Ref end = self.monitor(child);
              Object down = self.receive(end, m -> m instanceof Down, null).orElseThrow();
              assertEquals(ExitReason.NORMAL, ((Down) down).reason());
            });
        assertEquals(1, failures.size(), "seed " + seed);
        assertEquals(2, cycle(failures.getFirst()).ring().size());
        broken(node, 1);
      }
    }
  }

  /** How a server gives a request to somebody else, before it calls whoever asks. */
  private enum Giving {
    SENT_ON,
    DEFERRED,
    AS_PAYLOAD,
    LATER
  }

  @Test
  @DisplayName("a server that has left its answer to somebody else may call who waits for it")
  void delegated() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Giving how = Giving.values()[seed % Giving.values().length];
      try (TestNode node = TestNode.start(seed)) {
        List<@Nullable ExitReason> failures = new ArrayList<>();
        Pid helper =
            node.spawn(
                (self, message) -> {
                  if (message instanceof Request request) {
                    if (request.payload() instanceof Request given) {
                      request.reply("taken");
                      given.reply("by the helper");
                    } else {
                      request.reply("by the helper");
                    }
                  } else if (message instanceof Holder(Request request)) {
                    request.reply("by the helper");
                  }
                });
        List<Pid> asking = new ArrayList<>();
        Pid server = node.spawn(new Server(how, helper, asking, failures));
        List<@Nullable Object> answers = new ArrayList<>();
        asking.add(
            node.spawn(
                (self, message) -> {
                  if (message instanceof Request request) {
                    request.reply("asked back");
                  } else {
                    answers.add(self.call(server, "question", null));
                  }
                }));
        node.send(asking.getFirst(), "go");
        node.runUntilIdle();
        assertEquals(List.of("by the helper"), answers, "seed " + seed);
        assertEquals(1, failures.size());
        assertNull(failures.getFirst(), "seed " + seed + ", " + how);
        broken(node, 0);
      }
    }
  }

  private record Holder(Request request) {}

  private record Server(
      Giving how, Pid helper, List<Pid> asking, List<@Nullable ExitReason> failures)
      implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Request request) {
        switch (how) {
          case SENT_ON -> self.send(helper, request);
          case DEFERRED -> {
            request.defer();
            self.send(helper, new Holder(request));
          }
          case AS_PAYLOAD -> self.call(helper, request, null);
          case LATER -> self.put("kept", request);
        }
      }
      if (how == Giving.LATER && message instanceof Request) {
        self.send(self.pid(), "later");
        return;
      }
      if (how == Giving.LATER) {
        self.send(helper, new Holder((Request) Objects.requireNonNull(self.get("kept"))));
      }
      failures.add(failure(self, asking.getFirst()));
    }
  }

  @Test
  @DisplayName("who calls a process of a ring that is being killed gets the reason of that end")
  void killed() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try (TestNode node = TestNode.start(seed)) {
        List<@Nullable ExitReason> failures = new ArrayList<>();
        node.run(
            self -> {
              Pid waits = self.spawn(own -> own.call(self.pid(), "question", null));
              Request request = (Request) self.receive();
              self.exit(waits, ExitReason.KILL);
              failures.add(failure(self, waits));
              assertTrue(request.isSettled());
            });
        ExitReason reason = failures.getFirst();
        assertTrue(
            reason instanceof ExitReason.Killed || reason instanceof ExitReason.NoProcess,
            "seed " + seed + ": " + reason);
        broken(node, 0);
      }
    }
  }

  @Test
  @DisplayName(
      "a ring in which somebody has only left an answer for later is named at the time-out")
  void leftForLater() {
    try (TestNode node = TestNode.start(1)) {
      Pid[] pair = new Pid[2];
      List<String> texts = new ArrayList<>();
      pair[0] = node.spawn((self, message) -> self.call(pair[1], "b", null), named("a"));
      pair[1] =
          node.spawn(
              (self, message) -> {
                ((Request) message).defer();
                CallFailed failed =
                    assertThrows(CallFailed.class, () -> self.call(pair[0], "a", SECOND));
                texts.add(failed.getMessage());
              },
              named("b"));
      node.send(pair[0], "go");
      node.advance(SECOND.multipliedBy(2));
      assertTrue(
          texts.getFirst().endsWith("; call cycle: <2> 'b' -> <1> 'a' -> <2> 'b'"),
          texts.getFirst());
      broken(node, 0);
      node.exit(pair[0], ExitReason.KILL);
    }
  }
}
