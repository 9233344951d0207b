package io.coppice.bench.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.measure.Sections;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhaseTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Phase ALONE = new Phase("before", 200, 1, 0);
  private static final Phase AMONG = new Phase("during", 200, 1, 3);

  /** Answers at once; while loops run it answers nothing. */
  private static class Stub implements Contender {
    private final List<Due> held = new ArrayList<>();
    private int looping;
    private int count;

    @Override
    public synchronized void call(Due call) {
      if (looping > 0) {
        held.add(call);
      } else {
        call.answered(++count);
      }
    }

    @Override
    public synchronized void hogs(int number, Runnable loop) {
      looping = number;
      for (int i = 0; i < number; i++) {
        Thread.ofPlatform().daemon().start(() -> loopAndAnswer(loop));
      }
    }

    private void loopAndAnswer(Runnable loop) {
      loop.run();
      ended();
    }

    private synchronized void ended() {
      if (--looping == 0) {
        held.forEach(call -> call.answered(++count));
        held.clear();
      }
    }

    @Override
    public void close() {}
  }

  private static List<String> faults(Phase.Result... results) {
    return new Verdict("x", List.of(results), OptionalInt.empty(), Optional.empty()).faults();
  }

  @Test
  @DisplayName("Every call is made, at its time, and answered")
  void alone() throws Exception {
    try (Contender contender = new Stub()) {
      Phase.Result result = ALONE.run(contender, LONG);
      assertEquals(200, result.calls().made());
      assertEquals(200, result.calls().answered());
      assertEquals(200, result.calls().lateness().getTotalCount());
      assertEquals(OptionalInt.empty(), result.extraMost());
      assertEquals(List.of(), faults(result));
    }
  }

  @Test
  @DisplayName(
      "A contender that answers nothing among loops gets its loops ended, and then answers")
  void silent() throws Exception {
    try (Contender contender = new Stub()) {
      Phase.Result before = ALONE.run(contender, LONG);
      Phase.Result during = AMONG.run(contender, LONG);
      assertTrue(during.calls().silent());
      assertEquals(200, during.calls().late());
      assertEquals(200, during.calls().answered(), "after the loops");
      assertEquals(0, during.running());
      assertTrue(
          during.calls().micros(100) >= 995_000, "the first call waited for all of the phase");
      assertEquals(List.of(), faults(before, during));
      String line = new LatencyReport(AMONG).add("x", during);
      assertTrue(line.contains("no answer in 1 s"), line);
    }
  }

  @Test
  @DisplayName("What is lost, answered twice, or does not end is waited for in vain and named")
  void faults() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Contender bad =
        new Stub() {
          @Override
          public synchronized void call(Due call) {
            if (call.number() == 9) {
              return;
            }
            super.call(call);
            if (call.number() == 5) {
              super.call(call);
            }
          }

          @Override
          public synchronized void hogs(int number, Runnable loop) {
            Thread.ofPlatform().daemon().start(never::countDown); // but not the loop
          }

          @Override
          public OptionalInt extraThreads() {
            return OptionalInt.of(2);
          }
        };
    try (bad) {
      Phase.Result result = AMONG.run(bad, SHORT);
      assertEquals(OptionalInt.of(2), result.extraMost());
      assertEquals(3, result.running());
      Verdict verdict =
          new Verdict("x", List.of(result), bad.extraThreads(), Optional.of("it broke"));
      String text = String.join("\n", verdict.lines());
      assertEquals(5, verdict.faults().size(), text);
      assertTrue(text.contains("1 calls have no answer"), text);
      assertTrue(text.contains("1 calls were answered more than once"), text);
      assertTrue(text.contains("3 loops were told to end and have not"), text);
      assertTrue(text.contains("2 extra threads are left"), text);
      assertTrue(text.contains("it broke"), text);
    }
  }

  @Test
  @DisplayName("Answers that skip a number of the server's count are a fault")
  void miscounted() throws Exception {
    try (Contender contender = new Stub()) {
      Phase.Result first = ALONE.run(contender, LONG);
      Phase.Result second = ALONE.run(contender, LONG);
      assertEquals(List.of(), faults(first, second));
      assertEquals(1, faults(second).size(), "400 are counted, 200 were made");
    }
  }

  @Test
  @DisplayName("Results are a section of a file: written again in its place, the rest stays")
  void section(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("results.md");
    String heading = "## Latency of calls" + "\n\n";
    Sections.write(file, heading + "one\n");
    assertEquals(heading + "one\n", Files.readString(file));
    Files.writeString(file, "# Title\n\ntext\n\n" + heading + "one\n### x\n\n## Next\n\nmore\n");
    Sections.write(file, heading + "two\n");
    assertEquals(
        "# Title\n\ntext\n\n" + heading + "two\n\n## Next\n\nmore\n", Files.readString(file));
    Files.writeString(file, "# Title\n");
    Sections.write(file, heading + "three\n");
    assertEquals("# Title\n\n" + heading + "three\n", Files.readString(file));
  }
}
