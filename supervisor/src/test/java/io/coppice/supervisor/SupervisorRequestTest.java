package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a running supervisor can be asked (semantics SU70–SU76). */
final class SupervisorRequestTest {
  private static Outcome refused(Refusal why) {
    return Outcome.refused(why);
  }

  private static StartOutcome notStarted(Refusal why) {
    return new StartOutcome.Refused(why);
  }

  @Test
  @DisplayName("SUP-023 each request gets OTP's answer in each state of the child")
  void childAdministration() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec spec = lab.worker("w");
          SupervisorRef supervisor = Supervisor.oneForOne().child(spec).start(lab.self);
          Pid first = lab.up("w");
          assertEquals(new StartOutcome.Running(first), supervisor.startChild(spec));
          assertEquals(notStarted(Refusal.RUNNING), supervisor.restartChild("w"));
          assertEquals(refused(Refusal.RUNNING), supervisor.deleteChild("w"));
          assertEquals(refused(Refusal.NOT_FOUND), supervisor.terminateChild(first));
          assertEquals(Outcome.done(), supervisor.terminateChild("w"));
          assertEquals(Outcome.done(), supervisor.terminateChild("w"));
          assertEquals(notStarted(Refusal.ALREADY_PRESENT), supervisor.startChild(spec));
          assertEquals(List.of("w=undefined"), Lab.children(supervisor));
          assertInstanceOf(StartOutcome.Started.class, supervisor.restartChild("w"));
          supervisor.terminateChild("w").orThrow();
          assertEquals(Outcome.done(), supervisor.deleteChild("w"));
          assertEquals(refused(Refusal.NOT_FOUND), supervisor.deleteChild("w"));
          assertEquals(refused(Refusal.NOT_FOUND), supervisor.terminateChild("w"));
          assertEquals(notStarted(Refusal.NOT_FOUND), supervisor.restartChild("w"));
          assertEquals(notStarted(Refusal.INVALID_CHILD_SPEC), supervisor.startChild());
          assertEquals(notStarted(Refusal.INVALID_CHILD_SPEC), supervisor.startChildWith("x"));
          supervisor.stop();
          CallFailed gone = assertThrows(CallFailed.class, supervisor::whichChildren);
          assertEquals(ExitReason.NO_PROCESS, gone.reason());
          CallFailed nameless =
              assertThrows(
                  CallFailed.class,
                  () -> SupervisorRef.named(lab.self.node(), "nobody").whichChildren());
          assertEquals(ExitReason.NO_PROCESS, nameless.reason());
        });
  }

  @Test
  @DisplayName("under simple_one_for_one children are named by pid, and a dead pid is fine")
  void dynamicAdministration() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.simpleOneForOne(lab.template()).start(lab.self);
          Pid child = supervisor.startChildWith("x").pid();
          assertEquals(refused(Refusal.SIMPLE_ONE_FOR_ONE), supervisor.terminateChild("x"));
          assertEquals(notStarted(Refusal.SIMPLE_ONE_FOR_ONE), supervisor.restartChild("x"));
          assertEquals(refused(Refusal.SIMPLE_ONE_FOR_ONE), supervisor.deleteChild("x"));
          assertEquals(
              notStarted(Refusal.SIMPLE_ONE_FOR_ONE), supervisor.startChild(lab.worker("y")));
          assertEquals(refused(Refusal.NOT_FOUND), supervisor.terminateChild(lab.self.pid()));
          assertEquals(Outcome.done(), supervisor.terminateChild(child));
          assertEquals(Outcome.done(), supervisor.terminateChild(child));
          assertEquals(List.of(), supervisor.whichChildren());
        });
  }

  @Test
  @DisplayName("SUP-093 the life of a child: terminated, restarted, terminated, deleted, counted")
  void lifeCycle() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(lab.worker("w")).start(lab.self);
          assertEquals(new ChildCounts(1, 1, 0, 1), supervisor.countChildren());
          supervisor.terminateChild("w").orThrow();
          assertEquals(new ChildCounts(1, 0, 0, 1), supervisor.countChildren());
          Pid again = supervisor.restartChild("w").pid();
          assertEquals(
              List.of(new ChildInfo("w", ChildStatus.RUNNING, again, ChildType.WORKER)),
              supervisor.whichChildren());
          supervisor.terminateChild("w").orThrow();
          supervisor.deleteChild("w").orThrow();
          assertEquals(new ChildCounts(0, 0, 0, 0), supervisor.countChildren());
        });
  }

  @Test
  @DisplayName("SUP-091 whichChild shows running, stopped, restarting and unknown children")
  void whichChild() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .intensity(1_000_000_000, Duration.ofSeconds(5))
                  .child(lab.worker("a"))
                  .child(lab.worker("b"))
                  .start(lab.self);
          Pid a = lab.up("a");
          assertEquals(
              Optional.of(new ChildInfo("a", ChildStatus.RUNNING, a, ChildType.WORKER)),
              supervisor.whichChild("a"));
          supervisor.terminateChild("a").orThrow();
          assertEquals(
              Optional.of(new ChildInfo("a", ChildStatus.STOPPED, null, ChildType.WORKER)),
              supervisor.whichChild("a"));
          lab.breakStart("b");
          lab.crash(lab.up("b"));
          assertEquals(
              Optional.of(new ChildInfo("b", ChildStatus.RESTARTING, null, ChildType.WORKER)),
              supervisor.whichChild("b"));
          assertEquals(Optional.empty(), supervisor.whichChild("c"));
        });
  }

  @Test
  @DisplayName("SUP-062 1000 dynamic workers are counted exactly")
  void countWorkers() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec template =
              ChildSpec.reactive("t", SpawnOptions.DEFAULT, () -> (self, message) -> {})
                  .restart(Restart.TEMPORARY);
          SupervisorRef supervisor = Supervisor.simpleOneForOne(template).start(lab.self);
          for (int i = 0; i < 1000; i++) {
            supervisor.startChild().pid();
          }
          assertEquals(new ChildCounts(1, 1000, 0, 1000), supervisor.countChildren());
          assertEquals(1000, supervisor.whichChildren().size());
        });
  }

  @Test
  @DisplayName("SUP-063 children of type supervisor are counted as supervisors")
  void countSupervisors() throws Exception {
    Lab.run(
        lab -> {
          Supervisor nested = Supervisor.oneForOne();
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .supervisor("s1", nested)
                  .child(lab.worker("w"))
                  .supervisor("s2", nested)
                  .start(lab.self);
          assertEquals(new ChildCounts(3, 3, 2, 1), supervisor.countChildren());
          supervisor.terminateChild("s1").orThrow();
          assertEquals(new ChildCounts(3, 2, 2, 1), supervisor.countChildren());
        });
  }

  @Test
  @DisplayName("SUP-065 the start function of a temporary child that was added is not kept")
  void argumentsOfTemporary() throws Exception {
    Lab.run(
        lab -> {
          for (Supervisor strategy :
              List.of(Supervisor.oneForOne(), Supervisor.oneForAll(), Supervisor.restForOne())) {
            SupervisorRef supervisor = strategy.start(lab.self);
            for (Restart restart : Restart.values()) {
              ChildSpec spec = lab.worker("large " + restart).restart(restart);
              supervisor.startChild(spec).pid();
              ChildStart kept = supervisor.childSpec(spec.id()).orElseThrow().start();
              if (restart == Restart.TEMPORARY) {
                assertNotSame(spec.start(), kept);
              } else {
                assertSame(spec.start(), kept);
              }
            }
          }
        });
  }

  @Test
  @DisplayName("SUP-066 no specification is left of temporary children that have come and gone")
  void specsOfTemporary() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().start(lab.self);
          for (int i = 0; i < 100; i++) {
            ChildSpec spec = lab.worker("t" + i).restart(Restart.TEMPORARY);
            Pid pid = supervisor.startChild(spec).pid();
            switch (i % 3) {
              case 0 -> lab.end(pid, ExitReason.NORMAL);
              case 1 -> lab.crash(pid);
              default -> supervisor.terminateChild("t" + i).orThrow();
            }
          }
          assertEquals(new ChildCounts(0, 0, 0, 0), supervisor.countChildren());
          assertEquals(List.of(), supervisor.whichChildren());
        });
  }

  @Test
  @DisplayName("SUP-103 an unknown message is ignored with a report, an unknown call is a crash")
  void unknownMessages() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(lab.worker("w")).start(lab.self);
          lab.self.send(supervisor.pid(), "garbage");
          assertEquals(List.of("w=running"), Lab.children(supervisor));
          assertTrue(
              lab.reports()
                  .contains(
                      new UnexpectedMessage(
                          new SupervisorName(supervisor.pid(), null), "garbage")));
          CallFailed failed =
              assertThrows(
                  CallFailed.class, () -> lab.self.call(supervisor.pid(), "garbage", null));
          assertInstanceOf(ExitReason.Crashed.class, failed.reason());
          assertInstanceOf(ExitReason.Crashed.class, lab.awaitExit(supervisor.pid()));
        });
  }
}
