package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Deadlines;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the deadline of a request travels on: with the request, and to the calls made for it. */
class DeadlinesPassedOnTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final SpawnOptions PASS_ON = SpawnOptions.DEFAULT.deadlines(Deadlines.PASS_ON);
  private static final Reactive SILENT = (self, message) -> {};
  private static final Reactive ECHO =
      (self, message) -> ((Request) message).reply(((Request) message).payload());

  private static void inNode(ProcessBody body) {
    try (TestNode node = TestNode.start(1)) {
      node.run(body);
    }
  }

  /** What a nested call came to, and after how long. */
  private record Nested(String text, Duration took) {
    boolean isLimited() {
      return text.contains("it had the time left for the request that its caller handles");
    }
  }

  private static Nested nested(Context self, Pid to, @Nullable Duration timeout) {
    long start = self.monotonicNanos();
    String text = "answered";
    try {
      self.call(to, "nested", timeout);
    } catch (CallFailed failed) {
      assertEquals(ExitReason.TIMEOUT, failed.reason());
      text = failed.toString();
    }
    return new Nested(text, Duration.ofNanos(self.monotonicNanos() - start));
  }

  /** Waits half a second and then for a server that never answers; for ever if need be. */
  private static Reactive outer(Pid silent, @Nullable Duration timeout, List<Nested> calls) {
    return (self, message) -> {
      self.sleep(SECOND.dividedBy(2));
      calls.add(nested(self, silent, timeout));
    };
  }

  @Test
  @DisplayName("Under PASS_ON a nested call has what is left for the request, and says so")
  void inherited() {
    inNode(
        self -> {
          List<Nested> calls = new ArrayList<>();
          Pid silent = self.spawn(SILENT);
          Pid outer = self.spawn(outer(silent, LONG, calls), PASS_ON);
          Pid patient = self.spawn(outer(silent, null, calls), PASS_ON);
          assertThrows(CallFailed.class, () -> self.call(outer, "?", SECOND));
          assertThrows(CallFailed.class, () -> self.call(patient, "?", SECOND));
          self.sleep(SECOND);
          assertEquals(2, calls.size());
          for (Nested call : calls) {
            assertEquals(SECOND.dividedBy(2), call.took());
            assertTrue(call.isLimited(), call.text());
          }
        });
  }

  @Test
  @DisplayName("A nested call with a shorter time-out of its own keeps that")
  void shorter() {
    inNode(
        self -> {
          List<Nested> calls = new ArrayList<>();
          Pid outer = self.spawn(outer(self.spawn(SILENT), SECOND, calls), PASS_ON);
          assertThrows(CallFailed.class, () -> self.call(outer, "?", LONG));
          assertEquals(SECOND, calls.getFirst().took());
          assertFalse(calls.getFirst().isLimited(), calls.getFirst().text());
        });
  }

  @Test
  @DisplayName("What is left goes through a chain of servers")
  void chain() {
    inNode(
        self -> {
          List<Nested> calls = new ArrayList<>();
          Pid last = self.spawn(outer(self.spawn(SILENT), LONG, calls), PASS_ON);
          Reactive middle = (other, message) -> calls.add(nested(other, last, LONG));
          Pid first = self.spawn(middle, PASS_ON);
          assertThrows(CallFailed.class, () -> self.call(first, "?", SECOND));
          self.sleep(SECOND);
          assertEquals(
              List.of(SECOND.dividedBy(2), SECOND),
              calls.stream().map(Nested::took).sorted().toList());
        });
  }

  @Test
  @DisplayName("When nothing is left a nested call fails without being sent")
  void nothingLeft() {
    inNode(
        self -> {
          List<Object> seen = new ArrayList<>();
          List<Nested> calls = new ArrayList<>();
          Pid inner = self.spawn((other, message) -> seen.add(message));
          Reactive slow =
              (other, message) -> {
                other.sleep(SECOND);
                calls.add(nested(other, inner, null));
              };
          Pid outer = self.spawn(slow, PASS_ON);
          assertThrows(CallFailed.class, () -> self.call(outer, "?", SECOND));
          self.sleep(SECOND);
          assertEquals(Duration.ZERO, calls.getFirst().took());
          assertTrue(calls.getFirst().text().contains("it was not sent"), calls.toString());
          assertEquals(List.of(), seen);
        });
  }

  @Test
  @DisplayName("Nothing is passed on after the answer, for other messages, nor without a time-out")
  void notInherited() {
    inNode(
        self -> {
          List<Nested> calls = new ArrayList<>();
          Pid silent = self.spawn(SILENT);
          Reactive server =
              (other, message) -> {
                if (message instanceof Request request && request.payload().equals("answer")) {
                  request.reply("early");
                }
                calls.add(nested(other, silent, LONG));
              };
          Pid outer = self.spawn(server, PASS_ON);
          self.call(outer, "answer", SECOND);
          self.send(outer, "a message");
          Ref _ = self.sendRequest(outer, "asynchronous");
          self.sleep(LONG.multipliedBy(3));
          assertThrows(CallFailed.class, () -> self.call(outer, "patient", LONG.multipliedBy(2)));
          assertEquals(4, calls.size());
          calls.forEach(call -> assertEquals(LONG, call.took()));
        });
  }

  @Test
  @DisplayName("Under DROP the calls of a process keep their own time-outs")
  void dropOnly() {
    inNode(
        self -> {
          List<Nested> calls = new ArrayList<>();
          Pid outer =
              self.spawn(
                  outer(self.spawn(SILENT), LONG, calls),
                  SpawnOptions.DEFAULT.deadlines(Deadlines.DROP));
          assertThrows(CallFailed.class, () -> self.call(outer, "?", SECOND));
          self.sleep(LONG);
          assertEquals(LONG, calls.getFirst().took());
        });
  }

  // ---- requests that are kept

  /** Keeps requests until it is told to look at them. */
  private static Reactive keeper(Pid silent, List<Object> seen) {
    List<Object> kept = new ArrayList<>();
    return (self, message) -> {
      if (!message.equals("look")) {
        kept.add(message);
        return;
      }
      for (Object each : kept) {
        if (!self.takeUp(each instanceof Request request ? request : null)) {
          seen.add("expired");
        } else {
          seen.add(nested(self, silent, LONG).took());
        }
      }
      kept.clear();
    };
  }

  @Test
  @DisplayName("A kept request that is taken up gives its calls what is left, or has expired")
  void takeUp() {
    inNode(
        self -> {
          List<Object> seen = new ArrayList<>();
          Pid keeper = self.spawn(keeper(self.spawn(SILENT), seen), PASS_ON);
          self.spawn(client -> client.call(keeper, "?", SECOND.multipliedBy(3)));
          self.sleep(SECOND.dividedBy(2));
          assertThrows(CallFailed.class, () -> self.call(keeper, "?", SECOND.dividedBy(2)));
          self.send(keeper, "no request");
          self.send(keeper, "look");
          self.sleep(LONG.multipliedBy(3));
          assertEquals(List.of(SECOND.multipliedBy(2), "expired", LONG), seen);
          assertEquals(1, self.counters().expired());
        });
  }

  @Test
  @DisplayName("A process that ignores deadlines takes up expired requests as well")
  void takeUpIgnoring() {
    inNode(
        self -> {
          List<Object> seen = new ArrayList<>();
          Pid keeper = self.spawn(keeper(self.spawn(SILENT), seen));
          assertThrows(CallFailed.class, () -> self.call(keeper, "?", SECOND));
          self.send(keeper, "look");
          self.sleep(LONG.multipliedBy(2));
          assertEquals(List.of(LONG), seen);
        });
  }

  @Test
  @DisplayName("Whoever takes up a request that came inside another message answers for it")
  void takeUpOfAnother() {
    inNode(
        self -> {
          Pid other =
              self.spawn(
                  (worker, message) -> {
                    assertTrue(worker.takeUp((Request) ((Optional<?>) message).orElseThrow()));
                    throw worker.exit(ExitReason.SHUTDOWN);
                  });
          Pid front = self.spawn((dispatch, message) -> dispatch.send(other, Optional.of(message)));
          CallFailed failed = assertThrows(CallFailed.class, () -> self.call(front, "?", LONG));
          assertEquals(ExitReason.SHUTDOWN, failed.reason());
          assertEquals("?", self.call(self.spawn(ECHO), "?", SECOND));
        });
  }

  /** Counts how often it is failed. */
  private record Counted(AtomicInteger failures) implements Request {
    @Override
    public Object payload() {
      return "?";
    }

    @Override
    public @Nullable Pid caller() {
      return null;
    }

    @Override
    public boolean reply(@Nullable Object answer) {
      return true;
    }

    @Override
    public boolean fail(ExitReason reason) {
      failures.incrementAndGet();
      return true;
    }

    @Override
    public boolean isSettled() {
      return false;
    }

    @Override
    public Optional<Duration> timeLeft() {
      return Optional.empty();
    }

    @Override
    public void defer() {
      // counts nothing
    }
  }

  @Test
  @DisplayName("A process remembers a request once, however often it takes it up")
  void takeUpAgain() {
    inNode(
        self -> {
          AtomicInteger failures = new AtomicInteger();
          Pid worker =
              self.spawn(
                  other -> {
                    Request kept = (Request) other.receive();
                    for (int i = 0; i < 100; i++) {
                      other.receive();
                      assertTrue(other.takeUp(kept));
                    }
                  },
                  PASS_ON);
          self.send(worker, new Counted(failures));
          for (int i = 0; i < 100; i++) {
            self.send(worker, i);
          }
          self.sleep(SECOND);
          assertEquals(1, failures.get());
        });
  }

  // ---- reading it

  @Test
  @DisplayName("A request tells how long its caller still waits, in whosever hands it is")
  void timeLeft() {
    inNode(
        self -> {
          List<Optional<Duration>> left = new ArrayList<>();
          Reactive server =
              (other, message) -> {
                Request request = (Request) message;
                left.add(request.timeLeft());
                other.sleep(SECOND);
                left.add(request.timeLeft());
                other.sleep(SECOND);
                left.add(request.timeLeft());
                request.reply("done");
              };
          Pid asked = self.spawn(server);
          Duration more = Duration.ofMillis(1500);
          assertThrows(CallFailed.class, () -> self.call(asked, "?", more));
          self.sleep(SECOND);
          assertEquals(
              List.of(
                  Optional.of(more),
                  Optional.of(Duration.ofMillis(500)),
                  Optional.of(Duration.ZERO)),
              left);
          left.clear();
          self.call(asked, "?", null);
          Ref given = self.sendRequest(asked, "?");
          self.sleep(SECOND.plusMillis(1));
          assertTrue(self.abandon(given));
          self.sleep(SECOND);
          Optional<Duration> none = Optional.empty();
          assertEquals(List.of(none, none, none, none, none, Optional.of(Duration.ZERO)), left);
        });
  }

  @Test
  @DisplayName("A request of a thread outside tells how long that still waits")
  void timeLeftOutside() {
    try (TestNode node = TestNode.start(1)) {
      Reactive server =
          (self, message) -> {
            self.sleep(SECOND);
            ((Request) message).reply(((Request) message).timeLeft());
          };
      Pid asked = node.spawn(server);
      assertEquals(Optional.of(LONG.minus(SECOND)), node.call(asked, "?", LONG));
      assertEquals(Optional.empty(), node.call(asked, "?", null));
    }
  }
}
