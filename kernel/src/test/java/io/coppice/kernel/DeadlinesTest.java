package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Deadlines;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.StandingOrder;
import io.coppice.kernel.process.Undelivered;
import io.coppice.kernel.process.UndeliveredReport;
import io.coppice.kernel.testkit.TestNode;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of requests that nobody waits for any more when their turn comes. */
class DeadlinesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final SpawnOptions DROP = SpawnOptions.DEFAULT.deadlines(Deadlines.DROP);

  /** Notes what it handles, and is busy for as long as it is asked to be. */
  private record Worker(List<Object> handled) implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {
      Object what = message instanceof Request request ? request.payload() : message;
      handled.add(what);
      if (what instanceof Duration time) {
        self.sleep(time);
      }
      if (message instanceof Request request) {
        request.reply("done");
      }
    }
  }

  private record Pressing(String what) implements StandingOrder {}

  private final List<Object> handled = new ArrayList<>();

  private Pid worker(Processes by, Deadlines deadlines) {
    return by.spawn(
        new Worker(handled), SpawnOptions.DEFAULT.deadlines(deadlines).label("the worker"));
  }

  private static void assertTimesOut(Processes by, Pid to, Object payload, Duration timeout) {
    CallFailed failed = assertThrows(CallFailed.class, () -> by.call(to, payload, timeout));
    assertEquals(ExitReason.TIMEOUT, failed.reason());
  }

  private static void inNode(ProcessBody body) {
    try (TestNode node = TestNode.start(1)) {
      node.run(body);
    }
  }

  // ---- what is dropped

  @Test
  @DisplayName("Under DROP a request whose caller had its time-out is dropped, counted and told of")
  void dropped() {
    try (TestNode node = TestNode.start(1)) {
      node.run(
          self -> {
            self.setLabel("the client");
            Pid worker = worker(self, Deadlines.DROP);
            Ref _ = self.sendRequest(worker, SECOND);
            assertTimesOut(self, worker, "late", SHORT);
            assertEquals("done", self.call(worker, "next", SECOND));
            assertEquals(List.of(SECOND, "next"), handled);
            assertEquals(1, self.counters().expired());
            assertEquals(2, self.info(worker).map(ProcessInfo::messages).orElseThrow());
          });
      String dump = node.dump(DumpOptions.DEFAULT);
      assertTrue(dump.contains("1 message: their callers had given up before their turn"), dump);
    }
  }

  @Test
  @DisplayName("What was dropped is told in the node's summary, with the two processes")
  void told() throws Exception {
    var reports = new ConcurrentLinkedQueue<Report>();
    try (Node node = Node.start(NodeOptions.DEFAULT.withReporter(reports::add))) {
      Pid worker = worker(node, Deadlines.DROP);
      var called = new CompletableFuture<Boolean>();
      node.spawn(
          self -> {
            self.setLabel("the client");
            assertTimesOut(self, worker, 42, Duration.ZERO);
            self.call(worker, "next", null); // the first one has had its turn
            called.complete(true);
          });
      assertTrue(called.get(20, TimeUnit.SECONDS));
      assertEquals(1, node.counters().expired());
    }
    UndeliveredReport report =
        (UndeliveredReport)
            reports.stream().filter(UndeliveredReport.class::isInstance).findFirst().orElseThrow();
    assertEquals(1, report.counts().get(Undelivered.EXPIRED));
    assertEquals(Level.WARNING, report.level());
    String example = report.examples().getFirst();
    assertTrue(example.contains("java.lang.Integer for "), example);
    assertTrue(example.contains("(the worker) from "), example);
    assertTrue(example.contains("(the client): "), example);
  }

  @Test
  @DisplayName("G24 unless told otherwise, a process handles the request of a caller that has left")
  void ignored() {
    inNode(
        self -> {
          Pid worker = self.spawn(new Worker(handled));
          Ref _ = self.sendRequest(worker, SECOND);
          assertTimesOut(self, worker, "late", SHORT);
          Pid dies = self.spawn(client -> client.call(worker, "of the dead", null));
          self.yieldNow();
          self.exit(dies, ExitReason.KILL);
          self.call(worker, "next", null);
          assertEquals(List.of(SECOND, "late", "next"), without("of the dead"));
          assertEquals(0, self.counters().expired());
        });
  }

  private List<Object> without(Object unsure) {
    return handled.stream().filter(what -> !what.equals(unsure)).toList();
  }

  @Test
  @DisplayName("A deadline that passes in the moment when the request is taken has passed")
  void inTheSameMoment() {
    int _ =
        TestNode.forSeeds(
            50,
            node -> {
              List<Object> seen = new ArrayList<>();
              node.run(
                  self -> {
                    Pid worker = self.spawn(new Worker(seen), DROP);
                    Ref _ = self.sendRequest(worker, SHORT);
                    assertTimesOut(self, worker, "late", SHORT);
                    self.call(worker, "next", null);
                    assertEquals(List.of(SHORT, "next"), seen);
                    assertEquals(1, self.counters().expired());
                  });
            });
  }

  @Test
  @DisplayName("Requests in time, without a time-out, and other messages are not dropped")
  void kept() {
    inNode(
        self -> {
          Pid worker = worker(self, Deadlines.DROP);
          Ref _ = self.sendRequest(worker, SECOND);
          self.spawn(client -> client.call(worker, "patient", null));
          self.spawn(client -> client.call(worker, "in time", SECOND.plusMillis(1)));
          var _ = self.request(worker, "future");
          self.sleep(SHORT);
          self.send(worker, "a message");
          self.call(worker, "last", null);
          assertEquals(6, handled.size(), handled.toString());
          assertEquals(0, self.counters().expired());
        });
  }

  @Test
  @DisplayName("The requests of threads outside are dropped as those of processes")
  void outside() {
    try (TestNode node = TestNode.start(1)) {
      Pid worker = worker(node, Deadlines.DROP);
      CompletableFuture<@Nullable Object> busy = node.request(worker, SECOND);
      assertTimesOut(node, worker, "late", SHORT);
      assertEquals("done", busy.join());
      assertEquals("done", node.call(worker, "next", SHORT));
      assertEquals(List.of(SECOND, "next"), handled);
      assertEquals(1, node.counters().expired());
    }
  }

  @Test
  @DisplayName("Asynchronous requests expire when they are given up, and so do those of the dead")
  void givenUp() {
    inNode(
        self -> {
          Pid worker = worker(self, Deadlines.DROP);
          Ref busy = self.sendRequest(worker, SECOND);
          Ref abandoned = self.sendRequest(worker, "abandoned");
          assertTrue(self.abandon(abandoned));
          assertTrue(self.request(worker, "cancelled").cancel(false));
          Pid dies = self.spawn(client -> client.call(worker, "of the dead", null));
          self.sleep(SHORT);
          self.exit(dies, ExitReason.KILL);
          assertFalse(self.isAlive(dies));
          self.call(worker, "next", null);
          assertEquals(List.of(SECOND, "next"), handled);
          assertEquals(3, self.counters().expired());
          assertFalse(self.abandon(busy));
        });
  }

  @Test
  @DisplayName("A time-out of zero expires at once")
  void zero() {
    inNode(
        self -> {
          Pid worker = worker(self, Deadlines.DROP);
          assertTimesOut(self, worker, "now", Duration.ZERO);
          self.call(worker, "next", null);
          assertEquals(List.of("next"), handled);
        });
  }

  // ---- what is not

  @Test
  @DisplayName("A standing order is carried out though its caller has left")
  void standing() {
    inNode(
        self -> {
          Pid worker = worker(self, Deadlines.DROP);
          Ref _ = self.sendRequest(worker, SECOND);
          assertTimesOut(self, worker, new Pressing("stop"), SHORT);
          self.call(worker, "next", null);
          assertEquals(List.of(SECOND, new Pressing("stop"), "next"), handled);
        });
  }

  @Test
  @DisplayName("A process is started though its starter has died meanwhile")
  void start() {
    inNode(
        self -> {
          ProcessBody slow =
              child -> {
                child.sleep(SECOND);
                handled.add(((Request) child.receive()).payload());
              };
          Pid starter = self.spawn(other -> other.start(slow, DROP, "begin", null));
          self.sleep(SHORT);
          self.exit(starter, ExitReason.KILL);
          self.sleep(SECOND);
          assertEquals(List.of("begin"), handled);
        });
  }

  @Test
  @DisplayName("A request that was answered is a message like any other")
  void answered() {
    inNode(
        self -> {
          Pid worker = worker(self, Deadlines.DROP);
          Pid asked =
              self.spawn(
                  (other, message) -> {
                    ((Request) message).reply("soon");
                    other.sleep(SECOND);
                    other.send(worker, message);
                  });
          assertEquals("soon", self.call(asked, "for both", SHORT));
          self.sleep(SECOND.multipliedBy(2));
          self.call(worker, "next", null);
          assertEquals(List.of("for both", "next"), handled);
        });
  }

  // ---- wherever the request is taken

  @Test
  @DisplayName("A request that is handed to another process keeps its deadline")
  void handedOn() {
    inNode(
        self -> {
          Pid worker = worker(self, Deadlines.DROP);
          Pid dispatcher = self.spawn((other, message) -> other.send(worker, message));
          self.send(worker, SECOND);
          assertTimesOut(self, dispatcher, "late", SHORT);
          self.sleep(SECOND);
          assertEquals("done", self.call(dispatcher, "in time", SHORT));
          assertEquals(List.of(SECOND, "in time"), handled);
          assertEquals(1, self.counters().expired());
        });
  }

  @Test
  @DisplayName("A receive passes over expired requests; the others keep their order and places")
  void receive() {
    inNode(
        self -> {
          var done = new CompletableFuture<List<Object>>();
          Pid worker =
              self.spawn(
                  other -> {
                    other.sleep(SECOND);
                    List<Object> seen = new ArrayList<>();
                    seen.add(other.receive(Request.class::isInstance));
                    seen.add(other.receive(Duration.ZERO).orElseThrow());
                    seen.add(other.receive(Request.class::isInstance, Duration.ZERO).isEmpty());
                    seen.add(other.receive());
                    seen.add(other.receive(Duration.ZERO).isEmpty());
                    done.complete(seen);
                  },
                  DROP);
          self.send(worker, 1);
          assertTimesOut(self, worker, "late", SHORT);
          self.send(worker, 2);
          Ref _ = self.sendRequest(worker, "open");
          assertTimesOut(self, worker, "late", SHORT);
          self.sleep(SECOND);
          List<Object> seen = done.join();
          assertEquals("open", ((Request) seen.getFirst()).payload());
          assertEquals(List.of(1, true, 2, true), seen.subList(1, 5));
          assertEquals(2, self.counters().expired());
        });
  }

  @Test
  @DisplayName("A process that never blocks drops expired requests also on the stack of its caller")
  void inline() throws Exception {
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(1).withReporter(report -> {}))) {
      List<Object> seen = new ArrayList<>();
      Pid worker = node.spawn(new Worker(seen), DROP.neverBlocks());
      var done = new CompletableFuture<List<Object>>();
      node.spawn(
          self -> {
            self.call(worker, "first", null);
            for (int i = 0; i < 100; i++) {
              assertTimesOut(self, worker, i, Duration.ZERO);
            }
            self.call(worker, "last", SECOND.multipliedBy(20));
            done.complete(List.copyOf(seen));
          });
      assertEquals(List.of("first", "last"), done.get(20, TimeUnit.SECONDS));
      assertEquals(100, node.counters().expired());
    }
  }

  @Test
  @DisplayName("the example of SpawnOptions.deadlines does what it says")
  void example() {
    inNode(
        self -> {
          Reactive search =
              (other, message) -> {
                handled.add(message);
                other.sleep(SHORT);
                ((Request) message).reply("found");
              };
          // @start region="drop"
          // A search whose result nobody looks at is not begun; orders to stop are StandingOrders.
          SpawnOptions busy = SpawnOptions.DEFAULT.deadlines(Deadlines.DROP);
          Pid searcher = self.spawn(search, busy);
          // @end region="drop"
          for (int i = 0; i < 10; i++) {
            self.spawn(
                client -> {
                  try {
                    client.call(searcher, "where?", Duration.ofMillis(250));
                  } catch (CallFailed timeout) {
                    handled.add("left");
                  }
                });
          }
          self.sleep(SECOND.multipliedBy(2));
          assertEquals(8, handled.stream().filter("left"::equals).count());
          assertEquals(3, handled.stream().filter(Request.class::isInstance).count());
          assertEquals(7, self.counters().expired());
        });
  }
}
