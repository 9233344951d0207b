package io.coppice.bench.peer;

import io.coppice.bench.peer.Comparison.Best;
import io.coppice.bench.peer.Comparison.Line;
import java.util.List;
import java.util.Locale;

/**
 * Draws a comparison: a line for each workload, a dot for each peer, on a logarithmic scale of how
 * many times it takes as long as Coppice.
 */
final class Chart {
  private static final List<String> COLOURS =
      List.of("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a8a");
  private static final int LEFT = 300;
  private static final int WIDTH = 640;
  private static final int RIGHT = 130;
  private static final int TOP = 92;
  private static final int STEP = 24;

  /** The scale, as powers of ten: from a tenth of Coppice's time to a thousand times. */
  private static final double FROM = -1;

  private static final double TO = 3;

  private final Comparison comparison;
  private final List<Line> lines;
  private final StringBuilder svg = new StringBuilder();

  private Chart(Comparison comparison) {
    this.comparison = comparison;
    this.lines = comparison.lines().stream().filter(line -> !line.peers().isEmpty()).toList();
  }

  static String svg(Comparison comparison) {
    return new Chart(comparison).draw();
  }

  /** A page with the drawing, the table, and what the figures were taken on. */
  static String page(Comparison comparison, List<String> machine) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">")
        .append("<title>Coppice and its peers</title><style>")
        .append("body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;")
        .append("padding:0 1em;color:#222;background:#fff}svg{max-width:100%;height:auto}")
        .append("table{border-collapse:collapse;font-size:13px}td,th{padding:.2em .7em;")
        .append("text-align:right;border-bottom:1px solid #ddd}td:first-child,th:first-child")
        .append("{text-align:left}</style><h1>Coppice and its peers</h1>\n")
        .append(svg(comparison))
        .append("\n<table>");
    for (String row : comparison.table().lines().toList()) {
      if (!row.startsWith("|---")) {
        page.append("<tr>");
        for (String cell : row.substring(1, row.lastIndexOf('|')).split("\\|", -1)) {
          String text = escape(cell.strip()).replaceAll("\\*\\*(.*?)\\*\\*", "<b>$1</b>");
          page.append("<td>").append(text).append("</td>");
        }
        page.append("</tr>\n");
      }
    }
    page.append("</table>\n<ul>");
    machine.forEach(line -> page.append("<li>").append(escape(line)).append("</li>"));
    return page.append("</ul></html>\n").toString();
  }

  private String draw() {
    int height = TOP + STEP * lines.size() + 30;
    int width = LEFT + WIDTH + RIGHT;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " font-family=\"system-ui,sans-serif\" font-size=\"12\">",
        width, height, width);
    add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
    add(
        "<text x=\"16\" y=\"26\" font-size=\"17\" font-weight=\"600\" fill=\"#222\">%s</text>",
        "How many times as long as Coppice");
    add(
        "<text x=\"16\" y=\"45\" fill=\"#666\">%s</text>",
        "Medians, every runtime at its best. Right of the line: slower than Coppice.");
    legend();
    axis(height - 30);
    int y = TOP;
    for (Line line : lines) {
      y += STEP;
      line(line, y);
    }
    return svg.append("</svg>\n").toString();
  }

  private void legend() {
    int x = 16;
    int index = 0;
    for (String peer : comparison.peers()) {
      add("<circle cx=\"%d\" cy=\"64\" r=\"5\" fill=\"%s\"/>", x + 5, colour(index++));
      add("<text x=\"%d\" y=\"68\" fill=\"#222\">%s</text>", x + 15, escape(peer));
      x += 35 + 7 * peer.length();
    }
  }

  private void axis(int bottom) {
    for (double power = FROM; power <= TO; power++) {
      double x = x(Math.pow(10, power));
      add(
          "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\"/>",
          x, x, TOP, bottom, power == 0 ? "#222" : "#ddd");
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%s</text>",
          x, TOP - 6, power < 0 ? "0.1×" : Math.round(Math.pow(10, power)) + "×");
    }
  }

  private void line(Line line, int y) {
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#222\">%s</text>",
        LEFT - 12, y + 4, escape(line.name()));
    add(
        "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#f0f0f0\"/>",
        LEFT, LEFT + WIDTH, y, y);
    String unit = line.coppice().unit().equals("us") ? "µs" : line.coppice().unit();
    add(
        "<text x=\"%d\" y=\"%d\" fill=\"#666\">%s %s</text>",
        LEFT + WIDTH + 12, y + 4, Comparison.figure(line.coppice().median()), unit);
    for (Best best : line.peers()) {
      double times = 1 / line.ratio(best);
      add(
          "<circle cx=\"%.1f\" cy=\"%d\" r=\"5.5\" fill=\"%s\" fill-opacity=\"0.85\"><title>%s:"
              + " %s %s, %s times as long</title></circle>",
          x(times),
          y,
          colour(comparison.peers().indexOf(best.contender())),
          escape(best.contender()),
          Comparison.figure(best.row().median()),
          unit,
          Comparison.ratio(times));
    }
  }

  /** Values beyond the scale lie on its edge. */
  private static double x(double times) {
    double power = Math.clamp(Math.log10(times), FROM, TO);
    return LEFT + WIDTH * (power - FROM) / (TO - FROM);
  }

  private static String colour(int index) {
    return COLOURS.get(Math.min(index, COLOURS.size() - 1));
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is in a library of its own
  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
