package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.AliasMode;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NoSuchProcess;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conformance, area process: what a process keeps, shows and is told (semantics 1.9). */
class ProcessStateTest extends ConformanceCase {
  // ---- the mailbox, seen from outside

  @Test
  @DisplayName("PROC-012 P14 the messages of a waiting process are listed in the order they came")
  void messages() throws Exception {
    Pid waiting = node.spawn(self -> self.receive("go"::equals));
    for (int i = 0; i < 300; i++) {
      node.send(waiting, i);
    }
    List<Object> all = new ArrayList<>(IntStream.range(0, 300).boxed().toList());
    assertEquals(Optional.of(all), node.messages(waiting, 1_000));
    assertEquals(Optional.of(all.subList(0, 5)), node.messages(waiting, 5));
    assertEquals(Optional.of(List.of()), node.messages(waiting, 0));
    assertEquals(Optional.of(all), node.messages(waiting, 1_000), "looking changes nothing");
    assertThrows(IllegalArgumentException.class, () -> node.messages(waiting, -1));
    node.send(waiting, "go");
    awaitEnd(waiting);
    assertEquals(Optional.empty(), node.messages(waiting, 1_000));
  }

  @Test
  @DisplayName("PROC-012 P14 a process sees its own messages, those of high priority first")
  void ownMessages() throws Exception {
    run(
        self -> {
          Alias alias = self.alias(AliasMode.EXPLICIT_UNALIAS, Priority.HIGH);
          for (int i = 0; i < 100; i++) {
            self.send(self.pid(), i);
          }
          assertEquals(50, self.receive(m -> m.equals(50)));
          self.send(self.pid(), 100);
          self.send(alias, "first", Priority.HIGH);
          List<Object> expected = new ArrayList<>(List.of("first"));
          IntStream.rangeClosed(0, 100).filter(i -> i != 50).forEach(expected::add);
          assertEquals(Optional.of(expected), self.messages(self.pid(), 1_000));
          for (Object message : expected) {
            assertEquals(message, self.receive());
          }
        });
  }

  @Test
  @DisplayName("PROC-012 the messages of a process that blocks outside of the kernel can be listed")
  void messagesOfBusy() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Pid busy =
        node.spawn(
            (self, message) -> {
              entered.countDown();
              go.await();
            });
    node.send(busy, "is being handled");
    entered.await();
    for (int i = 0; i < 200; i++) {
      node.send(busy, i);
    }
    List<Integer> all = IntStream.range(0, 200).boxed().toList();
    assertEquals(Optional.of(all), node.messages(busy, 1_000));
    go.countDown();
  }

  // ---- flags and other settings

  @Test
  @SuppressWarnings("NullAway") // null is the bad value that the compiler would have refused
  @DisplayName("PROC-014 P84 a bad value for a setting of a process is refused and changes nothing")
  void badSettings() throws Exception {
    run(
        self -> {
          self.setLabel("before");
          assertThrows(NullPointerException.class, () -> self.setLabel(null));
          assertEquals("before", self.info(self.pid()).orElseThrow().label());
          assertThrows(NullPointerException.class, () -> self.put("key", null));
          assertNull(self.get("key"));
          SpawnOptions good = SpawnOptions.DEFAULT;
          for (int slots : new int[] {-1, 1, 65_537}) {
            String said =
                assertThrows(IllegalArgumentException.class, () -> good.mailboxCapacity(slots))
                    .getMessage();
            assertTrue(said != null && said.contains(String.valueOf(slots)), said);
          }
          assertThrows(NullPointerException.class, () -> good.onKill(null));
          assertThrows(NullPointerException.class, () -> good.link(null));
          assertThrows(IllegalArgumentException.class, () -> self.sleep(Duration.ofNanos(-1)));
        });
  }

  @Test
  @DisplayName("P84 trapExit returns the old value, and a child does not inherit it")
  void trapExit() throws Exception {
    run(
        self -> {
          assertEquals(false, self.trapExit(true));
          assertEquals(true, self.trapExit(true));
          Pid child = self.spawn((me, message) -> ((Request) message).reply(me.trapExit(true)));
          assertEquals(false, self.call(child, "?", LIMIT));
          assertEquals(true, self.trapExit(false));
          assertThrows(NoSuchProcess.class, () -> self.link(ended()));
        });
  }

  @Test
  @DisplayName("P80 the keys of the dictionary, all of them and those with a value")
  void keys() throws Exception {
    run(
        self -> {
          assertEquals(Set.of(), self.getKeys());
          self.put("a", 1);
          self.put("b", 2);
          self.put(List.of("c"), 1);
          Set<Object> all = self.getKeys();
          assertEquals(Set.of("a", "b", List.of("c")), all);
          assertEquals(Set.of("a", List.of("c")), self.getKeys(1));
          assertEquals(Set.of(), self.getKeys(3));
          self.erase("a");
          assertEquals(3, all.size(), "what was returned is a snapshot");
          assertEquals(Set.of("b", List.of("c")), self.getKeys());
        });
  }

  @Test
  @DisplayName("P82 a process knows its ancestors and shows what it was started as")
  void ancestors() throws Exception {
    CompletableFuture<List<Pid>> seen = new CompletableFuture<>();
    CompletableFuture<Pid> middle = new CompletableFuture<>();
    Pid top =
        node.spawn(
            self -> {
              middle.complete(
                  self.spawn(
                      me -> {
                        me.spawn(leaf -> seen.complete(leaf.ancestors()));
                        me.receive();
                      },
                      SpawnOptions.DEFAULT.initialCall("the middle")));
              self.receive();
            });
    List<Pid> ancestors = get(seen);
    assertEquals(List.of(get(middle), top), ancestors.subList(0, 2));
    ProcessInfo info = node.info(get(middle)).orElseThrow();
    assertEquals("the middle", info.initialCall());
    assertEquals(top, info.parent());
  }

  @Test
  @DisplayName("PL1 P82 a process whose parent has ended still knows the ancestors that live")
  void ancestorsOfOrphans() {
    TestNode.forSeeds(
        20,
        test ->
            test.run(
                self -> {
                  Pid _ = self.spawn(me -> me.spawn(orphan(self.pid(), 20)));
                  for (int generation = 0; generation <= 20; generation++) {
                    List<?> ancestors = assertInstanceOf(List.class, self.receive());
                    assertEquals(List.of(self.pid(), self.parent()), ancestors.subList(1, 3));
                    assertEquals(3, ancestors.size(), "those between are forgotten");
                  }
                }));
  }

  /** Tells its ancestors when its parent has ended, and then starts the next. */
  private static ProcessBody orphan(Pid top, int generations) {
    return self -> {
      Ref _ = self.monitor(self.parent());
      assertInstanceOf(Down.class, self.receive());
      self.send(top, List.copyOf(self.ancestors()));
      if (generations > 0) {
        Pid _ = self.spawn(orphan(top, generations - 1));
      }
    };
  }

  /** A body with a name of its own. */
  private static final class Named implements ProcessBody {
    @Override
    public void run(Context self) {
      self.receive();
      throw self.exit(ExitReason.of("planned"));
    }
  }

  @Test
  @DisplayName("P82 a blocking process shows the class of its code, in its crash report too")
  void initialCall() {
    TestNode.forSeeds(
        3,
        sim -> {
          Pid pid = sim.spawn(new Named());
          sim.runUntilIdle();
          String expected = Named.class.getName();
          assertEquals(expected, sim.info(pid).orElseThrow().initialCall());
          sim.send(pid, "go");
          sim.runUntilIdle();
          assertEquals(expected, sim.reports(CrashReport.class).getFirst().initialCall());
        });
  }

  // ---- hibernation

  @Test
  @DisplayName("RCV-005 P83 a process that hibernates with messages in its mailbox goes on at once")
  void hibernateWithMessages() throws Exception {
    run(
        self -> {
          self.send(self.pid(), 1);
          self.send(self.pid(), 2);
          self.hibernate();
          assertEquals(2, self.receive(m -> m.equals(2)));
          self.hibernate(); // 1 was refused and is there
          assertEquals(1, self.receive());
          Alias alias = self.alias(AliasMode.EXPLICIT_UNALIAS, Priority.HIGH);
          self.send(alias, 3, Priority.HIGH);
          self.hibernate();
          assertEquals(3, self.receive());
        });
  }

  @Test
  @DisplayName("P83 a hibernating process says so, wakes with the next message, and loses none")
  void hibernate() {
    TestNode.forSeeds(
        200,
        sim -> {
          List<Object> blocking = new ArrayList<>();
          List<Object> reactive = new ArrayList<>();
          Pid waits =
              sim.spawn(
                  self -> {
                    while (true) {
                      self.hibernate();
                      blocking.add(self.receive(Duration.ZERO).orElse("woken for nothing"));
                    }
                  });
          Pid handles =
              sim.spawn(
                  (self, message) -> {
                    reactive.add(message);
                    self.hibernate();
                  });
          sim.send(handles, 0);
          sim.send(waits, 0);
          sim.runUntilIdle();
          for (Pid pid : List.of(waits, handles)) {
            assertEquals(WaitReason.HIBERNATE, sim.info(pid).orElseThrow().waitReason());
          }
          assertEquals(ProcessStatus.IDLE, sim.info(handles).orElseThrow().status());
          for (int s = 0; s < 2; s++) {
            int from = 1 + 50 * s;
            sim.spawn(
                self -> {
                  for (int i = from; i < from + 50; i++) {
                    self.send(waits, i);
                    self.send(handles, i);
                  }
                });
          }
          sim.runUntilIdle();
          List<Integer> all = IntStream.rangeClosed(0, 100).boxed().toList();
          assertEquals(all, blocking.stream().sorted().toList());
          assertEquals(all, reactive.stream().sorted().toList());
          assertEquals(WaitReason.HIBERNATE, sim.info(handles).orElseThrow().waitReason());
        });
  }

  @Test
  @DisplayName("P83 of messages that come just when a process goes into hibernation none is lost")
  void hibernateUnderLoad() throws Exception {
    int senders = 2;
    int each = 10_000;
    for (boolean reactive : new boolean[] {true, false}) {
      CompletableFuture<Integer> all = new CompletableFuture<>();
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger sent = new AtomicInteger();
      AtomicInteger seen = new AtomicInteger();
      Pid receiver =
          reactive
              ? node.spawn(
                  (self, message) -> {
                    self.hibernate();
                    if (seen.incrementAndGet() == senders * each) {
                      all.complete(seen.get());
                    }
                  })
              : node.spawn(
                  self -> {
                    while (seen.get() < senders * each) {
                      self.hibernate();
                      Object _ = self.receive(Duration.ZERO).orElseThrow();
                      seen.incrementAndGet();
                    }
                    all.complete(seen.get());
                  });
      for (int s = 0; s < senders; s++) {
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < each; i++) {
                    node.send(receiver, i);
                    int ahead = sent.incrementAndGet() - 1;
                    for (int spins = 0; ahead > seen.get() && !over.get(); spins++) {
                      if (spins < 1_000) { // so that it goes idle again and again
                        Thread.onSpinWait();
                      } else {
                        Thread.yield(); // it may need this very processor
                      }
                    }
                    for (int spin = 0; spin < i % 50; spin++) {
                      Thread.onSpinWait(); // the next one comes at another moment
                    }
                  }
                });
      }
      try {
        assertEquals(senders * each, get(all), "reactive: " + reactive);
      } finally {
        over.set(true);
      }
    }
  }

  @Test
  @DisplayName("P83 an exit signal ends a process that hibernates")
  void killHibernating() throws Exception {
    Pid waits = node.spawn(self -> self.hibernate());
    Pid handles = node.spawn((self, message) -> self.hibernate());
    node.send(handles, 1);
    kill(waits);
    kill(handles);
  }

  // ---- what the JVM does not have

  @Test
  @DisplayName("PROC-019 of many busy processes that reach checkpoints none starves, nor do others")
  void nobodyStarves() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger[] rounds = new AtomicInteger[20];
    for (int i = 0; i < rounds.length; i++) {
      AtomicInteger mine = new AtomicInteger();
      rounds[i] = mine;
      Pid _ =
          node.spawn(
              self -> {
                while (!over.get()) {
                  mine.incrementAndGet();
                  self.checkpoint();
                }
              });
    }
    run(
        self -> {
          Pid echo = self.spawn((me, message) -> ((Request) message).reply("echo"));
          for (int i = 0; i < 20; i++) {
            assertEquals("echo", self.call(echo, "?", LIMIT));
          }
        });
    while (List.of(rounds).stream().anyMatch(mine -> mine.get() == 0)) {
      Thread.onSpinWait();
    }
    over.set(true);
  }

  @Test
  @DisplayName("PROC-020 a process that busy ones surround serves the requests of a waiting one")
  void noInversion() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    for (int i = 0; i < 4; i++) {
      Pid _ =
          node.spawn(
              self -> {
                while (!over.get()) {
                  self.yieldNow();
                }
              });
    }
    Pid server = node.spawn((self, message) -> ((Request) message).reply("served"));
    run(
        self -> {
          for (int i = 0; i < 50; i++) {
            assertEquals("served", self.call(server, i, LIMIT));
            assertTrue(self.isAlive(server));
          }
        });
    over.set(true);
  }

  @Test
  @DisplayName("PROC-024 a collection of garbage while processes are busy does them no harm")
  void garbage() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Integer> sum = new CompletableFuture<>();
    CountDownLatch busy = new CountDownLatch(1);
    Pid _ =
        node.spawn(
            self -> {
              List<Object> kept = new ArrayList<>(List.of("kept"));
              while (!over.get()) {
                self.send(self.pid(), new byte[100]);
                Object _ = self.receive();
                busy.countDown();
              }
              sum.complete(kept.size());
            });
    busy.await();
    System.gc();
    over.set(true);
    assertEquals(1, get(sum));
  }

  @Test
  @DisplayName(
      "PROC-025 P85 a process that asks for more memory than there is ends alone, its link sees"
          + " why")
  void outOfMemory() throws Exception {
    run(
        self -> {
          self.trapExit(true);
          Pid bystander = self.spawn((me, message) -> ((Request) message).reply("unharmed"));
          Spawned greedy =
              self.spawnMonitor(
                  me -> {
                    long[] huge = new long[Integer.MAX_VALUE];
                    self.send(self.pid(), huge.length);
                  },
                  SpawnOptions.DEFAULT.link());
          var exit = expect(self, io.coppice.kernel.process.Exit.class);
          assertEquals(greedy.pid(), exit.from());
          var crashed = assertInstanceOf(ExitReason.Crashed.class, exit.reason());
          assertInstanceOf(OutOfMemoryError.class, crashed.error());
          assertEquals(exit.reason(), expect(self, Down.class).reason());
          assertEquals("unharmed", self.call(bystander, "?", LIMIT));
        });
  }

  // ---- crash reports

  @Test
  @DisplayName("PL5 an abnormal end of its own doing is reported once, a clean one or a kill never")
  void crashReports() {
    List<ExitReason> clean =
        List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.shutdown("why"));
    List<ExitReason> abnormal =
        List.of(ExitReason.of("bad"), ExitReason.KILLED, ExitReason.NO_PROCESS, ExitReason.KILL);
    TestNode.forSeeds(
        5,
        sim -> {
          for (ExitReason reason : clean) {
            sim.spawn(
                self -> {
                  throw self.exit(reason);
                });
          }
          List<ExitReason> expected = new ArrayList<>();
          for (ExitReason reason : abnormal) {
            Pid pid =
                sim.spawn(
                    self -> {
                      throw self.exit(reason);
                    });
            sim.runUntilIdle();
            List<CrashReport> reports = sim.reports(CrashReport.class);
            expected.add(reason);
            assertEquals(expected, reports.stream().map(CrashReport::reason).toList());
            assertEquals(pid, reports.getLast().pid());
          }
          Pid stopped = sim.spawn((self, message) -> self.stop(ExitReason.of(message)));
          sim.send(stopped, "stopped");
          sim.runUntilIdle();
          expected.add(ExitReason.of("stopped"));
          Pid told = sim.spawn(PARKED);
          sim.exit(told, ExitReason.of("told to"));
          Pid killed = sim.spawn(PARKED);
          sim.exit(killed, ExitReason.KILL);
          sim.runUntilIdle();
          assertEquals(
              expected, sim.reports(CrashReport.class).stream().map(CrashReport::reason).toList());
        });
  }
}
