package io.coppice.bench.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures and what was checked, for a terminal and as a section of a Markdown file. */
final class LatencyReport {
  private static final String HEADING = "## Latency of calls beside endless loops";
  private static final String FORMAT = "%-18s %-10s %10s %10s %10s %10s %8s %12s";
  private static final double[] PERCENTILES = {50, 99, 99.9, 100};

  private final String what;
  private final List<String> rows = new ArrayList<>();
  private final List<String> checks = new ArrayList<>();

  LatencyReport(Phase longest) {
    what =
        String.format(
            Locale.ROOT,
            "%,d calls a second for %d s before, during and after %d endless loops; microseconds"
                + " from when a call was due to its answer.",
            longest.rate(),
            longest.seconds(),
            longest.hogs());
  }

  String head() {
    return what
        + "\n\n"
        + String.format(
            FORMAT, "us", "loops", "p50", "p99", "p99.9", "max", "calls", "not in time");
  }

  /** Adds a row, and returns it as a line for the terminal. */
  String add(String contender, Phase.Result result) {
    Calls.Outcome calls = result.calls();
    String phase = result.phase().name();
    List<String> figures = new ArrayList<>();
    if (calls.silent()) {
      figures.add("no answer in " + result.phase().seconds() + " s");
    } else {
      for (double percentile : PERCENTILES) {
        figures.add(String.format(Locale.ROOT, "%,.1f", calls.micros(percentile)));
      }
    }
    String cells = calls.silent() ? figures.getFirst() + " | | |" : String.join(" | ", figures);
    rows.add(
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %,d | %,d |",
            contender,
            phase,
            cells,
            calls.made(),
            calls.late()));
    if (calls.silent()) {
      return String.format(
          Locale.ROOT,
          "%-18s %-10s %43s %8d %12d",
          contender,
          phase,
          figures.getFirst(),
          calls.made(),
          calls.late());
    }
    return String.format(
        Locale.ROOT,
        FORMAT,
        contender,
        phase,
        figures.get(0),
        figures.get(1),
        figures.get(2),
        figures.get(3),
        calls.made(),
        calls.late());
  }

  /** Adds what was checked, and returns it as a text for the terminal. */
  String add(Verdict verdict) {
    checks.addAll(verdict.lines());
    double worst = 0;
    for (Phase.Result result : verdict.phases()) {
      worst = Math.max(worst, result.calls().lateness().getValueAtPercentile(99) / 1e3);
    }
    checks.add(
        String.format(
            Locale.ROOT,
            "  99 of 100 calls were made at most %,.0f us after they were due",
            worst));
    return String.join(
        "\n", checks.subList(checks.size() - verdict.lines().size() - 1, checks.size()));
  }

  /** The section, with the machine. */
  String markdown(List<String> machine) {
    StringBuilder text = new StringBuilder(HEADING).append("\n\n").append(what).append(' ');
    text.append(
        "\"Not in time\" are calls without an answer when their phase was over; they count with"
            + " the time until their answer came, after the loops had been ended.\n\n");
    text.append("| us | loops | p50 | p99 | p99.9 | max | calls | not in time |\n");
    text.append("|---|---|--:|--:|--:|--:|--:|--:|\n");
    rows.forEach(row -> text.append(row).append('\n'));
    text.append("\n```text\n");
    checks.forEach(line -> text.append(line).append('\n'));
    text.append("```\n\n");
    machine.forEach(line -> text.append("- ").append(line).append('\n'));
    return text.toString();
  }
}
