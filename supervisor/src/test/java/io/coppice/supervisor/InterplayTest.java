package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the newer parts of supervisors do to one another. */
final class InterplayTest {
  private static final Duration LONG = Duration.ofHours(1); // on a node the time is real
  private static final ExitReason BOOM = ExitReason.of("boom");

  /** A reason that has nothing to say. */
  private static final class Mute {
    @Override
    @SuppressWarnings({"NullAway", "ToStringReturnsNull"}) // callers without a null checker exist
    public String toString() {
      return null;
    }
  }

  private static void ask(SupervisorRef supervisor, SupervisorRequest request) {
    assertEquals("ok", supervisor.ask(request));
  }

  private static void suspend(SupervisorRef supervisor) {
    ask(
        supervisor,
        (request, access) -> {
          access.suspend();
          request.reply("ok");
        });
  }

  @Test
  @DisplayName("SY3 SU61 what a child said at its end while its supervisor was suspended is heard")
  void endsWhileSuspended() {
    Lab.simulate(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .child(lab.worker("good").restart(Restart.TRANSIENT))
                  .child(lab.worker("bad").restart(Restart.TRANSIENT))
                  .start(lab.self);
          suspend(supervisor);
          lab.end(lab.up("good"), ExitReason.NORMAL);
          lab.end(lab.up("bad"), BOOM);
          supervisor.stop();
          assertEquals(List.of("shutdown_error bad boom"), lab.errorLines());
        });
  }

  @Test
  @DisplayName("SY2 SU44 a sibling that failed during the suspension is reported with its reason")
  void groupAfterResume() {
    Lab.simulate(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForAll().child(lab.worker("a")).child(lab.worker("b")).start(lab.self);
          suspend(supervisor);
          lab.end(lab.up("a"), BOOM);
          lab.end(lab.up("b"), ExitReason.of("bang"));
          ask(
              supervisor,
              (request, access) -> {
                access.resume();
                request.reply("ok");
              });
          assertEquals(List.of("a=running", "b=running"), Lab.children(supervisor));
          assertEquals(
              List.of("child_terminated a boom", "shutdown_error b bang"), lab.errorLines());
        });
  }

  @Test
  @DisplayName("PS3 temporary partitions that have ended hinder no resize, and come back by one")
  void temporaryPartitions() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts =
              PartitionSupervisor.of("parts", i -> lab.worker("p" + i).restart(Restart.TEMPORARY))
                  .partitions(3)
                  .start(lab.self);
          Pid last = parts.whereis(2).orElseThrow();
          lab.assertNext("start p0", "start p1", "start p2");
          lab.crash(last);
          assertEquals(3, parts.resize(1));
          lab.assertNext("stop p1");
          assertEquals(1, parts.resize(3));
          lab.assertNext("start p1", "start p2");
          assertEquals(new ChildCounts(3, 3, 0, 3), parts.countChildren());
          assertTrue(parts.whereis(2).isPresent());
        });
  }

  @Test
  @DisplayName("PS3 what a resize that failed has started is stopped by the next to fewer")
  void halfResized() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts =
              PartitionSupervisor.of("parts", i -> lab.worker("p" + i))
                  .partitions(3)
                  .start(lab.self);
          assertEquals(3, parts.resize(1));
          lab.breakStart("p2");
          assertThrows(IllegalStateException.class, () -> parts.resize(3));
          assertEquals(1, parts.size());
          assertEquals(1, parts.resize(0));
          assertEquals(new ChildCounts(3, 0, 0, 3), parts.countChildren());
        });
  }

  @Test
  @DisplayName("PS3 a partition that waits for its restart or is parked can be taken out of use")
  void troubledPartitions() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts =
              PartitionSupervisor.of(
                      "parts",
                      i ->
                          i == 0
                              ? lab.worker("p0").backoff(Backoff.fixed(LONG))
                              : lab.worker("p1").budget(Budget.of(0, LONG).parkFor(LONG)))
                  .partitions(2)
                  .start(lab.self);
          lab.crash(parts.whereis(0).orElseThrow());
          lab.crash(parts.whereis(1).orElseThrow());
          assertEquals(List.of("0=restarting", "1=parked"), Lab.children(parts.supervisor()));
          assertEquals(2, parts.resize(0));
          assertEquals(List.of("0=undefined", "1=undefined"), Lab.children(parts.supervisor()));
          assertEquals(0, parts.resize(2));
          assertEquals(new ChildCounts(2, 2, 0, 2), parts.countChildren());
        });
  }

  @Test
  @DisplayName(
      "DS3 DS4 a parked dynamic child counts, is told of, and is started or dropped by its last"
          + " pid")
  void parkedDynamicChild() throws Exception {
    Lab.run(
        lab -> {
          DynamicSupervisorRef supervisor =
              DynamicSupervisor.create().maxChildren(1).start(lab.self);
          ChildSpec spec = lab.worker("w").budget(Budget.of(0, LONG).parkFor(LONG));
          Pid first = supervisor.startChild(spec).pid();
          lab.crash(first);
          assertEquals(ChildStatus.PARKED, supervisor.whichChild(first).orElseThrow().status());
          assertEquals(new ChildCounts(1, 0, 0, 1), supervisor.countChildren());
          assertEquals(new StartOutcome.Refused(Refusal.MAX_CHILDREN), supervisor.startChild(spec));
          lab.script("w", StartResult.failed(BOOM));
          assertEquals(new StartOutcome.Failed(BOOM), supervisor.restartChild(first));
          Pid second = supervisor.restartChild(first).pid();
          assertEquals(new StartOutcome.Refused(Refusal.NOT_FOUND), supervisor.restartChild(first));
          assertEquals(1, supervisor.history(second).size());
          lab.crash(second);
          assertEquals(2, supervisor.history(second).size());
          assertEquals(Outcome.done(), supervisor.terminateChild(second));
          assertEquals(new ChildCounts(0, 0, 0, 0), supervisor.countChildren());
          assertEquals(2, supervisor.history().size());
        });
  }

  @Test
  @DisplayName("a child with a specification of its own is refused by a supervisor of a template")
  void ownSpecificationForTemplate() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef simple =
              Supervisor.simpleOneForOne(
                      ChildSpec.taking(
                          "any",
                          Object.class,
                          (self, what) -> StartResult.ok(lab.spawn(self, "any", true))))
                  .start(lab.self);
          DynamicSupervisorRef wrong = DynamicSupervisorRef.of(lab.self.node(), simple.pid());
          assertEquals(
              new StartOutcome.Refused(Refusal.SIMPLE_ONE_FOR_ONE),
              wrong.startChildWith(lab.worker("w"), "x"));
          assertEquals(List.of(), simple.whichChildren());
        });
  }

  @Test
  @DisplayName("a reason whose toString returns null is a reason like any other")
  void muteReason() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor = Supervisor.oneForOne().child(lab.worker("w")).start(lab.self);
          lab.end(lab.up("w"), ExitReason.of(new Mute()));
          assertEquals(List.of("w=running"), Lab.children(supervisor));
        });
  }
}
