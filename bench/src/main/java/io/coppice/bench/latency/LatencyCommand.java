package io.coppice.bench.latency;

import io.coppice.bench.Console;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Sections;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the latency of calls. */
@Command(
    name = "latency",
    description = {
      "Calls at a fixed rate, before, during and after endless loops in the same node.",
      "A latency runs from when the call was due, so no stall hides the calls it held up.",
      "Beside Coppice: platform threads, Pekko's actors and plain virtual threads, each among as"
          + " many loops of its own kind. Exits with 1 if anything was lost.",
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class LatencyCommand implements Callable<Integer> {
  private static final int CALLS_MAX = 20_000_000; // in a phase: 8 bytes each
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Option(names = "--hogs", paramLabel = "N", description = "endless loops; default: 8")
  int hogs = 8;

  @Option(names = "--rate", paramLabel = "N", description = "calls a second; default: 1000")
  int rate = 1_000;

  @Option(names = "--seconds", paramLabel = "N", description = "of each phase; default: 5")
  int seconds = 5;

  @Option(
      names = "--contenders",
      split = ",",
      paramLabel = "NAME",
      description = "default: coppice,threads,pekko,vt")
  List<String> names = List.copyOf(all().keySet());

  @Option(
      names = "--save-results",
      paramLabel = "FILE.md",
      description = "write the results as a section of a file, in place of the one it has")
  @Nullable Path results;

  @Mixin Console console = new Console();

  /** Made by picocli. */
  public LatencyCommand() {}

  private record Entry(String name, Supplier<Contender> start) {}

  private static Map<String, Entry> all() {
    Map<String, Entry> all = new LinkedHashMap<>();
    all.put("coppice", new Entry("Coppice", CoppiceContender::new));
    all.put(
        "threads",
        new Entry("platform threads", () -> new ThreadContender(Thread.ofPlatform().daemon())));
    all.put("pekko", new Entry("Pekko", PekkoContender::new));
    all.put("vt", new Entry("virtual threads", () -> new ThreadContender(Thread.ofVirtual())));
    return all;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (rate < 1 || seconds < 1 || hogs < 1 || hogs > 1_000) {
      throw console.wrong("--rate and --seconds are 1 or more, --hogs is 1 to 1000.");
    }
    if ((long) rate * seconds > CALLS_MAX) {
      throw console.wrong("More than " + CALLS_MAX + " calls in a phase are too many.");
    }
    List<Entry> contenders = new ArrayList<>();
    for (String name : names) {
      Entry entry = all().get(name);
      if (entry == null) {
        throw console.wrong("There is no contender " + name + "; there are " + all().keySet());
      }
      contenders.add(entry);
    }
    Machine.busy().ifPresent(console::warn);
    LatencyReport report = new LatencyReport(new Phase("during", rate, seconds, hogs));
    console.print(report.head());
    boolean good = true;
    List<Verdict> verdicts = new ArrayList<>();
    for (Entry entry : contenders) {
      verdicts.add(measure(entry, report));
      good &= verdicts.getLast().faults().isEmpty();
    }
    console.print("");
    verdicts.forEach(verdict -> console.print(report.add(verdict)));
    if (results != null) {
      Sections.write(results, report.markdown(Machine.describe()));
      console.print("The results are in " + results);
    }
    return good ? 0 : 1;
  }

  private Verdict measure(Entry entry, LatencyReport report) throws InterruptedException {
    List<Phase.Result> phases = new ArrayList<>();
    try (Contender contender = entry.start().get()) {
      phases.add(new Phase("warm-up", rate, Math.min(seconds, 3), 0).run(contender, PATIENCE));
      Phase[] reported = {
        new Phase("before", rate, seconds, 0),
        new Phase("during", rate, seconds, hogs),
        new Phase("after", rate, seconds, 0),
      };
      for (Phase phase : reported) {
        phases.add(phase.run(contender, PATIENCE));
        console.print(report.add(entry.name(), phases.getLast()));
      }
      OptionalInt extraLeft = settled(contender);
      return new Verdict(entry.name(), phases, extraLeft, contender.failure());
    }
  }

  /** Extra threads that are left when they have had time to go. */
  private static OptionalInt settled(Contender contender) {
    long limit = System.nanoTime() + PATIENCE.toNanos();
    while (contender.extraThreads().orElse(0) > 0 && System.nanoTime() < limit) {
      LockSupport.parkNanos(1_000_000);
    }
    return contender.extraThreads();
  }
}
