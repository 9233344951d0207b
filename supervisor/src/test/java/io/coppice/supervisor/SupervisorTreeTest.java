package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Supervisors as children, automatic shutdown, upgrades (semantics SU80–SU92). */
final class SupervisorTreeTest {
  private static final Duration LONG = Duration.ofHours(1); // on a node the time is real
  private static final ExitReason[] WAYS = {
    ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.of("boom"), ExitReason.KILLED
  };

  @Test
  @DisplayName(
      "SUP-053 crashes at the leaves of a tree escalate level by level, each with its count")
  void tree() throws Exception {
    Lab.run(
        lab -> {
          Supervisor inner =
              Supervisor.oneForOne().name("inner").intensity(1, LONG).child(lab.worker("leaf"));
          Supervisor middle =
              Supervisor.oneForAll()
                  .name("middle")
                  .intensity(1, LONG)
                  .child(lab.worker("sibling"))
                  .supervisor("inner", inner);
          SupervisorRef top =
              Supervisor.oneForOne()
                  .intensity(1, LONG)
                  .supervisor("middle", middle)
                  .start(lab.self);
          SupervisorRef byName = SupervisorRef.named(lab.self.node(), "inner");
          lab.assertNext("start sibling", "start leaf");
          Pid firstInner = byName.pid();
          Pid firstMiddle = Lab.pid(top, "middle");
          lab.crash(Lab.pid(byName, "leaf"));
          lab.assertNext("start leaf");
          assertEquals(firstInner, byName.pid());
          lab.crash(Lab.pid(byName, "leaf"));
          lab.assertNext("stop sibling", "start sibling", "start leaf");
          top.whichChildren();
          assertNotEquals(firstInner, byName.pid());
          assertEquals(firstMiddle, Lab.pid(top, "middle"));
          lab.crash(Lab.pid(byName, "leaf"));
          lab.assertNext("start leaf");
          lab.crash(Lab.pid(byName, "leaf"));
          lab.assertNext("stop sibling", "start sibling", "start leaf");
          assertNotEquals(firstMiddle, Lab.pid(top, "middle"));
          assertTrue(top.isAlive());
        });
  }

  @Test
  @DisplayName(
      "SUP-054 the end of a temporary child that is not significant never ends the supervisor")
  void insignificantTemporary() throws Exception {
    Lab.run(lab -> insignificant(lab, Restart.TEMPORARY));
  }

  @Test
  @DisplayName(
      "SUP-055 the end of a transient child that is not significant never ends the supervisor")
  void insignificantTransient() throws Exception {
    Lab.run(lab -> insignificant(lab, Restart.TRANSIENT));
  }

  private static void insignificant(Lab lab, Restart restart) {
    for (AutoShutdown mode : AutoShutdown.values()) {
      SupervisorRef supervisor =
          Supervisor.oneForOne().autoShutdown(mode).intensity(9, LONG).start(lab.self);
      ChildSpec spec = lab.worker("w").restart(restart);
      supervisor.startChild(spec).pid();
      supervisor.terminateChild("w").orThrow();
      supervisor.deleteChild("w");
      for (ExitReason reason : WAYS) {
        Pid pid = supervisor.startChild(spec).pid();
        lab.end(pid, reason);
        boolean again = restart == Restart.TRANSIENT && !reason.isClean();
        assertEquals(again ? 1 : 0, supervisor.countChildren().active(), mode + ", " + reason);
        supervisor.terminateChild("w");
        supervisor.deleteChild("w");
      }
      assertTrue(supervisor.isAlive());
    }
  }

  private static SupervisorRef significant(Lab lab, AutoShutdown mode) {
    return Supervisor.oneForOne()
        .autoShutdown(mode)
        .child(lab.worker("other"))
        .child(lab.worker("s1").restart(Restart.TEMPORARY).significant(true))
        .child(lab.worker("s2").restart(Restart.TRANSIENT).significant(true))
        .start(lab.self);
  }

  @Test
  @DisplayName(
      "SUP-056 a significant child ends its supervisor by its own end, not when terminated")
  void significantTemporary() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef terminated = significant(lab, AutoShutdown.ANY_SIGNIFICANT);
          terminated.terminateChild("s1").orThrow();
          assertEquals(List.of("other=running", "s2=running"), Lab.children(terminated));
          terminated.stop();
          for (ExitReason reason : WAYS) {
            SupervisorRef any = significant(lab, AutoShutdown.ANY_SIGNIFICANT);
            Ref other = lab.self.monitor(Lab.pid(any, "other"));
            lab.end(Lab.pid(any, "s1"), reason);
            assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(any.pid()));
            assertEquals(ExitReason.SHUTDOWN, lab.awaitDown(other));
          }
          SupervisorRef all = significant(lab, AutoShutdown.ALL_SIGNIFICANT);
          lab.end(Lab.pid(all, "s1"), ExitReason.NORMAL);
          assertEquals(List.of("other=running", "s2=running"), Lab.children(all));
          lab.end(Lab.pid(all, "s2"), ExitReason.of("boom"));
          assertEquals(List.of("other=running", "s2=running"), Lab.children(all));
          lab.end(Lab.pid(all, "s2"), ExitReason.NORMAL);
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(all.pid()));
        });
  }

  @Test
  @DisplayName(
      "SUP-059 automatic shutdown escalates exactly if the supervisor is itself significant")
  void significantEscalation() throws Exception {
    Lab.run(
        lab -> {
          for (boolean significant : new boolean[] {true, false}) {
            Supervisor inner =
                Supervisor.oneForOne()
                    .autoShutdown(AutoShutdown.ANY_SIGNIFICANT)
                    .child(lab.worker("w").restart(Restart.TRANSIENT).significant(true));
            SupervisorRef outer =
                Supervisor.oneForOne()
                    .autoShutdown(AutoShutdown.ANY_SIGNIFICANT)
                    .child(
                        inner
                            .childSpec("inner")
                            .restart(Restart.TRANSIENT)
                            .significant(significant))
                    .start(lab.self);
            Ref monitor = lab.self.monitor(Lab.pid(outer, "inner"));
            lab.end(lab.up("w"), ExitReason.NORMAL);
            assertEquals(ExitReason.SHUTDOWN, lab.awaitDown(monitor));
            if (significant) {
              assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(outer.pid()));
            } else {
              assertEquals(List.of("inner=undefined"), Lab.children(outer));
            }
          }
        });
  }

  @Test
  @DisplayName("SUP-060 an upgrade puts another automatic shutdown in force")
  void upgradeAutoShutdown() throws Exception {
    Lab.run(
        lab -> {
          Supervisor never = Supervisor.oneForOne().child(lab.worker("other"));
          Supervisor any = never.autoShutdown(AutoShutdown.ANY_SIGNIFICANT);
          ChildSpec child = lab.worker("w").restart(Restart.TRANSIENT).significant(true);
          SupervisorRef supervisor = never.start(lab.self);
          assertEquals(
              new StartOutcome.Refused(Refusal.BAD_COMBINATION), supervisor.startChild(child));
          assertEquals(Outcome.done(), supervisor.upgrade(any));
          lab.end(supervisor.startChild(child).pid(), ExitReason.NORMAL);
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
        });
  }

  @Test
  @DisplayName("SUP-061 an upgrade can make a running child significant")
  void upgradeChild() throws Exception {
    Lab.run(
        lab -> {
          Supervisor empty = Supervisor.oneForOne().autoShutdown(AutoShutdown.ANY_SIGNIFICANT);
          ChildSpec plain = lab.worker("w").restart(Restart.TRANSIENT);
          SupervisorRef supervisor = empty.child(plain).child(lab.worker("kept")).start(lab.self);
          Pid w = lab.up("w");
          supervisor
              .upgrade(empty.child(lab.worker("new")).child(plain.significant(true)))
              .orThrow();
          assertEquals(
              List.of("new=undefined", "w=running", "kept=running"), Lab.children(supervisor));
          assertEquals(w, Lab.pid(supervisor, "w"));
          lab.end(w, ExitReason.NORMAL);
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
        });
  }

  @Test
  @DisplayName("SUP-074 an upgrade of the template is what dynamic children are restarted from")
  void upgradeTemplate() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.simpleOneForOne(lab.template()).start(lab.self);
          Pid old = supervisor.startChildWith("x").pid();
          lab.up("x");
          ChildSpec second =
              ChildSpec.taking(
                  "second",
                  String.class,
                  (self, id) -> StartResult.ok(lab.spawn(self, "second " + id, true)));
          supervisor.upgrade(Supervisor.simpleOneForOne(second)).orThrow();
          lab.crash(old);
          lab.assertNext("start second x");
          assertEquals(
              Outcome.refused(Refusal.SIMPLE_ONE_FOR_ONE),
              supervisor.upgrade(Supervisor.oneForOne()));
        });
  }
}
