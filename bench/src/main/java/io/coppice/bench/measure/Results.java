package io.coppice.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The rows of one run of the tool, by name; samples of the same name are merged. */
public final class Results {
  private static final String EFFORT = "# effort: ";
  private final Map<String, List<Row>> samples = new LinkedHashMap<>();
  private Effort effort = Effort.FULL;

  /**
   * Adds a sample.
   *
   * @param row its row
   */
  public void add(Row row) {
    samples.computeIfAbsent(row.name(), name -> new ArrayList<>()).add(row);
  }

  /**
   * The rows, and those that follow from them.
   *
   * @return in the order in which they came first
   */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (List<Row> of : samples.values()) {
      rows.add(Row.merge(of));
      scaling(rows.getLast().name()).ifPresent(rows::add);
    }
    return rows;
  }

  /**
   * A row.
   *
   * @param name its name
   * @return the merged row, if there is one
   */
  public Optional<Row> get(String name) {
    return Optional.ofNullable(samples.get(name)).map(Row::merge);
  }

  /** multi_thread_scaling: 100 times the time on one scheduler thread over that on two. */
  private Optional<Row> scaling(String name) {
    if (!name.startsWith("fan_out_compute") || !name.contains("/2")) {
      return Optional.empty();
    }
    Row two = Row.merge(samples.getOrDefault(name, List.of()));
    return get(name.replace("/2", "/1"))
        .map(
            one -> {
              double ratio = 100 * one.median() / two.median();
              String way = name.substring("fan_out_compute".length(), name.indexOf('/'));
              String tail = name.substring(name.indexOf('/') + 2);
              return Row.of("multi_thread_scaling_x100" + way + tail, ratio);
            });
  }

  /**
   * A table for people.
   *
   * @return lines
   */
  public String table() {
    List<Row> rows = rows();
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(8);
    StringBuilder text = new StringBuilder();
    String format = "%-" + width + "s %15s %15s %15s %6s  %s%n";
    text.append(
        String.format(format, "workload/schedulers", "median", "min", "max", "runs", "unit"));
    for (Row row : rows) {
      text.append(
          String.format(
              format,
              row.name(),
              figure(row.median()),
              figure(row.min()),
              figure(row.max()),
              row.runs(),
              row.unit()));
    }
    return text.toString();
  }

  static String figure(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%,.1f" : "%,.0f", value);
  }

  /**
   * How many samples there are of a row.
   *
   * @param name its name
   * @return 0 or more
   */
  public int samples(String name) {
    return samples.getOrDefault(name, List.of()).size();
  }

  /**
   * How long the workloads of a baseline were run.
   *
   * @return what its file says, or the whole effort
   */
  public Effort effort() {
    return effort;
  }

  /**
   * Writes a baseline: every sample.
   *
   * @param file where
   * @param taken how long the workloads were run
   * @throws IOException if it cannot be written
   */
  public void save(Path file, Effort taken) throws IOException {
    List<String> lines = new ArrayList<>();
    Machine.describe().forEach(line -> lines.add("# " + line));
    lines.add(EFFORT + taken.key());
    lines.add("# a line for each sample: name, median, min, max in microseconds, runs");
    samples.values().forEach(of -> of.forEach(row -> lines.add(row.line())));
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.write(file, lines);
  }

  /**
   * Reads a baseline.
   *
   * @param file as {@link #save} wrote it
   * @return the rows
   * @throws IOException if it cannot be read
   */
  public static Results load(Path file) throws IOException {
    Results results = new Results();
    for (String line : Files.readAllLines(file)) {
      Row.parse(line).ifPresent(results::add);
      for (Effort each : Effort.values()) {
        if (line.equals(EFFORT + each.key())) {
          results.effort = each;
        }
      }
    }
    return results;
  }
}
