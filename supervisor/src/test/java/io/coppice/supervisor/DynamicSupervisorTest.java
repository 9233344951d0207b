package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Children with specifications of their own, at run time (semantics DS1–DS7). */
final class DynamicSupervisorTest {
  private static final Duration LONG = Duration.ofHours(1); // on a node the time is real
  private static final ExitReason BOOM = ExitReason.of("boom");

  private static StartOutcome refused(Refusal why) {
    return new StartOutcome.Refused(why);
  }

  private static int running(DynamicSupervisorRef supervisor) {
    return supervisor.countChildren().active();
  }

  private static Pid only(DynamicSupervisorRef supervisor) {
    List<ChildInfo> children = supervisor.whichChildren();
    assertEquals(1, children.size(), () -> children.toString());
    Pid pid = children.getFirst().pid();
    assertTrue(pid != null, children::toString);
    return pid;
  }

  @Test
  @DisplayName(
      "DSUP-001 by default the fourth restart within 5 s is too many, and children are not")
  void defaults() throws Exception {
    Lab.simulate(
        lab -> {
          DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
          assertEquals(List.of(), supervisor.whichChildren());
          ChildSpec spec = lab.worker("w");
          for (int i = 0; i < 100; i++) {
            supervisor.startChild(spec).pid();
          }
          for (int i = 0; i < 3; i++) {
            lab.crash(lab.up("w"));
          }
          assertEquals(100, running(supervisor));
          lab.self.sleep(Duration.ofSeconds(5).plusNanos(1));
          for (int i = 0; i < 3; i++) {
            lab.crash(lab.up("w"));
          }
          assertEquals(100, running(supervisor));
          lab.self.sleep(Duration.ofSeconds(5)); // exactly a period old still counts
          lab.crash(lab.up("w"));
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
          assertEquals(1, lab.self.processes().size());
        });
  }

  @Test
  @DisplayName("DSUP-002 startChild gives what the start function gave, and keeps only what runs")
  void results() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
          Pid plain = supervisor.startChild(lab.worker("w")).pid();
          assertTrue(lab.self.isAlive(plain));
          StartOutcome withInfo =
              supervisor.startChild(
                  ChildSpec.starting(
                      "info", self -> StartResult.ok(lab.spawn(self, "info", true), "extra")));
          assertEquals("extra", assertInstanceOf(StartOutcome.Started.class, withInfo).info());
          lab.script("x", StartResult.ignored(), StartResult.failed(BOOM));
          assertEquals(new StartOutcome.Ignored(), supervisor.startChild(lab.worker("x")));
          assertEquals(new StartOutcome.Failed(BOOM), supervisor.startChild(lab.worker("x")));
          IllegalStateException error = new IllegalStateException("no");
          assertEquals(
              new StartOutcome.Failed(ExitReason.crashed(error)),
              supervisor.startChild(
                  ChildSpec.starting(
                      "throws",
                      _ -> {
                        throw error;
                      })));
          assertEquals(2, running(supervisor));
          assertEquals(
              refused(Refusal.BAD_COMBINATION),
              supervisor.startChild(lab.worker("s").restart(Restart.TEMPORARY).significant(true)));
          assertEquals(new ChildCounts(2, 2, 0, 2), supervisor.countChildren());
        });
  }

  @Test
  @SuppressWarnings("NullAway") // callers without a null checker exist
  @DisplayName(
      "DSUP-002 SU11 a start function that returns null is a failed start, here and elsewhere")
  void nullResult() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec rubbish = ChildSpec.starting("rubbish", _ -> null);
          DynamicSupervisorRef dynamic = DynamicSupervisor.create().start(lab.self);
          SupervisorRef fixed = Supervisor.oneForOne().start(lab.self);
          for (StartOutcome outcome :
              List.of(dynamic.startChild(rubbish), fixed.startChild(rubbish))) {
            ExitReason reason = assertInstanceOf(StartOutcome.Failed.class, outcome).reason();
            assertTrue(reason.toString().contains("bad_return"), reason::toString);
          }
          assertEquals(List.of(), fixed.whichChildren());
        });
  }

  @Test
  @DisplayName("DSUP-004 a child too many is refused until another has ended")
  void maxChildren() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef none = DynamicSupervisor.create().maxChildren(0).start(lab.self);
          assertEquals(refused(Refusal.MAX_CHILDREN), none.startChild(lab.worker("w")));
          DynamicSupervisorRef two = DynamicSupervisor.create().maxChildren(2).start(lab.self);
          Pid first = two.startChild(lab.worker("w").restart(Restart.TEMPORARY)).pid();
          two.startChild(lab.worker("w")).pid();
          assertEquals(refused(Refusal.MAX_CHILDREN), two.startChild(lab.worker("w")));
          lab.end(first, ExitReason.NORMAL);
          two.startChild(lab.worker("w")).pid();
          assertEquals(refused(Refusal.MAX_CHILDREN), two.startChild(lab.worker("w")));
        });
  }

  @Test
  @DisplayName("DS3 a child that waits for its restart counts among those that there may be")
  void maxChildrenRestarting() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor =
              DynamicSupervisor.create()
                  .intensity(1_000_000_000, LONG)
                  .maxChildren(1)
                  .start(lab.self);
          Pid pid = supervisor.startChild(lab.worker("w")).pid();
          lab.breakStart("w");
          lab.crash(pid);
          assertEquals(refused(Refusal.MAX_CHILDREN), supervisor.startChild(lab.worker("x")));
          assertEquals(Outcome.done(), supervisor.terminateChild(pid));
          supervisor.startChild(lab.worker("x")).pid();
        });
  }

  @Test
  @DisplayName("DSUP-006 the extra argument comes before the child's own, also for a restart")
  void extraArgument() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisor description = DynamicSupervisor.create().extraArgument("extra");
          DynamicSupervisorRef supervisor = description.start(lab.self);
          ChildSpec alone =
              ChildSpec.taking(
                  "alone",
                  String.class,
                  (self, extra) -> StartResult.ok(lab.spawn(self, extra, true)));
          ChildSpec both =
              ChildSpec.taking(
                  "both",
                  String.class,
                  Integer.class,
                  (self, extra, own) -> StartResult.ok(lab.spawn(self, extra + own, true)));
          supervisor.startChild(alone).pid();
          supervisor.startChildWith(both, 1).pid();
          supervisor.startChildWith(both, 2).pid();
          lab.assertNext("start extra", "start extra1", "start extra2");
          lab.crash(newest(supervisor));
          lab.assertNext("start extra2");
          supervisor.upgrade(description.extraArgument("more")).orThrow();
          lab.crash(newest(supervisor));
          lab.assertNext("start more2");
          supervisor.startChild(alone).pid();
          lab.assertNext("start more");
        });
  }

  private static Pid newest(DynamicSupervisorRef supervisor) {
    return supervisor.whichChildren().stream()
        .map(ChildInfo::pid)
        .max((a, b) -> Long.compare(a.number(), b.number()))
        .orElseThrow();
  }

  @Test
  @DisplayName("DS1 a start that does not take the arguments it is given fails in a sentence")
  void wrongArguments() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec own = ChildSpec.taking("own", Integer.class, (_, _) -> StartResult.ignored());
          ChildSpec both =
              ChildSpec.taking(
                  "both", String.class, Integer.class, (_, _, _) -> StartResult.ignored());
          DynamicSupervisorRef plain = DynamicSupervisor.create().start(lab.self);
          DynamicSupervisorRef extra =
              DynamicSupervisor.create().extraArgument("e").start(lab.self);
          assertEquals(new StartOutcome.Ignored(), plain.startChildWith(own, 1));
          assertEquals(new StartOutcome.Ignored(), extra.startChildWith(both, 1));
          for (StartOutcome outcome :
              List.of(
                  plain.startChild(own),
                  plain.startChildWith(own, "1"),
                  plain.startChildWith(lab.worker("w"), 1),
                  plain.startChildWith(both, 1),
                  extra.startChild(lab.worker("w")),
                  extra.startChild(own),
                  extra.startChildWith(both, "1"),
                  extra.startChildWith(own, 1))) {
            ExitReason reason = assertInstanceOf(StartOutcome.Failed.class, outcome).reason();
            assertInstanceOf(
                IllegalArgumentException.class,
                assertInstanceOf(ExitReason.Crashed.class, reason).error());
          }
          SupervisorRef raw = SupervisorRef.of(lab.self.node(), plain.pid());
          assertInstanceOf(StartOutcome.Failed.class, raw.startChild());
          assertInstanceOf(StartOutcome.Failed.class, raw.startChildWith("x"));
          assertEquals(Optional.empty(), raw.childSpec("dynamic"));
          assertEquals(
              Outcome.refused(Refusal.SIMPLE_ONE_FOR_ONE),
              raw.upgrade(Supervisor.simpleOneForOne(own)));
        });
  }

  @Test
  @DisplayName("DSUP-007 each kind of restart restarts after the reasons of SU21 and no others")
  void restarts() throws Exception {
    Lab.run(
        lab -> {
          for (Restart restart : Restart.values()) {
            for (ExitReason reason :
                List.of(
                    ExitReason.NORMAL,
                    ExitReason.SHUTDOWN,
                    ExitReason.shutdown("done"),
                    ExitReason.KILLED,
                    BOOM)) {
              DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
              ChildSpec spec = lab.worker("w").restart(restart);
              Pid other = supervisor.startChild(lab.worker("other")).pid();
              Pid pid = supervisor.startChild(spec).pid();
              lab.end(pid, reason);
              boolean again =
                  restart == Restart.PERMANENT
                      || (restart == Restart.TRANSIENT && !reason.isClean());
              assertEquals(again ? 2 : 1, running(supervisor), restart + " " + reason);
              assertEquals(again ? 2 : 1, supervisor.countChildren().specs());
              assertTrue(lab.self.isAlive(other));
              assertEquals(Optional.empty(), supervisor.whichChild(pid));
              supervisor.stop();
            }
          }
        });
  }

  @Test
  @DisplayName("DSUP-008 a restart is followed by what it gives: a pid, one with info, or nothing")
  void restartValues() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor =
              DynamicSupervisor.create().intensity(1_000_000_000, LONG).start(lab.self);
          int[] starts = {0};
          ChildSpec spec =
              ChildSpec.starting(
                  "w",
                  self ->
                      switch (++starts[0]) {
                        case 1 -> StartResult.ok(lab.spawn(self, "w", true));
                        case 2 -> StartResult.ok(lab.spawn(self, "w", true), "info");
                        case 3 -> StartResult.failed(BOOM);
                        case 4 -> StartResult.ok(lab.spawn(self, "w", true));
                        default -> StartResult.ignored();
                      });
          Pid first = supervisor.startChild(spec).pid();
          lab.crash(first);
          Pid second = only(supervisor);
          assertNotEquals(first, second);
          lab.up("w");
          lab.up("w");
          lab.crash(second);
          Pid third = lab.up("w");
          assertEquals(third, only(supervisor));
          lab.crash(third);
          assertEquals(new ChildCounts(0, 0, 0, 0), supervisor.countChildren());
          assertTrue(supervisor.isAlive());
        });
  }

  @Test
  @DisplayName(
      "DSUP-009 a restart that fails is tried again, and the child is back under a new pid")
  void triedAgain() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor =
              DynamicSupervisor.create().intensity(2, LONG).start(lab.self);
          Pid pid = supervisor.startChild(lab.worker("w")).pid();
          lab.up("w");
          lab.script("w", StartResult.failed(BOOM));
          lab.crash(pid);
          assertEquals(lab.up("w"), only(supervisor));
          assertEquals(new ChildCounts(1, 1, 0, 1), supervisor.countChildren());
          assertEquals(List.of("child_terminated w boom", "start_error w boom"), lab.errorLines());
        });
  }

  @Test
  @DisplayName(
      "DS5 a child that cannot be restarted is shown as restarting under its old pid, and may"
          + " be terminated by it")
  void restartingByOldPid() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor =
              DynamicSupervisor.create().intensity(1_000_000_000, LONG).start(lab.self);
          Pid pid = supervisor.startChild(lab.worker("w")).pid();
          lab.breakStart("w");
          lab.crash(pid);
          ChildInfo restarting =
              new ChildInfo(null, ChildStatus.RESTARTING, null, ChildType.WORKER);
          assertEquals(Optional.of(restarting), supervisor.whichChild(pid));
          assertEquals(List.of(restarting), supervisor.whichChildren());
          assertEquals(new ChildCounts(1, 0, 0, 1), supervisor.countChildren());
          assertEquals(Outcome.done(), supervisor.terminateChild(pid));
          assertEquals(Outcome.refused(Refusal.NOT_FOUND), supervisor.terminateChild(pid));
          assertEquals(List.of(), supervisor.whichChildren());
        });
  }

  @Test
  @DisplayName("DS5 a child that cannot be restarted ends the supervisor, and the others with it")
  void escalates() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
          Ref other = lab.self.monitor(supervisor.startChild(lab.worker("other")).pid());
          Pid pid = supervisor.startChild(lab.worker("w")).pid();
          lab.breakStart("w");
          lab.crash(pid);
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
          assertEquals(ExitReason.SHUTDOWN, lab.awaitDown(other));
        });
  }

  @Test
  @DisplayName("DS4 a child is terminated by its pid, is not restarted, and is unknown afterwards")
  void terminate() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
          Pid pid = supervisor.startChild(lab.worker("w")).pid();
          Pid other = supervisor.startChild(lab.worker("other")).pid();
          assertEquals(Outcome.done(), supervisor.terminateChild(pid));
          lab.assertNext("start w", "start other", "stop w");
          assertEquals(Outcome.refused(Refusal.NOT_FOUND), supervisor.terminateChild(pid));
          assertEquals(
              Outcome.refused(Refusal.NOT_FOUND), supervisor.terminateChild(lab.self.pid()));
          assertEquals(other, only(supervisor));
        });
  }

  @Test
  @DisplayName(
      "DSUP-011 at the end all are told at once, and each is killed when its own time is over")
  void stopTimes() {
    Lab.simulate(
        lab -> {
          DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
          List<Ref> monitors = new ArrayList<>();
          for (int millis : new int[] {300, 100, 200, 100}) {
            ChildSpec spec =
                lab.stubborn("stubborn " + millis)
                    .shutdown(Shutdown.within(Duration.ofMillis(millis)));
            monitors.add(lab.self.monitor(supervisor.startChild(spec).pid()));
          }
          ChildSpec brutal = lab.worker("brutal").shutdown(Shutdown.brutal());
          Ref killed = lab.self.monitor(supervisor.startChild(brutal).pid());
          Ref fine = lab.self.monitor(supervisor.startChild(lab.worker("fine")).pid());
          long start = lab.self.monotonicNanos();
          lab.self.exit(supervisor.pid(), ExitReason.SHUTDOWN);
          assertEquals(ExitReason.KILLED, lab.awaitDown(killed));
          assertEquals(ExitReason.SHUTDOWN, lab.awaitDown(fine));
          assertEquals(0, millisSince(start, lab));
          assertEquals(ExitReason.KILLED, lab.awaitDown(monitors.get(1)));
          assertEquals(ExitReason.KILLED, lab.awaitDown(monitors.get(3)));
          assertEquals(100, millisSince(start, lab));
          assertEquals(ExitReason.KILLED, lab.awaitDown(monitors.get(2)));
          assertEquals(200, millisSince(start, lab));
          assertEquals(ExitReason.KILLED, lab.awaitDown(monitors.get(0)));
          assertEquals(300, millisSince(start, lab));
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
          assertEquals(
              Set.of("stubborn 300 x1", "stubborn 100 x2", "stubborn 200 x1"),
              lab.errors().stream()
                  .map(report -> report.offender().id() + " x" + report.offender().count())
                  .collect(Collectors.toSet()));
        });
  }

  private static long millisSince(long start, Lab lab) {
    return Duration.ofNanos(lab.self.monotonicNanos() - start).toMillis();
  }

  @Test
  @DisplayName(
      "DS6 at the end an error is what is not shutdown, nor normal of one not permanent, nor"
          + " killed when it was to be")
  void shutdownErrors() {
    for (Restart restart : Restart.values()) {
      for (ExitReason reason :
          List.of(
              ExitReason.NORMAL,
              ExitReason.SHUTDOWN,
              ExitReason.shutdown("done"),
              ExitReason.KILLED,
              BOOM)) {
        assertEquals(
            reason.isClean() && (restart != Restart.PERMANENT || !reason.equals(ExitReason.NORMAL)),
            isFine(restart, Shutdown.unlimited(), reason),
            restart + " " + reason);
        assertEquals(
            reason.equals(ExitReason.KILLED),
            isFine(restart, Shutdown.brutal(), reason),
            restart + " brutal " + reason);
      }
    }
  }

  private static boolean isFine(Restart restart, Shutdown how, ExitReason reason) {
    SupervisorSpec spec = DynamicSupervisor.create().description().checkedSpec();
    ShutdownErrors errors = new ShutdownErrors(spec);
    ChildSpec child = Rehearsal.child("c").restart(restart).shutdown(how);
    errors.note(new Child(child, null), reason);
    List<Decision> out = new ArrayList<>();
    errors.report(Rehearsal.SELF, out);
    return out.isEmpty();
  }

  @Test
  @DisplayName("DSUP-014 children have no ids, and each counts as a specification of its type")
  void whichAndCount() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
          for (int i = 0; i < 3; i++) {
            supervisor.startChild(lab.worker("same")).pid();
          }
          supervisor.startChild(Supervisor.oneForOne().childSpec("s")).pid();
          supervisor.startChild(DynamicSupervisor.create().childSpec("s")).pid();
          assertEquals(new ChildCounts(5, 5, 2, 3), supervisor.countChildren());
          assertEquals(5, supervisor.whichChildren().size());
          for (ChildInfo child : supervisor.whichChildren()) {
            assertNull(child.id());
            assertEquals(ChildStatus.RUNNING, child.status());
          }
        });
  }

  @Test
  @DisplayName("SU7 SU93 what a temporary child was started with is not kept, of others it is")
  void forgets() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
          for (Restart restart : Restart.values()) {
            ChildSpec spec = lab.worker("large").restart(restart);
            Pid pid = supervisor.startChild(spec).pid();
            ChildSpec kept = supervisor.childSpec(pid).orElseThrow();
            assertEquals(restart != Restart.TEMPORARY, kept.start().equals(spec.start()));
            assertEquals(spec.restart(), kept.restart());
          }
        });
  }

  @Test
  @DisplayName(
      "a dynamic supervisor in a tree is found by name, and starts empty after its restart")
  void inTree() throws Exception {
    Lab.run(
        lab -> {
          GlobalNames names = GlobalNames.start(lab.self);
          SupervisorRef top =
              Supervisor.oneForOne()
                  .child(DynamicSupervisor.create().name("dynamic").childSpec())
                  .child(DynamicSupervisor.create().via(names, 7).childSpec("seven"))
                  .start(lab.self);
          DynamicSupervisorRef byName = DynamicSupervisorRef.named(lab.self.node(), "dynamic");
          DynamicSupervisorRef global =
              DynamicSupervisorRef.via(lab.self.node(), new ViaName(names, 7));
          global.startChild(lab.worker("g")).pid();
          Ref child = lab.self.monitor(byName.startChild(lab.worker("w")).pid());
          assertEquals(1, running(byName));
          Pid before = byName.pid();
          Ref monitor = lab.self.monitor(before);
          lab.self.exit(before, ExitReason.KILL);
          lab.awaitDown(monitor);
          lab.awaitDown(child);
          assertEquals(2, top.countChildren().active());
          assertEquals(0, running(byName));
          assertEquals(1, running(global));
          top.stop();
          CallFailed gone = assertThrows(CallFailed.class, byName::countChildren);
          assertEquals(ExitReason.NO_PROCESS, gone.reason());
          assertThrows(CallFailed.class, global::countChildren);
        });
  }

  @Test
  @DisplayName("SU93 100 000 children with specifications of their own start, and stop, linearly")
  void many() throws Exception {
    Lab.runOnNode(
        lab -> {
          int count = Boolean.getBoolean("tests.without.flags") ? 20_000 : 100_000;
          long small = 0;
          for (int i = 0; i < 5; i++) {
            small += startAndStop(lab, count / 10);
          }
          long large = startAndStop(lab, count);
          if (large >= 8 * small) { // the machine may be busy with something else for a while
            large = startAndStop(lab, count);
          }
          // Linear is twice as long, quadratic twenty times.
          assertTrue(
              large < 8 * small,
              "5 times a tenth took " + small + " ns, " + count + " children " + large + " ns");
        });
  }

  private static long startAndStop(Lab lab, int count) {
    DynamicSupervisorRef supervisor = DynamicSupervisor.create().start(lab.self);
    long startNanos = lab.self.monotonicNanos();
    for (int i = 0; i < count; i++) {
      ChildSpec spec =
          ChildSpec.reactive("c" + i, SpawnOptions.DEFAULT, () -> (self, message) -> {});
      supervisor.startChild(spec).pid();
    }
    assertEquals(new ChildCounts(count, count, 0, count), supervisor.countChildren());
    supervisor.stop();
    return lab.self.monotonicNanos() - startNanos;
  }
}
