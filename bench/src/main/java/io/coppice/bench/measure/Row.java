package io.coppice.bench.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of results. Microseconds; bytes where the name says so.
 *
 * @param name the workload, with {@code /N} for N scheduler threads
 * @param median of the runs
 * @param min the fastest run
 * @param max the slowest run
 * @param runs how many
 */
public record Row(String name, double median, double min, double max, int runs) {
  /**
   * What several runs came to.
   *
   * @param name of the row
   * @param values one of each run, at least one
   * @return the row
   */
  public static Row of(String name, double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Row(name, median(sorted), sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /**
   * The row of a workload that was sampled several times: the median of the medians, the least and
   * the greatest of all.
   *
   * @param samples of one name, at least one
   * @return the row
   */
  public static Row merge(List<Row> samples) {
    double[] medians = samples.stream().mapToDouble(Row::median).sorted().toArray();
    return new Row(
        samples.getFirst().name(),
        median(medians),
        samples.stream().mapToDouble(Row::min).min().orElseThrow(),
        samples.stream().mapToDouble(Row::max).max().orElseThrow(),
        samples.stream().mapToInt(Row::runs).sum());
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * What the figures count.
   *
   * @return {@code us}, {@code bytes}, or {@code %} for a ratio
   */
  public String unit() {
    return name.contains("_bytes") ? "bytes" : name.contains("_x100") ? "%" : "us";
  }

  /**
   * The same under another name.
   *
   * @param value the name
   * @return a changed copy
   */
  public Row named(String value) {
    return new Row(value, median, min, max, runs);
  }

  /**
   * The line: name, median, min, max, runs, with tabs between them.
   *
   * @return without a line break
   */
  public String line() {
    return String.format(Locale.ROOT, "%s\t%.1f\t%.1f\t%.1f\t%d", name, median, min, max, runs);
  }

  /**
   * Reads a line; more columns are ignored.
   *
   * @param line as {@link #line} makes it
   * @return the row, or empty if the line is not one
   */
  public static Optional<Row> parse(String line) {
    String[] parts = line.split("\t", -1);
    if (line.startsWith("#") || parts.length < 5) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Row(
              parts[0],
              Double.parseDouble(parts[1]),
              Double.parseDouble(parts[2]),
              Double.parseDouble(parts[3]),
              Integer.parseInt(parts[4].strip())));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
