package io.coppice.kernel.inspect;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.AliasMode;
import io.coppice.kernel.process.MonitorOptions;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is to be seen of one process. */
class ProcessInfoTest {
  private static ProcessInfo info(TestNode node, Pid pid) {
    return node.info(pid).orElseThrow();
  }

  @Test
  @DisplayName("a waiting process shows its names, relatives, relations, timers and dictionary")
  void whole() {
    try (TestNode node = TestNode.start(1)) {
      List<Pid> pids = new ArrayList<>();
      SpawnOptions options = SpawnOptions.DEFAULT.name("child").label("shard 3").initialCall("Db");
      Pid parent =
          node.spawn(
              self -> {
                self.trapExit(true);
                pids.add(
                    self.spawn(
                        child -> {
                          child.put("colour", "green");
                          child.link(pids.getFirst());
                          child.monitor("other");
                          child.receive();
                          child.sendAfter(Duration.ofMinutes(2), child.pid(), "tick");
                          child.receive(Duration.ofMinutes(3));
                        },
                        options.link()));
                self.monitor(pids.getLast());
                self.receive(m -> m.equals("stop"));
              });
      pids.add(node.spawn((self, message) -> {}, SpawnOptions.DEFAULT.name("other")));
      node.runUntilIdle();
      Pid child = pids.get(1);
      node.send(child, 42);
      node.runUntilIdle();
      node.advance(Duration.ofMinutes(1));

      ProcessInfo info = info(node, child);
      assertEquals("child", info.name());
      assertEquals("shard 3", info.label());
      assertEquals("Db", info.initialCall());
      assertEquals(parent, info.parent());
      assertEquals(List.of(parent, info(node, parent).parent()), info.ancestors());
      assertEquals(ProcessStatus.WAITING, info.status());
      assertEquals(WaitReason.RECEIVE, info.waitReason());
      assertEquals(Duration.ofMinutes(2), info.waiting().left());
      assertEquals(Set.of(parent, pids.getFirst()), Set.copyOf(info.related().links()));
      assertEquals(2, info.related().linkCount());
      assertEquals(List.of("other"), info.related().monitors());
      assertEquals(List.of(parent), info.related().monitoredBy());
      assertEquals(
          List.of(new ProcessInfo.Timer("java.lang.String", Duration.ofMinutes(1))), info.timers());
      assertEquals(1, info.timerCount());
      assertEquals(Set.of("colour"), info.dictionary());
      assertEquals(1, info.messages());
      assertFalse(info.trapExit());
      assertTrue(info(node, parent).trapExit());
    }
  }

  @Test
  @DisplayName("active aliases are counted, those of monitors too, until they are used up or end")
  void aliases() {
    try (TestNode node = TestNode.start(1)) {
      Pid other = node.spawn((self, message) -> {});
      List<Integer> counts = new ArrayList<>();
      node.spawn(
          self -> {
            Runnable count =
                () -> counts.add(self.info(self.pid()).orElseThrow().related().aliasCount());
            count.run();
            Alias explicit = self.alias(AliasMode.EXPLICIT_UNALIAS);
            Alias once = self.alias(AliasMode.REPLY, Priority.HIGH);
            MonitorOptions options = MonitorOptions.DEFAULT.alias(AliasMode.REPLY_DEMONITOR);
            Alias monitor = self.monitor(other, options);
            Alias own = self.monitor(self.pid(), options);
            count.run();
            self.send(once, 1);
            self.receive();
            count.run();
            self.send(monitor, 2);
            self.receive();
            count.run();
            self.unalias(explicit);
            self.unalias(explicit);
            count.run();
            self.unalias(own);
            count.run();
          });
      node.runUntilIdle();
      assertEquals(List.of(0, 4, 3, 2, 1, 0), counts);
    }
  }

  @Test
  @DisplayName("a process that waits for an answer shows of whom, for what, since when, how long")
  void call() {
    try (TestNode node = TestNode.start(1)) {
      Pid mute = node.spawn((self, message) -> {}, SpawnOptions.DEFAULT.name("mute"));
      Pid caller = node.spawn((self, message) -> self.call(mute, 7L, Duration.ofSeconds(5)));
      node.send(caller, "go");
      node.runUntilIdle();
      node.advance(Duration.ofSeconds(2));

      ProcessInfo info = info(node, caller);
      assertEquals(
          new ProcessInfo.Wait(
              WaitReason.CALL,
              mute,
              "mute",
              "java.lang.Long",
              Duration.ofSeconds(2),
              Duration.ofSeconds(3)),
          info.waiting());
      assertEquals("java.lang.String", info.handling());
      assertNull(info.busyFor());
      node.advance(Duration.ofSeconds(4));
      assertTrue(node.info(caller).isEmpty(), "the time-out of the call has ended it");
    }
  }

  @Test
  @DisplayName("a process that sleeps shows for how long, and one without work that it is idle")
  void sleep() {
    try (TestNode node = TestNode.start(1)) {
      Pid sleeper = node.spawn(self -> self.sleep(Duration.ofHours(1)));
      Pid idle = node.spawn((self, message) -> {});
      node.send(idle, "one");
      node.send(idle, "two");
      assertEquals(ProcessStatus.RUNNABLE, info(node, idle).status());
      assertEquals(2, info(node, idle).queueLength());
      node.runUntilIdle();
      node.advance(Duration.ofMinutes(20));

      assertEquals(WaitReason.SLEEP, info(node, sleeper).waitReason());
      assertEquals(Duration.ofMinutes(40), info(node, sleeper).waiting().left());
      ProcessInfo info = info(node, idle);
      assertEquals(ProcessStatus.IDLE, info.status());
      assertEquals(ProcessInfo.Wait.NONE, info.waiting());
      assertNull(info.handling());
      assertEquals(2, info.messages());
      assertTrue(info.turns() >= 1);
      node.advance(Duration.ofHours(1));
    }
  }

  @Test
  @DisplayName("messages that a selective receive had refused are shown while they are handled")
  void refused() {
    try (TestNode node = TestNode.start(1)) {
      Pid choosy =
          node.spawn(
              self -> {
                self.receive(m -> m.equals("first"));
                self.receive();
                self.sleep(Duration.ofSeconds(1));
              });
      node.send(choosy, 4.5);
      node.send(choosy, "first");
      node.runUntilIdle();
      assertEquals("java.lang.Double", info(node, choosy).handling());
      node.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  @DisplayName(
      "a process that computes, and one that blocks outside of the kernel, show since when")
  void busy() {
    try (Node node = Node.start()) {
      AtomicBoolean stop = new AtomicBoolean();
      CountDownLatch hold = new CountDownLatch(1);
      Pid hog =
          node.spawn(
              (self, message) -> {
                while (!stop.get()) {
                  Thread.onSpinWait();
                }
              });
      Pid blocked = node.spawn((self, message) -> hold.await());
      node.send(hog, 1);
      node.send(blocked, 'c');
      assertEquals("java.lang.Integer", type(node, hog, ProcessStatus.RUNNING));
      assertEquals("java.lang.Character", type(node, blocked, ProcessStatus.BLOCKED));
      assertTrue(
          node.info(blocked).orElseThrow().stack().stream()
              .anyMatch(frame -> frame.getMethodName().equals("await")));
      stop.set(true);
      hold.countDown();
      await().atMost(20, SECONDS).until(() -> idle(node, hog) && idle(node, blocked));
    }
  }

  /** What it handles, once it has had that status for 20 ms. */
  private static String type(Node node, Pid pid, ProcessStatus status) {
    AtomicReference<String> type = new AtomicReference<>("");
    await()
        .atMost(20, SECONDS)
        .until(
            () -> {
              ProcessInfo info = node.info(pid).orElseThrow();
              Duration lasted = info.busyFor();
              boolean seen = info.status() == status && lasted != null && lasted.toMillis() >= 20;
              type.set(String.valueOf(info.handling()));
              return seen;
            });
    return type.get();
  }

  private static boolean idle(Node node, Pid pid) {
    return node.info(pid).orElseThrow().status() == ProcessStatus.IDLE;
  }

  @Test
  @DisplayName("whoever looks at processes that run, link and end all the time disturbs none")
  void looking() throws Exception {
    try (Node node = Node.start()) {
      AtomicBoolean stop = new AtomicBoolean();
      List<Thread> lookers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        lookers.add(Thread.ofPlatform().start(() -> look(node, stop)));
      }
      Pid echo =
          node.spawn(
              (self, message) -> {
                if (!(message instanceof Request request)) {
                  return; // the end of a child
                }
                Pid child = self.spawn(c -> c.receive(), SpawnOptions.DEFAULT.link().monitor());
                self.unlink(child);
                self.send(child, "end");
                self.put(request.payload(), child);
                self.erase(request.payload());
                request.reply(request.payload());
              },
              SpawnOptions.DEFAULT.name("echo"));
      Pid drain = node.spawn((self, message) -> {});
      for (int i = 0; i < 3_000; i++) {
        assertEquals(i, node.call(echo, i, Duration.ofSeconds(20)));
        node.send(drain, i);
      }
      stop.set(true);
      for (Thread looker : lookers) {
        looker.join(20_000);
        assertFalse(looker.isAlive());
      }
      await().atMost(20, SECONDS).until(() -> node.info(drain).orElseThrow().messages() == 3_000);
    }
  }

  private static void look(Node node, AtomicBoolean stop) {
    while (!stop.get()) {
      for (Pid pid : node.processes()) {
        node.info(pid).ifPresent(info -> assertNotNull(info.status()));
      }
      LockSupport.parkNanos(1);
    }
  }
}
