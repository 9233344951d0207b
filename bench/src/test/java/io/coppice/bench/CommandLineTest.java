package io.coppice.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.measure.Fork;
import io.coppice.bench.measure.Results;
import io.coppice.bench.measure.Row;
import io.coppice.bench.suite.Suite;
import io.coppice.bench.suite.Workload;
import io.coppice.kernel.Knob;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
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
  @DisplayName("Rows of JVMs without flags are marked, and need JVMs of their own")
  void withoutFlags() {
    String[] run = {"run", "--without-flags", "--quick", "--schedulers", "1"};
    String[] one = concat(run, "--filter", "^deep_recursion$");
    assertEquals(0, bench(one), err::toString);
    assertEquals(List.of("deep_recursion/1@quick@plain"), names());
    assertEquals(2, bench(concat(one, "--in-process")));
    assertTrue(err.toString().contains("needs JVMs of its own"), err::toString);
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
    assertTrue(lines.size() >= 9, lines::toString); // a head, 4 knobs, the normal setting twice
    assertEquals(
        "workload,turnMessages,timeSliceMicros,mailboxCapacity,schedulers,median,min,max,runs",
        lines.getFirst());
    assertTrue(out.toString().contains("(noise "), out::toString);
    assertTrue(out.toString().lines().toList().getLast().startsWith("short-lived"), out::toString);
  }

  @Test
  @DisplayName("sweep goes on with a file: it takes only what that lacks, and writes a section")
  void sweepGoesOn(@TempDir Path folder) throws Exception {
    Path csv = folder.resolve("sweep.csv");
    Path file = folder.resolve("tuning.md");
    String[] sweep = {"sweep", "--quick", "--in-process", "--save-csv", csv.toString()};
    String[] some = {"--knobs", "turnMessages,mailboxCapacity", "--filter", "^deep_recursion$"};
    assertEquals(0, bench(concat(concat(sweep, some), "--minutes", "0")), err::toString);
    assertTrue(err.toString().contains("12 samples were not taken"), err::toString);
    assertEquals(0, bench(concat(sweep, some)), err::toString);
    List<String> first = Files.readAllLines(csv);
    assertEquals(13, first.size()); // a head; twice: 2 more values of each knob, 2 normal ones
    String[] again = {"--complete", "--save-results", file.toString()};
    assertEquals(0, bench(concat(concat(sweep, some), again)), err::toString);
    assertTrue(err.toString().contains("0 samples, about 0 s"), err::toString);
    assertEquals(first, Files.readAllLines(csv));
    Files.write(csv, first.subList(0, 8)); // one round, and of the next the normal setting once
    assertEquals(0, bench(concat(concat(sweep, some), "--complete")), err::toString);
    assertTrue(err.toString().contains("5 samples, about "), err::toString);
    assertEquals(first.size(), Files.readAllLines(csv).size());
    assertTrue(Files.readString(file).contains("| short-lived processes | deep_recursion | "));
    assertEquals(2, bench(concat(sweep, "--complete", "--knobs", "schedulers")), err::toString);
  }

  @Test
  @DisplayName("scaling prints how many times as fast each number of scheduler threads is")
  void scaling(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("tuning.md");
    String[] scaling = {"scaling", "--quick", "--in-process", "--schedulers", "1,2,3"};
    String[] rest = {"--filter", "^fan_out_compute$", "--save-results", file.toString()};
    assertEquals(0, bench(concat(scaling, rest)), err::toString);
    assertTrue(
        out.toString().lines().toList().getLast().matches("fan_out_compute +\\d+ \\(1.00\\) .*"),
        out::toString);
    assertTrue(Files.readString(file).contains("| workload | 1 | 2 | 3 |"));
    Row one = new Row("a/1", 100, 90, 110, 3);
    assertEquals("50 (2.00)", ScalingCommand.cell(new Row("a/2", 50, 40, 60, 3), one));
  }

  @Test
  @DisplayName("collectors measures in JVMs with other garbage collectors")
  void collectors() {
    String[] collectors = {"collectors", "--quick", "--schedulers", "1"};
    String[] rest = {"--collectors", "serial,g1", "--filter", "^chained_spawn$"};
    assertEquals(0, bench(concat(collectors, rest)), err::toString);
    assertEquals(List.of("chained_spawn/1@quick", "chained_spawn/1@quick"), names());
    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.getLast().matches("chained_spawn/1\\S*( +\\d+ \\(\\d+\\)){2}"), out::toString);
    assertEquals(2, bench("collectors", "--collectors", "none"));
  }

  @Test
  @DisplayName("A baseline is completed: only the samples that it lacks are taken")
  void completesBaseline(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("baseline.tsv");
    String[] run = {"run", "--effort", "trial", "--in-process", "--schedulers", "1"};
    String[] save = {"--filter", "^deep_recursion$", "--save-baseline", file.toString()};
    assertEquals(0, bench(concat(concat(run, save), "--samples", "1")), err::toString);
    assertEquals(0, bench(concat(concat(run, save), "--complete")), err::toString);
    assertTrue(err.toString().contains("2 samples, about "), err::toString);
    assertEquals(3, Results.load(file).samples("deep_recursion/1"));
    String[] regress = {"regress", "--in-process", "--baseline", file.toString()};
    assertEquals(0, bench(concat(regress, "--threshold", "100000", "--repeat", "0")));
    assertTrue(out.toString().contains("1 rows compared, 0 slower"), out::toString);
    String[] other = {"run", "--brief", "--complete"};
    assertEquals(2, bench(concat(other, save)), "samples of another effort");
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
    Path baseline = folder.resolve("baseline.tsv");
    String[] save = {"--save-results", file.toString(), "--save-baseline", baseline.toString()};
    assertEquals(0, bench(concat(compare, save)), err::toString);
    assertEquals(1, Results.load(baseline).samples("thread_ring/1"));
    String text = Files.readString(file);
    assertTrue(text.contains("0.25"), text);
    assertTrue(text.endsWith("\n## Calls beside loops\n\nmeasured once\n"), text);
    assertTrue(!text.contains("old table"), text);
  }

  @Test
  @DisplayName("compare completes a file of samples: it takes only those that it lacks")
  void completesSamples(@TempDir Path folder) throws Exception {
    Path samples = folder.resolve("samples.tsv");
    Files.writeString(samples, "Coppice\tdeep_recursion/1\t10.0\t9.0\t12.0\t15\n");
    String[] compare = {"compare", "--effort", "trial", "--in-process", "--peers", "none"};
    String[] rest = {"--filter", "^deep_recursion$", "--rounds", "1"};
    String[] file = {"--complete", samples.toString()};
    assertEquals(0, bench(concat(concat(compare, rest), file)), err::toString);
    assertTrue(err.toString().contains("1 samples, about "), err::toString);
    String text = Files.readString(samples);
    assertTrue(text.contains("Coppice\tdeep_recursion/1\t10.0"), text);
    assertTrue(text.contains("Coppice\tdeep_recursion/2\t"), text);
    assertEquals(2, bench(concat(concat(compare, file), "--quick")));
  }

  @Test
  @DisplayName("Every knob of a node can be set for one run by its environment variable")
  void environment() throws Exception {
    assertKnobs(Map.of(), Knob::normal);
    Map<String, String> variables = new HashMap<>();
    for (Knob knob : Knob.values()) {
      variables.put(knob.variable(), Long.toString(knob.least()));
    }
    assertKnobs(variables, Knob::least);
  }

  @Test
  @DisplayName("Every knob of a node can be set for one run by a system property")
  void properties() {
    try {
      for (Knob knob : Knob.values()) {
        System.setProperty("coppice." + knob.key(), Long.toString(knob.most()));
      }
      assertEquals(0, bench("knobs"));
      assertKnobs(out.toString(), Knob::most);
    } finally {
      for (Knob knob : Knob.values()) {
        System.clearProperty("coppice." + knob.key());
      }
    }
  }

  /** What a JVM with these variables says. */
  private static void assertKnobs(Map<String, String> variables, ToLongFunction<Knob> value)
      throws Exception {
    List<String> command = new ArrayList<>(Fork.jvm());
    command.addAll(List.of("io.coppice.bench.Bench", "knobs"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertKnobs(said, value);
  }

  private static void assertKnobs(String said, ToLongFunction<Knob> value) {
    for (Knob knob : Knob.values()) {
      String line = said.lines().filter(each -> each.startsWith(knob.key() + " ")).findAny().get();
      String[] cells = line.split(" +", -1);
      assertEquals(knob.variable(), cells[1]);
      assertEquals(Long.toString(value.applyAsLong(knob)), cells[5], line);
    }
  }

  @Test
  @DisplayName("What is set from outside names the rows, or is refused where it hides a setting")
  void outside() {
    try {
      System.setProperty("coppice.schedulers", "3");
      String[] run = {"run", "--quick", "--in-process", "--filter", "^deep_recursion$"};
      assertEquals(0, bench(run), err::toString);
      assertEquals(List.of("deep_recursion/3@quick"), names());
      assertEquals(2, bench(concat(new String[] {"sweep"}, "--knobs", "schedulers", "--quick")));
      System.setProperty("coppice.turnMessages", "9");
      assertEquals(2, bench("run", "--quick", "--set", "turnMessages=8"));
      assertTrue(err.toString().contains("COPPICE_TURN_MESSAGES"), err::toString);
    } finally {
      System.clearProperty("coppice.schedulers");
      System.clearProperty("coppice.turnMessages");
    }
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
