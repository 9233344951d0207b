package io.coppice.bench.peer;

import io.coppice.bench.Agenda;
import io.coppice.bench.Console;
import io.coppice.bench.Selection;
import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Expectation;
import io.coppice.bench.measure.Fork;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Machine;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler;
import io.coppice.bench.measure.Sampler.SampleFailed;
import io.coppice.bench.suite.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
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
      description =
          "default: tokio,erlang,vt,jox,pekko,plain, the last being Coppice in JVMs without its"
              + " flags; none for Coppice alone")
  List<String> names = Peers.names();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "samples of each row, one in each round over all; default: 3, with --quick 1")
  @Nullable Integer rounds;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "measure nothing, show the samples of a file that --save-samples wrote")
  @Nullable Path from;

  @Option(
      names = "--complete",
      paramLabel = "FILE",
      description = {
        "show the samples of a file, after taking those that it lacks, by --rounds and --filter;",
        "each is added to the file as soon as it is taken, so a run that ended can be gone on with"
      })
  @Nullable Path complete;

  @Option(names = "--save-samples", paramLabel = "FILE", description = "write every sample")
  @Nullable Path samples;

  @Option(
      names = "--save-results",
      paramLabel = "FILE.md",
      description = "write table and machine, and a chart beside it, as .svg and as .html")
  @Nullable Path results;

  @Option(
      names = "--save-baseline",
      paramLabel = "FILE",
      description = "write Coppice's samples, for `regress`")
  @Nullable Path baseline;

  @Mixin Console console = new Console();

  /** Made by picocli. */
  public CompareCommand() {}

  private final Comparison comparison = new Comparison();
  private final List<String> notes = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (selection.isQuick()) {
      if (complete != null || baseline != null) {
        throw console.wrong("Figures of --quick mean nothing and are not kept with others.");
      }
      selection.effort(Effort.TRIAL); // all of the work, as the peers have no smaller one
      notes.add("Made with --quick, from one run each: these figures mean nothing.");
    }
    if (selection.isWithoutFlags()) {
      throw console.wrong("compare measures both: Coppice, and as the peer plain without flags.");
    }
    if (complete != null && Files.exists(complete)) {
      comparison.load(complete);
    }
    int failures = 0;
    if (from != null) {
      comparison.load(from);
    } else {
      failures = measure(peers());
    }
    console.print("\n" + comparison.table());
    WithoutFlags.table(comparison).ifPresent(console::print);
    notes.forEach(console::print);
    if (samples != null) {
      comparison.save(samples);
    }
    if (results != null) {
      new ResultsPage(comparison, notes).write(results);
    }
    if (baseline != null) {
      comparison.ofCoppice().save(baseline, selection.effort());
    }
    return failures > 0 ? 1 : 0;
  }

  private List<Peer> peers() throws InterruptedException {
    Map<String, Peers.Setup> all = Peers.all();
    List<Peer> peers = new ArrayList<>();
    for (String name : names) {
      if (name.equals("none") || name.equals(Peers.PLAIN)) {
        continue;
      }
      Peers.Setup setup = all.get(name);
      if (setup == null) {
        throw console.wrong("There is no peer " + name + "; there are " + Peers.names());
      }
      try {
        peers.add(setup.peer(selection.effort()));
      } catch (Peer.Missing e) {
        notes.add("Left out: " + name + ", because " + e.getMessage() + ".");
        console.warn(notes.getLast());
      }
    }
    return peers;
  }

  /**
   * In turns: what slows the machine down for a minute meets all of them. The rounds go over all
   * workloads, so that a run that is ended early has a sample of each.
   */
  private int measure(List<Peer> peers) throws InterruptedException, IOException {
    Map<String, List<Workload>> ours = new LinkedHashMap<>();
    for (Workload workload : selection.workloads()) {
      ours.computeIfAbsent(Comparison.workload(workload.name()), name -> new ArrayList<>())
          .add(workload);
    }
    Expectation expectation = selection.expectation();
    comparison.each(expectation::learn);
    Machine.busy().ifPresent(console::warn);
    Agenda agenda = new Agenda();
    boolean plain = names.contains(Peers.PLAIN) && !selection.isInProcess();
    int all = rounds != null ? rounds : selection.isQuick() ? 1 : 3;
    for (int round = 0; round < all; round++) {
      for (Map.Entry<String, List<Workload>> each : ours.entrySet()) {
        for (Workload workload : each.getValue()) {
          add(agenda, expectation, ours(workload), workload.name(), round);
          if (plain && !workload.name().contains("bare_threads")) {
            add(agenda, expectation, plain(workload), workload.name(), round);
          }
        }
        for (Peer peer : peers) {
          for (String name : peer.workloads()) {
            if (Comparison.workload(name).equals(each.getKey())) {
              add(agenda, expectation, peer, name, round);
            }
          }
        }
      }
    }
    agenda.run(console, selection.minutes());
    if (agenda.failures() > 0) {
      notes.add(agenda.failures() + " samples could not be taken.");
    }
    if (agenda.left() > 0) {
      notes.add("There was no time for " + agenda.left() + " of the samples.");
    }
    return agenda.failures();
  }

  private Ours ours(Workload workload) {
    return new Ours(Comparison.COPPICE, workload, 1, selection.sampler());
  }

  private Ours plain(Workload workload) {
    return new Ours(Comparison.PLAIN, workload, 1.5, Fork.withoutFlags(selection.effort()));
  }

  /** Coppice as one of them. */
  private final class Ours implements Peer {
    private final String name;
    private final Workload workload;
    private final double slowness;
    private final Sampler sampler;

    Ours(String name, Workload workload, double slowness, Sampler sampler) {
      this.name = name;
      this.workload = workload;
      this.slowness = slowness;
      this.sampler = sampler;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<String> workloads() {
      return List.of(workload.name());
    }

    @Override
    public double slowness() {
      return slowness;
    }

    @Override
    public List<Row> sample(String row, int threads) throws SampleFailed, InterruptedException {
      return sampler.sample(workload, selection.knobs(List.of(threads)).getFirst());
    }
  }

  private void add(Agenda agenda, Expectation expectation, Peer peer, String workload, int round) {
    for (Knobs knobs : selection.knobs()) {
      int threads = knobs.schedulers();
      if (comparison.samples(peer.name(), workload + "/" + threads) <= round) {
        agenda.add(
            expectation.seconds(peer.name(), workload, peer.slowness()),
            () -> take(peer, workload, threads));
      }
    }
  }

  private void take(Peer peer, String workload, int threads)
      throws SampleFailed, InterruptedException {
    for (Row row : peer.sample(workload, threads)) {
      comparison.add(peer.name(), row);
      console.print(peer.name() + "\t" + row.line());
    }
    if (complete != null) {
      try {
        comparison.save(complete);
      } catch (IOException e) {
        throw new UncheckedIOException("The samples cannot be written to " + complete, e);
      }
    }
  }
}
