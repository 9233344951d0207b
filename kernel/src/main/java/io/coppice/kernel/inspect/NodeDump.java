package io.coppice.kernel.inspect;

import static io.coppice.kernel.inspect.Totals.count;
import static io.coppice.kernel.inspect.Totals.number;

import io.coppice.kernel.cell.Glance;
import io.coppice.kernel.cell.KernelView;
import io.coppice.kernel.observe.ProcessText;
import io.coppice.kernel.observe.SchedulerView;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.NodeCounters;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Undelivered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a whole node as text: what it does, the longest queues, processes that wait for each other
 * in a ring, and the tree of processes, one line each.
 *
 * <p>Nobody is stopped or asked; a process may have gone on between its line and the next one. One
 * dump for one thread.
 */
public final class NodeDump {
  private static final int QUEUES_MAX = 10;
  private static final int ZOMBIES_MAX = 20;

  /**
   * What the dump says of the node itself.
   *
   * @param name its name
   * @param up for how long it has been running
   * @param at the time of the dump, or null to leave it out
   * @param mode whether it is fast, or what it lacks; null to leave it out
   * @param schedulers its scheduler threads
   * @param timers timers that have not fired
   */
  public record Header(
      String name,
      Duration up,
      @Nullable Instant at,
      @Nullable String mode,
      List<SchedulerView> schedulers,
      int timers) {}

  /** Where the text comes from: a node that runs. Any thread. */
  public interface Source {
    /** What is to be seen of its processes. */
    KernelView kernel();

    /** What is to be said of the node itself, now. */
    Header header();
  }

  private final KernelView kernel;
  private final DumpOptions options;
  private final ProcessLines lines;
  private final ProcessTree tree;
  private final List<Glance> processes;
  private int budget;

  private NodeDump(KernelView kernel, List<Glance> processes, DumpOptions options, Appendable out) {
    this.kernel = kernel;
    this.options = options;
    this.lines = new ProcessLines(kernel, options, out);
    this.processes = processes;
    this.tree = new ProcessTree(processes);
    this.budget = options.processesMax();
  }

  /**
   * Writes the dump of a node.
   *
   * @param node the node
   * @param options what to show
   * @param out where to
   * @throws IOException what {@code out} throws
   */
  public static void write(Source node, DumpOptions options, Appendable out) throws IOException {
    try {
      NodeDump dump = new NodeDump(node.kernel(), node.kernel().glances(), options, out);
      dump.header(node.header());
      dump.queues();
      dump.cycles();
      dump.lines.zombies(ZOMBIES_MAX);
      dump.tree();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * The dump of a node as text.
   *
   * @param node the node
   * @param options what to show
   * @return lines, each with a line feed at its end
   */
  public static String text(Source node, DumpOptions options) {
    StringBuilder text = new StringBuilder();
    try {
      write(node, options, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringBuilder throws none
    }
    return text.toString();
  }

  /**
   * All of one process as text.
   *
   * @param node its node
   * @param pid the process
   * @return lines
   */
  public static String process(Source node, Pid pid) {
    StringBuilder text = new StringBuilder();
    DumpOptions all = DumpOptions.DEFAULT.withStacks(DumpOptions.Stacks.FULL).withDetails(true);
    new ProcessLines(node.kernel(), all, text).process(pid, 0);
    return text.toString();
  }

  /**
   * What the scheduler threads are doing.
   *
   * @param node their node
   * @return a line for each
   */
  public static List<String> schedulers(Source node) {
    NodeDump dump =
        new NodeDump(node.kernel(), List.of(), DumpOptions.DEFAULT, new StringBuilder());
    return node.header().schedulers().stream().map(dump::describe).toList();
  }

  /**
   * The zombies of a node as text.
   *
   * @param node the node
   * @return lines, with whole stacks; none if there are no zombies
   */
  public static String zombies(Source node) {
    StringBuilder text = new StringBuilder();
    DumpOptions full = DumpOptions.DEFAULT.withStacks(DumpOptions.Stacks.FULL);
    new ProcessLines(node.kernel(), full, text).zombies(Integer.MAX_VALUE);
    return text.toString();
  }

  private void line(int indents, String text) {
    lines.line(indents, text);
  }

  private String who(Pid pid) {
    return lines.who(pid);
  }

  // ---- the node

  private void header(Header header) {
    Instant at = header.at();
    line(
        0,
        "Node "
            + header.name()
            + ": up "
            + ProcessText.time(header.up())
            + (at == null ? "" : ", at " + at.truncatedTo(ChronoUnit.SECONDS)));
    if (header.mode() != null) {
      line(1, "mode        " + header.mode());
    }
    Totals totals = new Totals();
    processes.forEach(totals::add);
    NodeCounters counts = kernel.counters();
    String statuses = totals.count() == 0 ? "" : ": " + totals.statuses();
    line(1, "processes   " + number(totals.count()) + statuses);
    line(1, "queues      " + count(totals.queued(), "message waits", "messages wait"));
    line(
        1,
        "so far      %s spawned, %s ended, %s of them abnormally"
            .formatted(
                number(counts.spawned()),
                number(counts.ended()),
                number(counts.endedAbnormally())));
    line(1, "lost        " + lost(counts));
    line(1, "timers      " + number(header.timers()));
    line(1, "zombies     " + zombies(counts));
    line(1, "schedulers  " + number(header.schedulers().size()));
    header.schedulers().forEach(scheduler -> line(2, describe(scheduler)));
  }

  private static String zombies(NodeCounters counts) {
    long refused = counts.refusedToZombies();
    return number(counts.zombies())
        + (refused == 0 ? "" : "; refused so far: " + count(refused, "operation", "operations"));
  }

  private static String lost(NodeCounters counts) {
    StringBuilder text = new StringBuilder();
    for (Undelivered reason : Undelivered.values()) {
      long messages = counts.undelivered(reason);
      if (messages > 0) {
        text.append(text.isEmpty() ? "" : "; ").append(count(messages, "message", "messages"));
        text.append(": ").append(reason.describe());
      }
    }
    return text.isEmpty() ? "no message" : text.toString();
  }

  private String describe(SchedulerView scheduler) {
    StringBuilder text = new StringBuilder(scheduler.name()).append(": ");
    Pid running = scheduler.running();
    if (running == null) {
      text.append(scheduler.parked() ? "parked" : "looks for work");
    } else {
      text.append("running ").append(who(running));
      Duration lasted = scheduler.lasted();
      text.append(lasted == null ? "" : " for " + ProcessText.time(lasted));
    }
    return text.append(", ").append(number(scheduler.queued())).append(" ready").toString();
  }

  // ---- what to look at first

  private void queues() {
    List<Glance> longest = tree.longestQueues(QUEUES_MAX);
    if (!longest.isEmpty()) {
      line(0, "Longest queues");
      longest.forEach(
          process ->
              line(
                  1,
                  count(process.queueLength(), "message", "messages") + ": " + who(process.pid())));
    }
  }

  private void cycles() {
    List<List<Pid>> rings = tree.cycles();
    if (!rings.isEmpty()) {
      line(0, "Call cycles: none of these can go on");
      for (List<Pid> ring : rings) {
        String path = ring.stream().map(this::who).collect(Collectors.joining(" -> "));
        line(1, path + " -> " + who(ring.getFirst()));
      }
    }
  }

  // ---- the tree

  /** What is still to be written: a process, or the siblings that were left out. */
  private record Entry(int depth, @Nullable Glance process, @Nullable Totals rest) {}

  private void tree() {
    line(0, "Processes");
    Deque<Entry> open = new ArrayDeque<>();
    push(open, tree.top(), 1);
    while (!open.isEmpty()) {
      Entry entry = open.pop();
      Totals rest = entry.rest();
      if (rest != null) {
        line(entry.depth(), rest(rest));
      }
      Glance process = entry.process();
      if (process != null) {
        lines.process(process.pid(), entry.depth());
        push(open, tree.children(process), entry.depth() + 1);
      }
    }
  }

  private static String rest(Totals rest) {
    return "... and %s more: %s; %s"
        .formatted(
            number(rest.count()),
            rest.statuses(),
            count(rest.queued(), "message waits", "messages wait"));
  }

  private void push(Deque<Entry> open, List<Glance> siblings, int depth) {
    List<Glance> chosen = tree.chosen(siblings, Math.min(options.childrenMax(), budget));
    budget -= chosen.size();
    if (chosen.size() < siblings.size()) {
      Totals rest = new Totals();
      Set<Glance> shown = new HashSet<>(chosen);
      siblings.stream().filter(process -> !shown.contains(process)).forEach(p -> below(p, rest));
      open.push(new Entry(depth, null, rest));
    }
    chosen.reversed().forEach(process -> open.push(new Entry(depth, process, null)));
  }

  /** Adds a process that is not shown, and all below it. */
  private void below(Glance process, Totals rest) {
    Deque<Glance> open = new ArrayDeque<>(List.of(process));
    while (!open.isEmpty()) {
      Glance next = open.pop();
      rest.add(next);
      open.addAll(tree.children(next));
    }
  }
}
