package io.coppice.behaviours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.server.GenServer;
import io.coppice.kernel.Node;
import io.coppice.supervisor.Supervisor;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All ways to start a JVM with Coppice, but for a runnable jar, which the examples try: each starts
 * {@link StartProgram}.
 */
class StartTest {
  private static final String LANG = "--add-opens=java.base/java.lang=";
  private static final String MISC = "--add-opens=java.base/jdk.internal.misc=";

  /** Where the JVM finds the classes. */
  enum Way {
    CLASS_PATH(null, "ALL-UNNAMED", "ALL-UNNAMED"),
    MODULE_PATH("io.coppice.behaviours", "io.coppice.kernel", "org.agrona");

    private final @Nullable String module;
    private final String lang;
    private final String misc;

    Way(@Nullable String module, String lang, String misc) {
      this.module = module;
      this.lang = LANG + lang;
      this.misc = MISC + misc;
    }

    /** As the build has them. */
    List<String> flags() {
      String property = this == CLASS_PATH ? "jvm.flags.class-path" : "jvm.flags.module-path";
      return List.of(Objects.requireNonNull(System.getProperty(property)).split(" "));
    }

    private List<String> program() {
      String name = StartProgram.class.getName();
      String tests = placeOf(StartTest.class);
      return this == CLASS_PATH
          ? List.of("-cp", path() + File.pathSeparator + tests, name)
          : List.of(
              "--module-path",
              path(),
              "--patch-module",
              "io.coppice.behaviours=" + tests,
              "-m",
              "io.coppice.behaviours/" + name);
    }
  }

  @TempDir private Path folder;

  private record Run(int exitStatus, String output) {
    /** What the log says of flags. */
    private List<String> log() {
      return output.lines().filter(line -> line.startsWith("INFO: Node ")).toList();
    }

    /** All of the program worked. */
    private void assertWorks(Way way, String mode) {
      assertEquals(0, exitStatus, output);
      List<String> said = output.lines().filter(line -> line.startsWith("> ")).toList();
      assertEquals(
          List.of(
              "> " + way.module + " answers 42",
              "> slept",
              "> read 7",
              "> mode        " + mode,
              "> closed"),
          said,
          output);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("with the flags all works, on class and module path: fast, and nothing is logged")
  void fast(Way way) throws Exception {
    Run run = run(way, way.flags());
    run.assertWorks(way, "fast");
    assertEquals(List.of(), run.log(), run::output);
    assertFalse(run.output().contains("add-opens"), run::output);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("a node that has to be fast is, with the flags")
  void fastAsRequired(Way way) throws Exception {
    List<String> flags = new ArrayList<>(way.flags());
    flags.add("-Dcoppice.requireFast=1");
    run(way, flags).assertWorks(way, "fast");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("a node that has to be fast does not start without a flag, and says which to add")
  void refused(Way way) throws Exception {
    Run run = run(way, List.of(way.lang, "-Dcoppice.requireFast=1"));
    assertEquals(1, run.exitStatus(), run::output);
    String sentence = "IllegalStateException: Node coppice may start only where it is fast";
    assertEquals(1, run.output().lines().filter(line -> line.contains(sentence)).count());
    assertTrue(run.output().contains("start the JVM with " + way.misc + "\n"), run::output);
    assertFalse(run.output().contains(way.lang), run::output);
    assertEquals(List.of(), run.log(), run::output);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("without any flag all works, and one line of the log says what is missing")
  void plain(Way way) throws Exception {
    assertAsksFor(way.lang + " " + way.misc, way, run(way, List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("with one of the two flags all works, and the other one is asked for")
  void half(Way way) throws Exception {
    assertAsksFor(way.misc, way, run(way, List.of(way.lang)));
    assertAsksFor(way.lang, way, run(way, List.of(way.misc)));
  }

  private static void assertAsksFor(String flags, Way way, Run run) {
    run.assertWorks(way, "without " + flags);
    assertEquals(1, run.log().size(), run::output);
    String line = run.log().getFirst();
    assertTrue(line.startsWith("INFO: Node coppice could be faster"), line);
    assertTrue(line.endsWith("start the JVM with " + flags), line);
  }

  private Run run(Way way, List<String> flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-Duser.language=en"));
    command.addAll(flags);
    command.addAll(way.program());
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "still running: " + command);
      return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String path() {
    return Stream.of(
            Node.class, Supervisor.class, GenServer.class, ManyToOneConcurrentArrayQueue.class)
        .map(StartTest::placeOf)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String placeOf(Class<?> type) {
    URL place = type.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(URI.create(place.toString())).toString();
  }
}
