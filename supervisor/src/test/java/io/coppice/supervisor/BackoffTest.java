package io.coppice.supervisor;

import static io.coppice.supervisor.Rehearsal.child;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Delays before restarts. */
final class BackoffTest {
  private static final Duration MS100 = Duration.ofMillis(100);
  private static final Duration S1 = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofDays(1);
  private static final ExitReason BOOM = ExitReason.of("boom");

  private static void refused(String part, Executable making) {
    String message = assertThrows(IllegalArgumentException.class, making).getMessage();
    assertTrue(
        message != null && message.startsWith("invalid_backoff: ") && message.contains(part),
        () -> "wanted " + part + ", got " + message);
  }

  // ---- the delays

  @Test
  @DisplayName("delays double from the first to the longest, however often a child fails")
  void doubling() {
    Backoff backoff = Backoff.exponential(MS100, S1).jitter(0);
    List<Long> millis = new ArrayList<>();
    for (int failures = 1; failures <= 6; failures++) {
      millis.add(backoff.delayNanos(failures, 0.9) / 1_000_000);
    }
    assertEquals(List.of(100L, 200L, 400L, 800L, 1_000L, 1_000L), millis);
    assertEquals(S1.toNanos(), backoff.delayNanos(Integer.MAX_VALUE, 0));
    Backoff ages = Backoff.exponential(LONG, Duration.ofSeconds(Long.MAX_VALUE)).jitter(0);
    assertEquals(Long.MAX_VALUE, ages.delayNanos(1_000, 0));
  }

  @Test
  @DisplayName("jitter takes off at most its share of a delay, and never all of it")
  void jitter() {
    Backoff backoff = Backoff.fixed(S1).jitter(0.25);
    assertEquals(1_000_000_000, backoff.delayNanos(1, 0));
    assertEquals(875_000_000, backoff.delayNanos(1, 0.5));
    assertEquals(1, Backoff.fixed(Duration.ofNanos(1)).jitter(1).delayNanos(1, 0.999));
    assertEquals("100 ms to 1 s, jitter 0.2", Backoff.exponential(MS100, S1).toString());
  }

  @Test
  @DisplayName("a back-off out of range is refused in one sentence with the value")
  void validation() {
    refused("must be longer than zero", () -> Backoff.fixed(Duration.ZERO));
    refused("longest delay is 100 ms", () -> Backoff.exponential(S1, MS100));
    refused("jitter is 1.5", () -> Backoff.fixed(S1).jitter(1.5));
    refused("jitter is NaN", () -> Backoff.fixed(S1).jitter(Double.NaN));
    refused("resetAfter is PT0S", () -> Backoff.fixed(S1).resetAfter(Duration.ZERO));
  }

  // ---- the decisions

  private static Rehearsal three(Supervisor supervisor) {
    Backoff backoff = Backoff.fixed(Duration.ofNanos(10));
    Rehearsal rehearsal =
        new Rehearsal(
            supervisor
                .intensity(3, Duration.ofNanos(1_000))
                .child(child("a"))
                .child(child("b").backoff(backoff))
                .child(child("c")));
    rehearsal.boot().logged();
    return rehearsal;
  }

  @Test
  @DisplayName("under one_for_one the siblings of a child that waits go on")
  void siblingsGoOn() {
    Rehearsal rehearsal = three(Supervisor.oneForOne()).ends(BOOM, "b").pass(9);
    assertEquals(List.of("a=running", "b=restarting", "c=running"), rehearsal.children());
    rehearsal.pass(1);
    assertEquals(List.of("start b"), rehearsal.logged());
  }

  @Test
  @DisplayName(
      "under one_for_all and rest_for_one the group is stopped, and started when it is time")
  void groups() {
    Rehearsal all = three(Supervisor.oneForAll()).ends(BOOM, "b");
    assertEquals(List.of("stop c", "stop a"), all.logged());
    assertEquals(List.of("a=undefined", "b=restarting", "c=undefined"), all.children());
    assertEquals(List.of("start a", "start b", "start c"), all.pass(10).logged());
    Rehearsal rest = three(Supervisor.restForOne()).ends(BOOM, "b");
    assertEquals(List.of("stop c"), rest.logged());
    assertEquals(List.of("a=running", "b=restarting", "c=undefined"), rest.children());
    assertEquals(List.of("start b", "start c"), rest.pass(10).logged());
  }

  @Test
  @DisplayName("a start that fails in a restart of the group puts all of the group off again")
  void failedStart() {
    Rehearsal all = three(Supervisor.oneForAll());
    all.script = id -> id.equals("b") ? StartResult.failed(BOOM) : null;
    all.ends(BOOM, "c");
    assertEquals(List.of("stop b", "stop a", "start a", "fail b", "stop a"), all.logged());
    assertEquals(List.of("a=undefined", "b=restarting", "c=undefined"), all.children());
    all.script = _ -> null;
    assertEquals(List.of("start a", "start b", "start c"), all.pass(10).logged());
  }

  @Test
  @DisplayName("another failure in the group takes the place of a wait, whose timer is cancelled")
  void replaced() {
    Rehearsal rest = three(Supervisor.restForOne()).ends(BOOM, "b");
    rest.ends(BOOM, "a");
    assertEquals(List.of("stop c", "start a", "start b", "start c"), rest.logged());
    assertEquals(Map.of(), rest.later);
    assertEquals(List.of("a=running", "b=running", "c=running"), rest.children());
  }

  @Test
  @DisplayName("one failure too many gives up at once, not after a delay")
  void givesUpAtOnce() {
    Rehearsal one = three(Supervisor.oneForOne());
    for (int i = 0; i < 3; i++) {
      one.ends(BOOM, "b").pass(10);
    }
    one.ends(BOOM, "b");
    assertEquals(ExitReason.SHUTDOWN, one.ended);
  }

  @Test
  @DisplayName(
      "a child that waits cannot be restarted or deleted; terminating it cancels the timer")
  void requests() {
    Rehearsal one = three(Supervisor.oneForOne()).ends(BOOM, "b");
    one.on(new Event.RestartChild("b"));
    assertEquals(new StartOutcome.Refused(Refusal.RESTARTING), one.reply);
    one.on(new Event.DeleteChild("b"));
    assertEquals(Outcome.refused(Refusal.RESTARTING), one.reply);
    one.on(new Event.TerminateChild("b"));
    assertEquals(Outcome.done(), one.reply);
    assertEquals(Map.of(), one.later);
    one.pass(100);
    assertEquals(List.of("a=running", "b=undefined", "c=running"), one.children());
  }

  // ---- in processes

  @Test
  @DisplayName(
      "a child comes back after exactly its delay, and after the first one when it has lived")
  void onTheClock() {
    Lab.simulate(
        lab -> {
          Backoff backoff = Backoff.exponential(MS100, S1).jitter(0).resetAfter(S1);
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .intensity(99, LONG)
                  .child(lab.worker("w").backoff(backoff))
                  .start(lab.self);
          List<Long> millis = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            millis.add(millisToComeBack(lab));
          }
          lab.self.sleep(S1);
          millis.add(millisToComeBack(lab));
          assertEquals(List.of(100L, 200L, 400L, 800L, 1_000L, 100L), millis);
          supervisor.stop();
        });
  }

  private static long millisToComeBack(Lab lab) {
    Pid old = lab.up("w");
    long before = lab.self.monotonicNanos();
    lab.crash(old);
    Lab.Up back = (Lab.Up) lab.await(Lab.Up.class::isInstance);
    lab.self.send(lab.self.pid(), back); // for the next one
    return (lab.self.monotonicNanos() - before) / 1_000_000;
  }

  @Test
  @DisplayName("the jitter of a test node is drawn from its seed")
  void seeded() {
    Set<Long> delays = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      long delay = delay(seed);
      assertTrue(delay > 0 && delay <= S1.toNanos(), () -> "delay " + delay);
      assertEquals(delay, delay(seed), "the same seed");
      delays.add(delay);
    }
    assertTrue(delays.size() > 15, () -> "different delays: " + delays);
  }

  private static long delay(long seed) {
    try (TestNode node = TestNode.start(seed)) {
      Supervisor.oneForOne()
          .child(ChildSpec.reactive("w", () -> (_, _) -> {}).backoff(Backoff.fixed(S1).jitter(1)))
          .start(node);
      Pid first = node.whereis("w").orElseThrow();
      node.exit(first, ExitReason.KILL);
      node.runUntil(() -> node.whereis("w").filter(pid -> !pid.equals(first)).isPresent());
      assertNotEquals(first, node.whereis("w").orElseThrow());
      DelayReport told = node.reports(DelayReport.class).getFirst();
      assertInstanceOf(String.class, told.text());
      assertEquals(told.delay().toNanos(), node.monotonicNanos());
      return node.monotonicNanos();
    }
  }

  @Test
  @DisplayName("a supervisor stops at once while a child waits, and leaves nothing behind")
  void stopsWhileWaiting() {
    Lab.simulate(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForAll()
                  .child(lab.worker("a"))
                  .child(lab.worker("w").backoff(Backoff.fixed(LONG)))
                  .start(lab.self);
          lab.crash(lab.up("w"));
          assertEquals(List.of("a=undefined", "w=restarting"), Lab.children(supervisor));
          long before = lab.self.monotonicNanos();
          supervisor.stop();
          assertEquals(before, lab.self.monotonicNanos());
          assertEquals(1, lab.self.processes().size());
        });
  }
}
