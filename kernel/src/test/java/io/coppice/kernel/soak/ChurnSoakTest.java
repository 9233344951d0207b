package io.coppice.kernel.soak;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Millions of processes, timers, monitors and links are made and go again; the heap after a
 * collection is compared between the parts of the time, and nothing is left at the end.
 *
 * <p>{@code mvn verify -Psoak -pl kernel -am} runs it; {@code -Dsoak.seconds} is the time.
 */
@Timeout(24 * 3600)
class ChurnSoakTest {
  private static final int SECONDS = Integer.getInteger("soak.seconds", 120);
  private static final int WINDOWS = 6;
  private static final long GROWTH_MAX = 2_000_000; // bytes, over four of the windows
  private static final int PARENTS = 8;
  private static final int CHILDREN = 64; // of one parent, at once
  private static final int SPARES = 64; // runners that a scheduler keeps
  private static final String VIRTUAL_THREAD = "java.lang.VirtualThread";

  private final Map<String, LongAdder> counts = Collections.synchronizedMap(new TreeMap<>());
  private final LongAdder reactive = counter("reactive processes");
  private final LongAdder blocking = counter("blocking processes");
  private final LongAdder monitors = counter("monitors");
  private final LongAdder links = counter("links");
  private final LongAdder fired = counter("timers fired");
  private final LongAdder cancelled = counter("timers cancelled");
  private final LongAdder closed = counter("timers of ended processes");
  private final LongAdder timedOut = counter("receives timed out");
  private volatile boolean goOn;

  private LongAdder counter(String name) {
    return counts.computeIfAbsent(name, n -> new LongAdder());
  }

  @DisplayName("The memory stays flat while processes come and go, and nothing of them is left")
  @Test
  void churn() {
    Node.start().close();
    long virtualThreads = Heap.histogram().instances(VIRTUAL_THREAD); // the JDK's own
    List<Long> used = runWindows();
    System.out.println("soak: " + counts);
    await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .untilAsserted(() -> assertNothingLeft(virtualThreads));
    long growth = used.getLast() - used.get(1);
    assertTrue(growth <= GROWTH_MAX, () -> "the heap has grown by " + growth + ": " + used);
  }

  /** In a method of its own: its frame, which may keep the node, has to be gone. */
  private List<Long> runWindows() {
    List<Long> used = new ArrayList<>();
    try (Node node = Node.start()) {
      for (int window = 1; window <= WINDOWS; window++) {
        long before = processes();
        runWindow(node);
        used.add(Heap.used());
        System.out.printf(
            "soak: window %d of %d, %d processes, heap after collection %d bytes, %d runners%n",
            window, WINDOWS, processes() - before, used.getLast(), node.runnerCount());
      }
      assertEquals(0, node.zombieCount(), "zombies");
    }
    return used;
  }

  private long processes() {
    return reactive.sum() + blocking.sum();
  }

  private void runWindow(Node node) {
    goOn = true;
    for (int i = 0; i < PARENTS; i++) {
      node.spawn((ProcessBody) this::parent);
    }
    long end = node.monotonicNanos() + SECONDS * 1_000_000_000L / WINDOWS;
    await().atMost(Duration.ofSeconds(SECONDS + 60L)).until(() -> node.monotonicNanos() - end >= 0);
    goOn = false;
    await().atMost(Duration.ofMinutes(1)).until(() -> node.processCount() == 0);
    await().atMost(Duration.ofMinutes(1)).until(() -> node.timerCount() == 0);
    await().atMost(Duration.ofMinutes(1)).until(() -> node.extraSchedulers() == 0);
    int spares = node.options().schedulers() * SPARES;
    await().atMost(Duration.ofMinutes(1)).until(() -> node.runnerCount() <= spares);
  }

  private static void assertNothingLeft(long virtualThreads) {
    Heap.Histogram histogram = Heap.histogram();
    assertEquals(virtualThreads, histogram.instances(VIRTUAL_THREAD), "virtual threads");
    for (String name :
        List.of(
            "io.coppice.kernel.scheduler.Runner",
            "io.coppice.kernel.cell.ProcessCell",
            "io.coppice.kernel.cell.MessageTimer",
            "io.coppice.kernel.cell.WaitTimer",
            "io.coppice.kernel.cell.Signal$Monitor",
            "io.coppice.kernel.cell.Signal$Link")) {
      assertEquals(0, histogram.instances(name), () -> "instances of " + name);
    }
  }

  // ---- the processes

  private void parent(Context self) {
    self.trapExit(true);
    while (goOn) {
      monitorReactive(self);
      linkBlocking(self);
      timers(self);
    }
  }

  /** Children that end when they have handled a message; each is monitored. */
  private void monitorReactive(Context self) {
    Reactive body = (child, message) -> child.stop(ExitReason.NORMAL);
    for (int i = 0; i < CHILDREN; i++) {
      Pid child = self.spawnMonitor(body).pid();
      Ref second = self.monitor(child);
      if (i % 2 == 0) {
        self.demonitorFlush(second);
      }
      self.startTimer(Duration.ofHours(1), child, "never"); // goes with the child
      self.send(child, "end");
    }
    for (int i = 0; i < CHILDREN + CHILDREN / 2; i++) {
      self.receive(m -> m instanceof Down);
    }
    reactive.add(CHILDREN);
    closed.add(CHILDREN);
    monitors.add(2 * CHILDREN);
  }

  /** Children that wait, with and without a time-out, and are linked. */
  private void linkBlocking(Context self) {
    for (int i = 0; i < CHILDREN; i++) {
      boolean timesOut = i % 16 == 0;
      ProcessBody body =
          child -> {
            if (child.receive(Duration.ofMillis(timesOut ? 1 : 3_600_000)).isEmpty()) {
              timedOut.increment();
            }
          };
      Pid child = self.spawnLink(body);
      if (!timesOut) {
        self.send(child, "end");
      }
    }
    for (int i = 0; i < CHILDREN; i++) {
      self.receive(m -> m instanceof Exit);
    }
    blocking.add(CHILDREN);
    links.add(CHILDREN);
  }

  private void timers(Context self) {
    for (int i = 0; i < CHILDREN; i++) {
      Ref timer = self.startTimer(Duration.ofSeconds(1 + i), self.pid(), "late");
      if (self.cancelTimer(timer).isPresent()) {
        cancelled.increment();
      }
    }
    self.sendAfter(Duration.ofNanos(100_000), self.pid(), "fired");
    self.receive("fired"::equals);
    fired.increment();
  }
}
