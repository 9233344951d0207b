package io.coppice.bench;

import io.coppice.bench.measure.Sections;
import io.coppice.bench.measure.Sweep;
import io.coppice.bench.measure.Sweep.Advice;
import io.coppice.bench.measure.Sweep.Effect;
import io.coppice.bench.suite.Suite;
import io.coppice.bench.suite.Workload;
import io.coppice.kernel.Knob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a sweep says, for a terminal and as a section of a Markdown file. */
final class SweepReport {
  private static final String HEADING = "## Knobs by kind of load";
  private final Sweep sweep;
  private final Map<Knob, Long> normal;
  private final Map<String, List<Effect>> effects;
  private final Map<String, List<String>> byLoad = new LinkedHashMap<>();

  SweepReport(Sweep sweep, Map<Knob, Long> normal, List<Workload> workloads) {
    this.sweep = sweep;
    this.normal = normal;
    this.effects = sweep.effects(normal);
    for (Workload workload : workloads) {
      if (effects.containsKey(workload.name())) {
        byLoad
            .computeIfAbsent(Suite.load(workload), load -> new ArrayList<>())
            .add(workload.name());
      }
    }
  }

  String text() {
    StringBuilder text = new StringBuilder("\n");
    effects.forEach((name, all) -> text.append(String.format("%-40s %s%n", name, important(all))));
    text.append('\n');
    byLoad.forEach((load, names) -> text.append(String.format("%-40s %s%n", load, advice(names))));
    return text.toString().stripTrailing();
  }

  String markdown() {
    StringBuilder text = new StringBuilder(HEADING).append("\n\n");
    text.append("The geometric mean over the workloads of a kind: ");
    text.append("a knob stays at its default if no other value is better by 5 % and by more than");
    text.append(" two measurements of the same setting differ.\n\n");
    text.append("| load | measured with | settings |\n|---|---|---|\n");
    byLoad.forEach(
        (load, names) ->
            text.append("| ")
                .append(load)
                .append(" | ")
                .append(String.join(", ", names))
                .append(" | ")
                .append(advice(names))
                .append(" |\n"));
    text.append("\n| workload | knobs that matter, and how much |\n|---|---|\n");
    effects.forEach(
        (name, all) ->
            text.append("| ").append(name).append(" | ").append(important(all)).append(" |\n"));
    text.append('\n').append(Sections.machine());
    return text.append("\nMade by `bench sweep --save-results TUNING.md`.\n").toString();
  }

  private String advice(List<String> workloads) {
    List<String> settings = new ArrayList<>();
    for (Advice advice : sweep.advice(workloads, normal)) {
      if (advice.gain() > 0) {
        settings.add(
            String.format(
                Locale.ROOT,
                "%s=%d (%.0f %% less time)",
                advice.knob().key(),
                advice.best(),
                100 * advice.gain()));
      }
    }
    return settings.isEmpty() ? "the defaults" : String.join(", ", settings);
  }

  private String important(List<Effect> all) {
    List<String> parts = new ArrayList<>();
    for (Effect effect : all) {
      if (effect.matters()) {
        boolean usual = Long.valueOf(effect.best()).equals(normal.get(effect.knob()));
        parts.add(
            String.format(
                Locale.ROOT,
                "%s: best %d%s, worst is %.0f %% slower",
                effect.knob().key(),
                effect.best(),
                usual ? " (default)" : "",
                100 * effect.spread()));
      }
    }
    double noise = all.stream().mapToDouble(Effect::noise).max().orElse(0);
    return (parts.isEmpty() ? "none" : String.join("; ", parts))
        + (Double.isNaN(noise)
            ? " (noise unknown)"
            : String.format(Locale.ROOT, " (noise %.0f %%)", 100 * noise));
  }
}
