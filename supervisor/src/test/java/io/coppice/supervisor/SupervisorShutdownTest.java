package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How children and supervisors stop (semantics SU20, SU60–SU64, SU77). */
final class SupervisorShutdownTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  private static Supervisor five(Lab lab) {
    Supervisor supervisor = Supervisor.restForOne();
    for (String id : List.of("3", "1", "5", "2", "4")) {
      supervisor = supervisor.child(lab.worker(id));
    }
    return supervisor;
  }

  @Test
  @DisplayName("SUP-018 a brutal_kill child is killed, and that is no error")
  void brutalKill() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .child(lab.stubborn("w").shutdown(Shutdown.brutal()))
                  .start(lab.self);
          Ref monitor = lab.self.monitor(lab.up("w"));
          assertEquals(Outcome.done(), supervisor.terminateChild("w"));
          assertEquals(ExitReason.KILLED, lab.awaitDown(monitor));
          assertEquals(List.of(), lab.errorLines());
        });
  }

  @Test
  @DisplayName("SUP-089 a child that does not stop in time is killed and reported with killed")
  void shutdownTimeout() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .child(lab.stubborn("w").shutdown(Shutdown.within(SHORT)))
                  .start(lab.self);
          Ref monitor = lab.self.monitor(lab.up("w"));
          long startNanos = lab.self.monotonicNanos();
          supervisor.terminateChild("w").orThrow();
          assertTrue(lab.self.monotonicNanos() - startNanos >= SHORT.toNanos(), "too early");
          assertEquals(ExitReason.KILLED, lab.awaitDown(monitor));
          assertEquals(List.of("shutdown_error w killed"), lab.errorLines());
          String text = lab.errors().getFirst().text();
          assertTrue(text.lines().findFirst().orElseThrow().contains("within 20 ms"), text);
        });
  }

  @Test
  @DisplayName("SUP-049 dynamic children are stopped at the same time, the stubborn one by force")
  void simpleShutdown() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec template =
              ChildSpec.taking(
                      "t",
                      String.class,
                      (supervisor, id) ->
                          StartResult.ok(lab.spawn(supervisor, id, !id.equals("stubborn"))))
                  .shutdown(Shutdown.within(Duration.ofSeconds(3))); // enough for the others
          SupervisorRef supervisor = Supervisor.simpleOneForOne(template).start(lab.self);
          Pid stubborn = supervisor.startChildWith("stubborn").pid();
          for (int i = 0; i < 10; i++) {
            supervisor.startChildWith("x").pid();
            lab.up("x");
          }
          Ref monitor = lab.self.monitor(stubborn);
          supervisor.stop();
          for (int i = 0; i < 10; i++) {
            lab.await(new Lab.Bye("x")::equals);
          }
          assertEquals(ExitReason.KILLED, lab.awaitDown(monitor));
          assertEquals(List.of("shutdown_error t killed"), lab.errorLines());
        });
  }

  @Test
  @DisplayName("SUP-075 children stop in reverse and start in start order, whatever their ids")
  void orderOfChildren() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = five(lab).start(lab.self);
          lab.assertNext("start 3", "start 1", "start 5", "start 2", "start 4");
          lab.crash(Lab.pid(supervisor, "5"));
          lab.assertNext("stop 4", "stop 2", "start 5", "start 2", "start 4");
          supervisor.stop();
          lab.assertNext("stop 4", "stop 2", "stop 5", "stop 1", "stop 3");
        });
  }

  @Test
  @DisplayName(
      "SUP-080 a supervisor whose parent ends normally stops its children and ends normally")
  void parentExitNormal() throws Exception {
    Lab.run(
        lab -> {
          Pid test = lab.self.pid();
          Supervisor child = Supervisor.oneForOne().child(lab.worker("w"));
          lab.self.spawn(
              self -> {
                self.send(test, child.start(self));
                self.receive();
              });
          SupervisorRef supervisor = (SupervisorRef) lab.await(SupervisorRef.class::isInstance);
          lab.up("w");
          Ref monitor = lab.self.monitor(supervisor.pid());
          lab.self.send(parentOf(lab, supervisor.pid()), "end");
          assertEquals(ExitReason.NORMAL, lab.awaitDown(monitor));
          lab.assertNext("stop w");
        });
  }

  private static Pid parentOf(Lab lab, Pid pid) {
    return lab.self.info(pid).orElseThrow().parent();
  }

  @Test
  @DisplayName("an exit signal from anybody but the parent does nothing, unless it is kill")
  void strangersExit() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(lab.worker("w")).start(lab.self);
          lab.up("w");
          Pid stranger = lab.self.spawn(self -> self.exit(supervisor.pid(), ExitReason.SHUTDOWN));
          lab.awaitEnd(stranger);
          assertEquals(List.of("w=running"), Lab.children(supervisor));
          Ref worker = lab.self.monitor(Lab.pid(supervisor, "w"));
          lab.self.exit(supervisor.pid(), ExitReason.KILL);
          assertEquals(ExitReason.KILLED, lab.awaitExit(supervisor.pid()));
          assertEquals(ExitReason.KILLED, lab.awaitDown(worker));
        });
  }

  @Test
  @DisplayName(
      "SUP-092 stop from outside stops the children in reverse order, and returns after that")
  void stopFromOutside() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = five(lab).name("five").start(lab.self);
          lab.assertNext("start 3", "start 1", "start 5", "start 2", "start 4");
          SupervisorRef named = SupervisorRef.named(lab.self.node(), "five");
          named.stop(ExitReason.shutdown("enough"), Duration.ofSeconds(20));
          lab.assertNext("stop 4", "stop 2", "stop 5", "stop 1", "stop 3");
          assertFalse(supervisor.isAlive());
          assertFalse(named.isAlive());
          assertEquals(ExitReason.shutdown("enough"), lab.awaitExit(supervisor.pid()));
          CallFailed gone = assertThrows(CallFailed.class, named::stop);
          assertEquals(ExitReason.NO_PROCESS, gone.reason());
        });
  }

  @Test
  @DisplayName("a child that has unlinked itself is stopped without hanging")
  void unlinkedChild() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec child =
              ChildSpec.process(
                  "w",
                  SpawnOptions.DEFAULT,
                  () ->
                      self -> {
                        self.unlink(self.parent());
                        lab.self.node().send(lab.self.pid(), "unlinked");
                        self.receive();
                      });
          SupervisorRef supervisor = Supervisor.oneForOne().child(child).start(lab.self);
          lab.await("unlinked"::equals);
          assertEquals(Outcome.done(), supervisor.terminateChild("w"));
          assertEquals(List.of(), lab.errorLines());
        });
  }

  @Test
  @DisplayName(
      "the second of two crashes under one_for_all is a shutdown_error with its real reason")
  void crashDuringGroupRestart() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForAll().child(lab.worker("a")).child(lab.worker("b")).start(lab.self);
          Pid a = lab.up("a");
          Pid b = lab.up("b");
          // Both have ended before the supervisor, busy with the start of c, notices.
          ChildSpec busy =
              ChildSpec.starting(
                  "c",
                  self -> {
                    for (Pid pid : List.of(a, b)) {
                      Ref monitor = self.monitor(pid);
                      self.send(pid, new Lab.Die(ExitReason.of("boom " + pid)));
                      self.receive(
                          message -> message instanceof Down down && down.ref().equals(monitor));
                    }
                    return StartResult.ignored();
                  });
          supervisor.startChild(busy.restart(Restart.TEMPORARY));
          lab.up("a");
          lab.up("b");
          assertEquals(
              List.of("child_terminated a boom " + a, "shutdown_error b boom " + b),
              lab.errorLines());
          assertEquals(List.of("a=running", "b=running"), Lab.children(supervisor));
        });
  }

  @Test
  @DisplayName("a child that ends by itself while it is being stopped keeps its own reason")
  void endsWhileStopped() throws Exception {
    Lab.run(
        lab -> {
          Restart temporary = Restart.TEMPORARY;
          SupervisorRef supervisor = Supervisor.oneForOne().start(lab.self);
          for (int i = 0; i < 40; i++) {
            Pid pid = supervisor.startChild(lab.worker("w").restart(temporary)).pid();
            lab.self.send(pid, new Lab.Die(ExitReason.of("boom")));
            supervisor.terminateChild("w");
          }
          for (SupervisorReport report : lab.errors()) {
            assertEquals(ExitReason.of("boom"), report.reason(), report.text());
          }
          supervisor.stop();
        });
  }

  @Test
  @DisplayName("SUP-067 100 000 dynamic children start and stop in time linear in their number")
  void manyChildren() throws Exception {
    Lab.runOnNode(
        lab -> {
          long small = 0;
          long large = Long.MAX_VALUE;
          for (int i = 0; i < 2; i++) { // the machine may be busy with something else for a while
            for (int k = 0; k < 5; k++) {
              small += startAndStop(lab, 10_000);
            }
            large = Math.min(large, startAndStop(lab, 100_000));
          }
          // Quadratic would be ten times as long for the same number of children.
          assertTrue(
              large < 4 * small, "10 times 10 000 took " + small + " ns, 100 000 " + large + " ns");
        });
  }

  private static long startAndStop(Lab lab, int children) {
    ChildSpec template =
        ChildSpec.reactive("t", SpawnOptions.DEFAULT, () -> (self, message) -> {})
            .restart(Restart.TEMPORARY);
    SupervisorRef supervisor = Supervisor.simpleOneForOne(template).start(lab.self);
    long startNanos = lab.self.monotonicNanos();
    for (int i = 0; i < children; i++) {
      supervisor.startChild().pid();
    }
    assertEquals(new ChildCounts(1, children, 0, children), supervisor.countChildren());
    supervisor.stop();
    return lab.self.monotonicNanos() - startNanos;
  }
}
