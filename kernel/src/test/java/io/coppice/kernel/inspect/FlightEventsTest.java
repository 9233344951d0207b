package io.coppice.kernel.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Knob;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder is told. */
class FlightEventsTest {
  private static final NodeOptions OPTIONS =
      NodeOptions.DEFAULT.withName("recorded").with(Knob.JMX, 0).withReporter(report -> {});

  @TempDir Path folder;

  private List<RecordedEvent> record(Work work) throws Exception {
    Path file = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("io.coppice."))
        .toList();
  }

  private interface Work {
    void run() throws Exception;
  }

  private static RecordedEvent only(List<RecordedEvent> events, String type, Pid pid) {
    List<RecordedEvent> found =
        events.stream()
            .filter(event -> event.getEventType().getName().equals("io.coppice." + type))
            .filter(event -> event.getLong("process") == pid.number())
            .toList();
    assertEquals(1, found.size(), () -> type + " of " + pid + " in " + events);
    RecordedEvent event = found.getFirst();
    assertEquals("recorded", event.getString("node"));
    assertEquals(List.of("Coppice"), event.getEventType().getCategoryNames());
    return event;
  }

  @Test
  @DisplayName(
      "starts and ends of processes are recorded with who ended them, and calls without"
          + " an answer with what their callee was doing")
  void life() throws Exception {
    Pid[] pids = new Pid[3];
    List<RecordedEvent> events =
        record(
            () -> {
              try (Node node = Node.start(OPTIONS)) {
                pids[0] = node.spawn((self, m) -> {}, SpawnOptions.DEFAULT.name("mute"));
                pids[1] =
                    node.spawn(self -> self.exit(self.spawn(c -> c.receive()), ExitReason.KILL));
                pids[2] =
                    node.spawn(
                        self -> {
                          throw new IllegalStateException("broken");
                        });
                assertThrows(
                    CallFailed.class, () -> node.call(pids[0], "ping", Duration.ofMillis(1)));
                while (node.info(pids[0]).orElseThrow().messages() == 0) {
                  Thread.onSpinWait(); // it may get the request only now
                }
                while (node.isAlive(pids[1]) || node.isAlive(pids[2])) {
                  Thread.onSpinWait();
                }
              }
            });
    RecordedEvent start = only(events, "ProcessStart", pids[0]);
    assertEquals("mute", start.getString("name"));
    assertEquals(0, start.getLong("parent"));
    RecordedEvent shut = only(events, "ProcessExit", pids[0]);
    assertEquals("shutdown", shut.getString("reason"));
    assertFalse(shut.getBoolean("abnormal"));
    assertEquals("<0>", shut.getString("endedBy"));
    assertEquals(1, shut.getLong("messages"));
    RecordedEvent crash = only(events, "ProcessExit", pids[2]);
    assertTrue(crash.getString("reason").contains("broken"));
    assertTrue(crash.getBoolean("abnormal"));
    assertEquals("", crash.getString("endedBy"));
    RecordedEvent timeout = only(events, "CallTimeout", pids[0]);
    assertEquals("call(<1> 'mute', ping, PT0.001S)", timeout.getString("call"));
    assertTrue(timeout.getString("callee").startsWith("<1> 'mute' "));
    assertEquals("", timeout.getString("cycle"));
    assertTrue(
        events.stream()
            .filter(event -> event.getEventType().getName().equals("io.coppice.ProcessExit"))
            .anyMatch(
                event ->
                    event.getString("reason").equals("killed")
                        && event.getString("endedBy").equals(pids[1].toString())),
        () -> "the child that was killed in " + events);
  }

  @Test
  @DisplayName("a long turn and the zombie it becomes are recorded with their line of code")
  void stuck() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Pid[] hog = new Pid[1];
    List<RecordedEvent> events =
        record(
            () -> {
              CountDownLatch told = new CountDownLatch(2);
              try (Node node = Node.start(OPTIONS.withReporter(report -> told.countDown()))) {
                hog[0] = node.spawn(self -> spin(stop));
                while (told.getCount() == 2) {
                  Thread.onSpinWait();
                }
                node.exit(hog[0], ExitReason.KILL);
                assertTrue(told.await(20, TimeUnit.SECONDS));
                stop.set(true);
              }
            });
    RecordedEvent turn = only(events, "LongTurn", hog[0]);
    assertTrue(turn.getString("code").contains("FlightEventsTest.spin"));
    assertTrue(turn.getDuration("lasted").toMillis() >= 100);
    assertTrue(
        events.stream()
            .filter(event -> event.getEventType().getName().equals("io.coppice.Zombie"))
            .anyMatch(event -> event.getString("code").contains("FlightEventsTest.spin")));
    assertTrue(
        events.stream()
            .filter(event -> event.getEventType().getName().equals("io.coppice.Report"))
            .anyMatch(event -> event.getString("type").equals("LongTurnReport")));
  }

  private static void spin(AtomicBoolean stop) {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }
}
