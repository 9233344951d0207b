package io.coppice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Spawned;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeTest {
  private final Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(2));

  @AfterEach
  void close() {
    node.close();
    assertEquals(0, node.processCount(), "processes left over");
  }

  @Test
  @DisplayName("a blocking process receives what was sent to it")
  void receive() throws Exception {
    var received = new CompletableFuture<Object>();
    Pid pid = node.spawn(self -> received.complete(self.receive()));
    node.send(pid, "hello");
    assertEquals("hello", received.get(10, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("a call from outside gets the answer of a reactive process")
  void call() {
    Pid echo =
        node.spawn((self, message) -> ((Request) message).reply(((Request) message).payload()));
    assertEquals(42, node.call(echo, 42, Duration.ofSeconds(10)));
  }

  @Test
  @DisplayName("a call to a process that has ended fails with noproc")
  void callDead() {
    Pid gone = node.spawn(self -> {});
    while (node.isAlive(gone)) {
      Thread.onSpinWait();
    }
    CallFailed failed = assertThrows(CallFailed.class, () -> node.call(gone, "?", null));
    assertSame(ExitReason.NO_PROCESS, failed.reason());
  }

  @Test
  @DisplayName("P2 spawn with a monitor gives the real reason however fast the child ends")
  void spawnMonitor() throws Exception {
    var reason = new CompletableFuture<ExitReason>();
    node.spawn(
        self -> {
          Spawned child =
              self.spawnMonitor(
                  me -> {
                    throw me.exit(ExitReason.of("enough"));
                  });
          Down down = (Down) self.receive();
          assertEquals(child.monitor(), down.ref());
          reason.complete(down.reason());
        });
    assertEquals(ExitReason.of("enough"), reason.get(10, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("P6 after a kill a process that blocks outside of the kernel is not alive")
  void kill() {
    Pid pid = node.spawn(self -> new java.util.concurrent.CountDownLatch(1).await());
    assertTrue(node.isAlive(pid));
    node.exit(pid, ExitReason.KILL);
    assertFalse(node.isAlive(pid));
  }

  @Test
  @DisplayName(
      "the root, which processes started from outside have as parent, is no process of the node")
  void root() {
    assertEquals(0, node.processes().size());
  }

  @Test
  @DisplayName("AP10 a process whose parent ends while the node closes is told to end as well")
  void orphans() {
    TestNode sim = TestNode.start(1);
    sim.spawn(
        self -> {
          self.spawn(child -> child.receive());
          self.receive();
        });
    sim.runUntilIdle();
    sim.close();
    assertTrue(sim.elapsed().toMillis() < 1_000, "it took " + sim.elapsed());
  }
}
