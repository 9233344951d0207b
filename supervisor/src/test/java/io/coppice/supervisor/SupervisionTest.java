package io.coppice.supervisor;

import static io.coppice.supervisor.Rehearsal.child;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Single properties of the decisions that the tables do not show. */
final class SupervisionTest {
  private static final ExitReason BOOM = ExitReason.of("boom");
  private static final StartResult FAILED = StartResult.failed(ExitReason.of("no"));

  private static Supervisor three(Supervisor empty) {
    return empty.child(child("a")).child(child("b")).child(child("c"));
  }

  private static Rehearsal running(Supervisor supervisor) {
    Rehearsal rehearsal = new Rehearsal(supervisor).boot();
    rehearsal.logged();
    return rehearsal;
  }

  @Test
  @DisplayName("a group restart that fails leaves earlier ones up and retries from the failed one")
  void groupRestartFails() {
    Rehearsal rehearsal =
        running(three(Supervisor.restForOne()).intensity(3, Duration.ofSeconds(5)));
    AtomicInteger failures = new AtomicInteger(1);
    rehearsal.script = id -> id.equals("b") && failures.getAndDecrement() > 0 ? FAILED : null;
    rehearsal.ends(BOOM, "a");
    assertEquals(List.of("stop c", "stop b", "start a", "fail b"), rehearsal.logged());
    assertEquals(List.of("a=running", "b=restarting", "c=undefined"), rehearsal.children());
    rehearsal.on(rehearsal.retries.removeFirst());
    assertEquals(List.of("start b", "start c"), rehearsal.logged());
    assertEquals(List.of("a=running", "b=running", "c=running"), rehearsal.children());
  }

  @Test
  @DisplayName("a retry under one_for_all stops those that were started and starts all")
  void retryAll() {
    Rehearsal rehearsal =
        running(three(Supervisor.oneForAll()).intensity(3, Duration.ofSeconds(5)));
    AtomicInteger failures = new AtomicInteger(1);
    rehearsal.script = id -> id.equals("c") && failures.getAndDecrement() > 0 ? FAILED : null;
    rehearsal.ends(BOOM, "b");
    assertEquals(List.of("stop c", "stop a", "start a", "start b", "fail c"), rehearsal.logged());
    rehearsal.on(rehearsal.retries.removeFirst());
    assertEquals(List.of("stop b", "stop a", "start a", "start b", "start c"), rehearsal.logged());
  }

  @Test
  @DisplayName(
      "a crash of another child restarts a group of which one was waiting, and cancels that")
  void groupRestartCancelsRetry() {
    Rehearsal rehearsal =
        running(three(Supervisor.oneForAll()).intensity(9, Duration.ofSeconds(5)));
    AtomicInteger failures = new AtomicInteger(1);
    rehearsal.script = id -> id.equals("c") && failures.getAndDecrement() > 0 ? FAILED : null;
    rehearsal.ends(BOOM, "a");
    rehearsal.logged();
    rehearsal.ends(BOOM, "b");
    assertEquals(List.of("stop a", "start a", "start b", "start c"), rehearsal.logged());
    rehearsal.on(rehearsal.retries.removeFirst());
    assertEquals(List.of(), rehearsal.logged());
  }

  @Test
  @DisplayName("stopped and normally ended siblings come back to life in a group restart")
  void groupRestartRevives() {
    Rehearsal rehearsal =
        running(
            Supervisor.oneForAll()
                .child(child("a").restart(Restart.TRANSIENT))
                .child(child("b"))
                .child(child("c")));
    rehearsal.ends(ExitReason.NORMAL, "a").on(new Event.TerminateChild("b"));
    rehearsal.logged();
    rehearsal.ends(BOOM, "c");
    assertEquals(List.of("start a", "start b", "start c"), rehearsal.logged());
  }

  @Test
  @DisplayName("a temporary sibling is stopped and forgotten by a group restart")
  void temporarySibling() {
    Rehearsal rehearsal =
        running(
            Supervisor.oneForAll()
                .child(child("a"))
                .child(child("t").restart(Restart.TEMPORARY))
                .child(child("c")));
    rehearsal.ends(BOOM, "a");
    assertEquals(List.of("stop c", "stop t", "start a", "start c"), rehearsal.logged());
    assertEquals(List.of("a=running", "c=running"), rehearsal.children());
  }

  @Test
  @DisplayName("two crashes at once count once under one_for_all and twice under one_for_one")
  void twoAtOnce() {
    Rehearsal all = running(three(Supervisor.oneForAll()));
    Pid a = all.pid("a");
    Pid b = all.pid("b");
    all.on(new Event.Exited(a, BOOM));
    all.on(new Event.Exited(b, BOOM));
    assertNull(all.ended);
    Rehearsal one = running(three(Supervisor.oneForOne()));
    one.ends(BOOM, "a", "b");
    assertEquals(ExitReason.SHUTDOWN, one.ended);
  }

  @Test
  @DisplayName("each failed try counts towards the intensity, which then ends the supervisor")
  void triesCount() {
    Rehearsal rehearsal =
        running(three(Supervisor.oneForOne()).intensity(3, Duration.ofSeconds(5)));
    rehearsal.script = id -> id.equals("b") ? FAILED : null;
    rehearsal.ends(BOOM, "b");
    rehearsal.on(rehearsal.retries.removeFirst());
    rehearsal.on(rehearsal.retries.removeFirst());
    assertEquals(List.of("fail b", "fail b", "fail b"), rehearsal.logged());
    rehearsal.on(rehearsal.retries.removeFirst());
    assertEquals(List.of("stop c", "stop a", "end shutdown"), rehearsal.logged());
    assertEquals(
        List.of(
            ErrorContext.CHILD_TERMINATED,
            ErrorContext.START_ERROR,
            ErrorContext.START_ERROR,
            ErrorContext.START_ERROR,
            ErrorContext.SHUTDOWN),
        rehearsal.errors());
  }

  @Test
  @DisplayName("restarts on request do not count, and a cancelled try stays cancelled")
  void manualRestarts() {
    Rehearsal rehearsal = running(three(Supervisor.oneForOne()));
    for (int i = 0; i < 5; i++) {
      rehearsal.on(new Event.TerminateChild("b")).on(new Event.RestartChild("b"));
    }
    rehearsal.logged();
    rehearsal.script = _ -> FAILED;
    rehearsal.ends(BOOM, "b");
    rehearsal.on(new Event.TerminateChild("b"));
    assertEquals(Outcome.done(), rehearsal.reply);
    rehearsal.on(rehearsal.retries.removeFirst());
    assertEquals(List.of("fail b"), rehearsal.logged());
    assertEquals(List.of("a=running", "b=undefined", "c=running"), rehearsal.children());
  }

  @Test
  @DisplayName("an old try does not hit a child that has begun to wait for a new one")
  void staleTry() {
    Rehearsal rehearsal =
        running(three(Supervisor.oneForOne()).intensity(9, Duration.ofSeconds(5)));
    rehearsal.script = id -> id.equals("b") ? FAILED : null;
    rehearsal.ends(BOOM, "b");
    Event.Retry old = rehearsal.retries.removeFirst();
    rehearsal.on(new Event.TerminateChild("b"));
    rehearsal.script = _ -> null;
    rehearsal.on(new Event.RestartChild("b"));
    rehearsal.script = id -> id.equals("b") ? FAILED : null;
    rehearsal.ends(BOOM, "b");
    rehearsal.logged();
    rehearsal.on(old);
    assertEquals(List.of(), rehearsal.logged());
    rehearsal.on(rehearsal.retries.removeFirst());
    assertEquals(List.of("fail b"), rehearsal.logged());
  }

  @Test
  @DisplayName(
      "a start that fails at boot stops the earlier ones in reverse and starts no later one")
  void rollback() {
    Rehearsal rehearsal = new Rehearsal(three(Supervisor.oneForOne()).child(child("d")));
    rehearsal.script = id -> id.equals("c") ? FAILED : null;
    rehearsal.boot();
    assertEquals(
        List.of(
            "start a",
            "start b",
            "fail c",
            "stop b",
            "stop a",
            "end {shutdown, {failed_to_start_child, c, no}}"),
        rehearsal.logged());
  }

  @Test
  @DisplayName("a dynamic child that cannot be restarted waits under its old pid, which cancels it")
  void dynamicRestarting() {
    Rehearsal rehearsal = running(Supervisor.simpleOneForOne(child("session")));
    rehearsal.on(new Event.StartDynamic("x"));
    Pid old = rehearsal.pid("x");
    rehearsal.script = _ -> FAILED;
    rehearsal.ends(BOOM, "x");
    assertEquals(List.of("null=restarting"), rehearsal.children());
    rehearsal.on(new Event.TerminatePid(old));
    assertEquals(Outcome.done(), rehearsal.reply);
    assertEquals(List.of(), rehearsal.children());
    rehearsal.logged();
    rehearsal.on(rehearsal.retries.removeFirst());
    assertEquals(List.of(), rehearsal.logged());
  }

  @Test
  @DisplayName("children stopped together with the same odd reason are reported together")
  void groupedReports() {
    Supervision supervision =
        new Supervision(
            Rehearsal.SELF,
            Supervisor.simpleOneForOne(child("session")).checkedSpec(),
            () -> Rehearsal.CHANCE);
    supervision.decide(new Event.Boot(), 0);
    for (int i = 2; i <= 5; i++) {
      supervision.decide(new Event.StartDynamic(i), 0);
      supervision.decide(new Event.Started(StartResult.ok(new FakePid(i))), 0);
    }
    supervision.decide(new Event.Stop(ExitReason.SHUTDOWN), 0);
    ExitReason killed = ExitReason.KILLED;
    List<Decision> decisions =
        supervision.decide(
            new Event.Stopped(List.of(killed, ExitReason.SHUTDOWN, killed, BOOM)), 0);
    List<Integer> offenders = new ArrayList<>();
    for (Decision decision : decisions) {
      if (decision instanceof Decision.Emit(SupervisorReport report)) {
        offenders.add(report.offender().count());
      }
    }
    assertEquals(List.of(2, 1), offenders);
  }
}
