package io.coppice.bench.peer;

import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Sections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The results of a comparison as files: a table with what was measured on, and a chart. */
final class ResultsPage {
  private final Comparison comparison;
  private final List<String> notes;

  ResultsPage(Comparison comparison, List<String> notes) {
    this.comparison = comparison;
    this.notes = notes;
  }

  /** Writes all; what other commands have written into the file, its sections, stays. */
  void write(Path file) throws IOException {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.md$", "");
    StringBuilder text = new StringBuilder();
    text.append("# Coppice and its peers\n\n![How many times as long as Coppice](")
        .append(name)
        .append(".svg)\n\n")
        .append("Median and (minimum) in microseconds, bytes where the name says so; after the")
        .append(" slash the number of scheduler threads, the better of those measured. In bold:")
        .append(" Coppice's median over that of the peer, below 1 Coppice is faster. A peer is")
        .append(" shown at its best, over all its ways to do the work. What the peers' rows mean")
        .append(" stands in [peers/README.md](peers/README.md). ")
        .append(comparison.sizes())
        .append("\n\n")
        .append(comparison.table())
        .append('\n');
    WithoutFlags.table(comparison).ifPresent(table -> text.append(table).append('\n'));
    comparison.scaling().ifPresent(line -> text.append(line).append("\n\n"));
    notes.forEach(line -> text.append("**").append(line).append("**\n\n"));
    text.append(Sections.machine())
        .append("\nMade by `bench compare --save-results ")
        .append(name)
        .append(".md`; the same as a page: [")
        .append(name)
        .append(".html](")
        .append(name)
        .append(".html).\n")
        .append(sections(file));
    Files.writeString(file, text);
    Files.writeString(file.resolveSibling(name + ".svg"), Chart.svg(comparison));
    Files.writeString(
        file.resolveSibling(name + ".html"), Chart.page(comparison, Machine.describe()));
  }

  private static String sections(Path file) throws IOException {
    String old = Files.exists(file) ? Files.readString(file) : "";
    int first = old.indexOf("\n## ");
    return first < 0 ? "" : old.substring(first);
  }
}
