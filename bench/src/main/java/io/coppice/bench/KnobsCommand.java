package io.coppice.bench;

import io.coppice.kernel.Knob;
import io.coppice.kernel.NodeOptions;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the knobs. */
@Command(
    name = "knobs",
    description = {
      "Prints the knobs of a node: its name for --set and, after coppice., as a system property;"
          + " the environment variable; its least, greatest and default value; and what it is now,"
          + " in this run.",
    },
    mixinStandardHelpOptions = true)
final class KnobsCommand implements Runnable {
  private static final String FORMAT = "%-24s %-34s %8s %16s %10s %10s";

  @Mixin Console console = new Console();

  @Override
  public void run() {
    console.print(
        String.format(FORMAT, "knob", "variable", "least", "greatest", "default", "this run"));
    NodeOptions options;
    try {
      options = NodeOptions.DEFAULT.withThisRun();
    } catch (IllegalArgumentException e) {
      throw console.wrong(String.valueOf(e.getMessage()));
    }
    for (Knob knob : Knob.values()) {
      console.print(
          String.format(
              Locale.ROOT,
              FORMAT,
              knob.key(),
              knob.variable(),
              knob.least(),
              knob.most(),
              knob.normal(),
              options.get(knob)));
    }
  }
}
