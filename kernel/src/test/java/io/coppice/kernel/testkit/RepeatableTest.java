package io.coppice.kernel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RepeatableTest {
  private static final int WORKERS = 8;

  /** Links, monitors, kills, names, timers, locks and blocking sections, all at once. */
  private static List<String> everything(TestNode node) {
    List<String> trace = new ArrayList<>();
    var lock = new ReentrantLock();
    Pid boss =
        node.spawn(
            self -> {
              self.trapExit(true);
              List<Pid> workers = new ArrayList<>();
              for (int i = 0; i < WORKERS; i++) {
                Pid worker = self.spawn(me -> work(me, lock), SpawnOptions.DEFAULT.link());
                self.monitor(worker);
                self.monitor(worker);
                workers.add(worker);
              }
              self.sendAfter(Duration.ofMillis(3), self.pid(), "kill");
              for (int seen = 0; seen < 3 * WORKERS; ) {
                Object message = self.receive();
                trace.add(self.monotonicNanos() + " " + withoutRef(message));
                if (message.equals("kill")) {
                  workers.forEach(worker -> self.exit(worker, ExitReason.KILL));
                } else {
                  seen++;
                }
              }
            },
            SpawnOptions.DEFAULT.name("boss"));
    node.runUntil(() -> !node.isAlive(boss));
    return trace;
  }

  private static String withoutRef(Object message) {
    return message.getClass().getSimpleName() + message.toString().replaceAll("ref=[^,]*", "");
  }

  private static void work(Context self, ReentrantLock lock) throws Exception {
    int number = (int) self.pid().number();
    if (number % 4 == 0) {
      throw new IllegalStateException("worker " + number);
    }
    for (int i = 0; i < 5; i++) {
      if (NeedsOpenJdk.Flags.areThere()) { // else such a wait is none of a simulation
        lock.lock();
      }
      try {
        self.yieldNow();
        self.blocking(() -> number);
      } finally {
        if (lock.isHeldByCurrentThread()) {
          lock.unlock();
        }
      }
      self.sleep(Duration.ofMillis(number % 3));
      Pid echo = self.spawn((me, message) -> ((Request) message).reply(me.pid()));
      self.call(echo, "?", Duration.ofSeconds(1));
      if (i == number) {
        ProcessExit exit = self.exit(ExitReason.SHUTDOWN);
        throw exit;
      }
    }
  }

  @Test
  @DisplayName("those who watch one process run in the same order after its end, in each run")
  void watchers() {
    Set<List<Long>> orders = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      try (TestNode node = TestNode.start(1)) {
        List<Long> order = new ArrayList<>();
        Pid watched = node.spawn(self -> self.receive());
        for (int watcher = 0; watcher < 20; watcher++) {
          node.spawn(
              self -> {
                self.monitor(watched);
                self.receive();
                order.add(self.pid().number());
              });
        }
        node.runUntilIdle();
        node.exit(watched, ExitReason.KILL);
        node.runUntilIdle();
        assertEquals(20, order.size());
        orders.add(order);
      }
    }
    assertEquals(1, orders.size());
  }

  @Test
  @DisplayName("a run with every kind of event is the same each time, down to the fingerprint")
  void sameAgain() {
    Set<Long> different = new HashSet<>();
    for (long seed = 1; seed <= 40; seed++) {
      try (TestNode first = TestNode.start(seed);
          TestNode second = TestNode.start(seed)) {
        List<String> trace = everything(first);
        assertEquals(trace, everything(second));
        assertEquals(first.scheduleFingerprint(), second.scheduleFingerprint(), "seed " + seed);
        assertEquals(first.steps(), second.steps());
        different.add(first.scheduleFingerprint());
      }
    }
    assertEquals(40, different.size());
  }
}
