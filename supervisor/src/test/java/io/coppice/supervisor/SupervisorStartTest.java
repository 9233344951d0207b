package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How supervisors and their children start (semantics SU10–SU15). */
final class SupervisorStartTest {
  private static final ExitReason NO = ExitReason.of("no");

  @Test
  @DisplayName("the example in the documentation starts a tree that works")
  void documentation() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = SupervisorSnippets.first(lab.self, lab.template());
          assertEquals(
              List.of("counter=running", "poller=running", "sessions=running"),
              Lab.children(supervisor));
          Pid session = SupervisorRef.named(lab.self.node(), "sessions").startChildWith("x").pid();
          assertEquals(session, lab.up("x"));
        });
  }

  @Test
  @DisplayName("SUP-001 an empty supervisor starts, and ends with shutdown when its parent says so")
  void empty() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().start(lab.self);
          assertEquals(new ChildCounts(0, 0, 0, 0), supervisor.countChildren());
          lab.self.exit(supervisor.pid(), ExitReason.SHUTDOWN);
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
        });
  }

  @Test
  @DisplayName("SUP-003 a permanent child that is ignored keeps its spec and counts as a worker")
  void ignoredChild() throws Exception {
    Lab.run(
        lab -> {
          lab.script("i", StartResult.ignored());
          SupervisorRef supervisor = Supervisor.oneForOne().child(lab.worker("w")).start(lab.self);
          assertEquals(new StartOutcome.Ignored(), supervisor.startChild(lab.worker("i")));
          assertEquals(List.of("w=running", "i=undefined"), Lab.children(supervisor));
          assertEquals(new ChildCounts(2, 1, 0, 2), supervisor.countChildren());
        });
  }

  @Test
  @DisplayName("SUP-004 a temporary child that is ignored is forgotten")
  void ignoredTemporary() throws Exception {
    Lab.run(
        lab -> {
          lab.script("t", StartResult.ignored(), StartResult.ignored());
          ChildSpec temporary = lab.worker("t").restart(Restart.TEMPORARY);
          SupervisorRef supervisor = Supervisor.oneForOne().child(temporary).start(lab.self);
          assertEquals(List.of(), supervisor.whichChildren());
          assertEquals(new StartOutcome.Ignored(), supervisor.startChild(temporary));
          assertEquals(List.of(), supervisor.whichChildren());
        });
  }

  @Test
  @DisplayName(
      "SUP-006 a dynamic child that is ignored is not kept, and the supervisor stops cleanly")
  void ignoredDynamic() throws Exception {
    Lab.run(
        lab -> {
          lab.script("x", StartResult.ignored());
          SupervisorRef supervisor = Supervisor.simpleOneForOne(lab.template()).start(lab.self);
          assertEquals(new StartOutcome.Ignored(), supervisor.startChildWith("x"));
          assertEquals(new ChildCounts(1, 0, 0, 0), supervisor.countChildren());
          supervisor.stop();
          assertEquals(List.of(), lab.errorLines());
        });
  }

  @Test
  @DisplayName("SUP-009 a child whose start fails or throws is discarded, and its error comes back")
  void startChildFails() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().start(lab.self);
          lab.script("w", StartResult.failed(NO));
          assertEquals(new StartOutcome.Failed(NO), supervisor.startChild(lab.worker("w")));
          IllegalStateException rubbish = new IllegalStateException("rubbish");
          assertEquals(
              new StartOutcome.Failed(ExitReason.crashed(rubbish)),
              supervisor.startChild(
                  ChildSpec.starting(
                      "t",
                      _ -> {
                        throw rubbish;
                      })));
          assertEquals(List.of(), supervisor.whichChildren());
          SupervisorRef simple = Supervisor.simpleOneForOne(lab.template()).start(lab.self);
          lab.script("x", StartResult.failed(NO));
          assertEquals(new StartOutcome.Failed(NO), simple.startChildWith("x"));
          assertInstanceOf(StartOutcome.Failed.class, simple.startChildWith(7));
          assertInstanceOf(StartOutcome.Failed.class, simple.startChild());
          assertEquals(List.of(), simple.whichChildren());
        });
  }

  @Test
  @DisplayName("SUP-010 a child whose restart on request fails keeps its spec and is not running")
  void restartChildFails() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(lab.worker("w")).start(lab.self);
          supervisor.terminateChild("w").orThrow();
          lab.script("w", StartResult.failed(NO));
          assertEquals(new StartOutcome.Failed(NO), supervisor.restartChild("w"));
          assertEquals(List.of("w=undefined"), Lab.children(supervisor));
        });
  }

  @Test
  @DisplayName("SUP-022 info of a start function comes back from startChild and restartChild")
  void extraReturn() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec spec =
              ChildSpec.starting(
                  "w", supervisor -> StartResult.ok(lab.spawn(supervisor, "w", true), "info"));
          SupervisorRef supervisor = Supervisor.oneForOne().child(spec).start(lab.self);
          lab.up("w");
          supervisor.terminateChild("w").orThrow();
          supervisor.deleteChild("w").orThrow();
          StartOutcome started = supervisor.startChild(spec);
          assertEquals(new StartOutcome.Started(lab.up("w"), "info"), started);
          supervisor.terminateChild("w").orThrow();
          StartOutcome restarted = supervisor.restartChild("w");
          Pid again = lab.up("w");
          assertEquals(new StartOutcome.Started(again, "info"), restarted);
          lab.crash(again);
          assertEquals(lab.up("w"), Lab.pid(supervisor, "w"));
        });
  }

  @Test
  @DisplayName(
      "SUP-081 when the third of four children cannot start, the first two are stopped again")
  void rollback() throws Exception {
    Lab.run(
        lab -> {
          lab.script("c", StartResult.failed(NO));
          Supervisor four =
              Supervisor.oneForOne()
                  .child(lab.worker("a"))
                  .child(lab.worker("b"))
                  .child(lab.worker("c"))
                  .child(lab.worker("d"));
          StartFailed failed = assertThrows(StartFailed.class, () -> four.start(lab.self));
          assertEquals(new FailedToStartChild("c", NO).asReason(), failed.reason());
          assertTrue(
              String.valueOf(failed.getMessage()).contains("its child c could not be started"));
          lab.assertNext("start a", "start b", "stop b", "stop a");
          lab.assertNothingNext();
          assertEquals(List.of("start_error c no"), lab.errorLines());
          assertEquals(
              List.of("<none>"), lab.self.links().isEmpty() ? List.of("<none>") : lab.self.links());
        });
  }

  @Test
  @DisplayName("SUP-099 a child's start function sees what the child before it registered")
  void synchronousStart() throws Exception {
    Lab.run(
        lab -> {
          Pid test = lab.self.pid();
          Supervisor.oneForOne()
              .child(ChildSpec.reactive("first", () -> new Worker("first", test, true)))
              .child(
                  ChildSpec.starting(
                      "second",
                      supervisor -> {
                        supervisor.send(test, supervisor.whereis("first"));
                        return StartResult.ignored();
                      }))
              .start(lab.self);
          Optional<?> seen = (Optional<?>) lab.await(Optional.class::isInstance);
          assertTrue(seen.isPresent());
        });
  }

  @Test
  @DisplayName("SUP-100 each start of a child makes a progress report, in start order")
  void progress() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .name("shop")
                  .child(lab.worker("a"))
                  .child(lab.worker("b"))
                  .child(lab.worker("c"))
                  .start(lab.self);
          List<String> started =
              lab.reports().stream()
                  .filter(ProgressReport.class::isInstance)
                  .map(report -> ((ProgressReport) report).started().id())
                  .toList();
          assertEquals(List.of("a", "b", "c"), started);
          ProgressReport first = (ProgressReport) lab.reports().getFirst();
          assertEquals(new SupervisorName(supervisor.pid(), "shop"), first.supervisor());
          assertEquals(lab.up("a"), first.started().pid());
        });
  }

  @Test
  @DisplayName(
      "SUP-101 a call to the own supervisor from a start function fails without harm: at once, as a"
          + " call cycle, where OTP's times out")
  void callOwnSupervisor() throws Exception {
    Lab.run(
        lab -> {
          Pid test = lab.self.pid();
          ChildSpec child =
              ChildSpec.starting(
                  "w",
                  supervisor -> {
                    SupervisorRef own = SupervisorRef.of(supervisor.node(), supervisor.pid());
                    var started =
                        supervisor.start(
                            (self, request) -> {
                              try {
                                own.whichChildren();
                              } catch (CallFailed failed) {
                                self.send(test, failed.reason());
                              }
                              ((Request) request).reply("ready");
                            },
                            SpawnOptions.DEFAULT.link(),
                            "init",
                            null);
                    return StartResult.ok(started.pid());
                  });
          SupervisorRef supervisor = Supervisor.oneForOne().child(child).start(lab.self);
          assertInstanceOf(ExitReason.CallCycle.class, lab.await(ExitReason.class::isInstance));
          assertEquals(List.of("w=running"), Lab.children(supervisor));
        });
  }

  @Test
  @DisplayName("a name that is taken is already_started, for supervisors and for children")
  void nameTaken() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().name("shop").start(lab.self);
          assertThrows(NameTaken.class, () -> Supervisor.oneForOne().name("shop").start(lab.self));
          assertEquals(
              new StartOutcome.Running(supervisor.pid()),
              supervisor.startChild(Supervisor.oneForOne().name("shop").childSpec()));
        });
  }
}
