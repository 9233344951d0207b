package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Copies of a child, and the way from a key to one of them (semantics PS1–PS3). */
final class PartitionSupervisorTest {
  private static final ChildSpec CHILD = ChildSpec.starting("child", _ -> StartResult.ignored());

  /** Partitions that are called p0, p1 and so on. */
  private static PartitionSupervisor workers(Lab lab, int count) {
    return PartitionSupervisor.of("parts", i -> lab.worker("p" + i)).partitions(count);
  }

  private static void refused(String sentence, Executable code) {
    RuntimeException refusal = assertThrows(IllegalArgumentException.class, code);
    assertTrue(String.valueOf(refusal.getMessage()).contains(sentence), refusal::toString);
  }

  private static void noproc(Executable code) {
    assertEquals(ExitReason.NO_PROCESS, assertThrows(CallFailed.class, code).reason());
  }

  @Test
  @DisplayName("PSUP-001 each key leads to its partition, an integer to the one of that number")
  void routing() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts = workers(lab, 3).start(lab.self);
          assertEquals(3, parts.size());
          assertEquals(new ChildCounts(3, 3, 0, 3), parts.countChildren());
          assertEquals(
              List.of("0=running", "1=running", "2=running"),
              Lab.children(SupervisorRef.named(lab.self.node(), "parts")));
          List<Pid> pids = List.of(lab.up("p0"), lab.up("p1"), lab.up("p2"));
          for (int key = -10; key <= 10; key++) {
            int expected = Math.abs(key) % 3;
            assertEquals(expected, parts.partitionOf(key));
            assertEquals(expected, parts.partitionOf((long) key));
            assertEquals(expected, parts.partitionOf((short) key));
            assertEquals(expected, parts.partitionOf((byte) key));
            assertEquals(expected, parts.partitionOf(BigInteger.valueOf(key)));
            assertEquals(Optional.of(pids.get(expected)), parts.whereis(key));
          }
          assertEquals(2, parts.partitionOf(Integer.MIN_VALUE)); // 2^31 modulo 3
          assertEquals(2, parts.partitionOf(Long.MIN_VALUE));
          Set<Pid> found = new HashSet<>();
          for (int i = 0; i < 100; i++) {
            Object key = List.of("key", i);
            ViaName via = parts.via(key);
            assertEquals(via.whereis(), parts.whereis(List.of("key", i)));
            found.add(via.whereis().orElseThrow());
          }
          assertEquals(Set.copyOf(pids), found);
          Ref monitor = lab.self.monitor(pids.get(1));
          parts.via(1).send(new Lab.Die(ExitReason.of("boom")));
          assertEquals(ExitReason.of("boom"), lab.awaitDown(monitor));
        });
  }

  @Test
  @DisplayName(
      "PS2 a key leads to the new process after a restart, and nowhere while there is none")
  void followsRestarts() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts =
              workers(lab, 2).intensity(1_000_000_000, Duration.ofHours(1)).start(lab.self);
          Pid first = lab.up("p0");
          lab.crash(first);
          assertEquals(2, parts.countChildren().active());
          assertEquals(Optional.of(lab.up("p0")), parts.whereis(0));
          lab.breakStart("p0");
          lab.crash(parts.whereis(0).orElseThrow());
          assertEquals(Optional.empty(), parts.whereis(0));
          noproc(() -> SupervisorRef.via(lab.self.node(), parts.via(0)).whichChildren());
          assertThrows(IllegalArgumentException.class, () -> parts.send(0, "lost"));
          assertTrue(parts.whereis(1).isPresent());
        });
  }

  @Test
  @DisplayName(
      "PS1 there are as many partitions as processors, restarted 3 times in 5 s, unless told"
          + " otherwise")
  void defaults() {
    Lab.simulate(
        lab -> {
          PartitionSupervisor parts =
              PartitionSupervisor.of("parts", lab.worker("w")).start(lab.self);
          assertEquals(Runtime.getRuntime().availableProcessors(), parts.size());
          Pid supervisor = parts.supervisor().pid();
          for (int i = 0; i < 4; i++) {
            assertTrue(lab.self.isAlive(supervisor));
            lab.crash(parts.whereis(0).orElseThrow());
            lab.self.sleep(Duration.ofNanos(1));
          }
          assertEquals(ExitReason.SHUTDOWN, lab.awaitExit(supervisor));
          noproc(parts::size);
        });
  }

  @Test
  @DisplayName("PSUP-002 each partition gets the argument that the function gives for its number")
  void arguments() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec spec =
              ChildSpec.taking(
                  "part",
                  String.class,
                  (self, name) -> StartResult.ok(lab.spawn(self, name, true)));
          PartitionSupervisor parts =
              PartitionSupervisor.of("parts", spec, i -> "number " + i)
                  .partitions(2)
                  .start(lab.self);
          lab.assertNext("start number 0", "start number 1");
          lab.crash(parts.whereis(1).orElseThrow());
          lab.assertNext("start number 1");
          StartFailed wrong =
              assertThrows(
                  StartFailed.class,
                  () -> PartitionSupervisor.of("wrong", spec, i -> i).start(lab.self));
          assertTrue(String.valueOf(wrong.getMessage()).contains("takes a String"));
        });
  }

  @Test
  @SuppressWarnings("NullAway") // callers without a null checker exist
  @DisplayName(
      "PSUP-003 no name, no child, no partitions, automatic shutdown: refused in a sentence")
  void refusals() {
    assertThrows(NullPointerException.class, () -> PartitionSupervisor.of(null, CHILD));
    refused("name", () -> PartitionSupervisor.of(" ", CHILD));
    assertThrows(NullPointerException.class, () -> PartitionSupervisor.of("p", (ChildSpec) null));
    PartitionSupervisor parts = PartitionSupervisor.of("p", CHILD);
    refused("0 partitions", () -> parts.partitions(0));
    refused("-1 partitions", () -> parts.partitions(-1));
    refused("invalid_intensity", () -> parts.intensity(-1, Duration.ofSeconds(1)));
    refused(
        "automatic shutdown",
        () -> PartitionSupervisor.of("p", CHILD.restart(Restart.TRANSIENT).significant(true)));
    refused("cannot be registered", () -> parts.via(0).registry().unregisterName(0));
  }

  @Test
  @DisplayName("PS3 a supervisor that does not run gives noproc, and its keys lead nowhere")
  void notRunning() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts = workers(lab, 2);
          for (int i = 0; i < 2; i++) {
            noproc(parts::size);
            noproc(parts::whichChildren);
            noproc(parts::countChildren);
            noproc(() -> parts.resize(1));
            noproc(() -> parts.partitionOf(1));
            noproc(parts::stop);
            assertEquals(Optional.empty(), parts.whereis(1));
            assertThrows(IllegalArgumentException.class, () -> parts.via(1).send("lost"));
            if (i == 0) {
              parts.start(lab.self);
              parts.stop();
            }
          }
          assertTrue(parts.start(lab.self).whereis(1).isPresent());
          StartFailed taken = assertThrows(StartFailed.class, () -> parts.start(lab.self));
          assertEquals(new AlreadyStarted(parts.supervisor().pid()).asReason(), taken.reason());
          assertTrue(parts.whereis(1).isPresent());
        });
  }

  @Test
  @DisplayName("PSUP-005 resized to zero all partitions are stopped, and a lookup is an error")
  void zero() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts = workers(lab, 2).start(lab.self);
          assertEquals(2, parts.resize(0));
          lab.assertNext("start p0", "start p1", "stop p1", "stop p0");
          assertEquals(0, parts.size());
          refused("zero partitions", () -> parts.whereis(1));
          refused("zero partitions", () -> parts.partitionOf("key"));
          refused("zero partitions", () -> parts.via("key").whereis());
          assertEquals(new ChildCounts(2, 0, 0, 2), parts.countChildren());
        });
  }

  @Test
  @DisplayName(
      "PS3 resizing stops the upper partitions or starts them again, and says how many there"
          + " were")
  void resizing() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts = workers(lab, 3).start(lab.self);
          lab.assertNext("start p0", "start p1", "start p2");
          refused("0 to 3", () -> parts.resize(4));
          refused("0 to 3", () -> parts.resize(-1));
          assertEquals(3, parts.resize(1));
          lab.assertNext("stop p2", "stop p1");
          assertEquals(parts.whereis(0), parts.whereis(2));
          assertEquals(1, parts.resize(1));
          lab.assertNothingNext();
          lab.script("p2", StartResult.failed(ExitReason.of("boom")));
          assertThrows(IllegalStateException.class, () -> parts.resize(3));
          lab.assertNext("start p1");
          assertEquals(1, parts.size());
          assertEquals(1, parts.resize(3));
          lab.assertNext("start p2");
          assertNotEquals(parts.whereis(0), parts.whereis(2));
          assertEquals(List.of("2", "1", "0"), ids(parts));
        });
  }

  private static List<String> ids(PartitionSupervisor parts) {
    return parts.whichChildren().stream().map(child -> String.valueOf(child.id())).toList();
  }

  @Test
  @DisplayName("partitions that would all have the same registered name are refused with the cure")
  void sameName() throws Exception {
    Lab.run(
        lab -> {
          ChildSpec named = ChildSpec.reactive("one", () -> (self, message) -> {});
          StartFailed failed =
              assertThrows(
                  StartFailed.class,
                  () -> PartitionSupervisor.of("parts", named).partitions(2).start(lab.self));
          assertTrue(String.valueOf(failed.getMessage()).contains("SpawnOptions.DEFAULT"));
          ChildSpec nameless =
              ChildSpec.reactive("one", SpawnOptions.DEFAULT, () -> (self, message) -> {});
          PartitionSupervisor.of("parts", nameless).partitions(2).start(lab.self);
        });
  }

  @Test
  @DisplayName(
      "PS1 PS2 dynamic supervisors as partitions of a tree start children by key, and are"
          + " found again after the restart of all")
  void dynamicPartitions() throws Exception {
    Lab.run(
        lab -> {
          PartitionSupervisor parts =
              PartitionSupervisor.of("parts", DynamicSupervisor.create().childSpec("dynamic"))
                  .partitions(2);
          SupervisorRef top = Supervisor.oneForOne().child(parts.childSpec()).start(lab.self);
          DynamicSupervisorRef zero = DynamicSupervisorRef.via(lab.self.node(), parts.via(0));
          DynamicSupervisorRef one = DynamicSupervisorRef.via(lab.self.node(), parts.via(-1));
          zero.startChild(lab.worker("z")).pid();
          one.startChild(lab.worker("o")).pid();
          one.startChild(lab.worker("o")).pid();
          assertEquals(1, zero.countChildren().active());
          assertEquals(2, one.countChildren().active());
          List<Pid> before = new ArrayList<>(List.of(zero.pid(), one.pid()));
          Pid supervisor = parts.supervisor().pid();
          Ref monitor = lab.self.monitor(supervisor);
          lab.self.exit(supervisor, ExitReason.KILL);
          lab.awaitDown(monitor);
          assertEquals(1, top.countChildren().active());
          before.removeAll(List.of(zero.pid(), one.pid()));
          assertEquals(2, before.size());
          assertEquals(0, zero.countChildren().active());
          assertEquals(new ChildCounts(2, 2, 2, 0), parts.countChildren());
        });
  }
}
