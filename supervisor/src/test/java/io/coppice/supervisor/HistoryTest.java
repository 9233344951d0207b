package io.coppice.supervisor;

import static io.coppice.supervisor.Rehearsal.child;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.LongHandlerReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Why did it restart? What a supervisor remembers of the failures of its children. */
final class HistoryTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration S1 = Duration.ofSeconds(1);
  private static final ExitReason BOOM = ExitReason.of("boom");

  /** A message that its receiver fails at. */
  private record Poison() {}

  @Test
  @DisplayName(
      "a failure is told with cause, message, life, decision, delay and time until it is up")
  void told() {
    try (TestNode node = TestNode.start(7)) {
      Reactive fragile =
          (self, message) -> {
            throw new IllegalStateException("cannot take " + message.getClass().getSimpleName());
          };
      SupervisorRef supervisor =
          Supervisor.oneForOne()
              .child(ChildSpec.reactive("w", () -> fragile).backoff(Backoff.fixed(S1)))
              .child(ChildSpec.reactive("other", () -> fragile))
              .start(node);
      Pid first = node.whereis("w").orElseThrow();
      node.advance(Duration.ofMillis(2_500));
      node.send(first, new Poison());
      node.advance(Duration.ofMillis(500));
      Failure waiting = supervisor.history("w").getFirst();
      assertNull(waiting.down());
      node.advance(S1);
      Failure failure = supervisor.history("w").getFirst();
      assertEquals("w", failure.child());
      assertEquals(first, failure.pid());
      assertEquals(Duration.ofMillis(2_500).toNanos(), failure.atNanos());
      assertEquals("crashed: java.lang.IllegalStateException: cannot take Poison", failure.cause());
      assertEquals(Poison.class.getName(), failure.handling());
      assertEquals(Duration.ofMillis(2_500), failure.lived());
      assertEquals(Verdict.DELAYED, failure.verdict());
      assertEquals(S1, failure.delay());
      assertEquals(S1, failure.down());
      assertEquals(
          "crashed: java.lang.IllegalStateException: cannot take Poison, at HistoryTest$Poison,"
              + " after 2.5 s; restarted after a delay (1.0 s), up after 1.0 s",
          failure.toString());
      assertEquals(List.of(), supervisor.history("other"));
      assertEquals(List.of(), supervisor.history("unknown"));
      assertEquals(List.of(failure), supervisor.history());
      assertEquals(List.of(failure), supervisor.history(node.whereis("w").orElseThrow()));
      String dump = node.dump(DumpOptions.DEFAULT);
      assertTrue(dump.contains("last failure: w crashed: java.lang.IllegalStateException"), dump);
    }
  }

  @Test
  @DisplayName("what was decided is told: restarted, delayed, parked, escalated, not restarted")
  void verdicts() {
    Rehearsal one =
        new Rehearsal(
            Supervisor.oneForOne()
                .intensity(1, S1)
                .child(child("plain"))
                .child(child("slow").backoff(Backoff.fixed(S1)).budget(Budget.of(9, LONG)))
                .child(child("shaky").budget(Budget.of(0, S1).park()))
                .child(child("temporary").restart(Restart.TEMPORARY))
                .child(child("transient").restart(Restart.TRANSIENT)));
    one.boot().ends(BOOM, "plain", "slow", "shaky", "temporary");
    one.ends(ExitReason.NORMAL, "transient");
    one.ends(BOOM, "plain");
    assertEquals(
        List.of(
            "plain restarted",
            "slow restarted after a delay",
            "shaky parked",
            "temporary not restarted",
            "plain escalated"),
        one.failures.stream().map(failure -> failure.child() + " " + failure.verdict()).toList());
  }

  @Test
  @DisplayName(
      "a failed start is a failure without a life, and what gives up at its next try says so")
  void failedStarts() {
    Rehearsal one = new Rehearsal(Supervisor.oneForOne().intensity(1, S1).child(child("w")));
    one.boot();
    one.script = _ -> StartResult.failed(ExitReason.of("no"));
    one.ends(BOOM, "w");
    Failure failed = one.failures.getLast();
    assertNull(failed.lived());
    assertEquals("could not be started: no; restarted", failed.toString());
    one.on(one.retries.removeFirst());
    assertEquals(Verdict.ESCALATED, one.failures.getLast().verdict());
    SupervisorReport report = assertInstanceOf(SupervisorReport.class, one.reports.getLast());
    ExitReason.Custom reason = assertInstanceOf(ExitReason.Custom.class, report.reason());
    ReachedMaxIntensity why = assertInstanceOf(ReachedMaxIntensity.class, reason.term());
    assertEquals("w", why.child());
    assertEquals(
        List.of("boom, after 0 us; restarted", "could not be started: no; escalated"),
        why.history().stream().map(Failure::toString).toList());
    assertTrue(
        report.text().contains("\n  failure: could not be started: no; escalated"), report::text);
  }

  @Test
  @DisplayName(
      "a child whose handler hangs fails, is restarted and watched again, and says at what")
  void hungHandler() {
    try (TestNode node = TestNode.start(3)) {
      Reactive sticky = (self, message) -> self.sleep(LONG);
      SupervisorRef supervisor =
          Supervisor.oneForOne()
              .intensity(2, LONG)
              .child(ChildSpec.reactive("w", () -> sticky).maxHandlerTime(S1))
              .start(node);
      for (int i = 0; i < 2; i++) {
        Pid pid = node.whereis("w").orElseThrow();
        node.send(pid, new Poison());
        node.advance(Duration.ofMillis(3_500));
        assertTrue(node.hasEnded(pid));
      }
      List<Failure> history = supervisor.history("w");
      assertEquals(2, history.size());
      assertEquals(Poison.class.getName(), history.getLast().handling());
      String hung = "hung_handler: 3000 ms at " + Poison.class.getName();
      assertEquals(List.of(hung, hung), history.stream().map(Failure::cause).toList());
      assertEquals(4, node.reports(LongHandlerReport.class).size());
    }
  }

  private static Object answer(Rehearsal rehearsal, Query query) {
    return rehearsal.supervision.inspect().answer(query, _ -> true);
  }

  @Test
  @DisplayName("the last 20 failures of a child are kept, with their causes cut to 200 characters")
  void twenty() {
    Rehearsal one = new Rehearsal(Supervisor.oneForOne().intensity(99, S1).child(child("w")));
    one.boot();
    for (int i = 0; i < 50; i++) {
      one.pass(1);
      one.ends(ExitReason.of("x".repeat(1_000)), "w");
    }
    List<?> history = (List<?>) answer(one, new Query.HistoryOf("w"));
    assertEquals(20, history.size());
    assertEquals(31, ((Failure) history.getFirst()).atNanos());
    assertEquals(50, ((Failure) history.getLast()).atNanos());
    assertEquals(Failure.CAUSE_MAX, ((Failure) history.getLast()).cause().length());
    assertEquals(history, answer(one, new Query.History()));
  }

  @Test
  @DisplayName("very many children that fail are remembered within one bound, the oldest forgotten")
  void bounded() {
    int children = 10_000;
    Rehearsal many =
        new Rehearsal(
            Supervisor.simpleOneForOne(child("template")).intensity(Integer.MAX_VALUE, S1));
    many.boot();
    for (int i = 0; i < children; i++) {
      many.on(new Event.StartDynamic("c" + i));
    }
    for (int round = 0; round < 3; round++) {
      List.copyOf(many.living.keySet())
          .forEach(
              pid -> {
                many.living.remove(pid);
                many.on(new Event.Exited(pid, BOOM));
              });
    }
    long kept =
        many.living.keySet().stream()
            .mapToLong(pid -> ((List<?>) answer(many, new Query.HistoryOfPid(pid))).size())
            .sum();
    assertEquals(4_096, kept);
    Pid last = List.copyOf(many.living.keySet()).getLast();
    assertEquals(1, ((List<?>) answer(many, new Query.HistoryOfPid(last))).size());
  }
}
