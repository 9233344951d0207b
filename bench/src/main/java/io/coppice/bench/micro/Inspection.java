package io.coppice.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** A look at a node that lasts until its end; then it is checked that it has seen something. */
final class Inspection {
  private static final String EVENTS = "io.coppice.";
  private static final long PERIOD_NANOS = 10_000_000;
  private static final long RECORDING_MAX_BYTES = 16L << 20; // the newest, on disk

  private final Look look;
  private final @Nullable Recording recording;
  private final @Nullable Thread watcher;
  private volatile boolean ended;
  private final AtomicLong seen = new AtomicLong(); // by the watcher

  Inspection(Look look, Rounds rounds) {
    this.look = look;
    this.recording =
        switch (look) {
          case RECORDER_WITHOUT_EVENTS, RECORDER_WITH_EVENTS -> record(rounds);
          default -> null;
        };
    this.watcher =
        switch (look) {
          case INFO -> watch(() -> rounds.node().info(rounds.server()).isPresent() ? 1 : 0);
          case DUMP -> watch(() -> rounds.node().dump().length());
          default -> null;
        };
  }

  private interface Glance {
    int length();
  }

  private Thread watch(Glance glance) {
    return Thread.ofPlatform()
        .name("watcher")
        .daemon()
        .start(
            () -> {
              while (!ended) {
                seen.addAndGet(glance.length());
                LockSupport.parkNanos(PERIOD_NANOS);
              }
            });
  }

  /** The events make themselves known when the JVM records for the first time. */
  private Recording record(Rounds rounds) {
    try (Recording first = new Recording()) {
      first.start();
      rounds.spawnReactive();
    }
    List<String> names =
        FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .map(EventType::getName)
            .toList();
    check(names.stream().anyMatch(name -> name.startsWith(EVENTS)), "Coppice has no events");
    Recording made = new Recording();
    made.setMaxSize(RECORDING_MAX_BYTES);
    for (String name : names) { // those of the JDK are not what is measured
      if (look == Look.RECORDER_WITH_EVENTS && name.startsWith(EVENTS)) {
        made.enable(name);
      } else {
        made.disable(name);
      }
    }
    made.start();
    return made;
  }

  void end() throws IOException, InterruptedException {
    ended = true;
    if (watcher != null) {
      watcher.join();
      check(seen.get() > 0, "the watcher has seen nothing");
    }
    if (recording != null) {
      Set<String> recorded = recorded(recording);
      check(
          recorded.contains(EVENTS + "ProcessExit") == (look == Look.RECORDER_WITH_EVENTS),
          "recorded are " + recorded);
    }
  }

  private static Set<String> recorded(Recording from) throws IOException {
    Set<String> names = new TreeSet<>();
    Path file = Files.createTempFile("coppice-micro", ".jfr");
    try (from) {
      from.stop();
      from.dump(file);
      try (RecordingFile events = new RecordingFile(file)) {
        while (events.hasMoreEvents()) {
          names.add(events.readEvent().getEventType().getName());
        }
      }
    } finally {
      Files.delete(file);
    }
    names.removeIf(name -> !name.startsWith(EVENTS));
    return names;
  }

  private void check(boolean right, String what) {
    if (!right) {
      throw new IllegalStateException("The look " + look + " is none: " + what);
    }
  }
}
