package io.coppice.behaviours;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other tests run on the class path; these start the modules as modules, in a JVM each. */
class ModulePathTest {
  private static final List<String> FLAGS =
      List.of(Objects.requireNonNull(System.getProperty("jvm.flags.module-path")).split(" "));

  @TempDir private Path folder;

  private record Run(int exitStatus, String output) {}

  @Test
  @DisplayName("a supervised server answers when all of it stands on the module path")
  void answers() throws Exception {
    Run run = run(FLAGS);
    assertEquals(0, run.exitStatus(), run::output);
    assertTrue(run.output().contains("module io.coppice.behaviours answers 42"), run::output);
  }

  @Test
  @DisplayName("without its flags a node does not start, and says which flag to add")
  void namesTheFlag() throws Exception {
    Run run = run(FLAGS.stream().map(flag -> flag.replace("java.lang=", "java.net=")).toList());
    assertEquals(1, run.exitStatus(), run::output);
    String flag = "--add-opens java.base/java.lang=io.coppice.kernel";
    assertTrue(run.output().contains(flag), run::output);
  }

  private Run run(List<String> flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-Xmx128m", "--module-path", modulePath()));
    String tests = "io.coppice.behaviours=" + placeOf(ModulePathTest.class);
    command.addAll(List.of("--patch-module", tests));
    command.addAll(List.of("-m", "io.coppice.behaviours/" + ModulePathProgram.class.getName()));
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

  private static String modulePath() {
    return Stream.of(
            Node.class, Supervisor.class, GenServer.class, ManyToOneConcurrentArrayQueue.class)
        .map(ModulePathTest::placeOf)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String placeOf(Class<?> type) {
    URL place = type.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(URI.create(place.toString())).toString();
  }
}
