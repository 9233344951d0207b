package io.coppice.examples.logs;

import io.coppice.behaviours.server.ServerRef;
import io.coppice.kernel.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts a log file, of which one chunk cannot be counted. */
public final class Main {
  private static final int LINES = 1_000_000;
  private static final int CHUNK = 256 * 1024;

  private Main() {}

  /**
   * Runs for a few seconds.
   *
   * @param arguments a file with lines that end in a status and a size; without, one of a million
   *     lines is written into {@code target}
   * @throws IOException if that cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Path file =
        arguments.length > 0
            ? Path.of(arguments[0])
            : AccessLog.write(Path.of("target", "access.log"), LINES);
    System.out.printf("counting %,d bytes of %s%n", Files.size(file), file);
    try (Node node = Node.start()) {
      LogCounter.tree(new Reader(file), () -> Chunk.of(file, CHUNK)).start(node);
      ServerRef<LogCounter.Message> log = ServerRef.named(node, "log");
      Summary summary = log.call(new LogCounter.Count(), null);
      System.out.println(summary.totals());
      for (Summary.Lost lost : summary.lost()) {
        System.out.println("not counted: " + lost.chunk() + ": " + lost.reason().describe());
      }
    }
  }
}
