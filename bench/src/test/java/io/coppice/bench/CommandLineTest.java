package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.measure.Row;
import io.coppice.bench.suite.Suite;
import io.coppice.bench.suite.Workload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bench(String... arguments) {
    CommandLine line = Bench.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  private List<String> names() {
    return out.toString().lines().map(Row::parse).flatMap(Optional::stream).map(Row::name).toList();
  }

  @Test
  @DisplayName("list prints the name of every workload")
  void list() {
    assertEquals(0, bench("list"));
    assertEquals(
        Suite.all().stream().map(Workload::name).toList(), out.toString().lines().toList());
  }

  @Test
  @DisplayName("run measures each workload for each number of scheduler threads, marks quick rows")
  void run() {
    String[] run = {"run", "--quick", "--in-process", "--filter", "^fan_out_compute$"};
    assertEquals(0, bench(run));
    assertEquals(List.of("fan_out_compute/1@quick", "fan_out_compute/2@quick"), names());
    assertTrue(out.toString().contains("multi_thread_scaling_x100@quick"), out::toString);
  }

  @Test
  @DisplayName("A fresh JVM is given the flags, the knobs and the class path of this one")
  void forks() {
    String[] sample = {"run", "--quick", "--schedulers", "1", "--set", "turnMessages=7"};
    assertEquals(0, bench(concat(sample, "--filter", "^deep_recursion$")), err::toString);
    assertEquals(List.of("deep_recursion/1@quick"), names());
  }

  @Test
  @DisplayName("regress exits with 1 if a row is slower than its baseline, and with 0 if none is")
  void regress(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("baseline.tsv");
    String[] regress = {"regress", "--quick", "--in-process", "--repeat", "1", "--schedulers", "1"};
    String[] rest = {"--filter", "^deep_recursion$", "--baseline", file.toString()};
    assertEquals(2, bench(concat(regress, rest)), "there is no baseline yet");
    Files.writeString(file, "deep_recursion/1@quick\t1000000000\t1000000000\t2000000000\t3\n");
    assertEquals(0, bench(concat(regress, rest)), err::toString);
    Files.writeString(file, "deep_recursion/1@quick\t0.1\t0.1\t0.1\t3\n");
    assertEquals(1, bench(concat(regress, rest)), err::toString);
    assertTrue(out.toString().contains("SLOWER"), out::toString);
    Files.writeString(file, "something_else/1@quick\t0.1\t0.1\t0.1\t3\n");
    assertEquals(2, bench(concat(regress, rest)), "the baseline has no such row");
  }

  @Test
  @DisplayName("sweep measures every setting, writes a file, and says which knob matters")
  void sweep(@TempDir Path folder) throws Exception {
    Path csv = folder.resolve("sweep.csv");
    String[] sweep = {"sweep", "--quick", "--in-process", "--save-csv", csv.toString()};
    assertEquals(0, bench(concat(sweep, "--filter", "^deep_recursion$")), err::toString);
    List<String> lines = Files.readAllLines(csv);
    assertTrue(lines.size() >= 10, lines::toString); // a head, 4 knobs, the normal setting twice
    assertEquals(
        "workload,turnMessages,timeSliceMicros,mailboxCapacity,schedulers,median,min,max,runs",
        lines.getFirst());
    assertTrue(out.toString().lines().toList().getLast().contains("noise"), out::toString);
  }

  private static String[] concat(String[] first, String... second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Test
  @DisplayName("latency shows calls before, during and after loops, and writes them as a section")
  void latency(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("results.md");
    String[] latency = {"latency", "--seconds", "1", "--rate", "200", "--hogs", "3"};
    String[] rest = {"--contenders", "coppice,vt", "--save-results", file.toString()};
    assertEquals(0, bench(concat(latency, rest)), out::toString);
    String section = Files.readString(file);
    for (String phase : List.of("before", "during", "after")) {
      assertTrue(section.contains("| Coppice | " + phase + " | "), section);
      assertTrue(section.contains("| virtual threads | " + phase + " | "), section);
    }
    assertTrue(section.contains("800 calls made, 800 answered, 800 counted"), section);
    assertTrue(section.contains("threads stood in for those that the loops kept, 0 are left"));
  }

  @Test
  @DisplayName("compare shows saved samples, and keeps what others wrote into the results file")
  void comparesSaved(@TempDir Path folder) throws Exception {
    Path samples = folder.resolve("samples.tsv");
    Files.write(
        samples,
        List.of(
            "Coppice\tthread_ring/1\t10.0\t9.0\t12.0\t15",
            "tokio\tthread_ring/1\t40.0\t39.0\t42.0\t15"));
    Path file = folder.resolve("results.md");
    Files.writeString(file, "# old table\n\n## Calls beside loops\n\nmeasured once\n");
    String[] compare = {"compare", "--from", samples.toString()};
    assertEquals(0, bench(concat(compare, "--save-results", file.toString())), err::toString);
    String text = Files.readString(file);
    assertTrue(text.contains("0.25"), text);
    assertTrue(text.endsWith("\n## Calls beside loops\n\nmeasured once\n"), text);
    assertTrue(!text.contains("old table"), text);
  }

  @Test
  @DisplayName("A wrong command line is explained in one sentence, with status 2")
  void wrong() {
    assertEquals(2, bench("run", "--quick", "--save-baseline", "x"));
    assertEquals(2, bench("run", "--filter", "no such workload"));
    assertEquals(2, bench("run", "--set", "noSuchKnob=1"));
    assertEquals(2, bench("run", "--set", "turnMessages=0"));
    assertEquals(2, bench("latency", "--hogs", "0"));
    assertEquals(2, bench("latency", "--contenders", "nobody"));
    String[] expected = {
      "no baseline", "No workload", "no knob", "allowed are 1", "--hogs is 1", "no contender"
    };
    List<String> said = err.toString().lines().toList();
    for (int i = 0; i < expected.length; i++) {
      assertTrue(said.get(i).contains(expected[i]), err::toString);
    }
  }
}
