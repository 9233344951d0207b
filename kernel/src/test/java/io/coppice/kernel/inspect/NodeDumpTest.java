package io.coppice.kernel.inspect;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.jdk.JdkInternals;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.DumpOptions.Stacks;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A whole node as text. */
class NodeDumpTest {
  private static final DumpOptions PLAIN = DumpOptions.DEFAULT.withStacks(Stacks.NONE);

  private static SpawnOptions named(String name) {
    return SpawnOptions.DEFAULT.name(name).initialCall("a " + name);
  }

  /** A handler that says how far it is. */
  private record Counting(String state) implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Request request) {
        request.reply(state);
      }
    }

    @Override
    public String describe() {
      return state;
    }
  }

  private static Pid application(TestNode node) {
    return node.spawn(
        self -> {
          self.trapExit(true);
          Pid store = self.spawn(new Counting("3 of 4 shards"), named("store").link());
          Reactive asks = (asker, m) -> asker.call(store, m, Duration.ofSeconds(5));
          self.spawn(asks, named("asker").label(7));
          self.spawn(s -> s.sleep(Duration.ofHours(2)), named("sleeper").link());
          self.spawn(
              s -> {
                s.put("colour", "green");
                s.sendAfter(Duration.ofMinutes(2), s.pid(), 1.5);
                s.monitor(store);
                s.receive(Duration.ofMinutes(3));
              },
              named("receiver"));
          self.receive(m -> m.equals("stop"));
        },
        named("app"));
  }

  @Test
  @DisplayName("a tree is shown line by line: who, since when with what, and what waits")
  void tree() {
    try (TestNode node = TestNode.start(1)) {
      Pid app = application(node);
      node.runUntilIdle();
      node.call(node.whereis("store").orElseThrow(), "hello", null);
      node.send("sleeper", "a");
      node.send("sleeper", "b");
      node.send(app, "never matched");
      node.advance(Duration.ofMinutes(1));
      assertEquals(
          """
          Node test-1: up 1 min 0 s
            processes   5: 2 idle, 3 waiting
            queues      3 messages wait
            so far      5 spawned, 0 ended, 0 of them abnormally
            lost        no message
            timers      3
            zombies     0
            schedulers  0
          Longest queues
            2 messages: <4> 'sleeper'
            1 message: <1> 'app'
          Processes
            <1> 'app' a app: waiting for messages; 1 queued; 0 handled
              <2> 'store' a store (3 of 4 shards): idle; 1 handled
              <3> 'asker' [7] a asker: idle; 0 handled
              <4> 'sleeper' a sleeper: sleeping, 1 h 59 min left; 2 queued; 0 handled
              <5> 'receiver' a receiver: waiting for messages, 2 min 0 s left; 0 handled
          """,
          node.dump(PLAIN));
      String details = node.dump(PLAIN.withDetails(true));
      assertEquals(
          """
            <1> 'app' a app: waiting for messages; 1 queued; 0 handled
              linked with <2> 'store', <4> 'sleeper'
              traps exits
              <2> 'store' a store (3 of 4 shards): idle; 1 handled
                linked with <1> 'app'
                monitored by <5> 'receiver'
              <3> 'asker' [7] a asker: idle; 0 handled
              <4> 'sleeper' a sleeper: sleeping, 1 h 59 min left; 2 queued; 0 handled
                linked with <1> 'app'
              <5> 'receiver' a receiver: waiting for messages, 2 min 0 s left; 0 handled
                monitors <2>
                timers Double in 1 min 0 s
                dictionary colour
          """,
          details.substring(details.indexOf("  <1> ")));
      node.exit(app, ExitReason.KILL);
      for (String name : List.of("asker", "receiver")) {
        node.exit(node.whereis(name).orElseThrow(), ExitReason.KILL);
      }
      node.runUntilIdle();
    }
  }

  @Test
  @DisplayName("processes that wait for each other in a ring are named, and stacks are shown")
  void ring() {
    try (TestNode node = TestNode.start(1)) {
      Pid[] pair = new Pid[2];
      for (int i = 0; i < 2; i++) {
        int other = 1 - i;
        Reactive asks =
            (self, m) -> {
              if (m instanceof Request request) {
                request.defer(); // else the ring would be broken at once
              }
              self.call(pair[other], 'x', Duration.ofMinutes(1));
            };
        pair[i] = node.spawn(asks, named("ring-" + i));
      }
      node.send(pair[1], "go");
      node.advance(Duration.ofSeconds(1));
      String dump = node.dump(DumpOptions.DEFAULT.withStacks(Stacks.FULL));
      assertTrue(
          dump.contains(
              """
              Call cycles: none of these can go on
                <1> 'ring-0' -> <2> 'ring-1' -> <1> 'ring-0'
              """),
          dump);
      assertTrue(
          dump.contains(
              "  <2> 'ring-1' a ring-1: waiting for <1> 'ring-0' to answer Character, 1.0 s so far,"
                  + " 59.0 s left, with String; 1 queued; 1 handled\n"
                  + "    at io.coppice.kernel.inspect.NodeDumpTest."),
          dump);
      node.advance(Duration.ofMinutes(2));
    }
  }

  @Test
  @DisplayName("of many siblings the telling ones are shown, of the others there are totals")
  void limits() {
    try (TestNode node = TestNode.start(1)) {
      List<Pid> pids = new ArrayList<>();
      Pid parent =
          node.spawn(
              self -> {
                for (int i = 0; i < 1_000; i++) {
                  pids.add(self.spawn(s -> s.receive(m -> m.equals("end")), named("w" + i)));
                }
                pids.add(
                    self.spawn(
                        s -> {
                          s.spawn(c -> c.receive(), named("grandchild"));
                          s.receive();
                        },
                        named("manager")));
                self.receive();
              });
      node.runUntilIdle();
      node.send(pids.get(500), "unread");
      node.send(pids.get(700), "unread");
      node.send(pids.get(700), "unread");
      node.runUntilIdle();
      String dump = node.dump(PLAIN.withChildrenMax(3));
      assertEquals(
          """
              <502> 'w500' a w500: waiting for messages; 1 queued; 0 handled
              <702> 'w700' a w700: waiting for messages; 2 queued; 0 handled
              <1002> 'manager' a manager: waiting for messages; 0 handled
                <1003> 'grandchild' a grandchild: waiting for messages; 0 handled
              ... and 998 more: 998 waiting; 0 messages wait
          """,
          dump.substring(dump.indexOf("    <502> ")));
      String none = node.dump(PLAIN.withProcessesMax(0));
      assertTrue(
          none.endsWith("Processes\n  ... and 1,003 more: 1,003 waiting; 3 messages wait\n"));
      assertTrue(none.contains("Longest queues\n  2 messages: <702> 'w700'\n"), none);
      node.send(parent, "end");
      node.send("manager", "end");
      node.send("grandchild", "end");
      pids.subList(0, 1_000).forEach(pid -> node.send(pid, "end"));
      node.runUntilIdle();
    }
  }

  @Test
  @DisplayName("while all schedulers are kept by endless loops a dump names them and their lines")
  void stuck() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    NodeOptions options = NodeOptions.DEFAULT.withName("stuck").withSchedulers(2);
    try (Node node = Node.start(options.withReporter(report -> {}))) {
      CountDownLatch running = new CountDownLatch(2);
      for (int i = 0; i < 2; i++) {
        Pid hog =
            node.spawn(
                (self, m) -> {
                  running.countDown();
                  spin(stop);
                },
                named("hog" + i));
        node.send(hog, 1L);
        node.send(hog, 2L);
      }
      assertTrue(running.await(20, SECONDS));
      await()
          .atMost(20, SECONDS)
          .untilAsserted(
              () -> {
                String dump = node.dump();
                assertLine(dump, "Node stuck: up .*, at 20\\d\\d-.*T.*Z");
                assertLine(dump, "  processes   2: 2 running");
                if (JdkInternals.isOpen()) { // else endless loops keep no schedulers
                  assertLine(dump, "    stuck-scheduler-[01]: running <1> 'hog0' for .*, 0 ready");
                }
                assertLine(
                    dump, "  <1> 'hog0' a hog0: running Long for [0-9.]+ m?s; 1 queued; 1 handled");
                assertLine(dump, "    at io.coppice.kernel.inspect.NodeDumpTest.spin\\(.*\\)");
              });
      stop.set(true);
    }
  }

  private static void assertLine(String dump, String pattern) {
    assertTrue(dump.lines().anyMatch(line -> line.matches(pattern)), () -> pattern + " in " + dump);
  }

  private static void spin(AtomicBoolean stop) {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName(
      "a chain of 100 000 processes is dumped within its limits; a writer's failure is thrown")
  void deep() throws Exception {
    try (Node node = Node.start()) {
      CountDownLatch spawned = new CountDownLatch(1);
      Reactive[] link = new Reactive[1];
      link[0] =
          (self, m) -> {
            if (m.equals(0)) {
              spawned.countDown();
            } else {
              self.send(self.spawn(link[0]), (int) m - 1);
            }
          };
      node.send(node.spawn(link[0]), 99_999);
      assertTrue(spawned.await(60, SECONDS));
      String dump = node.dump();
      assertTrue(dump.contains("... and 99,000 more: "), dump);
      assertTrue(dump.length() < 300_000, "characters: " + dump.length());
      Writer full =
          new Writer() {
            @Override
            public void write(char[] buffer, int offset, int length) throws IOException {
              throw new IOException("the disk is full");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
          };
      assertThrows(IOException.class, () -> node.dump(PLAIN, full));
    }
  }
}
