package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools show of supervisors. */
final class InspectionTest {
  private static ChildSpec worker(String id) {
    ProcessBody waits = self -> self.receive(m -> m.equals("never"));
    SpawnOptions options = SpawnOptions.DEFAULT.name(id).initialCall("a worker").link();
    return ChildSpec.starting(id, parent -> StartResult.ok(parent.spawn(waits, options)));
  }

  private static Supervisor tree() {
    Supervisor inner =
        Supervisor.oneForAll().intensity(3, Duration.ofMinutes(1)).child(worker("left"));
    return Supervisor.oneForOne().name("top").supervisor("inner", inner.child(worker("right")));
  }

  private static void crash(TestNode node, String name) {
    node.exit(node.whereis(name).orElseThrow(), ExitReason.of("crash"));
    node.runUntilIdle();
  }

  @Test
  @DisplayName(
      "a dump shows supervisors with strategy, children and restarts, above their children")
  void dump() {
    try (TestNode node = TestNode.start(1)) {
      tree().start(node);
      node.runUntilIdle();
      crash(node, "left");
      String dump = node.dump(DumpOptions.DEFAULT);
      List<String> lines = dump.substring(dump.indexOf("Processes\n")).lines().toList();
      assertEquals(6, lines.size(), dump);
      assertTrue(
          lines
              .get(1)
              .matches(
                  "  <1> 'top' supervisor one_for_one \\(1 child, 0 restarts, at most 1 in 5 s\\):"
                      + " idle; \\d+ handled"),
          dump);
      assertTrue(
          lines
              .get(2)
              .startsWith(
                  "    <2> supervisor one_for_all (2 children, 1 restart, at most 3 in 60 s):"
                      + " idle;"),
          dump);
      assertEquals("      last failure: left crash, after 0 us; restarted", lines.get(3));
      assertEquals("      <5> 'left' a worker: waiting for messages; 0 handled", lines.get(4));
      assertEquals("      <6> 'right' a worker: waiting for messages; 0 handled", lines.get(5));
    }
  }

  @Test
  @DisplayName("the flight recorder is told of a restart: who, of whom, why")
  void restart(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("events.jfr");
    Pid left;
    try (Recording recording = new Recording();
        TestNode node = TestNode.start(1)) {
      recording.start();
      tree().start(node);
      node.runUntilIdle();
      left = node.whereis("left").orElseThrow();
      crash(node, "left");
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> restarts =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("io.coppice.Restart"))
            .toList();
    assertEquals(1, restarts.size(), restarts.toString());
    RecordedEvent restart = restarts.getFirst();
    assertEquals("<2>", restart.getString("supervisor"));
    assertEquals("left", restart.getString("child"));
    assertEquals(left.number(), restart.getLong("process"));
    assertEquals("one_for_all", restart.getString("strategy"));
    assertEquals("crash", restart.getString("reason"));
    assertEquals("restarted", restart.getString("decision"));
    assertEquals(0, restart.getLong("delay"));
  }
}
