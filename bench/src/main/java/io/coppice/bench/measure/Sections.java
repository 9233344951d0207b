package io.coppice.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Sections of Markdown files, each written by a command of its own. */
public final class Sections {
  private Sections() {}

  /**
   * Writes a section into a file: in place of the one with the same heading, or at its end. The
   * rest of the file stays.
   *
   * @param file where; made if there is none
   * @param section begins with its heading, a line {@code ## …}
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, String section) throws IOException {
    String heading = section.lines().findFirst().orElseThrow();
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    if (Files.exists(file)) {
      List<String> lines = Files.readAllLines(file);
      int from = lines.indexOf(heading);
      int to = from < 0 ? 0 : from + 1;
      while (from >= 0 && to < lines.size() && !lines.get(to).matches("##? .*")) {
        to++;
      }
      before.addAll(from < 0 ? lines : lines.subList(0, from));
      after.addAll(from < 0 ? List.of() : lines.subList(to, lines.size()));
    }
    while (!before.isEmpty() && before.getLast().isBlank()) {
      before.removeLast();
    }
    StringBuilder text = new StringBuilder();
    before.forEach(line -> text.append(line).append('\n'));
    text.append(before.isEmpty() ? "" : "\n").append(section);
    text.append(after.isEmpty() ? "" : "\n");
    after.forEach(line -> text.append(line).append('\n'));
    Files.writeString(file, text);
  }

  /**
   * What the figures of a section were taken on, as a list.
   *
   * @return lines
   */
  public static String machine() {
    StringBuilder text = new StringBuilder();
    Machine.describe().forEach(line -> text.append("- ").append(line).append('\n'));
    return text.toString();
  }
}
