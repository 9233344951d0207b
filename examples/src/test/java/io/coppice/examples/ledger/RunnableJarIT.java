package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that {@code mvn package} leaves: runs after it was made. */
class RunnableJarIT {
  @TempDir Path folder;

  private record Run(int exitStatus, String said) {}

  @Test
  @DisplayName("java -jar ledger.jar keeps its promises, fast, and without a warning or a flag")
  void runs() throws Exception {
    Run run = run("-jar", jar());
    assertEquals(0, run.exitStatus(), run::said);
    assertTrue(run.said().contains("ALL PROMISES KEPT"), run::said);
    assertFalse(run.said().contains("WARNING") || run.said().contains("INFO"), run::said);
  }

  @Test
  @DisplayName("started as a class, without its manifest's flags, it says so in one line and ends")
  void refused() throws Exception {
    Run run = run("--enable-native-access=ALL-UNNAMED", "-cp", jar(), Ledger.class.getName());
    assertEquals(2, run.exitStatus(), run::said);
    assertTrue(run.said().startsWith("ledger: Node ledger may start only where"), run::said);
    assertEquals(1, run.said().lines().count(), run::said);
  }

  private static String jar() throws Exception {
    Path classes =
        Path.of(RunnableJarIT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return classes.resolveSibling("ledger.jar").toString();
  }

  private Run run(String... program) throws Exception {
    Path output = folder.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(program));
    command.addAll(
        List.of(
            "--db=" + folder.resolve("ledger.db"),
            "--reports=" + folder.resolve("reports.log"),
            "--duration=3",
            "--chaos-rate=12",
            "--clients=8",
            "--accounts=16",
            "--seed=1"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("COPPICE_REQUIRE_FAST", "1"); // else it starts, whatever is missing
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process ledger = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertTrue(ledger.waitFor(90, TimeUnit.SECONDS), "it does not end");
      return new Run(ledger.exitValue(), Files.readString(output));
    } finally {
      ledger.destroyForcibly();
    }
  }
}
