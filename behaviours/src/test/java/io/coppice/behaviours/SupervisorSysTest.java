package io.coppice.behaviours;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.supervisor.ChildCounts;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.ChildStatus;
import io.coppice.supervisor.DynamicSupervisor;
import io.coppice.supervisor.DynamicSupervisorRef;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Supervisor;
import io.coppice.supervisor.SupervisorCode;
import io.coppice.supervisor.SupervisorInit;
import io.coppice.supervisor.SupervisorRef;
import io.coppice.supervisor.SupervisorStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What Sys does to a supervisor (semantics section 7, SU90). */
class SupervisorSysTest {
  private static final ExitReason BOOM = ExitReason.of("boom");

  private static ChildSpec idle(String id) {
    return ChildSpec.reactive(id, SpawnOptions.DEFAULT, () -> (self, message) -> {});
  }

  private static Sys sys(Context self, SupervisorRef supervisor) {
    return Sys.of(self, supervisor.pid());
  }

  private static List<String> children(SupervisorRef supervisor) {
    return supervisor.whichChildren().reversed().stream()
        .map(child -> child.id() + "=" + child.status())
        .toList();
  }

  private static ExitReason failure(Executable code) {
    return assertThrows(CallFailed.class, code).reason();
  }

  @Test
  @DisplayName("SY4 SY8 a supervisor shows its state and status")
  void status() {
    inProcess(
        self -> {
          Supervisor description = Supervisor.restForOne().name("top").child(idle("w"));
          SupervisorRef supervisor = description.start(self);
          SupervisorStatus state =
              assertInstanceOf(SupervisorStatus.class, sys(self, supervisor).getState());
          assertEquals(supervisor.whichChildren(), state.children());
          assertEquals(new ChildCounts(1, 1, 0, 1), state.counts());
          assertEquals("rest_for_one", state.strategy());
          SysStatus status = sys(self, supervisor).getStatus();
          assertEquals(state, status.state());
          assertEquals("top", status.name());
          assertEquals(self.pid(), status.parent());
          assertEquals("supervisor rest_for_one", status.module());
          DynamicSupervisorRef dynamic = DynamicSupervisor.create().start(self);
          SysStatus other = Sys.of(self, dynamic.pid()).getStatus();
          assertEquals("supervisor dynamic", other.module());
        });
  }

  @Test
  @DisplayName("SY2 SY3 a suspended supervisor restarts and answers nothing until it is resumed")
  void suspended() {
    inProcess(
        self -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne().child(idle("w")).child(idle("v")).start(self);
          Sys sys = sys(self, supervisor);
          Pid first = Objects.requireNonNull(supervisor.whichChild("w").orElseThrow().pid());
          sys.suspend();
          sys.suspend();
          assertTrue(sys.getStatus().suspended());
          self.exit(first, BOOM);
          // The supervisor still takes the child for a running one: it has not looked.
          self.monitor(first);
          expect(self, Down.class);
          SupervisorStatus seen = (SupervisorStatus) Objects.requireNonNull(sys.getState());
          assertEquals(first, seen.children().getLast().pid());
          assertEquals(new ChildCounts(2, 1, 0, 2), seen.counts());
          assertEquals(
              ExitReason.TIMEOUT,
              failure(() -> supervisor.timeout(Duration.ofSeconds(1)).whichChildren()));
          sys.resume();
          assertEquals(List.of("w=running", "v=running"), children(supervisor));
          Pid second = Objects.requireNonNull(supervisor.whichChild("w").orElseThrow().pid());
          assertTrue(!second.equals(first));
        });
  }

  @Test
  @DisplayName(
      "SY2 what a suspended supervisor was asked is answered in its order after the resume")
  void heldRequests() {
    inProcess(
        self -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(idle("w")).start(self);
          Sys sys = sys(self, supervisor);
          sys.suspend();
          Pid asker =
              self.spawn(
                  other -> {
                    SupervisorRef there = SupervisorRef.of(other, supervisor.pid());
                    there.terminateChild("w").orThrow();
                    there.deleteChild("w").orThrow();
                    other.send(self.pid(), there.startChild(idle("x")).pid());
                  });
          self.yieldNow();
          assertTrue(self.isAlive(asker));
          sys.resume();
          Pid x = expect(self, Pid.class);
          assertEquals(List.of("x=running"), children(supervisor));
          assertEquals(x, supervisor.whichChild("x").orElseThrow().pid());
        });
  }

  @Test
  @DisplayName("SY3 SY7 a suspended supervisor ends with its parent, and when it is told to")
  void endsSuspended() {
    inProcess(
        self -> {
          for (int way = 0; way < 3; way++) {
            SupervisorRef supervisor = Supervisor.oneForOne().child(idle("w")).start(self);
            Pid child = Objects.requireNonNull(supervisor.whichChild("w").orElseThrow().pid());
            sys(self, supervisor).suspend();
            switch (way) {
              case 0 -> self.exit(supervisor.pid(), BOOM);
              case 1 -> sys(self, supervisor).terminate(BOOM);
              default -> supervisor.stop(BOOM, null);
            }
            assertEquals(BOOM, expect(self, Exit.class).reason());
            assertTrue(!self.isAlive(child));
          }
        });
  }

  @Test
  @DisplayName("SY6 SU90 a suspended supervisor takes a new description, or asks its code again")
  void changeCode() {
    inProcess(
        self -> {
          int[] inits = {0};
          SupervisorCode code =
              _ -> SupervisorInit.of(Supervisor.oneForOne().child(idle("c" + ++inits[0])));
          Pid pid =
              assertInstanceOf(StartResult.Ok.class, code.start(self, SpawnOptions.DEFAULT)).pid();
          SupervisorRef supervisor = SupervisorRef.of(self, pid);
          Sys sys = Sys.of(self, pid);
          ExitReason running = failure(() -> sys.changeCode(null, null, null));
          assertTrue(running.toString().contains("unknown_system_msg"), running::toString);
          sys.suspend();
          sys.changeCode(null, null, null);
          sys.resume();
          assertEquals(List.of("c2=undefined", "c1=running"), children(supervisor));
          sys.suspend();
          sys.changeCode(Supervisor.oneForOne().child(idle("new")), null, null);
          assertInstanceOf(
              ExitReason.Crashed.class,
              failure(() -> sys.changeCode(DynamicSupervisor.create(), null, null)));
          assertInstanceOf(
              ExitReason.Crashed.class, failure(() -> sys.changeCode("rubbish", null, null)));
          SupervisorCode ignoring = _ -> SupervisorInit.ignored();
          sys.changeCode(ignoring, null, null);
          sys.resume();
          assertEquals(
              List.of("new=undefined", "c2=undefined", "c1=running"), children(supervisor));
          assertEquals(2, inits[0]);
        });
  }

  @Test
  @DisplayName(
      "SY11 what a supervisor does not know of the system messages it refuses, and lives on")
  void unknown() {
    inProcess(
        self -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(idle("w")).start(self);
          Sys sys = sys(self, supervisor);
          for (Executable code :
              List.<Executable>of(
                  () -> sys.request("what"),
                  () -> sys.replaceState(state -> state),
                  () -> sys.statistics(true),
                  sys::getLog)) {
            ExitReason reason = failure(code);
            assertTrue(reason.toString().contains("unknown_system_msg"), reason::toString);
          }
          assertEquals(ChildStatus.RUNNING, supervisor.whichChild("w").orElseThrow().status());
        });
  }
}
