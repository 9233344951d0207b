package io.coppice.bench.measure;

import io.coppice.kernel.Knob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The results of a workload at several settings, and what they say about each knob. */
public final class Sweep {
  /**
   * One measurement.
   *
   * @param workload the name of its row, without the number of schedulers
   * @param setting the values of all knobs that are swept
   * @param row what came of it
   */
  public record Point(String workload, Map<Knob, Long> setting, Row row) {}

  /**
   * What a knob does to a workload, the others being left at their defaults.
   *
   * @param workload which
   * @param knob which
   * @param best the value with the least median
   * @param spread how much slower the worst value is than the best, as a fraction
   * @param noise how much two measurements of the same setting differ, as a fraction; not a number
   *     if no setting was measured twice
   */
  public record Effect(String workload, Knob knob, long best, double spread, double noise) {
    /**
     * Whether the knob matters: the spread is more than a tenth, and more than noise explains.
     *
     * @return true if it does
     */
    public boolean matters() {
      return spread > 0.1 && spread > 2 * noise;
    }
  }

  private static final String FIGURES = ",median,min,max,runs";
  private final List<Point> points = new ArrayList<>();

  /**
   * Adds a measurement; the same setting may be measured more than once.
   *
   * @param point the measurement
   */
  public void add(Point point) {
    points.add(point);
  }

  /**
   * The settings to measure, each knob in turn, the others at what is normal.
   *
   * @param normal the value of each knob where it is not its turn
   * @param values of each knob
   * @return the normal setting first and last, to see the noise
   */
  public static List<Map<Knob, Long>> star(Map<Knob, Long> normal, Map<Knob, List<Long>> values) {
    List<Map<Knob, Long>> settings = new ArrayList<>(List.of(normal));
    values.forEach(
        (knob, all) -> {
          for (long value : all) {
            Map<Knob, Long> setting = new LinkedHashMap<>(normal);
            setting.put(knob, value);
            if (!settings.contains(setting)) {
              settings.add(setting);
            }
          }
        });
    settings.add(normal);
    return settings;
  }

  /**
   * All combinations.
   *
   * @param normal the value of each knob where nothing else is said
   * @param values of each knob
   * @return the normal setting first and last, to see the noise
   */
  public static List<Map<Knob, Long>> grid(Map<Knob, Long> normal, Map<Knob, List<Long>> values) {
    Set<Map<Knob, Long>> all = new LinkedHashSet<>(List.of(normal));
    values.forEach(
        (knob, choices) -> {
          for (Map<Knob, Long> setting : List.copyOf(all)) {
            for (long value : choices) {
              Map<Knob, Long> changed = new LinkedHashMap<>(setting);
              changed.put(knob, value);
              all.add(changed);
            }
          }
        });
    List<Map<Knob, Long>> settings = new ArrayList<>(all);
    settings.add(normal);
    return settings;
  }

  /**
   * What each knob does to each workload.
   *
   * @param normal the normal setting
   * @return by workload
   */
  public Map<String, List<Effect>> effects(Map<Knob, Long> normal) {
    Map<String, List<Effect>> effects = new LinkedHashMap<>();
    for (Point point : points) {
      effects.computeIfAbsent(
          point.workload(),
          name -> normal.keySet().stream().map(knob -> effect(name, knob, normal)).toList());
    }
    return effects;
  }

  private Map<Long, List<Row>> byValue(String workload, Knob knob, Map<Knob, Long> normal) {
    Map<Long, List<Row>> byValue = new LinkedHashMap<>();
    for (Point point : points) {
      Map<Knob, Long> others = new LinkedHashMap<>(point.setting());
      others.putAll(Map.of(knob, normal.getOrDefault(knob, 0L)));
      if (point.workload().equals(workload) && others.equals(normal)) {
        byValue
            .computeIfAbsent(point.setting().getOrDefault(knob, 0L), value -> new ArrayList<>())
            .add(point.row());
      }
    }
    return byValue;
  }

  private Effect effect(String workload, Knob knob, Map<Knob, Long> normal) {
    Map<Long, List<Row>> byValue = byValue(workload, knob, normal);
    double noise = noise(byValue);
    Comparator<Map.Entry<Long, List<Row>>> byMedian =
        Comparator.comparingDouble(entry -> median(entry.getValue()));
    Map.Entry<Long, List<Row>> best = byValue.entrySet().stream().min(byMedian).orElseThrow();
    Map.Entry<Long, List<Row>> worst = byValue.entrySet().stream().max(byMedian).orElseThrow();
    double spread = median(worst.getValue()) / median(best.getValue()) - 1;
    return new Effect(workload, knob, best.getKey(), spread, noise);
  }

  private static double noise(Map<Long, List<Row>> byValue) {
    return byValue.values().stream()
        .filter(rows -> rows.size() > 1)
        .mapToDouble(Sweep::difference)
        .max()
        .orElse(Double.NaN);
  }

  private static double difference(List<Row> same) {
    double least = same.stream().mapToDouble(Row::median).min().orElseThrow();
    return same.stream().mapToDouble(Row::median).max().orElseThrow() / least - 1;
  }

  /**
   * How often a setting was measured.
   *
   * @param workload the name of its row, without the number of schedulers
   * @param setting the values of all knobs that are swept
   * @return 0 or more
   */
  public int count(String workload, Map<Knob, Long> setting) {
    return (int)
        points.stream()
            .filter(point -> point.workload().equals(workload) && point.setting().equals(setting))
            .count();
  }

  /**
   * What suits a kind of load best.
   *
   * @param knob which
   * @param best the value with which its workloads are fastest, in the geometric mean
   * @param gain how much faster that is than the default, as a fraction; not more than noise if the
   *     default is best
   */
  public record Advice(Knob knob, long best, double gain) {}

  /**
   * What suits some workloads best, taken together. A knob stays at its default if another value is
   * not better by a twentieth, and by more than what two measurements of one setting differ.
   *
   * @param workloads names of rows without the number of schedulers
   * @param normal the normal setting
   * @return an advice for each knob
   */
  public List<Advice> advice(List<String> workloads, Map<Knob, Long> normal) {
    List<Advice> advice = new ArrayList<>();
    for (Map.Entry<Knob, Long> each : normal.entrySet()) {
      Knob knob = each.getKey();
      Map<Long, Double> logs = new LinkedHashMap<>();
      double noise = 0;
      for (String workload : workloads) {
        Map<Long, List<Row>> byValue = byValue(workload, knob, normal);
        double usual = Math.log(median(byValue.getOrDefault(each.getValue(), List.of())));
        byValue.forEach(
            (value, rows) -> logs.merge(value, Math.log(median(rows)) - usual, Double::sum));
        noise += noise(byValue);
      }
      int count = Math.max(1, workloads.size());
      Map.Entry<Long, Double> best =
          logs.entrySet().stream().min(Map.Entry.comparingByValue()).orElse(Map.entry(0L, 0.0));
      double gain = 1 - Math.exp(best.getValue() / count);
      boolean better = gain > 0.05 && gain > noise / count;
      advice.add(new Advice(knob, better ? best.getKey() : each.getValue(), better ? gain : 0));
    }
    return advice;
  }

  private static double median(List<Row> rows) {
    return rows.isEmpty() ? Double.NaN : Row.merge(rows).median();
  }

  /**
   * All measurements as comma-separated values, with a head line.
   *
   * @return lines
   */
  public List<String> csv() {
    List<String> lines = new ArrayList<>();
    for (Point point : points) {
      if (lines.isEmpty()) {
        List<String> keys = point.setting().keySet().stream().map(Knob::key).toList();
        lines.add("workload," + String.join(",", keys) + FIGURES);
      }
      StringBuilder line = new StringBuilder(point.workload());
      point.setting().values().forEach(value -> line.append(',').append(value));
      Row row = point.row();
      line.append(
          String.format(
              Locale.ROOT, ",%.1f,%.1f,%.1f,%d", row.median(), row.min(), row.max(), row.runs()));
      lines.add(line.toString());
    }
    return lines;
  }

  /**
   * Adds the measurements of a file.
   *
   * @param lines as {@link #csv} made them
   * @param knobs that are swept now, in the order of their columns
   * @throws IllegalArgumentException if the file has other knobs, or is none of these
   */
  public void load(List<String> lines, List<Knob> knobs) {
    String head = "workload," + String.join(",", knobs.stream().map(Knob::key).toList()) + FIGURES;
    if (!lines.isEmpty() && !lines.getFirst().equals(head)) {
      throw new IllegalArgumentException(
          "The columns should be " + head + ", but are " + lines.getFirst());
    }
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      String[] cells = line.split(",", -1);
      Map<Knob, Long> setting = new LinkedHashMap<>();
      for (int i = 0; i < knobs.size(); i++) {
        setting.put(knobs.get(i), Long.valueOf(cells[i + 1]));
      }
      String figures = String.join("\t", Arrays.copyOfRange(cells, knobs.size() + 1, cells.length));
      Row row =
          Row.parse(cells[0] + '\t' + figures)
              .orElseThrow(() -> new IllegalArgumentException("This is no measurement: " + line));
      points.add(new Point(cells[0], setting, row));
    }
  }
}
