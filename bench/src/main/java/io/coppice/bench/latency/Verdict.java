package io.coppice.bench.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be said of a contender besides its latencies: whether anything was lost, and what the
 * loops have left behind.
 *
 * @param contender its name
 * @param phases all that it went through, in order, from the first call on
 * @param extraLeft extra threads at the end, if it has such
 * @param failure what went wrong in it, if it knows
 */
record Verdict(
    String contender, List<Phase.Result> phases, OptionalInt extraLeft, Optional<String> failure) {
  Verdict {
    phases = List.copyOf(phases);
  }

  private int made() {
    return phases.stream().mapToInt(phase -> phase.calls().made()).sum();
  }

  private int answered() {
    return phases.stream().mapToInt(phase -> phase.calls().answered()).sum();
  }

  private int counted() {
    return phases.stream().mapToInt(phase -> phase.calls().highest()).max().orElse(0);
  }

  /**
   * What is wrong.
   *
   * @return a sentence for each; none if nothing is
   */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (answered() != made()) {
      faults.add((made() - answered()) + " calls have no answer, long after the loops");
    }
    if (counted() != made()) {
      faults.add("the server has counted " + counted() + " calls, but " + made() + " were made");
    }
    int repeated = phases.stream().mapToInt(phase -> phase.calls().repeated()).sum();
    if (repeated > 0) {
      faults.add(repeated + " calls were answered more than once");
    }
    long running = phases.stream().mapToLong(Phase.Result::running).sum();
    if (running > 0) {
      faults.add(running + " loops were told to end and have not");
    }
    if (extraLeft.orElse(0) > 0) {
      faults.add(extraLeft.getAsInt() + " extra threads are left");
    }
    failure.ifPresent(text -> faults.add("it says: " + text));
    return faults;
  }

  /** Lines for people: what was checked, and what came out. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %,d calls made, %,d answered, %,d counted by the server",
            contender,
            made(),
            answered(),
            counted()));
    for (Phase.Result phase : phases) {
      if (phase.phase().hogs() > 0) {
        lines.add(loops(phase));
      }
    }
    faults().forEach(fault -> lines.add("  WRONG: " + fault));
    return lines;
  }

  private String loops(Phase.Result during) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "  all was answered %.0f ms after the loops were told to end",
            Math.max(0, during.catchUpNanos()) / 1e6));
    if (during.extraMost().isPresent()) {
      line.append(
          String.format(
              Locale.ROOT,
              "; at most %d extra threads stood in for those that the loops kept, %d are left",
              during.extraMost().getAsInt(),
              extraLeft.orElse(0)));
      Phase.Result last = phases.getLast();
      if (last.phase().hogs() == 0) {
        line.append(
            String.format(
                Locale.ROOT, " (the last was seen %.0f ms later)", last.extraUntilNanos() / 1e6));
      }
    }
    return line.toString();
  }
}
