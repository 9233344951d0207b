package io.coppice.kernel.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mutable messages, locks held across turns, threads that wait without leaving their carrier. */
@SuppressWarnings({"JavaUtilDate", "UnnecessaryStringBuilder", "LockNotBeforeTry"})
class HouseChecksTest {
  private record Box(@Nullable Object content) {}

  private static class Data {
    int amount;

    @Override
    public String toString() {
      return "Data " + ++amount;
    }
  }

  private static final class Fixed {
    private final int amount = 1;

    @Override
    public String toString() {
      return "" + amount;
    }
  }

  // ---- messages

  static List<Object> mutable() {
    return List.of(
        new int[] {1},
        new ArrayList<>(),
        new Date(0),
        new StringBuilder(),
        ByteBuffer.allocate(1),
        new HashMap<>(),
        Arrays.asList(1, 2),
        new Data(),
        new Box(new ArrayList<>()),
        new Box(new Box(new byte[1])),
        List.of(new Box(new Date(0))),
        Map.of("key", new Object[] {1}),
        Collections.unmodifiableList(new ArrayList<>(List.of(new StringBuilder()))));
  }

  static List<Object> immutable() {
    return List.of(
        1,
        "text",
        BigInteger.ONE,
        Duration.ZERO,
        new Box(null),
        new Box(List.of(1, 2)),
        new int[0],
        Optional.of("x"),
        Map.of(1, List.of("a")),
        Collections.unmodifiableList(new ArrayList<>(List.of(1))),
        new Fixed(),
        Thread.State.NEW,
        new IllegalStateException("cause"),
        new CountDownLatch(1),
        (Runnable) () -> {});
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutable")
  @DisplayName("a mutable message fails the run, sent by a process, from outside, or as a request")
  void flagged(Object message) {
    for (Scenario scenario : sendings(message)) {
      assertFails(scenario, "a message is not immutable", "HouseChecksTest.java");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("immutable")
  @DisplayName("an immutable message passes")
  void passes(Object message) {
    for (Scenario scenario : sendings(message)) {
      TestNode.replay(1, scenario);
    }
  }

  /** The run fails, and the failure's message says all of this. */
  private static void assertFails(Scenario scenario, String... said) {
    assertFails(TestOptions.DEFAULT, scenario, said);
  }

  private static void assertFails(TestOptions options, Scenario scenario, String... said) {
    SimulationFailure failure =
        assertThrows(SimulationFailure.class, () -> TestNode.replay(1, options, scenario));
    for (String part : said) {
      assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
  }

  private static List<Scenario> sendings(Object message) {
    Reactive sink =
        (self, m) -> {
          if (m instanceof Request request) {
            request.reply("seen");
          }
        };
    return List.of(
        node -> {
          Pid to = node.spawn(sink);
          node.run(self -> self.send(to, message));
          node.runUntilIdle();
        },
        node -> {
          node.send(node.spawn(sink), message);
          node.runUntilIdle();
        },
        node -> node.call(node.spawn(sink), message, null));
  }

  @Test
  @DisplayName("what a process sends to itself may be mutable")
  void toItself() {
    TestNode.replay(
        1,
        node ->
            node.run(
                self -> {
                  self.send(self.pid(), new int[] {1});
                  self.receive();
                }));
  }

  @Test
  @DisplayName("the failure says where in the message the mutable object is")
  void where() {
    assertFails(
        node -> node.call(node.spawn((self, m) -> {}), new Box(List.of(new byte[1])), null),
        "its component content element is an array, byte[]",
        "withMutableMessage");
  }

  @Test
  @DisplayName("types can be let pass, and the check can be turned off")
  void optOut() {
    Scenario bytes =
        node -> {
          node.send(node.spawn((self, m) -> {}), new Box(new byte[1]));
          node.runUntilIdle();
        };
    TestNode.replay(1, TestOptions.DEFAULT.withMutableMessage(byte[].class), bytes);
    TestNode.replay(1, TestOptions.DEFAULT.withMessageCheck(false), bytes);
    assertFails(TestOptions.DEFAULT.withMutableMessage(int[].class), bytes);
  }

  // ---- locks

  @Test
  @DisplayName("a lock that is given back in another turn than it was taken in fails the run")
  void unlockLater() {
    assertFails(lockAcrossTurns(true), "gave a lock back in another turn", "ReentrantLock.unlock");
  }

  @Test
  @NeedsOpenJdk("what waits in java.util.concurrent is part of a simulation only there")
  @DisplayName("a lock that a process keeps across turns is not taken by the next process")
  void lockKept() {
    assertFails(lockAcrossTurns(false), "deadlock", "it wants a lock that is taken");
  }

  @Test
  @DisplayName("without the check a lock held across turns is owned by whoever runs next")
  void lockCheckOff() {
    TestOptions off = TestOptions.DEFAULT.withLockCheck(false);
    assertTrue(TestNode.forSeeds(50, off, lockAcrossTurns(false)) > 0);
  }

  private static Scenario lockAcrossTurns(boolean unlock) {
    return node -> {
      var lock = new ReentrantLock();
      Pid holder =
          node.spawn(
              (self, message) -> {
                if (message.equals("lock")) {
                  lock.lock();
                } else if (unlock) {
                  lock.unlock();
                }
              });
      node.send(holder, "lock");
      node.runUntilIdle();
      node.send(holder, "unlock");
      node.runUntilIdle();
      node.run(
          self -> {
            lock.lock();
            lock.unlock();
          });
    };
  }

  @Test
  @NeedsOpenJdk("what waits in java.util.concurrent is part of a simulation only there")
  @DisplayName("a lock that is held across a wait of the same turn is fine")
  void lockInOneTurn() {
    TestNode.forSeeds(
        20,
        node -> {
          var lock = new ReentrantLock();
          for (int i = 0; i < 3; i++) {
            Pid pid =
                node.spawn(
                    (self, message) -> {
                      lock.lock();
                      try {
                        self.sleep(Duration.ofMillis(1));
                      } finally {
                        lock.unlock();
                      }
                    });
            node.send(pid, "go");
            node.send(pid, "go");
          }
          node.advance(Duration.ofSeconds(1));
          assertTrue(!lock.isLocked());
        });
  }

  // ---- pinned and foreign virtual threads

  private static final class WaitsForEver {
    static final Object VALUE = await();

    private static Object await() {
      HouseChecksTest.await(new CountDownLatch(1));
      return new Object();
    }
  }

  @Test
  @NeedsOpenJdk("a wait that keeps its thread looks like any other elsewhere")
  @DisplayName("a wait in a static initialiser keeps the carrier and fails the run soon")
  void pinned() {
    assertFails(
        node -> node.run(self -> self.put(1, WaitsForEver.VALUE)),
        "waits in java.util.concurrent.CountDownLatch.await",
        "cannot leave its thread",
        "use Context.blocking");
  }

  private static final class SleepsAWhile {
    static final Object VALUE = sleep();

    private static Object sleep() {
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new Object();
    }
  }

  @Test
  @DisplayName("a sleep in a static initialiser fails the run when it is over")
  void pinnedSleep() {
    assertFails(
        node ->
            node.run(
                self -> {
                  self.put(1, SleepsAWhile.VALUE);
                  self.receive();
                }),
        "java.lang.Thread.sleep");
  }

  @Test
  @DisplayName("a process that waits for the end of a thread fails the run")
  void joins() {
    var never = new CountDownLatch(1);
    Thread stranger = Thread.ofVirtual().start(() -> await(never));
    try {
      assertFails(
          node -> node.run(self -> stranger.join()),
          "java.lang.Thread.join",
          "let a process do its work");
    } finally {
      never.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("a virtual thread that a process starts and that acts on one fails the run")
  void foreignVirtualThread() {
    assertFails(
        node ->
            node.run(
                self -> {
                  Thread stranger =
                      Thread.ofVirtual().start(() -> self.node().send(self.pid(), "hello"));
                  while (stranger.isAlive()) {
                    Thread.onSpinWait();
                  }
                  self.receive();
                  self.receive();
                }),
        "acts on a process while the node runs",
        "VirtualThread");
  }
}
