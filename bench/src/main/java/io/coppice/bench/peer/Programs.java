package io.coppice.bench.peer;

import io.coppice.bench.peer.Peer.Missing;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of the machine. */
final class Programs {
  private Programs() {}

  /** Whether there is a program of that name on the path. */
  static boolean exists(String name) {
    String path = System.getenv("PATH");
    return path != null
        && List.of(path.split(File.pathSeparator)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** Runs a program to its end; what it printed. */
  static List<String> output(List<String> command, Path folder, Map<String, String> environment)
      throws Missing, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Path printed = Files.createTempFile("coppice-bench", ".log");
      try {
        Process process = builder.redirectOutput(printed.toFile()).start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new Missing(command.getFirst() + " took more than 10 minutes");
        }
        List<String> lines = Files.readAllLines(printed);
        if (process.exitValue() != 0) {
          throw new Missing(command.getFirst() + " failed: " + last(lines));
        }
        return lines;
      } finally {
        Files.deleteIfExists(printed);
      }
    } catch (IOException e) {
      throw new Missing(command.getFirst() + " could not be run: " + e.getMessage());
    }
  }

  private static String last(List<String> lines) {
    return lines.isEmpty() ? "it printed nothing" : lines.getLast();
  }
}
