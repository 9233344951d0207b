package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is restarted after which end, and how often (semantics SU21–SU45). */
final class SupervisorRestartTest {
  private static final Duration LONG = Duration.ofHours(1); // on a node the time is real

  /** A supervisor of one worker {@code w}, started from the test's process. */
  private static SupervisorRef one(Lab lab, Restart restart) {
    return Supervisor.oneForOne()
        .intensity(9, LONG)
        .child(lab.worker("w").restart(restart))
        .start(lab.self);
  }

  private static void assertRestarted(Restart restart, ExitReason reason) throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = one(lab, restart);
          Pid first = lab.up("w");
          lab.end(first, reason);
          Pid second = lab.up("w");
          assertNotEquals(first, second);
          assertEquals(second, Lab.pid(supervisor, "w"));
          assertEquals(
              List.of("child_terminated w " + reason), lab.errorLines(), "reports of the end");
        });
  }

  private static void assertNotRestarted(
      Restart restart, ExitReason reason, List<String> left, int reports) throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = one(lab, restart);
          lab.end(lab.up("w"), reason);
          assertEquals(left, Lab.children(supervisor));
          lab.assertNothingNext();
          assertEquals(reports, lab.errors().size());
        });
  }

  @Test
  @DisplayName("SUP-029 a permanent child that ends normally is restarted")
  void permanentNormal() throws Exception {
    assertRestarted(Restart.PERMANENT, ExitReason.NORMAL);
  }

  @Test
  @DisplayName("SUP-032 a permanent child that ends with shutdown or {shutdown, x} is restarted")
  void permanentShutdown() throws Exception {
    assertRestarted(Restart.PERMANENT, ExitReason.SHUTDOWN);
    assertRestarted(Restart.PERMANENT, ExitReason.shutdown("x"));
  }

  @Test
  @DisplayName("SUP-036 a permanent child that crashes is restarted")
  void permanentAbnormal() throws Exception {
    assertRestarted(Restart.PERMANENT, ExitReason.of("boom"));
  }

  @Test
  @DisplayName("SUP-037 a transient child that crashes is restarted")
  void transientAbnormal() throws Exception {
    assertRestarted(Restart.TRANSIENT, ExitReason.of("boom"));
  }

  @Test
  @DisplayName("SUP-030 a transient child that ends normally is not restarted and keeps its spec")
  void transientNormal() throws Exception {
    assertNotRestarted(Restart.TRANSIENT, ExitReason.NORMAL, List.of("w=undefined"), 0);
  }

  @Test
  @DisplayName("SUP-034 a temporary child that ends with shutdown is gone, and not reported")
  void temporaryShutdown() throws Exception {
    assertNotRestarted(Restart.TEMPORARY, ExitReason.SHUTDOWN, List.of(), 0);
    assertNotRestarted(Restart.TEMPORARY, ExitReason.shutdown("x"), List.of(), 0);
  }

  @Test
  @DisplayName("SUP-038 a temporary child that crashes is gone, and reported")
  void temporaryAbnormal() throws Exception {
    assertNotRestarted(Restart.TEMPORARY, ExitReason.of("boom"), List.of(), 1);
  }

  @Test
  @DisplayName("SUP-028 failures further apart than the period never end a supervisor")
  void multipleRestarts() {
    Lab.simulate(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .intensity(1, Duration.ofSeconds(1))
                  .child(lab.worker("w"))
                  .start(lab.self);
          for (int i = 0; i < 4; i++) {
            lab.crash(lab.up("w"));
            lab.self.sleep(Duration.ofMillis(2100));
          }
          lab.up("w");
          assertTrue(supervisor.isAlive());
        });
  }

  @Test
  @DisplayName("failures exactly one period apart end a supervisor, one nanosecond more does not")
  void edgeOfThePeriod() {
    for (int more = 0; more <= 1; more++) {
      long pauseNanos = 1_000_000_000L + more;
      boolean survives = more == 1;
      Lab.simulate(
          lab -> {
            // Time stands still while anything can run, so the restarts are exactly this far apart.
            SupervisorRef supervisor =
                Supervisor.oneForOne()
                    .intensity(1, Duration.ofSeconds(1))
                    .child(lab.worker("w"))
                    .start(lab.self);
            lab.crash(lab.up("w"));
            Pid second = lab.up("w");
            lab.self.sleep(Duration.ofNanos(pauseNanos));
            lab.crash(second);
            lab.self.receive(Lab.Up.class::isInstance, Duration.ofNanos(1));
            assertEquals(survives, supervisor.isAlive());
          });
    }
  }

  @Test
  @DisplayName(
      "SUP-039 one_for_one restarts only the child that crashed, and gives up at the limit")
  void oneForOne() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .intensity(2, LONG)
                  .child(lab.worker("a"))
                  .child(lab.worker("b"))
                  .start(lab.self);
          lab.assertNext("start a", "start b");
          Pid b = Lab.pid(supervisor, "b");
          lab.crash(Lab.pid(supervisor, "a"));
          lab.assertNext("start a");
          assertEquals(b, Lab.pid(supervisor, "b"));
          lab.crash(Lab.pid(supervisor, "a"));
          lab.assertNext("start a");
          lab.crash(Lab.pid(supervisor, "a"));
          lab.assertNext("stop b");
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
          lab.assertNothingNext();
        });
  }

  @Test
  @DisplayName("SUP-041 one_for_all replaces both children when one crashes, up to the limit")
  void oneForAll() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForAll()
                  .intensity(2, LONG)
                  .child(lab.worker("a"))
                  .child(lab.worker("b"))
                  .start(lab.self);
          lab.assertNext("start a", "start b");
          lab.crash(Lab.pid(supervisor, "a"));
          lab.assertNext("stop b", "start a", "start b");
          lab.crash(Lab.pid(supervisor, "b"));
          lab.assertNext("stop a", "start a", "start b");
          lab.crash(Lab.pid(supervisor, "a"));
          lab.assertNext("stop b");
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
        });
  }

  @Test
  @DisplayName(
      "SUP-044 rest_for_one replaces the child that crashed and later ones, no earlier one")
  void restForOne() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.restForOne()
                  .intensity(2, LONG)
                  .child(lab.worker("a"))
                  .child(lab.worker("b"))
                  .child(lab.worker("c"))
                  .start(lab.self);
          Pid a = lab.up("a");
          lab.assertNext("start b", "start c");
          lab.crash(Lab.pid(supervisor, "b"));
          lab.assertNext("stop c", "start b", "start c");
          assertEquals(a, Lab.pid(supervisor, "a"));
          assertEquals(List.of("a=running", "b=running", "c=running"), Lab.children(supervisor));
        });
  }

  @Test
  @DisplayName("SUP-047 children of simple_one_for_one are each restarted alone, up to the limit")
  void simple() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.simpleOneForOne(lab.template()).intensity(2, LONG).start(lab.self);
          Pid a = supervisor.startChildWith("a").pid();
          Pid b = supervisor.startChildWith("b").pid();
          lab.assertNext("start a", "start b");
          lab.crash(a);
          lab.assertNext("start a");
          assertTrue(supervisor.whichChild(b).isPresent());
          assertEquals(2, supervisor.countChildren().active());
          lab.crash(b);
          Pid second = lab.up("b");
          lab.crash(second);
          lab.assertNext("stop a");
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
        });
  }

  @Test
  @DisplayName("SUP-048 a dynamic child gets its argument, returns info, and keeps the argument")
  void simpleExtra() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec template =
              ChildSpec.taking(
                  "t",
                  String.class,
                  (supervisor, id) ->
                      StartResult.ok(lab.spawn(supervisor, id, true), "info of " + id));
          SupervisorRef supervisor = Supervisor.simpleOneForOne(template).start(lab.self);
          StartOutcome outcome = supervisor.startChildWith("x");
          Pid first = lab.up("x");
          assertEquals(new StartOutcome.Started(first, "info of x"), outcome);
          lab.crash(first);
          assertNotEquals(first, lab.up("x"));
        });
  }

  @Test
  @DisplayName("SUP-082 with intensity 0 the first crash ends the supervisor with shutdown")
  void intensityZero() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne().intensity(0, LONG).child(lab.worker("w")).start(lab.self);
          lab.crash(lab.up("w"));
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
          lab.assertNothingNext();
        });
  }

  @Test
  @DisplayName("SUP-084 two children that crash at once under one_for_one count as two restarts")
  void twoAtOnce() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .child(lab.worker("a"))
                  .child(lab.worker("b"))
                  .child(lab.worker("c"))
                  .start(lab.self);
          Pid a = lab.up("a");
          Pid b = lab.up("b");
          lab.self.send(a, new Lab.Die(ExitReason.of("boom")));
          lab.self.send(b, new Lab.Die(ExitReason.of("boom")));
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
        });
  }

  @Test
  @DisplayName("SUP-097 restarts on request do not count towards the intensity")
  void manualRestarts() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(lab.worker("w")).start(lab.self);
          lab.up("w");
          for (int i = 0; i < 5; i++) {
            assertEquals(Outcome.done(), supervisor.terminateChild("w"));
            supervisor.restartChild("w").pid();
            lab.up("w");
          }
          lab.crash(Lab.pid(supervisor, "w"));
          assertEquals(List.of("w=running"), Lab.children(supervisor));
        });
  }
}
