package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Supervisors that describe themselves when they start, and their names (semantics SU2, DS10). */
final class SupervisorCodeTest {
  /** What a process in {@code init} is told to tell about its end. */
  private record Ended(ExitReason reason) {}

  /** Has the end of the calling process told to the test. */
  private static void watch(Context self, Lab lab) {
    Pid watched = self.pid();
    self.start(
        watcher -> {
          Request ready = (Request) watcher.receive();
          Ref monitor = watcher.monitor(watched);
          ready.reply("watching");
          ExitReason reason =
              ((Down)
                      watcher.receive(
                          message -> message instanceof Down down && down.ref().equals(monitor)))
                  .reason();
          watcher.send(lab.self.pid(), new Ended(reason));
        },
        SpawnOptions.DEFAULT,
        "watch",
        null);
  }

  private static ExitReason ended(Lab lab) {
    return ((Ended) lab.await(Ended.class::isInstance)).reason();
  }

  private static void assertNoExit(Lab lab) {
    assertEquals(Optional.empty(), lab.self.receive(Exit.class::isInstance, Duration.ZERO));
  }

  @Test
  @DisplayName("SUP-002 a supervisor whose init ignores ends with normal, and its start is ignored")
  void ignore() throws Exception {
    Lab.run(
        lab -> {
          SupervisorCode code =
              self -> {
                watch(self, lab);
                return SupervisorInit.ignored();
              };
          StartResult result = code.start(lab.self, SpawnOptions.DEFAULT.name("s"));
          assertEquals(StartResult.ignored(), result);
          assertEquals(Optional.empty(), lab.self.whereis("s"));
          assertEquals(ExitReason.NORMAL, ended(lab));
          assertNoExit(lab);
          SupervisorRef top =
              Supervisor.oneForOne()
                  .child(code.childSpec("absent"))
                  .child(lab.worker("w"))
                  .start(lab.self);
          assertEquals(List.of("absent=undefined", "w=running"), Lab.children(top));
        });
  }

  @Test
  @SuppressWarnings("NullAway") // callers without a null checker exist
  @DisplayName("SUP-007 a supervisor whose init returns rubbish, or throws, ends with that")
  void rubbish() throws Exception {
    Lab.run(
        lab -> {
          SupervisorCode nothing =
              self -> {
                watch(self, lab);
                return null;
              };
          ExitReason bad = ExitReason.of(new BadReturn(nothing.getClass().getName(), "init"));
          assertEquals(StartResult.failed(bad), nothing.start(lab.self, SpawnOptions.DEFAULT));
          assertEquals(bad, ended(lab));
          IllegalStateException error = new IllegalStateException("no configuration");
          SupervisorCode failing =
              self -> {
                watch(self, lab);
                throw error;
              };
          ExitReason crashed = ExitReason.crashed(error);
          assertEquals(StartResult.failed(crashed), failing.start(lab.self, SpawnOptions.DEFAULT));
          assertEquals(crashed, ended(lab));
          assertNoExit(lab);
          StartFailed failed =
              assertThrows(
                  StartFailed.class,
                  () -> Supervisor.oneForOne().child(failing.childSpec("inner")).start(lab.self));
          assertEquals(new FailedToStartChild("inner", crashed).asReason(), failed.reason());
          assertEquals(crashed, ended(lab));
        });
  }

  @Test
  @DisplayName("SU2 flags that do not fit, and a second name, make the start fail")
  void badFlags() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec significant = lab.worker("w").restart(Restart.TRANSIENT).significant(true);
          for (SupervisorCode code :
              List.<SupervisorCode>of(
                  _ -> SupervisorInit.of(Supervisor.oneForOne().child(significant)),
                  _ -> SupervisorInit.of(Supervisor.oneForOne().intensity(-1, Duration.ZERO)),
                  _ -> SupervisorInit.of(Supervisor.oneForOne().name("other")))) {
            StartResult.Failed failed =
                assertInstanceOf(
                    StartResult.Failed.class, code.start(lab.self, SpawnOptions.DEFAULT));
            ExitReason.Crashed crashed =
                assertInstanceOf(ExitReason.Crashed.class, failed.reason());
            assertInstanceOf(IllegalArgumentException.class, crashed.error());
          }
        });
  }

  @Test
  @DisplayName("SU10 init runs in the supervisor's process, for each start anew, before any child")
  void eachStart() throws Exception {
    Lab.run(
        lab -> {
          List<Pid> inits = new ArrayList<>();
          SupervisorCode code =
              self -> {
                inits.add(self.pid());
                assertTrue(self.trapExit(true), "exits are trapped already");
                return SupervisorInit.of(
                    Supervisor.oneForAll().child(lab.worker("w" + inits.size())));
              };
          SupervisorRef top = Supervisor.oneForOne().child(code.childSpec("inner")).start(lab.self);
          lab.assertNext("start w1");
          assertEquals(inits, List.of(Lab.pid(top, "inner")));
          Ref monitor = lab.self.monitor(Lab.pid(top, "inner"));
          lab.self.exit(Lab.pid(top, "inner"), ExitReason.KILL);
          lab.awaitDown(monitor);
          lab.up("w2");
          assertEquals(inits.get(1), Lab.pid(top, "inner"));
          StartResult second = code.start(lab.self, SpawnOptions.DEFAULT.name("named"));
          assertEquals(second, StartResult.ok(SupervisorRef.named(lab.self.node(), "named").pid()));
          assertEquals(
              StartResult.failed(new AlreadyStarted(inits.getLast()).asReason()),
              code.start(lab.self, SpawnOptions.DEFAULT.name("named")));
        });
  }

  @Test
  @DisplayName("SUP-069 a supervisor with a global name restarts its worker and is found by it")
  void global() throws Exception {
    Lab.run(
        lab -> {
          GlobalNames names = GlobalNames.start(lab.self);
          Object key = List.of("supervisor", 1);
          Supervisor description = Supervisor.oneForOne().via(names, key).child(lab.worker("w"));
          SupervisorRef started = description.start(lab.self);
          SupervisorRef found = SupervisorRef.via(lab.self.node(), new ViaName(names, key));
          assertEquals(started.pid(), found.pid());
          assertThrows(NameTaken.class, () -> description.start(lab.self));
          Pid first = lab.up("w");
          lab.crash(first);
          Pid second = lab.up("w");
          assertEquals(second, Lab.pid(found, "w"));
          assertEquals(
              List.of("{via, global, [supervisor, 1]} " + started.pid()),
              lab.errors().stream().map(report -> report.supervisor().toString()).toList());
          lab.crash(second);
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(started.pid()));
          assertEquals(Optional.empty(), names.whereisName(key));
          SupervisorRef top =
              Supervisor.oneForOne().supervisor("inner", description).start(lab.self);
          assertEquals(Lab.pid(top, "inner"), found.pid());
        });
  }

  @Test
  @DisplayName("SUP-094 a supervisor has a strategy; OTP's limits or Elixir's by name, or others")
  void limits() throws Exception {
    Lab.run(
        lab -> {
          Supervisor otp = Supervisor.oneForOne().child(lab.worker("w"));
          assertEquals(1, restartsUntilTheEnd(lab, otp));
          assertEquals(3, restartsUntilTheEnd(lab, otp.elixirIntensity()));
          assertEquals(
              2, restartsUntilTheEnd(lab, otp.elixirIntensity().intensity(2, Duration.ofHours(1))));
          SupervisorSpec elixir = otp.elixirIntensity().checkedSpec();
          assertEquals(Duration.ofSeconds(5), elixir.period());
          assertEquals(Strategy.ONE_FOR_ONE, elixir.strategy());
        });
  }

  private static int restartsUntilTheEnd(Lab lab, Supervisor description) {
    Pid supervisor = description.start(lab.self).pid();
    for (int starts = 0; ; starts++) {
      Object next =
          lab.await(
              message ->
                  message instanceof Lab.Up
                      || (message instanceof Exit exit && exit.from().equals(supervisor)));
      if (!(next instanceof Lab.Up(_, Pid pid))) {
        return starts - 1;
      }
      lab.crash(pid);
    }
  }

  @Test
  @DisplayName(
      "DS10 a child may be there twice under ids of its own, and equal ids are refused with"
          + " that hint")
  void ids() throws Exception {
    ChildSpec spec = ChildSpec.starting("w", _ -> StartResult.ignored());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> Supervisor.oneForOne().child(spec).child(spec));
    assertTrue(String.valueOf(refused.getMessage()).contains("ChildSpec.id"), refused::toString);
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne().child(spec).child(spec.id("v")).start(lab.self);
          assertEquals(List.of("w=undefined", "v=undefined"), Lab.children(supervisor));
        });
  }

  @Test
  @DisplayName("SU6 specifications can be checked without starting anything")
  void check() {
    ChildSpec spec = ChildSpec.starting("w", _ -> StartResult.ignored());
    ChildSpec significant = spec.restart(Restart.TEMPORARY).significant(true);
    Supervisor.checkChildSpecs(List.of(), AutoShutdown.NEVER);
    Supervisor.checkChildSpecs(List.of(spec, spec.id("v")), AutoShutdown.NEVER);
    Supervisor.checkChildSpecs(List.of(significant), AutoShutdown.ALL_SIGNIFICANT);
    assertThrows(
        IllegalArgumentException.class,
        () -> Supervisor.checkChildSpecs(List.of(spec, spec), AutoShutdown.NEVER));
    assertThrows(
        IllegalArgumentException.class,
        () -> Supervisor.checkChildSpecs(List.of(significant), AutoShutdown.NEVER));
  }
}
