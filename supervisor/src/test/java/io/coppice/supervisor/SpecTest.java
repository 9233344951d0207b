package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a specification may say, and what it says by default (semantics SU1–SU7). */
final class SpecTest {
  private static final ChildStart START = _ -> StartResult.ignored();

  private static void refused(String term, Executable code) {
    RuntimeException refusal = assertThrows(RuntimeException.class, code);
    assertTrue(
        String.valueOf(refusal.getMessage()).startsWith(term + ": "),
        () -> "wanted " + term + ", got " + refusal);
  }

  @Test
  @DisplayName("SUP-012 the specification that comes back has every default filled in")
  void defaults() throws Exception {
    ChildSpec spec = ChildSpec.starting("w", START);
    ChildSpec expected =
        new ChildSpec(
            "w",
            START,
            Restart.PERMANENT,
            false,
            Shutdown.within(Duration.ofSeconds(5)),
            ChildType.WORKER);
    assertEquals(Shutdown.unlimited(), spec.type(ChildType.SUPERVISOR).shutdown());
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(spec).start(lab.self);
          assertEquals(Optional.of(expected), supervisor.childSpec("w"));
          assertEquals(Optional.empty(), supervisor.childSpec("x"));
        });
  }

  @Test
  @DisplayName("SUP-013 a dynamic child's specification is found by pid, a stranger's is not")
  void dynamicSpec() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec template = lab.template();
          SupervisorRef supervisor = Supervisor.simpleOneForOne(template).start(lab.self);
          var child = supervisor.startChildWith("x").pid();
          assertEquals(Optional.of(template), supervisor.childSpec(child));
          assertEquals(Optional.empty(), supervisor.childSpec(lab.self.pid()));
        });
  }

  @Test
  @SuppressWarnings("NullAway") // callers without a null checker exist
  @DisplayName("SUP-014 a child without id or start function is refused in one sentence")
  void faultySpecs() {
    refused("missing_id", () -> ChildSpec.starting(null, START));
    refused("missing_id", () -> ChildSpec.starting(" ", START));
    refused("missing_start", () -> ChildSpec.starting("w", null));
    refused("invalid_restart_type", () -> ChildSpec.starting("w", START).restart(null));
    refused("invalid_shutdown", () -> ChildSpec.starting("w", START).shutdown(null));
  }

  @Test
  @DisplayName("SUP-026 significant goes with transient and temporary, and with automatic shutdown")
  void combinations() throws Exception {
    ChildSpec child = ChildSpec.starting("w", START);
    refused("bad_combination", () -> child.significant(true));
    refused("invalid_shutdown", () -> Shutdown.within(Duration.ofNanos(-1)));
    assertEquals(Duration.ZERO, new Shutdown.Within(Duration.ZERO).time());
    for (Restart restart : new Restart[] {Restart.TRANSIENT, Restart.TEMPORARY}) {
      ChildSpec significant = child.restart(restart).significant(true);
      refused("bad_combination", () -> significant.restart(Restart.PERMANENT));
      refused("bad_combination", () -> Supervisor.oneForOne().child(significant).childSpec("s"));
      refused("bad_combination", () -> Supervisor.simpleOneForOne(significant).childSpec("s"));
      Lab.run(
          lab -> {
            SupervisorRef never = Supervisor.oneForOne().start(lab.self);
            assertEquals(
                new StartOutcome.Refused(Refusal.BAD_COMBINATION), never.startChild(significant));
            for (AutoShutdown mode :
                new AutoShutdown[] {AutoShutdown.ANY_SIGNIFICANT, AutoShutdown.ALL_SIGNIFICANT}) {
              SupervisorRef fine = Supervisor.oneForOne().autoShutdown(mode).start(lab.self);
              assertEquals(new StartOutcome.Ignored(), fine.startChild(significant));
            }
          });
    }
  }

  @Test
  @DisplayName("SUP-027 flags out of range are refused in one sentence")
  void flags() {
    Supervisor supervisor = Supervisor.oneForOne();
    Duration second = Duration.ofSeconds(1);
    refused("invalid_intensity", () -> supervisor.intensity(-1, second));
    refused("invalid_period", () -> supervisor.intensity(1, Duration.ZERO));
    refused("invalid_period", () -> supervisor.intensity(1, second.negated()));
    ChildSpec child = ChildSpec.starting("w", START);
    refused("duplicate_child_name", () -> supervisor.child(child).child(child));
    Supervisor simple = Supervisor.simpleOneForOne(child);
    refused("bad_start_spec", () -> simple.child(child));
    refused(
        "bad_combination",
        () -> simple.autoShutdown(AutoShutdown.ANY_SIGNIFICANT).childSpec("simple"));
  }
}
