package io.coppice.kernel.soak;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an idle process costs: the difference of the heap after a collection, over a million
 * processes, each of which has handled messages. An array of all pids (4 bytes each) is not
 * counted; the code of the processes is one object for all.
 *
 * <p>The JVM is warm: the stack that a blocking process keeps is two to three times as large as
 * long as its code is interpreted, or compiled in haste.
 *
 * <p>{@code mvn verify -Psoak -pl kernel -am} runs it; {@code -Dsoak.processes} is their number.
 */
@Timeout(300)
class FootprintSoakTest {
  private static final int PROCESSES = Integer.getInteger("soak.processes", 1_000_000);
  private static final int REACTIVE_BYTES_MAX = 400;
  private static final int BLOCKING_BYTES_MAX = 2_000;

  @DisplayName("An idle reactive process that has handled a message takes at most 400 bytes")
  @Test
  void reactive() {
    LongAdder handled = new LongAdder();
    Reactive body = (self, message) -> handled.increment();
    assertFootprint("reactive", 1, REACTIVE_BYTES_MAX, handled, node -> node.spawn(body));
  }

  @DisplayName("So does one that has handled a burst of a hundred messages")
  @Test
  void reactiveAfterBurst() {
    LongAdder handled = new LongAdder();
    Reactive body = (self, message) -> handled.increment();
    assertFootprint("reactive, burst", 100, REACTIVE_BYTES_MAX, handled, node -> node.spawn(body));
  }

  @DisplayName("A blocking process that waits for its second message takes at most 2000 bytes")
  @Test
  void blocking() {
    LongAdder handled = new LongAdder();
    ProcessBody body =
        self -> {
          while (true) {
            self.receive();
            handled.increment();
          }
        };
    assertFootprint("blocking", 1, BLOCKING_BYTES_MAX, handled, node -> node.spawn(body));
  }

  @DisplayName("So does one that has received a burst of a hundred messages")
  @Test
  void blockingAfterBurst() {
    LongAdder handled = new LongAdder();
    ProcessBody body =
        self -> {
          while (true) {
            self.receive();
            handled.increment();
          }
        };
    assertFootprint("blocking, burst", 100, BLOCKING_BYTES_MAX, handled, node -> node.spawn(body));
  }

  private static void assertFootprint(
      String kind, int messages, int bytesMax, LongAdder handled, Function<Node, Pid> spawn) {
    // A million of them do not end in the few seconds that a node has otherwise.
    try (Node node = Node.start(NodeOptions.DEFAULT.withShutdownTime(Duration.ofMinutes(2)))) {
      Pid[] pids = new Pid[PROCESSES];
      for (int i = 0; i < 3; i++) {
        runAll(node, pids, 10_000, spawn, handled, Math.max(messages, 20)); // warms up
      }
      long before = Heap.used();
      runAll(node, pids, PROCESSES, spawn, handled, messages);
      long bytes = (Heap.used() - before) / PROCESSES;
      System.out.printf(
          "footprint: %d bytes per idle %s process, over %d of them, %d messages each%n",
          bytes, kind, PROCESSES, messages);
      assertTrue(bytes <= bytesMax, () -> bytes + " bytes per process, not " + bytesMax);
      assertTrue(node.processCount() >= pids.length, "all of them still live");
    }
  }

  private static void runAll(
      Node node,
      Pid[] pids,
      int count,
      Function<Node, Pid> spawn,
      LongAdder handled,
      int messages) {
    long before = handled.sum();
    for (int i = 0; i < count; i++) {
      pids[i] = spawn.apply(node);
    }
    for (int i = 0; i < count; i++) {
      for (int m = 0; m < messages; m++) {
        node.send(pids[i], "message");
      }
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> handled.sum() - before == (long) count * messages);
  }
}
