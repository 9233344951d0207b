package io.coppice.bench.peer;

import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Results;
import io.coppice.bench.measure.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The samples of Coppice and its peers, and what they come to: for each row of Coppice, each peer
 * at its best, over all its variants of that work and all numbers of threads.
 */
final class Comparison {
  static final String COPPICE = "Coppice";

  /** In JVMs without {@code --add-opens}: a table of its own, not a peer. */
  static final String PLAIN = "Coppice without flags";

  private static final String THREADS = "_bare_threads";

  /** The workloads; a row belongs to the longest of these names that its own begins with. */
  private static final List<String> WORKLOADS =
      List.of(
          "chained_spawn",
          "ping_pong_oneshot",
          "spawn_storm_busy",
          "yield_many",
          "yield_in_hot_loop",
          "yield_in_hot_loop_pair",
          "many_timers",
          "many_timers_spawn",
          "timers_start_cancel",
          "timers_start_cancel_all_live",
          "fan_out_compute",
          "deep_recursion",
          "mpsc_contention",
          "mpsc_contention_bounded",
          "uncontended_channel",
          "uncontended_channel_bounded",
          "catch_unwind_panics",
          "supervisor_restart",
          "supervisor_restart_1k", // a tenth of the work: not comparable
          "gen_server_call",
          "gen_server_cast",
          "call_fan_in",
          "selective_receive",
          "selective_receive_scan", // without the reference that spares looking at the whole queue
          "spawn_1m_idle",
          "skynet",
          "thread_ring",
          "big",
          "tcp_echo");

  private record Key(String contender, String row) {}

  private final Map<Key, List<Row>> samples = new LinkedHashMap<>();
  private final List<String> peers = new ArrayList<>();

  /** A contender's figure for a workload: the merged row with the least median. */
  record Best(String contender, Row row) {}

  /** A row of Coppice beside the best of each peer. */
  record Line(String name, String workload, Row coppice, List<Best> peers) {
    /** Coppice's median over that of a peer: below 1, Coppice is faster. */
    double ratio(Best peer) {
      return coppice.median() / peer.row().median();
    }
  }

  void add(String contender, Row row) {
    Key key = key(contender, row.name());
    if (!isOurs(key.contender()) && !peers.contains(key.contender())) {
      peers.add(key.contender());
    }
    samples.computeIfAbsent(key, each -> new ArrayList<>()).add(row.named(key.row()));
  }

  /** Bare threads are a peer, though Coppice's suite has them. */
  private static Key key(String contender, String row) {
    String plain = row.replace('@', '_');
    return contender.equals(COPPICE) && plain.contains(THREADS)
        ? new Key("platform threads", plain.replace(THREADS, ""))
        : new Key(contender, plain);
  }

  private static boolean isOurs(String contender) {
    return contender.equals(COPPICE) || contender.equals(PLAIN);
  }

  /** How many samples there are of a row. */
  int samples(String contender, String row) {
    return samples.getOrDefault(key(contender, row), List.of()).size();
  }

  void each(BiConsumer<String, Row> consumer) {
    samples.forEach((key, rows) -> rows.forEach(row -> consumer.accept(key.contender(), row)));
  }

  /** Coppice's samples, of which a baseline is made. */
  Results ofCoppice() {
    Results results = new Results();
    samples.forEach(
        (key, rows) -> {
          if (key.contender().equals(COPPICE)) {
            rows.forEach(results::add);
          }
        });
    return results;
  }

  /** How many samples the figures are made of, as a sentence. */
  String sizes() {
    IntSummaryStatistics sizes = samples.values().stream().mapToInt(List::size).summaryStatistics();
    return sizes.getCount() == 0
        ? ""
        : sizes.getMin() == sizes.getMax()
            ? "Samples of each row: " + sizes.getMin() + "."
            : "Samples of each row: " + sizes.getMin() + " to " + sizes.getMax() + ".";
  }

  /** multi_thread_scaling: what each contender gains by a second scheduler thread. */
  Optional<String> scaling() {
    List<String> parts = new ArrayList<>();
    for (Key key : samples.keySet()) {
      Key two = new Key(key.contender(), key.row().replace("/1", "/2"));
      if (key.row().startsWith("fan_out_compute")
          && key.row().endsWith("/1")
          && samples.containsKey(two)) {
        String form = key.row().contains("_blocking") ? " (blocking)" : "";
        parts.add(
            String.format(
                Locale.ROOT,
                "%s%s %.2f",
                key.contender(),
                form,
                merged(key).median() / merged(two).median()));
      }
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "multi_thread_scaling, the time of fan_out_compute on one scheduler thread over that"
                + " on two: "
                + String.join(", ", parts)
                + ".");
  }

  private Row merged(Key key) {
    return Row.merge(samples.getOrDefault(key, List.of()));
  }

  List<String> peers() {
    return List.copyOf(peers);
  }

  /** The workload that a row, or a variant of a peer's, belongs to. */
  static String workload(String name) {
    String plain = name.replace('@', '_').replace("_blocking", "");
    if (plain.contains("_bytes")) {
      return "spawn_1m_idle_bytes" + (plain.endsWith("_heap") ? "_heap" : "");
    }
    return WORKLOADS.stream()
        .filter(
            each ->
                plain.equals(each) || plain.startsWith(each + "_") || plain.startsWith(each + "/"))
        .max(Comparator.comparingInt(String::length))
        .orElse(plain);
  }

  /** The rows of Coppice, each at its best number of threads. */
  List<Line> lines() {
    return lines(COPPICE);
  }

  /** The rows of Coppice with or without flags. */
  List<Line> lines(String ours) {
    Map<String, Best> rows = new LinkedHashMap<>();
    Map<String, Map<String, Best>> ofPeers = new LinkedHashMap<>();
    samples.forEach(
        (key, taken) -> {
          Row row = Row.merge(taken);
          Best best = new Best(key.contender(), row);
          String name = base(row);
          if (key.contender().equals(ours)) {
            rows.merge(name, best, Comparison::better);
          } else if (!isOurs(key.contender())) {
            ofPeers
                .computeIfAbsent(workload(name), all -> new LinkedHashMap<>())
                .merge(key.contender(), best, Comparison::better);
          }
        });
    List<Line> lines = new ArrayList<>();
    rows.forEach(
        (name, best) -> {
          String workload = workload(name);
          List<Best> found = List.copyOf(ofPeers.getOrDefault(workload, Map.of()).values());
          lines.add(new Line(name, workload, best.row(), found));
        });
    return lines;
  }

  private static String base(Row row) {
    return row.name().replaceFirst("/.*", "");
  }

  private static Best better(Best one, Best other) {
    return one.row().median() <= other.row().median() ? one : other;
  }

  /** Every sample: contender, then the columns of a row. */
  void save(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    Machine.describe().forEach(line -> lines.add("# " + line));
    samples.forEach(
        (key, rows) -> rows.forEach(row -> lines.add(key.contender() + "\t" + row.line())));
    Files.write(file, lines);
  }

  /** Adds the samples of a file. */
  void load(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      int tab = line.indexOf('\t');
      if (tab > 0 && !line.startsWith("#")) {
        Row.parse(line.substring(tab + 1)).ifPresent(row -> add(line.substring(0, tab), row));
      }
    }
  }

  /** A table in Markdown: which a terminal shows as well. */
  String table() {
    StringBuilder text = new StringBuilder("| workload | " + COPPICE + " |");
    peers.forEach(peer -> text.append(' ').append(peer).append(" |"));
    text.append("\n|---|--:|").append("--:|".repeat(peers.size())).append('\n');
    for (Line line : lines()) {
      text.append("| ").append(line.name()).append(" | ").append(cell(line.coppice())).append(" |");
      for (String peer : peers) {
        text.append(
            line.peers().stream()
                .filter(best -> best.contender().equals(peer))
                .findFirst()
                .map(best -> " " + cell(best.row()) + " **" + ratio(line.ratio(best)) + "** |")
                .orElse(" |"));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Median, minimum, and the threads it was best with. */
  static String cell(Row row) {
    return figure(row.median()) + " (" + figure(row.min()) + ")" + threads(row).orElse("");
  }

  private static Optional<String> threads(Row row) {
    int slash = row.name().indexOf('/');
    return slash < 0 ? Optional.empty() : Optional.of(row.name().substring(slash));
  }

  static String figure(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value).replace(',', ' ');
  }

  static String ratio(double value) {
    return String.format(Locale.ROOT, value < 0.1 ? "%.3f" : value < 10 ? "%.2f" : "%.0f", value);
  }
}
