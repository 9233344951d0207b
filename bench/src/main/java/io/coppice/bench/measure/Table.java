package io.coppice.bench.measure;

import java.util.ArrayList;
import java.util.List;

/** A table, for a terminal and for a Markdown file; figures stand on the right. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param head names of the columns; the first one holds names, the others figures
   */
  public Table(List<String> head) {
    rows.add(List.copyOf(head));
  }

  /**
   * Adds a row.
   *
   * @param cells one for each column
   */
  public void add(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  /**
   * For a terminal.
   *
   * @return lines
   */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String gap = " ".repeat(width(i) - row.get(i).length());
        line.append(i == 0 ? row.get(i) + gap : "  " + gap + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  /**
   * For a file.
   *
   * @return lines
   */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
      if (i == 0) {
        text.append("|---|").append("--:|".repeat(rows.getFirst().size() - 1)).append('\n');
      }
    }
    return text.toString();
  }
}
