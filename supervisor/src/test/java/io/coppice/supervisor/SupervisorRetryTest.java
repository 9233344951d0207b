package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Restarts that fail (semantics SU50–SU54). */
final class SupervisorRetryTest {
  private static final Duration LONG = Duration.ofHours(1); // on a node the time is real
  private static final int FOR_EVER = 1_000_000_000;

  /**
   * A worker whose restarts fail until it is allowed to start, each try lasting until the test lets
   * it go on: so the test can put requests into the mailbox during a try.
   */
  private static ChildSpec slowlyFailing(Lab lab) {
    Pid test = lab.self.pid();
    boolean[] first = {true};
    return ChildSpec.starting(
        "w",
        supervisor -> {
          if (first[0]) {
            first[0] = false;
            return StartResult.ok(lab.spawn(supervisor, "w", true));
          }
          supervisor.call(test, "may I fail?", null);
          return StartResult.failed(ExitReason.of("no"));
        });
  }

  private static void letTryFail(Lab lab) {
    Object asked = lab.await(message -> message instanceof Request);
    ((Request) asked).reply("yes");
  }

  @Test
  @DisplayName("SUP-070 while a restart fails slowly again and again, all requests are answered")
  void hangingRestartLoop() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .intensity(FOR_EVER, LONG)
                  .child(slowlyFailing(lab))
                  .start(lab.self);
          lab.crash(lab.up("w"));
          SupervisorRef client = supervisor;
          Pid asker =
              lab.self.spawnLink(
                  self -> {
                    Pid test = self.parent();
                    self.send(test, List.of(client.startChild(lab.worker("w"))));
                    self.send(test, List.of(client.restartChild("w")));
                    self.send(test, List.of(client.deleteChild("w")));
                    self.send(test, List.of(client.countChildren()));
                    self.send(test, List.of(Lab.children(client)));
                    self.send(test, List.of(client.terminateChild("w")));
                    self.send(test, List.of(Lab.children(client)));
                    client.stop();
                    self.send(test, List.of("stopped"));
                  });
          List<Object> expected =
              List.of(
                  new StartOutcome.Refused(Refusal.ALREADY_PRESENT),
                  new StartOutcome.Refused(Refusal.RESTARTING),
                  Outcome.refused(Refusal.RESTARTING),
                  new ChildCounts(1, 0, 0, 1),
                  List.of("w=restarting"),
                  Outcome.done(),
                  List.of("w=undefined"),
                  "stopped");
          for (Object answer : expected) {
            assertEquals(List.of(answer), nextAnswer(lab));
          }
          assertEquals(ExitReason.NORMAL, lab.awaitExit(asker));
        });
  }

  /** Lets tries fail until an answer comes. */
  private static Object nextAnswer(Lab lab) {
    while (true) {
      Object message = lab.await(any -> any instanceof List || any instanceof Request);
      if (message instanceof Request request) {
        request.reply("yes");
      } else {
        return message;
      }
    }
  }

  @Test
  @DisplayName(
      "SUP-072 a dynamic child that cannot be restarted is restarting, and its old pid stops it")
  void hangingRestartLoopSimple() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.simpleOneForOne(lab.template()).intensity(FOR_EVER, LONG).start(lab.self);
          Pid old = supervisor.startChildWith("x").pid();
          lab.breakStart("x");
          lab.crash(old);
          Optional<ChildInfo> info = supervisor.whichChild(old);
          assertEquals(
              Optional.of(new ChildInfo(null, ChildStatus.RESTARTING, null, ChildType.WORKER)),
              info);
          assertEquals(new ChildCounts(1, 0, 0, 1), supervisor.countChildren());
          assertEquals(Outcome.done(), supervisor.terminateChild(old));
          assertEquals(List.of(), supervisor.whichChildren());
          supervisor.stop();
        });
  }

  @Test
  @DisplayName("SUP-085 terminating a child that waits for its restart drops the pending try")
  void terminateCancels() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne()
                  .intensity(FOR_EVER, LONG)
                  .child(slowlyFailing(lab))
                  .start(lab.self);
          lab.crash(lab.up("w"));
          var terminated = lab.self.sendRequest(supervisor.pid(), new Event.TerminateChild("w"));
          letTryFail(lab);
          // The try's successor is behind the request in the mailbox.
          assertEquals(
              new Response(terminated, Outcome.done(), null),
              lab.await(Response.class::isInstance));
          assertEquals(List.of("w=undefined"), Lab.children(supervisor));
          assertEquals(List.of("w=undefined"), Lab.children(supervisor));
          assertTrue(lab.self.receive(Request.class::isInstance, Duration.ZERO).isEmpty());
        });
  }

  @Test
  @DisplayName("SUP-042 a child that cannot be restarted under one_for_all escalates")
  void oneForAllEscalation() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForAll()
                  .intensity(4, LONG)
                  .child(lab.worker("a"))
                  .child(lab.worker("b"))
                  .start(lab.self);
          lab.assertNext("start a", "start b");
          lab.breakStart("b");
          lab.crash(Lab.pid(supervisor, "a"));
          lab.assertNext("stop b", "start a", "stop a", "start a", "stop a", "start a");
          lab.assertNext("stop a", "start a", "stop a");
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
          lab.assertNothingNext();
        });
  }

  @Test
  @DisplayName("SUP-050 a child that cannot be restarted under simple_one_for_one escalates")
  void simpleEscalation() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.simpleOneForOne(lab.template()).intensity(4, LONG).start(lab.self);
          supervisor.startChildWith("a").pid();
          Pid b = supervisor.startChildWith("b").pid();
          lab.assertNext("start a", "start b");
          lab.breakStart("b");
          lab.crash(b);
          lab.assertNext("stop a");
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
        });
  }

  @Test
  @DisplayName("SUP-088 a crash, failed restarts and the limit are reported, in this order")
  void reportSequence() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef supervisor =
              Supervisor.oneForOne().intensity(2, LONG).child(lab.worker("w")).start(lab.self);
          Pid w = lab.up("w");
          lab.breakStart("w");
          lab.end(w, ExitReason.crashed(new IllegalStateException("boom")));
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor.pid()));
          assertEquals(
              List.of(
                  "child_terminated w crashed: java.lang.IllegalStateException: boom",
                  "start_error w no w",
                  "start_error w no w",
                  "shutdown w reached_max_restart_intensity"),
              lab.errorLines());
          assertTrue(
              lab.reports().stream()
                  .anyMatch(report -> report instanceof CrashReport crash && crash.pid().equals(w)),
              "the child's crash report");
        });
  }
}
