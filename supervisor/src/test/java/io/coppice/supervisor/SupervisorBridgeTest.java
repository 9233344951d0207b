package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A subsystem of its own kind in a tree (semantics SU94). */
final class SupervisorBridgeTest {
  private static final ExitReason BOOM = ExitReason.of("boom");

  /** The bridge has stopped its subsystem. */
  private record Terminated(ExitReason reason, String state, boolean runs) {
    Terminated(ExitReason reason) {
      this(reason, "state", true);
    }
  }

  /** A subsystem of one worker that nobody is linked with, but the bridge. */
  private static final class Subsystem implements SupervisorBridge<String> {
    private final Lab lab;
    private volatile @Nullable Pid top;

    Subsystem(Lab lab) {
      this.lab = lab;
    }

    @Override
    public Init<String> init(Context self) {
      Worker worker = new Worker("top", lab.self.pid(), true);
      Pid pid = self.node().start(worker, SpawnOptions.DEFAULT, "init", null).pid();
      top = pid;
      self.send(lab.self.pid(), new Lab.Up("top", pid));
      return Init.ok(pid, "state");
    }

    @Override
    public void terminate(ExitReason reason, String state) {
      Processes node = lab.self.node();
      boolean runs = node.isAlive(Objects.requireNonNull(top));
      node.send(lab.self.pid(), new Terminated(reason, state, runs));
    }
  }

  private static SupervisorBridge<String> initOnly(SupervisorBridge.@Nullable Init<String> result) {
    return new SupervisorBridge<>() {
      @Override
      @SuppressWarnings("NullAway") // callers without a null checker exist
      public Init<String> init(Context self) {
        return result;
      }

      @Override
      public void terminate(ExitReason reason, String state) {
        throw new AssertionError("there is nothing to terminate");
      }
    };
  }

  private static Pid started(StartResult result) {
    assertTrue(result instanceof StartResult.Ok, () -> result.toString());
    return ((StartResult.Ok) result).pid();
  }

  private static void assertNoExit(Lab lab) {
    assertEquals(Optional.empty(), lab.self.receive(Exit.class::isInstance, Duration.ZERO));
  }

  private static void assertNotTerminated(Lab lab) {
    assertEquals(Optional.empty(), lab.self.receive(Terminated.class::isInstance, Duration.ZERO));
  }

  @Test
  @DisplayName("SBR-001 a bridge starts, is ignored, or fails, as its init says")
  void starting() throws Exception {
    Lab.run(
        lab -> {
          SupervisorBridge<String> ignored = initOnly(SupervisorBridge.Init.ignored());
          assertEquals(StartResult.ignored(), ignored.start(lab.self, SpawnOptions.DEFAULT));
          SupervisorBridge<String> failed = initOnly(SupervisorBridge.Init.failed(BOOM));
          assertEquals(StartResult.failed(BOOM), failed.start(lab.self, SpawnOptions.DEFAULT));
          SupervisorBridge<String> rubbish = initOnly(null);
          assertEquals(
              StartResult.failed(
                  ExitReason.of(new BadReturn(rubbish.getClass().getName(), "init"))),
              rubbish.start(lab.self, SpawnOptions.DEFAULT));
          assertNoExit(lab);
          Pid bridge =
              started(new Subsystem(lab).start(lab.self, SpawnOptions.DEFAULT.name("bridge")));
          assertEquals(Optional.of(bridge), lab.self.whereis("bridge"));
          assertEquals(
              StartResult.failed(new AlreadyStarted(bridge).asReason()),
              new Subsystem(lab).start(lab.self, SpawnOptions.DEFAULT.name("bridge")));
          Pid top = lab.up("top");
          assertTrue(
              lab.reports().stream()
                  .anyMatch(
                      report ->
                          report instanceof ProgressReport progress
                              && top.equals(progress.started().pid())
                              && "bridge".equals(progress.supervisor().name())));
          assertTrue(lab.self.info(bridge).orElseThrow().related().links().contains(top));
        });
  }

  @Test
  @DisplayName(
      "SBR-002 a bridge that is stopped calls terminate and does nothing else to the process")
  void stopping() throws Exception {
    Lab.run(
        lab -> {
          Pid told = started(new Subsystem(lab).start(lab.self, SpawnOptions.DEFAULT));
          lab.self.exit(told, ExitReason.SHUTDOWN);
          assertEquals(
              new Terminated(ExitReason.SHUTDOWN), lab.await(Terminated.class::isInstance));
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(told));
          lab.self.exit(lab.up("top"), ExitReason.KILL);
        });
  }

  @Test
  @DisplayName("SU94 a bridge is stopped through a handle like a supervisor, and answers no more")
  void stoppedByRequest() throws Exception {
    Lab.run(
        lab -> {
          Pid asked = started(new Subsystem(lab).start(lab.self, SpawnOptions.DEFAULT));
          SupervisorRef ref = SupervisorRef.of(lab.self.node(), asked);
          CallFailed bad = assertThrows(CallFailed.class, ref::whichChildren);
          assertEquals(ExitReason.of("badcall"), bad.reason());
          lab.self.send(asked, "garbage");
          lab.self.exit(asked, BOOM); // from its parent, which is the order to stop
          assertEquals(BOOM, lab.awaitExit(asked));
          assertEquals(new Terminated(BOOM), lab.await(Terminated.class::isInstance));
          Pid second = started(new Subsystem(lab).start(lab.self, SpawnOptions.DEFAULT));
          SupervisorRef.of(lab.self.node(), second).stop();
          assertEquals(new Terminated(ExitReason.NORMAL), lab.await(Terminated.class::isInstance));
        });
  }

  @Test
  @DisplayName("SU94 when the process ends the bridge ends with its reason, reported if abnormal")
  void ended() throws Exception {
    Lab.run(
        lab -> {
          int reported = 0;
          for (ExitReason reason :
              List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.shutdown("done"), BOOM)) {
            Pid bridge = started(new Subsystem(lab).start(lab.self, SpawnOptions.DEFAULT));
            lab.end(lab.up("top"), reason);
            assertEquals(reason, lab.awaitExit(bridge));
            reported += reason.isClean() ? 0 : 1;
            assertEquals(reported, lab.errors().size());
          }
          assertEquals(ErrorContext.CHILD_TERMINATED, lab.errors().getFirst().context());
          assertEquals(BOOM, lab.errors().getFirst().reason());
          assertNotTerminated(lab);
        });
  }

  @Test
  @DisplayName("SBR-004 a bridge that cannot start inside a tree makes the start of the tree fail")
  void badStart() throws Exception {
    Lab.run(
        lab -> {
          SupervisorBridge<String> failed = initOnly(SupervisorBridge.Init.failed(BOOM));
          StartFailed refused =
              assertThrows(
                  StartFailed.class,
                  () ->
                      Supervisor.oneForOne()
                          .child(lab.worker("w"))
                          .child(failed.childSpec("bridge"))
                          .start(lab.self));
          assertEquals(new FailedToStartChild("bridge", BOOM).asReason(), refused.reason());
          lab.assertNext("start w", "stop w");
        });
  }

  @Test
  @DisplayName("SU94 a bridge in a tree is restarted with its subsystem, and stopped in its turn")
  void inTree() throws Exception {
    Lab.run(
        lab -> {
          SupervisorRef top =
              Supervisor.oneForOne()
                  .child(new Subsystem(lab).childSpec("bridge"))
                  .child(lab.worker("w"))
                  .start(lab.self);
          assertEquals(new ChildCounts(2, 2, 1, 1), top.countChildren());
          Pid bridge = Lab.pid(top, "bridge");
          Ref monitor = lab.self.monitor(bridge);
          lab.crash(lab.up("top"));
          assertEquals(BOOM, lab.awaitDown(monitor));
          Pid again = lab.up("top");
          assertTrue(lab.self.isAlive(Objects.requireNonNull(again)));
          assertEquals(List.of("bridge=running", "w=running"), Lab.children(top));
          top.stop();
          assertEquals(
              new Terminated(ExitReason.SHUTDOWN), lab.await(Terminated.class::isInstance));
        });
  }
}
