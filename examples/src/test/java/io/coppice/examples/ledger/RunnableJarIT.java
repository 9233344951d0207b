package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that {@code mvn package} leaves: runs after it was made. */
class RunnableJarIT {
  @TempDir Path folder;

  @Test
  @DisplayName("java -jar ledger.jar keeps its promises, fast, and without a warning or a flag")
  void runs() throws Exception {
    Path classes =
        Path.of(RunnableJarIT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            classes.resolveSibling("ledger.jar").toString(),
            "--db=" + folder.resolve("ledger.db"),
            "--reports=" + folder.resolve("reports.log"),
            "--duration=3",
            "--chaos-rate=12",
            "--clients=8",
            "--accounts=16",
            "--seed=1");
    builder.environment().put("COPPICE_REQUIRE_FAST", "1"); // else it would not start
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process ledger = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertTrue(ledger.waitFor(90, TimeUnit.SECONDS), "it does not end");
      String said = Files.readString(output);
      assertEquals(0, ledger.exitValue(), said);
      assertTrue(said.contains("ALL PROMISES KEPT"), said);
      assertFalse(said.contains("WARNING") || said.contains("INFO"), said);
    } finally {
      ledger.destroyForcibly();
    }
  }
}
