package io.coppice.bench.peer;

import io.coppice.bench.Console;
import io.coppice.bench.Selection;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.suite.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares with other runtimes. */
@Command(
    name = "compare",
    description = {
      "Measures the same work on the runtimes that this machine has, in turns with Coppice.",
      "Prints a table: median and (minimum) in microseconds, the threads it was best with, and in"
          + " bold Coppice's median over the peer's.",
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
  @Mixin Selection selection = new Selection();

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      description = "default: tokio,erlang,vt,jox,pekko")
  List<String> names = List.copyOf(Peers.all().keySet());

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "samples of each row, taken in turns; default: 3")
  int rounds = 3;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "measure nothing, show the samples of a file that --save-samples wrote")
  @Nullable Path from;

  @Option(names = "--save-samples", paramLabel = "FILE", description = "write every sample")
  @Nullable Path samples;

  @Option(
      names = "--save-results",
      paramLabel = "FILE.md",
      description = "write table and machine, and a chart beside it, as .svg and as .html")
  @Nullable Path results;

  @Mixin Console console = new Console();

  /** Made by picocli. */
  public CompareCommand() {}

  private final Comparison comparison = new Comparison();
  private final List<String> missing = new ArrayList<>();
  private int failures;

  @Override
  public Integer call() throws InterruptedException, IOException {
    selection.compareQuickly();
    if (from != null) {
      comparison.load(from);
    } else {
      measure(peers());
    }
    console.print("\n" + comparison.table());
    missing.forEach(console::print);
    if (selection.isQuick()) {
      console.print("Made with --quick, from one run each: these figures mean nothing.");
    }
    if (samples != null) {
      comparison.save(samples);
    }
    if (results != null) {
      write(results);
    }
    if (failures > 0) {
      console.warn(failures + " samples could not be taken, see above.");
    }
    return failures > 0 ? 1 : 0;
  }

  private List<Peer> peers() throws InterruptedException {
    Map<String, Peers.Setup> all = Peers.all();
    List<Peer> peers = new ArrayList<>();
    for (String name : names) {
      Peers.Setup setup = all.get(name);
      if (setup == null) {
        throw console.wrong("There is no peer " + name + "; there are " + all.keySet());
      }
      try {
        peers.add(setup.peer(selection.isQuick()));
      } catch (Peer.Missing e) {
        missing.add("Left out: " + name + ", because " + e.getMessage() + ".");
        console.warn(missing.getLast());
      }
    }
    return peers;
  }

  /** In turns: what slows the machine down for a minute meets all of them. */
  private void measure(List<Peer> peers) throws InterruptedException {
    Map<String, List<Workload>> ours = new LinkedHashMap<>();
    for (Workload workload : selection.workloads()) {
      ours.computeIfAbsent(Comparison.workload(workload.name()), name -> new ArrayList<>())
          .add(workload);
    }
    Machine.busy().ifPresent(console::warn);
    for (Map.Entry<String, List<Workload>> each : ours.entrySet()) {
      for (int round = 0; round < rounds; round++) {
        for (Workload workload : each.getValue()) {
          coppice(workload);
        }
        for (Peer peer : peers) {
          for (String name : peer.workloads()) {
            if (Comparison.workload(name).equals(each.getKey())) {
              peer(peer, name);
            }
          }
        }
      }
    }
  }

  private void coppice(Workload workload) throws InterruptedException {
    Sampler sampler = selection.sampler();
    for (Knobs knobs : selection.knobs()) {
      try {
        add(Comparison.COPPICE, sampler.sample(workload, knobs));
      } catch (SampleFailed e) {
        failed(e);
      }
    }
  }

  private void peer(Peer peer, String workload) throws InterruptedException {
    for (Knobs knobs : selection.knobs()) {
      try {
        add(peer.name(), peer.sample(workload, knobs.schedulers()));
      } catch (SampleFailed e) {
        failed(e);
      }
    }
  }

  private void add(String contender, List<Row> rows) {
    for (Row row : rows) {
      comparison.add(contender, row);
      console.print(contender + "\t" + row.line());
    }
  }

  private void failed(SampleFailed failure) {
    failures++;
    console.warn(String.valueOf(failure.getMessage()));
  }

  private void write(Path file) throws IOException {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.md$", "");
    StringBuilder text = new StringBuilder("# Coppice and its peers\n\n");
    text.append("![How many times as long as Coppice](")
        .append(name)
        .append(".svg)\n\n")
        .append("Median and (minimum) in microseconds, bytes where the name says so; after the")
        .append(" slash the number of scheduler threads, the better of those measured. In bold:")
        .append(" Coppice's median over that of the peer, below 1 Coppice is faster. A peer is")
        .append(" shown at its best, over all its ways to do the work. What the peers' rows mean")
        .append(" stands in [peers/README.md](peers/README.md).\n\n");
    if (selection.isQuick()) {
      text.append("**Made with --quick: these figures mean nothing.**\n\n");
    }
    text.append(comparison.table()).append('\n');
    missing.forEach(line -> text.append(line).append('\n'));
    Machine.describe().forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\nMade by `bench compare --save-results RESULTS.md`; the same as a page:")
        .append(" [")
        .append(name)
        .append(".html](")
        .append(name)
        .append(".html).\n");
    Files.writeString(file, text.append(sections(file)));
    Files.writeString(file.resolveSibling(name + ".svg"), Chart.svg(comparison));
    Files.writeString(
        file.resolveSibling(name + ".html"), Chart.page(comparison, Machine.describe()));
  }

  /** What other commands have written into the file: its sections. */
  private static String sections(Path file) throws IOException {
    String old = Files.exists(file) ? Files.readString(file) : "";
    int first = old.indexOf("\n## ");
    return first < 0 ? "" : old.substring(first);
  }
}
