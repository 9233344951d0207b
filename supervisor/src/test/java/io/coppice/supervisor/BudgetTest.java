package io.coppice.supervisor;

import static io.coppice.supervisor.Rehearsal.child;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Budgets of single children, parking, and how a supervisor gives up. */
final class BudgetTest {
  private static final Duration PERIOD = Duration.ofNanos(100);
  private static final Duration S1 = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofDays(1);
  private static final ExitReason BOOM = ExitReason.of("boom");

  private static void refused(String part, Executable making) {
    String message = assertThrows(IllegalArgumentException.class, making).getMessage();
    assertTrue(
        message != null && message.startsWith("invalid_budget: ") && message.contains(part),
        () -> "wanted " + part + ", got " + message);
  }

  private static Rehearsal three(Supervisor supervisor, Budget budget) {
    Rehearsal rehearsal =
        new Rehearsal(
            supervisor
                .intensity(0, PERIOD)
                .child(child("a"))
                .child(child("b").budget(budget))
                .child(child("c")));
    rehearsal.boot().logged();
    return rehearsal;
  }

  @Test
  @DisplayName("a budget out of range is refused in one sentence with the value")
  void validation() {
    refused("-1 restarts", () -> Budget.of(-1, S1));
    refused("period is PT0S", () -> Budget.of(1, Duration.ZERO));
    refused("parked for PT-1S", () -> Budget.of(1, S1).parkFor(Duration.ofSeconds(-1)));
    refused("is not retried", () -> new Budget(1, S1, OverBudget.ESCALATE, S1));
  }

  @Test
  @DisplayName(
      "the failures of a child with a budget do not count for its supervisor, nor its siblings' for"
          + " it")
  void apart() {
    Rehearsal one = three(Supervisor.oneForOne(), Budget.of(2, PERIOD));
    one.ends(BOOM, "b").ends(BOOM, "b");
    assertEquals(List.of("start b", "start b"), one.logged());
    one.ends(BOOM, "a");
    assertEquals(List.of("stop c", "stop b", "end shutdown"), one.logged());
  }

  @Test
  @DisplayName("one failure too many within its period escalates, as the supervisor's own would")
  void escalates() {
    Rehearsal one = three(Supervisor.oneForOne(), Budget.of(1, PERIOD));
    one.ends(BOOM, "b").pass(101).ends(BOOM, "b").logged();
    one.ends(BOOM, "b");
    assertEquals(List.of("stop c", "stop a", "end shutdown"), one.logged());
    assertEquals(ErrorContext.SHUTDOWN, one.errors().getLast());
  }

  @Test
  @DisplayName("a parked child leaves its siblings alone under every strategy")
  void siblingsLiveOn() {
    for (Supervisor supervisor :
        List.of(Supervisor.oneForOne(), Supervisor.oneForAll(), Supervisor.restForOne())) {
      Rehearsal rehearsal = three(supervisor, Budget.of(0, PERIOD).park()).ends(BOOM, "b");
      assertEquals(List.of(), rehearsal.logged());
      assertEquals(List.of("a=running", "b=parked", "c=running"), rehearsal.children());
      rehearsal.pass(1_000);
      assertEquals(List.of("a=running", "b=parked", "c=running"), rehearsal.children());
    }
  }

  @Test
  @DisplayName("a restart of the group leaves a parked child out")
  void leftOut() {
    Rehearsal all =
        new Rehearsal(
            Supervisor.oneForAll()
                .child(child("a"))
                .child(child("b").budget(Budget.of(0, PERIOD).parkFor(S1)))
                .child(child("c")));
    all.boot().ends(BOOM, "b").logged();
    all.ends(BOOM, "a");
    assertEquals(List.of("stop c", "start a", "start c"), all.logged());
    assertEquals(List.of("a=running", "b=parked", "c=running"), all.children());
  }

  @Test
  @DisplayName("a start that is one too many parks the child, and the rest of its group is started")
  void parkedAtStart() {
    Rehearsal all =
        new Rehearsal(
            Supervisor.oneForAll()
                .child(child("a"))
                .child(child("b").budget(Budget.of(0, PERIOD).park()))
                .child(child("c")));
    all.boot().logged();
    all.script = id -> id.equals("b") ? StartResult.failed(BOOM) : null;
    all.ends(BOOM, "a");
    assertEquals(List.of("stop c", "stop b", "start a", "fail b", "start c"), all.logged());
    assertEquals(List.of("a=running", "b=parked", "c=running"), all.children());
  }

  @Test
  @DisplayName("a parked child comes back alone after its time, and is parked again if that fails")
  void comesBack() {
    Rehearsal all = three(Supervisor.oneForAll(), Budget.of(0, PERIOD).parkFor(PERIOD));
    all.ends(BOOM, "b");
    all.script = _ -> StartResult.failed(BOOM);
    assertEquals(List.of("fail b"), all.pass(100).logged());
    assertEquals(List.of("a=running", "b=parked", "c=running"), all.children());
    all.script = _ -> null;
    assertEquals(List.of("start b"), all.pass(100).logged());
    assertEquals(Map.of(), all.later);
    all.ends(BOOM, "b");
    assertEquals(List.of("a=running", "b=parked", "c=running"), all.children());
  }

  @Test
  @DisplayName("a parked child is restarted, terminated and deleted by hand, and its timer goes")
  void byHand() {
    Rehearsal one = three(Supervisor.oneForOne(), Budget.of(0, PERIOD).parkFor(LONG));
    one.ends(BOOM, "b");
    one.script = _ -> StartResult.failed(BOOM);
    one.on(new Event.RestartChild("b"));
    assertEquals(new StartOutcome.Failed(BOOM), one.reply);
    assertEquals(1, one.later.size());
    one.script = _ -> null;
    one.on(new Event.RestartChild("b"));
    assertEquals(List.of("a=running", "b=running", "c=running"), one.children());
    assertEquals(Map.of(), one.later);
    one.ends(BOOM, "b").on(new Event.TerminateChild("b"));
    assertEquals(List.of("a=running", "b=undefined", "c=running"), one.children());
    one.on(new Event.RestartChild("b")).ends(BOOM, "b").on(new Event.DeleteChild("b"));
    assertEquals(Outcome.done(), one.reply);
    assertEquals(List.of("a=running", "c=running"), one.children());
    assertEquals(Map.of(), one.later);
  }

  @Test
  @DisplayName("a dynamic child has its own budget, and comes back by the pid it had last")
  void dynamic() {
    Lab.simulate(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.simpleOneForOne(lab.template().budget(Budget.of(0, LONG).park()))
                  .intensity(0, LONG)
                  .start(lab.self);
          Pid bad = supervisor.startChildWith("bad").pid();
          Pid good = supervisor.startChildWith("good").pid();
          lab.crash(bad);
          assertEquals(
              Optional.of(new ChildInfo(null, ChildStatus.PARKED, null, ChildType.WORKER)),
              supervisor.whichChild(bad));
          assertEquals(new StartOutcome.Refused(Refusal.RUNNING), supervisor.restartChild(good));
          Pid back = supervisor.restartChild(bad).pid();
          assertEquals(new ChildCounts(1, 2, 0, 2), supervisor.countChildren());
          lab.crash(back);
          assertEquals(Outcome.done(), supervisor.terminateChild(back));
          assertEquals(new StartOutcome.Refused(Refusal.NOT_FOUND), supervisor.restartChild(back));
          assertEquals(1, supervisor.whichChildren().size());
          String told =
              lab.reports().stream()
                  .filter(ParkReport.class::isInstance)
                  .findFirst()
                  .orElseThrow()
                  .text();
          assertTrue(told.contains("parks its child template " + bad + " until it is"), told);
          supervisor.stop();
        });
  }

  @Test
  @DisplayName("giving up is shutdown to a transient parent by default, and abnormal if wanted")
  void givingUp() {
    Lab.simulate(
        lab -> {
          for (GivingUp how : GivingUp.values()) {
            Supervisor nested =
                Supervisor.oneForOne().intensity(0, LONG).onGivingUp(how).child(lab.worker("w"));
            SupervisorRef top =
                Supervisor.oneForOne()
                    .child(nested.childSpec("nested").restart(Restart.TRANSIENT))
                    .start(lab.self);
            var monitor = lab.self.monitor(Lab.pid(top, "nested"));
            lab.crash(lab.up("w"));
            ExitReason reason = lab.awaitDown(monitor);
            assertEquals(
                switch (how) {
                  case SHUTDOWN -> "shutdown";
                  case DETAILED -> "{shutdown, reached_max_restart_intensity}";
                  case ABNORMAL -> "reached_max_restart_intensity";
                },
                reason.toString());
            boolean again = how == GivingUp.ABNORMAL;
            assertEquals(List.of("nested=" + (again ? "running" : "undefined")), Lab.children(top));
            if (again) {
              lab.up("w");
            }
            top.stop();
          }
          long told =
              lab.errors().stream()
                  .filter(report -> report.context() == ErrorContext.SHUTDOWN)
                  .count();
          assertEquals(3, told);
        });
  }
}
